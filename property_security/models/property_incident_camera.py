from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PropertyIncident(models.Model):
    """What cameras saw of an incident."""

    _inherit = "property.incident"

    camera_id = fields.Many2one(
        "property.camera",
        compute="_compute_camera_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('site_id', '=', site_id)]",
        help="The camera that saw it: a picture is fetched when the incident is reported.",
    )
    camera_at = fields.Datetime(
        string="Time in the Recording", help="Empty: when the incident happened."
    )
    playback_link = fields.Char(string="Recording", compute="_compute_playback_link")
    snapshot_ids = fields.One2many(
        "property.camera.snapshot", "incident_id", string="Camera Pictures"
    )

    @api.depends("passage_id")
    def _compute_camera_id(self):
        for incident in self:
            incident.camera_id = incident.passage_id.camera_id or incident.camera_id

    @api.depends("camera_id", "camera_at", "occurred_at")
    def _compute_playback_link(self):
        for incident in self:
            camera = incident.camera_id
            at = incident.camera_at or incident.occurred_at
            incident.playback_link = camera and camera._playback_link(at)

    @api.constrains("camera_id", "site_id")
    def _check_camera(self):
        for incident in self:
            if incident.camera_id and incident.camera_id.sudo().site_id != incident.site_id:
                raise ValidationError(self.env._("Choose a camera of the site of the incident."))

    @api.model_create_multi
    def create(self, vals_list):
        """Fetch a picture of what a camera still sees."""
        incidents = super().create(vals_list)
        for incident in incidents.filtered("camera_id"):
            incident.camera_id._snapshot_for(incident, incident.occurred_at)
        return incidents

    def action_snapshot(self):
        """Fetch a picture of now from the camera of the incident."""
        self.ensure_one()
        self.check_access("read")
        if not self.camera_id:
            raise UserError(self.env._("Choose the camera that sees it, then take the picture."))
        self.camera_id._snapshot_for(self)
        return self.camera_id._told_coming()
