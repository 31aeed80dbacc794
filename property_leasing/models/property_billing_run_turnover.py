"""Settlements of turnover rent are billed by the run of their due day, or the first one after."""

from odoo import models
from odoo.tools import SQL


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    def _due_of_leases(self, facts, items):
        """Override: settlements of turnover as well."""
        settlements = self._due_settlement_ids(facts, items)
        return super()._due_of_leases(facts, items) + [
            ("property.lease.turnover.settlement", settlements)
        ]

    def _due_settlement_ids(self, facts, items):
        """Find the due settlements that are not billed outside this run.

        :param items: ids of the items billed by contract
        """
        chosen = facts.assumptions.units
        for model in ("property.lease.turnover.settlement", "property.charge", "property.fee"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT settlement.id
                  FROM property_lease_turnover_settlement settlement
                  JOIN property_fee fee ON fee.id = settlement.fee_id
                 WHERE settlement.site_id = ANY(%s) AND settlement.item_id = ANY(%s)
                   AND settlement.due_date <= %s AND settlement.amount > 0
                   AND NOT COALESCE(settlement.is_credited, FALSE)
                   %s %s
              ORDER BY settlement.due_date, settlement.id
                """,
                list(facts.site_ids),
                items,
                facts.date_to,
                SQL() if chosen is None else SQL("AND fee.unit_id = ANY(%s)", list(chosen)),
                self._unbilled(facts, "settlement"),
            )
        )
        return [one for (one,) in rows]
