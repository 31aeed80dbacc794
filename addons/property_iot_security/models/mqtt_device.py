from odoo import fields, models

from odoo.addons.property_security.models.incident_words import WATCHERS


class MqttDevice(models.Model):
    """The camera that sees the place of a device."""

    _inherit = "mqtt.device"

    camera_id = fields.Many2one(
        "property.camera",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups=WATCHERS,
        help="Its alarms can have a picture of this camera taken.",
    )
