from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MqttDevice(models.Model):
    """Which equipment a device watches."""

    _inherit = "mqtt.device"

    equipment_id = fields.Many2one(
        "maintenance.equipment",
        index="btree_not_null",
        ondelete="set null",
        domain="[('site_id', '=', site_id)]",
        groups="property_base.group_staff",
        help="Its alarms raise work orders for this equipment.",
    )

    @api.constrains("equipment_id", "site_id")
    def _check_equipment_site(self):
        # whoever sets up devices need not see equipment
        for device in self.sudo():
            site = device.equipment_id.site_id
            if device.equipment_id and site != device.site_id:
                raise ValidationError(
                    self.env._(
                        "%(equipment)s is on %(site)s. Choose the same site for %(device)s.",
                        equipment=device.equipment_id.display_name,
                        site=site.name or self.env._("no site"),
                        device=device.name,
                    )
                )
