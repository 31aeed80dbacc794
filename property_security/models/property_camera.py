from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import camera_urls

PLAYBACK = timedelta(minutes=2)  # before and after a moment
DEMO = "demo"


class PropertyCamera(models.Model):
    """A camera: where it looks, how to see it live, and how to get a picture of a moment."""

    _name = "property.camera"
    _description = "Camera"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "site_id, sequence, name, id"
    _rec_names_search = ["name", "place", "serial"]
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    site_id = fields.Many2one(
        "property.site", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    building_id = fields.Many2one(
        "property.building", index="btree_not_null", domain="[('site_id', '=', site_id)]"
    )
    place = fields.Char(help="What it looks at, in words: the way into the south gate.")
    vendor = fields.Selection(
        [
            ("hikvision", "Hikvision"),
            ("dahua", "Dahua"),
            ("uniview", "Uniview"),
            ("tiandy", "Tiandy"),
            ("other", "Other"),
            (DEMO, "Demonstration"),
        ],
        string="Maker",
        required=True,
        default="hikvision",
        help="A camera for demonstration shows a picture of this addon and uses no network.",
    )
    serial = fields.Char(string="Serial Number", help="What the maker calls the device.")
    vendor_ref = fields.Char(
        string="Number in the Platform",
        help="What the video platform calls the camera, such as its code of GB/T 28181.",
    )
    channel = fields.Integer(default=1, help="Of a recorder that has several cameras.")
    host = fields.Char(
        tracking=True,
        help="Address or name of the camera or recorder. Pictures are fetched from there only.",
    )
    snapshot_url = fields.Char(
        string="Address of a Picture",
        tracking=True,
        help="Returns a JPEG or PNG; no login in it. A Uniview camera without a recorder is "
        "channel 0 there.",
    )
    hls_url = fields.Char(
        string="Live Stream (HLS)", tracking=True, help="The .m3u8 that browsers play."
    )
    rtsp_url = fields.Char(string="Live Stream (RTSP)", tracking=True)
    playback_url = fields.Char(
        string="Address of Recordings",
        help="With {start}, {end} in UTC or {start_local}, {end_local}, and {serial}, {channel}.",
    )
    credential_id = fields.Many2one(
        "property.camera.credential",
        string="Login",
        groups="base.group_system",
        check_company=True,
        copy=False,
    )
    is_certificate_checked = fields.Boolean(
        string="Check the Certificate",
        default=True,
        help="Of a camera that is asked by https. Cameras with a certificate of their own fail.",
    )
    lane_ids = fields.One2many("property.parking.lane", "camera_id", string="Lanes")
    snapshot_ids = fields.One2many("property.camera.snapshot", "camera_id", string="Pictures")
    last_seen_at = fields.Datetime(string="Last Seen", readonly=True, copy=False)
    checked_at = fields.Datetime(string="Last Checked", readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)
    online_state = fields.Selection(
        [("unknown", "Not Checked"), ("online", "Online"), ("offline", "Offline")],
        string="Connection",
        default="unknown",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    _serial_unique = models.UniqueIndex(
        "(company_id, serial, channel) WHERE active AND serial IS NOT NULL",
        "Another camera has this serial number and channel.",
    )
    _channel_positive = models.Constraint("CHECK(channel > 0)", "Channels begin with 1.")

    # Constraints and CRUD ---------------------------------------------------------------------

    @api.constrains("host", "snapshot_url", "hls_url", "rtsp_url", "playback_url", "vendor")
    def _check_urls(self):
        for camera in self:
            streams = (*camera_urls.STREAMS, *camera_urls.WEB)
            rules = (
                ("snapshot_url", camera_urls.WEB, camera.host or ""),
                ("hls_url", camera_urls.WEB, None),
                ("rtsp_url", camera_urls.STREAMS, None),
                ("playback_url", streams, None),
            )
            for name, schemes, host in rules:
                fault = camera[name] and camera_urls.fault(camera[name], schemes, host)
                if fault:
                    raise ValidationError(camera._url_fault(name, fault))

    def _url_fault(self, name, fault):
        label = self._fields[name]._description_string(self.env)
        sentences = {
            "scheme": self.env._("%(field)s is no address of that kind. Check it.", field=label),
            "login": self.env._(
                "%(field)s must not contain a login. An administrator enters it as the login of "
                "the camera.",
                field=label,
            ),
            "host": self.env._(
                "%(field)s must be at the host of the camera, %(host)s.",
                field=label,
                host=self.host or "–",
            ),
        }
        return sentences[fault]

    @api.constrains("site_id", "building_id", "lane_ids")
    def _check_places(self):
        for camera in self:
            for place in (*camera.building_id, *camera.lane_ids):
                if place.site_id != camera.site_id:
                    raise ValidationError(
                        self.env._(
                            "%(place)s is not on the site of the camera.", place=place.display_name
                        )
                    )

    def write(self, vals):
        """Let nobody but administrators send the login of a camera to another host."""
        moved = {"host", "snapshot_url", "is_certificate_checked"} & vals.keys()
        is_free = self.env.su or self.env.user.has_group("base.group_system")
        # sudo: whether there is a login, which only administrators see
        if moved and not is_free and self.sudo().credential_id:
            raise AccessError(
                self.env._("This camera has a login. Ask an administrator to change its address.")
            )
        return super().write(vals)

    # Actions ----------------------------------------------------------------------------------

    def action_fill_urls(self):
        """Enter the addresses as the maker writes them, where there is none yet."""
        self.check_access("write")
        for camera in self:
            if not camera.host:
                raise UserError(self.env._("Enter the host of the camera first."))
            found = camera_urls.preset(camera.vendor, camera.host, camera.channel)
            camera.write({name: url for name, url in found.items() if url and not camera[name]})
        return True

    def action_check(self):
        """Ask the cameras for a picture now, and keep whether they answered."""
        self.check_access("read")
        self._check_online()
        return True

    def action_snapshot(self):
        """Fetch a picture of now in the background."""
        self.check_access("read")
        for camera in self:
            camera._snapshot_for(camera)
        return self._told_coming()

    @api.model
    def _told_coming(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The picture is being fetched. Look again in a minute."),
            },
        }

    # For others -------------------------------------------------------------------------------

    def _snapshot_for(self, record, at=None):
        """Have a picture fetched because of a record: an incident, a passage, an alarm.

        :param record: what the picture is for; asked again for the same moment it is the same
        :param datetime at: when it happened, naive UTC; now when left out
        :return: property.camera.snapshot, one for each camera that can give pictures
        """
        return self.env["property.camera.snapshot"]._order_pictures(self, record, at)

    def _playback_link(self, at):
        """Return the address of the recording around a moment, nothing without one.

        :param datetime at: naive UTC
        """
        self.ensure_one()
        if not self.playback_url or not at:
            return False
        return camera_urls.playback(
            self.playback_url,
            self.serial or "",
            self.channel,
            at - PLAYBACK,
            at + PLAYBACK,
            self.site_id.tz,
        )
