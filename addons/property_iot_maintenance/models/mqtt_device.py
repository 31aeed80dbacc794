from odoo import fields, models


class MqttDevice(models.Model):
    """Which equipment a device watches."""

    _inherit = "mqtt.device"

    equipment_id = fields.Many2one(
        "maintenance.equipment",
        index="btree_not_null",
        ondelete="set null",
        domain="[('site_id', '!=', False)]",
        copy=False,
        groups="property_base.group_staff",
        help="Its alarms raise work orders for this equipment, on the equipment's site.",
    )
