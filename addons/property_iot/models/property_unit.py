from odoo import api, fields, models
from odoo.fields import Domain


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    device_ids = fields.One2many(
        "mqtt.device", "unit_id", string="Devices", groups="mqtt_bridge.group_reader"
    )
    device_count = fields.Integer(
        compute="_compute_device_counts", groups="mqtt_bridge.group_reader"
    )
    device_alarm_count = fields.Integer(
        string="Open Alarms", compute="_compute_device_counts", groups="mqtt_bridge.group_reader"
    )

    def _device_domain(self):
        """Say which devices belong to units: those that stand there, and those of their meters."""
        return Domain("unit_id", "in", self.ids) | Domain("meter_ids.unit_id", "in", self.ids)

    @api.depends("device_ids", "meter_ids.device_id")
    @api.depends_context("uid")
    def _compute_device_counts(self):
        devices = self.env["mqtt.device"].search(self._device_domain())
        found = {}
        for device in devices:
            for unit in device.unit_id | device.meter_ids.unit_id:
                found[unit.id] = found.get(unit.id, devices.browse()) | device
        for unit in self:
            mine = found.get(unit._origin.id, devices.browse())
            unit.device_count = len(mine)
            unit.device_alarm_count = sum(mine.mapped("alarm_count"))

    def action_view_devices(self):
        """Open the devices of the unit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_device_action")
        return {
            **action,
            "domain": list(self._device_domain()),
            "context": {"default_unit_id": self.id},
        }

    def action_view_device_alarms(self):
        """Open the alarms of the unit's devices."""
        self.ensure_one()
        devices = self.env["mqtt.device"].search(self._device_domain())
        return devices.action_alarms()
