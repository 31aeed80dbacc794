"""Of which day the bills of a run are, and until when they are to be paid."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyBillingRun(models.Model):
    _inherit = "property.billing.run"

    invoice_date = fields.Date(
        compute="_compute_invoice_date",
        store=True,
        readonly=False,
        precompute=True,
        help="Date of the bills; the last day of the period unless changed.",
    )
    invoice_date_due = fields.Date(
        string="Pay until",
        compute="_compute_invoice_date_due",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="From the day after, the bills are overdue and bear late fees by their policy. The "
        "date of the bills and the days that the site gives for paying, unless changed. Bills of "
        "leases are due on the days agreed.",
    )
    is_due_past = fields.Boolean(compute="_compute_is_due_past", string="Overdue at Once")

    @api.depends("date_to")
    def _compute_invoice_date(self):
        for run in self:
            run.invoice_date = run.date_to

    @api.depends("invoice_date", "date_to", "site_ids")
    def _compute_invoice_date_due(self):
        for run in self:
            day = run.invoice_date or run.date_to
            days = max(run.site_ids.mapped("days_to_pay"), default=0)
            run.invoice_date_due = day and day + timedelta(days=days)

    @api.depends("invoice_date_due", "state", "charge_count")
    def _compute_is_due_past(self):
        today = fields.Date.context_today(self)
        for run in self:
            day = run.invoice_date_due
            run.is_due_past = bool(
                run.state == "computed" and run.charge_count and day and day < today
            )

    @api.constrains("invoice_date", "date_to", "invoice_date_due")
    def _check_due(self):
        for run in self:
            day = run.invoice_date or run.date_to
            due = run.invoice_date_due
            if due and not day <= due <= day + relativedelta(years=10):
                raise ValidationError(
                    self.env._(
                        "Bills of %(day)s cannot be due before that day, nor more than ten years "
                        "after it. Correct the day they are to be paid until.",
                        day=fields.Date.to_string(day),
                    )
                )

    @api.model
    def _scope_fields(self):
        """Extend: these days are on the bills."""
        return super()._scope_fields() | {"invoice_date", "invoice_date_due"}
