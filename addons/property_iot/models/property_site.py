from odoo import api, fields, models


class PropertySite(models.Model):
    _inherit = "property.site"

    device_user_ids = fields.Many2many(
        "res.users",
        "property_site_device_user_rel",
        "site_id",
        "user_id",
        string="Called for Device Alarms",
        domain="[('share', '=', False)]",
        help="Who gets an activity when a device raises an alarm. Empty: the engineers of the "
        "site, and where it has none its managers.",
    )
    device_count = fields.Integer(
        compute="_compute_device_counts", groups="mqtt_bridge.group_reader"
    )
    device_alarm_count = fields.Integer(
        string="Open Alarms", compute="_compute_device_counts", groups="mqtt_bridge.group_reader"
    )

    @api.depends_context("uid")
    def _compute_device_counts(self):
        devices = dict(
            self.env["mqtt.device"]._read_group(
                [("site_id", "in", self.ids)], ["site_id"], ["__count"]
            )
        )
        alarms = self.env["mqtt.alarm"]._read_group(
            [("device_id.site_id", "in", self.ids), ("state", "=", "active")],
            ["device_id"],
            ["__count"],
        )
        open_alarms = {}
        for device, count in alarms:
            open_alarms[device.site_id] = open_alarms.get(device.site_id, 0) + count
        for site in self:
            site.device_count = devices.get(site._origin, 0)
            site.device_alarm_count = open_alarms.get(site._origin, 0)

    def _device_users(self):
        """Return who is called for alarms of the site's devices."""
        self.ensure_one()
        if self.device_user_ids:
            return self.device_user_ids
        engineer = self.env.ref("property_base.group_engineer")
        manager = self.env.ref("property_base.group_manager")
        users = self.env["res.users"].search(
            [
                ("all_group_ids", "in", engineer.ids),
                ("employee_ids.site_ids", "in", self.ids),
                ("share", "=", False),
            ]
        )
        return users.filtered(lambda user: manager not in user.all_group_ids) or users

    def action_view_devices(self):
        """Open the devices of the site."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_device_action")
        return {**action, "domain": [("site_id", "in", self.ids)], "context": {}}

    def action_view_device_alarms(self):
        """Open the alarms of the site's devices."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_alarm_action")
        return {
            **action,
            "domain": [("device_id.site_id", "in", self.ids)],
            "context": {"search_default_active": 1},
        }
