from odoo import api, fields, models


class PropertyLeaseMoveoutReading(models.Model):
    """What a meter shows when a space is given back."""

    _name = "property.lease.moveout.reading"
    _description = "Final Reading of a Move-out"
    _inherit = ["property.lease.moveout.line"]
    _order = "moveout_id, id"

    meter_id = fields.Many2one("property.meter", required=True, ondelete="restrict")
    kind = fields.Selection(related="meter_id.kind")
    unit_id = fields.Many2one(related="meter_id.unit_id", string="Space")
    value = fields.Float(digits=(16, 3), aggregator=False)
    is_read = fields.Boolean(compute="_compute_is_read", store=True, readonly=False)
    reading_id = fields.Many2one("property.meter.reading", readonly=True, copy=False)

    _meter_once = models.Constraint(
        "UNIQUE(moveout_id, meter_id)", "The meter is on the list already."
    )
    _value_not_negative = models.Constraint(
        "CHECK(value >= 0)", "A reading cannot be negative. Correct it."
    )

    @api.depends("value")
    def _compute_is_read(self):
        for row in self:
            row.is_read = bool(row.value) or row.is_read
