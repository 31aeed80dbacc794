"""Catch-up of missed periods, and trial computations that store nothing."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .billing_batch import BillingBatch
from .billing_facts import BillingFacts
from .billing_time_facts import TIME_METHODS


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    catch_up = fields.Boolean(
        string="Catch Up Missed Periods",
        tracking=True,
        help="Also bill every unbilled day before this period, cycle by cycle. Fees with cycles "
        "of several months are always caught up from their first bill on.",
    )
    catch_up_from = fields.Date(string="Catch Up from", help="Empty: from the start of each fee.")

    @api.constrains("date_from", "date_to", "invoice_date")
    def _check_age(self):
        ten = relativedelta(years=10)
        latest = fields.Date.context_today(self) + ten
        for run in self:
            day = run.invoice_date or run.date_to
            if max(run.date_to, day) > latest or day < run.date_from - ten:
                raise ValidationError(
                    self.env._(
                        "The period or the bill date is more than ten years away. Correct the "
                        "dates."
                    )
                )

    @api.model
    def _scope_fields(self):
        """Extend: which missed periods it bills."""
        return super()._scope_fields() | {"catch_up", "catch_up_from"}

    def _problems_of_unstarted(self, items):
        """Override: name the units whose developer pays from a day nobody entered."""
        problems = super()._problems_of_unstarted(items)
        known = {problem["unit_id"] for problem in problems}
        types = items.filtered("developer_pays").unit_type_ids
        units = self.env["property.unit"].search(
            [
                ("site_id", "in", self.site_ids.ids),
                ("type_id", "in", types.ids),
                ("handover_date", "=", False),
                ("billing_date_from", "=", False),
                ("developer_date_from", "=", False),
                ("building_id.completion_date", "=", False),
                ("state", "!=", "closed"),
                ("id", "not in", list(known)),
            ]
        )
        return problems + [
            {
                "run_id": self.id,
                "site_id": unit.site_id.id,
                "unit_id": unit.id,
                "kind": "no_start",
                "severity": "error",
                "message": self.env._(
                    "Unit %(unit)s is not handed over and no day says from when its developer "
                    "pays. Enter the completion of its building, or the day on the unit.",
                    unit=unit.code,
                ),
            }
            for unit in units
        ]

    def _contract_charges(self, facts):
        """Compute what contracts bill that other addons keep; a hook.

        :param facts: billing_facts.BillingFacts of the run
        :return: list of values of charges, with the keys that ``BillingBatch`` gives its own
        """
        return []

    # Trials -----------------------------------------------------------------------------------

    def _time_items(self, site):
        """Return the items by area, fixed or by formula of a site."""
        return self.env["property.charge.item"].search(
            [
                ("company_id", "=", site.company_id.id),
                ("site_id", "in", (False, site.id)),
                ("method", "in", TIME_METHODS),
            ]
        )

    def _simulate(self, sites, items, date_from, date_to, assumptions, **values):
        """Compute charges without storing anything.

        :param assumptions: billing_time_facts.Assumptions
        :param values: further fields of the run, such as ``catch_up``
        :return: (list of values of charges, list of values of problems)
        """
        run = self.new(
            {
                "site_ids": [(6, 0, sites.ids)],
                "date_from": date_from,
                "date_to": date_to,
                "company_id": sites.company_id[:1].id,
                **values,
            }
        )
        batch = BillingBatch(run, BillingFacts(run, items, assumptions))
        batch.compute()
        return batch.charges, batch.problems

    def _simulate_month(self, sites, items, day, assumptions):
        """Compute the charges of the month of a day; see ``_simulate``."""
        first = day.replace(day=1)
        charges, _problems = self._simulate(
            sites, items, first, first + relativedelta(day=31), assumptions
        )
        return charges

    def _facts_differences(self):
        """Compute a run again from today's dated facts and compare it with what was billed.

        :return: list of (fee id, share, first day, last day, billed or None, computed or None)
        """
        self.ensure_one()
        batch = BillingBatch(self, BillingFacts(self, self._billed_items()))
        batch.compute()
        computed = {_key(vals): round(vals["amount"], 2) for vals in batch.charges}
        live = self.charge_ids.filtered(lambda charge: charge.state in ("draft", "posted"))
        billed = {
            (charge.fee_id.id, charge.share, charge.date_from, charge.date_to): round(
                charge.amount, 2
            )
            for charge in live
        }
        return [
            (*key, billed.get(key), computed.get(key))
            for key in sorted({*billed, *computed})
            if billed.get(key) != computed.get(key)
        ]


def _key(vals):
    return vals["fee_id"], vals["share"], vals["date_from"], vals["date_to"]
