"""What a person looks at before posting: totals, the last period beside them, biggest movers."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from ..tools.proration import month_count

MOVERS = 15


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    review_html = fields.Html(compute="_compute_review_html", sanitize=False, string="Review")

    is_date_closed = fields.Boolean(
        compute="_compute_is_date_closed", string="Bill Date in a Closed Month"
    )

    @api.depends("invoice_date", "state", "company_id.fiscalyear_lock_date")
    def _compute_is_date_closed(self):
        for run in self:
            # sudo: whoever bills may know which months are closed
            closed = run.company_id.sudo().fiscalyear_lock_date
            run.is_date_closed = bool(
                closed
                and run.invoice_date
                and run.invoice_date <= closed
                and run.state in ("draft", "computed")
            )

    @api.depends("charge_ids.amount", "charge_ids.state", "date_from", "date_to")
    def _compute_review_html(self):
        for run in self:
            if not run.charge_count:
                run.review_html = False
                continue
            review = run._review()
            run.review_html = self.env["ir.qweb"]._render(
                "property_billing.billing_run_review",
                {"run": run, "currency": run.currency_id, **review},
            )

    def _review(self):
        """Compare the run with what was billed of its items in the period before it.

        :return: dict ``items``, ``buildings``, ``movers`` (lists of dict) and ``last`` (a date
            span)
        """
        self.ensure_one()
        last_from, last_to = self._last_period()
        current = [("run_id", "=", self.id), ("state", "in", ("draft", "posted"))]
        last = [
            ("site_id", "in", self.site_ids.ids),
            ("state", "=", "posted"),
            ("is_opening", "=", False),
            ("date_to", ">=", last_from),
            ("date_to", "<=", last_to),
        ]
        if self.item_ids:
            last.append(("item_id", "in", self.item_ids.ids))
        return {
            "last": (last_from, last_to),
            "items": self._review_by("item_id", current, last),
            "buildings": self._review_by("building_id", current, last),
            "movers": self._review_movers(current, last),
        }

    def _last_period(self):
        """Return the span of the same number of months just before the run's."""
        months = month_count(self.date_from, self.date_to)
        return (
            self.date_from - relativedelta(months=months),
            self.date_from - relativedelta(days=1),
        )

    def _review_by(self, field, current, last):
        charges = self.env["property.charge"]
        now = {
            key: (amount, count)
            for key, amount, count in charges._read_group(
                current, [field], ["amount:sum", "__count"], order=field
            )
        }
        before = {
            key: (amount, count)
            for key, amount, count in charges._read_group(
                last, [field], ["amount:sum", "__count"], order=field
            )
        }
        keys = [*now, *(key for key in before if key not in now)]
        rows = []
        for key in keys:
            amount, count = now.get(key, (0.0, 0))
            last_amount, last_count = before.get(key, (0.0, 0))
            rows.append(
                {
                    "name": key.display_name or self.env._("Without building"),
                    "code": key.code if field == "item_id" else "",
                    "amount": amount,
                    "count": count,
                    "last_amount": last_amount,
                    "last_count": last_count,
                    "change": amount - last_amount,
                    "ratio": (amount - last_amount) / last_amount if last_amount else None,
                }
            )
        return rows

    def _review_movers(self, current, last):
        """Return the unit × item pairs whose amount changed most against the last period."""
        charges = self.env["property.charge"]
        now = {
            (unit, item): amount
            for unit, item, amount in charges._read_group(
                current, ["unit_id", "item_id"], ["amount:sum"]
            )
        }
        before = {
            (unit, item): amount
            for unit, item, amount in charges._read_group(
                last, ["unit_id", "item_id"], ["amount:sum"]
            )
        }
        if not before:
            return []
        pairs = sorted(
            ((now.get(key, 0.0) - before.get(key, 0.0), key) for key in {*now, *before}),
            key=lambda pair: (-abs(pair[0]), pair[1][0].id, pair[1][1].id),
        )
        return [
            {
                "unit": unit.code,
                "item": item.name,
                "amount": now.get((unit, item), 0.0),
                "last_amount": before.get((unit, item), 0.0),
                "change": change,
            }
            for change, (unit, item) in pairs[:MOVERS]
            if change
        ]
