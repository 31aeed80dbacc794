from odoo import fields, models


class PropertyVehicle(models.Model):
    _inherit = "property.vehicle"

    date_from = fields.Date(
        string="From",
        tracking=True,
        help="First day it counts for fees per vehicle; empty: always.",
    )
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day, inclusive; set when the vehicle is archived."
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A vehicle cannot leave before it came. Correct one of the two dates.",
    )

    def write(self, vals):
        """Override of `property_base` to keep the day a vehicle left: fees per vehicle need it."""
        if vals.get("active") is False and "date_to" not in vals:
            today = fields.Date.context_today(self)
            leaving = self.filtered(lambda vehicle: vehicle.active and not vehicle.date_to)
            for vehicle in leaving.filtered("date_from"):
                super(PropertyVehicle, vehicle).write({"date_to": max(today, vehicle.date_from)})
            super(PropertyVehicle, leaving.filtered(lambda v: not v.date_from)).write(
                {"date_to": today}
            )
        if vals.get("active") and "date_to" not in vals:
            vals = {**vals, "date_to": False}
        return super().write(vals)
