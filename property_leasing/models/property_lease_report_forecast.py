"""Forecast of rent (租金预测): what the billing runs of coming months charge by the schedules."""

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.property_billing.models.property_report import FENCE


class PropertyLeaseReportForecast(models.Model):
    """An instalment of a signed lease in the month whose billing run charges it.

    What is not billed yet falls on its due day, or on this month when that is over: the next run
    charges what was missed. What is billed stays on the day of its bill. Nothing is let anew.
    """

    _name = "property.lease.report.forecast"
    _description = "Rent Forecast"
    _inherit = ["property.lease.report", "property.report"]
    _auto = False
    _order = "date, id"
    _depends = {
        "property.lease.instalment": [
            "amount",
            "amount_difference",
            "date_from",
            "date_to",
            "due_date",
            "fee_id",
            "is_dropped",
            "item_id",
            "lease_id",
            "partner_id",
            "site_id",
            "unit_id",
        ],
        "property.lease": ["billing_date_from", "trade", "user_id"],
        "property.charge": ["bill_date", "date_from", "date_to", "fee_id", "move_id", "state"],
        "account.move": ["amount_residual_signed", "amount_total_signed"],
        "property.unit": ["building_id", "floor"],
        "property.charge.item": ["category"],
    }

    date = fields.Date(string="Billed on", help="Day of the bill.")
    partner_id = fields.Many2one(string="Tenant")
    floor = fields.Integer(readonly=True, aggregator=False)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Until", readonly=True)
    due_date = fields.Date(string="Due", readonly=True)
    state = fields.Selection(
        [("planned", "Planned"), ("draft", "In a billing run"), ("billed", "Billed")],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="VAT included.")
    amount_billed = fields.Monetary(string="Billed", readonly=True)
    amount_open = fields.Monetary(string="Unpaid", readonly=True, help="Of what is billed, now.")

    @property
    def _table_query(self):
        return SQL(
            """
            %(fence)s
            SELECT instalment.id, instalment.company_id, company.currency_id, instalment.site_id,
                   unit.building_id, unit.floor, instalment.unit_id,
                   instalment.item_id AS charge_item_id, item.category, instalment.partner_id,
                   instalment.lease_id, lease.trade, lease.user_id,
                   instalment.date_from, instalment.date_to, instalment.due_date,
                   charge.move_id,
                   CASE WHEN charge.id IS NULL THEN GREATEST(instalment.due_date, %(month)s)
                        ELSE COALESCE(charge.bill_date, instalment.due_date) END AS date,
                   CASE WHEN charge.id IS NULL THEN 'planned' WHEN charge.state = 'draft'
                        THEN 'draft' ELSE 'billed' END AS state,
                   instalment.amount + COALESCE(instalment.amount_difference, 0) AS amount,
                   move.amount_total_signed AS amount_billed,
                   move.amount_residual_signed AS amount_open
              FROM property_lease_instalment instalment
              JOIN property_lease lease ON lease.id = instalment.lease_id
              JOIN property_unit unit ON unit.id = instalment.unit_id
              JOIN property_charge_item item ON item.id = instalment.item_id
              JOIN res_company company ON company.id = instalment.company_id
         LEFT JOIN LATERAL (
                SELECT charge.id, charge.state, charge.bill_date, charge.move_id
                  FROM property_charge charge
                 WHERE charge.fee_id = instalment.fee_id
                   AND charge.state NOT IN ('cancelled', 'reversed')
                   AND charge.date_from <= instalment.date_to
                   AND charge.date_to >= instalment.date_from
              ORDER BY charge.date_from
                 LIMIT 1
              ) charge ON TRUE
         LEFT JOIN account_move move ON move.id = charge.move_id AND move.state = 'posted'
             WHERE instalment.fee_id IS NOT NULL AND instalment.amount > 0
               AND NOT COALESCE(instalment.is_dropped, FALSE)
               AND (lease.billing_date_from IS NULL
                    OR instalment.date_from >= lease.billing_date_from)
               AND %(sites)s
            """,
            fence=FENCE,
            month=self._report_today().replace(day=1),
            sites=self._report_sites(SQL("instalment.site_id"), strict=True),
        )

    def _bill_of_row(self):
        """Override: the bill of the instalment, if there is one."""
        self.ensure_one()
        return self.move_id
