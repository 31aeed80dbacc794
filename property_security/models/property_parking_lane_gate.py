from odoo import api, fields, models


class PropertyParkingLane(models.Model):
    _inherit = "property.parking.lane"

    gate_id = fields.Many2one(
        "property.gate",
        index="btree_not_null",
        ondelete="set null",
        domain="[('site_id', '=', site_id), ('kind', '=', 'barrier')]",
        help="The barrier that opens this lane.",
    )
    channel = fields.Char(
        help="How the device names the lane in its messages; may be empty where it has one only."
    )
    unplated_at = fields.Datetime(
        string="Car without Plate Seen", readonly=True, copy=False, groups="base.group_system"
    )

    _channel_unique = models.UniqueIndex(
        "(gate_id, channel) WHERE active AND gate_id IS NOT NULL AND channel IS NOT NULL",
        "The gate already has a lane of this channel. Choose another one.",
    )

    @api.constrains("gate_id", "area_id")
    def _check_gate(self):
        self.gate_id._check_places()
