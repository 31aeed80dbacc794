from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .incident_words import WATCHERS


class PropertyParkingLane(models.Model):
    """The camera that watches a lane."""

    _inherit = "property.parking.lane"

    camera_id = fields.Many2one(
        "property.camera",
        index="btree_not_null",
        ondelete="set null",
        groups=WATCHERS,
        domain="[('site_id', '=', site_id)]",
        help="Takes a picture when a car waits or is refused, and when something is odd.",
    )

    @api.constrains("camera_id", "area_id")
    def _check_camera(self):
        for lane in self:
            camera_sudo = lane.sudo().camera_id  # whoever changes the lane
            if camera_sudo and camera_sudo.site_id != lane.site_id:
                raise ValidationError(
                    self.env._("Choose a camera of the site of the lane %(lane)s.", lane=lane.name)
                )
