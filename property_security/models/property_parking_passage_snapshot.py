from datetime import timedelta

from odoo import api, fields, models

from .incident_words import WATCHERS

FRESH = timedelta(minutes=2)


class PropertyParkingPassage(models.Model):
    """Pictures of what happens at a lane that has a camera."""

    _inherit = "property.parking.passage"

    snapshot_ids = fields.One2many(
        "property.camera.snapshot", "passage_id", string="Pictures", groups=WATCHERS
    )
    camera_id = fields.Many2one(related="lane_id.camera_id", groups=WATCHERS)
    playback_link = fields.Char(
        string="Recording", compute="_compute_playback_link", groups=WATCHERS
    )

    @api.depends("lane_id.camera_id", "counted_at")
    def _compute_playback_link(self):
        for passage in self:
            camera = passage.camera_id
            passage.playback_link = camera and camera._playback_link(passage.counted_at)

    def _decide(self):
        """Override: a car that waits or is refused has its picture taken."""
        result = super()._decide()
        self.filtered(lambda one: one.action in ("confirm", "refuse"))._take_pictures()
        return result

    def _add_anomalies(self, kind):
        """Override: what is odd has its picture taken, if it is odd now."""
        anomalies = super()._add_anomalies(kind)
        self._take_pictures()
        return anomalies

    def _take_pictures(self):
        """Order a picture of each passage that is happening now."""
        now = fields.Datetime.now()
        # sudo: a gate knows its camera whoever the message comes from
        for passage in self.sudo().filtered("lane_id.camera_id"):
            if passage.source == "live" and abs(now - passage.counted_at) < FRESH:
                passage.camera_id._snapshot_for(passage, passage.counted_at)

    def action_snapshot(self):
        """Have a picture of the lane taken now."""
        self.ensure_one()
        self.check_access("read")
        self.camera_id._snapshot_for(self)
        return self.camera_id._told_coming()
