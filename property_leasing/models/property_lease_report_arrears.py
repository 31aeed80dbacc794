"""Arrears of tenants by age: the open items of the ledger that belong to a lease."""

from odoo import fields, models
from odoo.tools import SQL


class PropertyLeaseReportArrears(models.Model):
    """What each tenant owed for his spaces at the end of a day, whatever item it is of.

    An open item belongs to the lease that billed it; others of a space, such as water or a
    penalty, to the latest lease of the space under which its payer was billed.
    """

    _name = "property.lease.report.arrears"
    _description = "Arrears of Tenants"
    _inherit = ["property.lease.report", "property.report.ageing"]
    _auto = False
    _order = "date_due, id"
    _depends = {
        "property.charge": ["fee_id", "move_id"],
        "property.lease": ["date_from", "signed_date", "trade", "user_id"],
        "property.lease.instalment": ["line_id", "partner_id"],
        "property.lease.line": ["fee_id", "lease_id", "unit_id"],
        "res.partner": ["commercial_partner_id"],
    }

    partner_id = fields.Many2one(string="Tenant")

    @property
    def _table_query(self):
        return SQL(
            """
            WITH open_item AS (%(ageing)s)
            SELECT open_item.*, lease.id AS lease_id, lease.trade, lease.user_id
              FROM open_item
              JOIN LATERAL (
                SELECT lease.id, lease.trade, lease.user_id
                  FROM property_lease_line line
                  JOIN property_lease lease ON lease.id = line.lease_id
             LEFT JOIN property_charge charge
                    ON charge.move_id = open_item.move_id AND charge.fee_id = line.fee_id
                 WHERE line.unit_id = open_item.unit_id AND lease.signed_date IS NOT NULL
                   AND (charge.id IS NOT NULL OR EXISTS (
                       SELECT FROM property_lease_instalment instalment
                         JOIN res_partner tenant ON tenant.id = instalment.partner_id
                        WHERE instalment.line_id = line.id
                          AND tenant.commercial_partner_id = open_item.partner_id))
              ORDER BY charge.id IS NULL, lease.date_from DESC, lease.id DESC
                 LIMIT 1
              ) lease ON TRUE
            """,
            ageing=super()._table_query,
        )
