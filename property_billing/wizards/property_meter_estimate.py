from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyMeterEstimate(models.TransientModel):
    """Estimate the readings of a day for meters nobody could read."""

    _name = "property.meter.estimate"
    _description = "Estimate Readings"

    meter_ids = fields.Many2many("property.meter", string="Meters", required=True)
    date = fields.Date(
        string="Day of the Reading",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=1, days=-1),
    )
    periods = fields.Integer(
        string="Average of",
        help="How many earlier consumptions to average; 0 takes the number of the site.",
    )
    unread_count = fields.Integer(string="Not Read Yet", compute="_compute_unread_count")

    _periods_not_negative = models.Constraint(
        "CHECK(periods >= 0)", "The number of earlier consumptions cannot be negative."
    )

    @api.depends("meter_ids", "date")
    def _compute_unread_count(self):
        for wizard in self:
            wizard.unread_count = len(wizard._unread()) if wizard.date else 0

    def _unread(self):
        """Return the chosen meters without a reading in the month up to the day."""
        self.ensure_one()
        first = self.date.replace(day=1)
        return self.meter_ids.with_env(self.env)._origin._unread(first, self.date)

    def action_estimate(self):
        """Create the estimated readings and show them.

        :raise UserError: when the day is still to come, or no meter can be estimated
        """
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("This day is still to come. Choose a day that has passed."))
        readings, failed = self._unread()._estimate(self.date, self.periods or None)
        if not readings:
            raise UserError(
                self.env._(
                    "None of these meters can be estimated: they were read in that month or "
                    "later, or have no earlier readings to average."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_meter_reading_action"
        )
        action.update(domain=[("id", "in", readings.ids)], context={})
        if not failed:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Not estimated for want of earlier readings: %(meters)s",
                    meters=", ".join(failed.mapped("code")),
                ),
                "next": action,
            },
        }
