from odoo import api, fields, models

from odoo.addons.property_security.models.incident_words import WATCHERS


class MqttAlarm(models.Model):
    """What a camera saw when an alarm began."""

    _inherit = "mqtt.alarm"

    camera_id = fields.Many2one(related="device_id.camera_id", groups=WATCHERS)
    snapshot_ids = fields.One2many(
        "property.camera.snapshot", "res_id", string="Pictures", readonly=True, groups=WATCHERS
    )
    playback_link = fields.Char(
        string="Recording", compute="_compute_playback_link", groups=WATCHERS
    )

    @api.depends("device_id.camera_id", "first_at")
    def _compute_playback_link(self):
        for alarm in self:
            camera = alarm.camera_id
            alarm.playback_link = camera and camera._playback_link(alarm.first_at)
