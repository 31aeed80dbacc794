"""The instalments of leases are billed by the run of their due day, or by the first one after."""

from odoo import models
from odoo.tools import SQL


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    def _contract_charges(self, facts):
        """Override to bill the instalments that are due and not billed yet."""
        charges = super()._contract_charges(facts)
        contracts = [key for key, item in facts.items.items() if item["method"] == "contract"]
        if not contracts:
            return charges
        # sudo: a run bills what is due on its sites, whether or not its user reads leases
        env_sudo = self.sudo().env
        return charges + [
            one_sudo._prepare_charge_vals(self)
            for model, ids in self._due_of_leases(facts, contracts)
            for one_sudo in env_sudo[model].browse(ids)
        ]

    def _due_of_leases(self, facts, items):
        """Find what leases owe that is due and not billed outside this run; a hook.

        :param items: ids of the items billed by contract
        :return: list of (model, ids)
        """
        return [("property.lease.instalment", self._due_instalment_ids(facts, items))]

    def _due_instalment_ids(self, facts, items):
        """Find the due instalments of which no day is billed outside this run.

        :param items: ids of the items billed by contract
        """
        chosen = facts.assumptions.units
        self.env["property.lease.instalment"].flush_model()
        self.env["property.lease"].flush_model()
        self.env["property.charge"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT instalment.id
                  FROM property_lease_instalment instalment
                  JOIN property_lease lease ON lease.id = instalment.lease_id
                 WHERE instalment.site_id = ANY(%s) AND instalment.item_id = ANY(%s)
                   AND instalment.fee_id IS NOT NULL AND instalment.due_date <= %s
                   AND instalment.amount > 0 AND NOT COALESCE(instalment.is_dropped, FALSE)
                   AND (lease.billing_date_from IS NULL
                        OR instalment.date_from >= lease.billing_date_from)
                   %s %s
              ORDER BY instalment.due_date, instalment.id
                """,
                list(facts.site_ids),
                items,
                facts.date_to,
                SQL() if chosen is None else SQL("AND instalment.unit_id = ANY(%s)", list(chosen)),
                self._unbilled(facts, "instalment"),
            )
        )
        return [one for (one,) in rows]

    def _compute(self):
        """Override to date the bills of leases: rent is due on its day, not with the run."""
        result = super()._compute()
        # sudo: nobody writes charges by hand; their day follows from the lease
        drafts_sudo = (
            self.env["property.charge"]
            .sudo()
            .search(
                [
                    ("run_id", "=", self.id),
                    ("state", "=", "draft"),
                    ("item_id.method", "=", "contract"),
                ]
            )
        )
        for day, charges in drafts_sudo.grouped(lambda one: one.basis.get("due")).items():
            if day:
                # what was missed is due now: nobody pays late fees for bills never sent
                charges.bill_date = max(day, str(self.date_from))
        return result

    def _unbilled(self, facts, name):
        """Return the condition that no day of what is due is billed outside this run.

        :param facts: BillingFacts of the run
        :param str name: the instalments, or what else falls due, in the query
        """
        due = SQL.identifier(name)
        if facts.assumptions.is_blank:
            # a trial on a blank ledger bills the period alone: nothing was missed
            return SQL("AND %s.due_date >= %s", due, facts.date_from)
        return SQL(
            """
            AND NOT EXISTS (
                SELECT FROM property_charge charge
                 WHERE charge.fee_id = %(due)s.fee_id
                   AND charge.state NOT IN ('cancelled', 'reversed')
                   AND charge.run_id IS DISTINCT FROM %(run)s AND charge.id <> ALL(%(ignored)s)
                   AND charge.date_from <= %(due)s.date_to
                   AND charge.date_to >= %(due)s.date_from)
            """,
            due=due,
            run=facts.run_id,
            ignored=list(facts.assumptions.ignored),
        )
