from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import fields, models
from odoo.fields import Domain

from .property_visitor_ticket import MODELS


class PropertyOccupancy(models.Model):
    """Who leaves a household takes his passes and lists along."""

    _inherit = "property.occupancy"

    def write(self, vals):
        """Override of `property_base`: nobody is let in for somebody who has moved out."""
        result = super().write(vals)
        if vals.get("date_to"):
            self._end_tickets()
        return result

    def _end_tickets(self):
        """Let what these people have handed out end with their last day."""
        now = fields.Datetime.now()
        for occupancy in self.filtered("date_to"):
            zone = ZoneInfo(occupancy.site_id.tz or "UTC")
            end = datetime.combine(occupancy.date_to, time(23, 59), zone)
            end = end.astimezone(UTC).replace(tzinfo=None)
            later = (
                Domain("unit_id", "=", occupancy.unit_id.id)
                & Domain("partner_id", "=", occupancy.partner_id.id)
                & Domain("valid_to", ">", max(end, now))
                & Domain("revoked_at", "=", False)
            )
            for model in MODELS:
                # sudo: whoever ends an occupancy need not see what was handed out
                tickets_sudo = self.env[model].sudo().search(later)
                over_sudo = tickets_sudo.filtered(
                    lambda one, end=end: end <= max(now, one.valid_from)
                )
                over_sudo._revoke()
                (tickets_sudo - over_sudo).valid_to = end
