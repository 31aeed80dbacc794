from odoo import api, fields, models


class MaintenanceEquipment(models.Model):
    _inherit = "maintenance.equipment"

    device_ids = fields.One2many(
        "mqtt.device", "equipment_id", string="Devices", groups="property_base.group_staff"
    )
    device_count = fields.Integer(
        compute="_compute_device_count", groups="property_base.group_staff"
    )

    @api.depends("device_ids")
    def _compute_device_count(self):
        groups = self.env["mqtt.device"]._read_group(
            [("equipment_id", "in", self.ids)], ["equipment_id"], ["__count"]
        )
        counts = {equipment.id: count for equipment, count in groups}
        for equipment in self:
            equipment.device_count = counts.get(equipment._origin.id, 0)

    def action_view_devices(self):
        """Open the devices that watch the equipment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_device_action")
        return {**action, "domain": [("equipment_id", "=", self.id)], "context": {}}
