from odoo import api, fields, models

from ..tools import matching


class PropertyMeterConnectLine(models.TransientModel):
    _name = "property.meter.connect.line"
    _description = "Device to Connect"
    _order = "id"

    wizard_id = fields.Many2one("property.meter.connect", required=True, ondelete="cascade")
    site_id = fields.Many2one(related="wizard_id.site_id")
    telegram_id = fields.Many2one(related="wizard_id.telegram_id")
    kind = fields.Selection(related="telegram_id.kind")
    device_id = fields.Many2one("mqtt.device", required=True)
    address = fields.Char()
    value = fields.Float(string="Device Shows", digits=(16, 3))
    meter_id = fields.Many2one("property.meter")
    unit_id = fields.Many2one(related="meter_id.unit_id")
    match = fields.Selection(
        [
            (matching.CODE, "Same number"),
            (matching.NAME, "By the name"),
            (matching.PASTED, "Worksheet"),
        ],
        string="Found By",
    )
    last_reading = fields.Float(
        related="meter_id.last_reading", string="Last Reading", digits=(16, 3)
    )
    is_odd = fields.Boolean(
        compute="_compute_is_odd", help="The device shows less than was read last."
    )

    @api.depends("value", "meter_id")
    def _compute_is_odd(self):
        for line in self:
            meter = line.meter_id
            line.is_odd = bool(meter) and meter._used(meter.last_reading, line.value) < 0
