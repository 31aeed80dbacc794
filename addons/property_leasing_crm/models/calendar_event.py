from odoo import api, fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    space_ids = fields.Many2many(
        "property.space",
        string="Spaces Shown",
        groups="property_base.group_leasing",
        help="The spaces that are visited.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a planned visit moves the prospect on."""
        events = super().create(vals_list)
        events.opportunity_id.filtered("site_id")._advance("visit")
        return events
