from odoo import fields, models


class PropertyGate(models.Model):
    """Which device of the broker a gate is."""

    _inherit = "property.gate"

    driver = fields.Selection(selection_add=[("mqtt", "MQTT")], ondelete={"mqtt": "set default"})
    device_id = fields.Many2one(
        "mqtt.device",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        tracking=True,
        groups="mqtt_bridge.group_reader",
        help="Its messages are those of this gate, and commands go to it.",
    )

    _device_unique = models.UniqueIndex(
        "(device_id) WHERE device_id IS NOT NULL", "Another gate has this device already."
    )
