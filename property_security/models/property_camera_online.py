import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from odoo import api, fields, models
from odoo.tools import file_open

from ..tools.camera_fetch import FetchError, Target, fetch
from .property_camera import DEMO

_logger = logging.getLogger(__name__)

AT_ONCE = 8  # cameras that are asked together
BATCH = 40
NETWORKS = "property_security.camera_networks"
DEMO_PICTURES = 6
FRESH = 3  # seconds that a live picture serves everybody who looks
SHOWN = {}  # (database, camera) -> (moment, picture) that this process fetched last


class PropertyCamera(models.Model):
    """Asking cameras for pictures."""

    _inherit = "property.camera"

    can_picture = fields.Boolean(
        string="Gives Pictures", compute="_compute_can_picture", search="_search_can_picture"
    )

    @api.depends("snapshot_url", "vendor")
    def _compute_can_picture(self):
        for camera in self:
            camera.can_picture = bool(camera.snapshot_url) or camera.vendor == DEMO

    def _search_can_picture(self, operator, value):
        if operator != "in" or value != {True}:
            return NotImplemented
        return ["|", ("snapshot_url", "!=", False), ("vendor", "=", DEMO)]

    @api.model
    def _cron_check_online(self):
        """Ask all cameras for a picture and keep which ones answer."""
        cameras = self.search([("can_picture", "=", True)], order="checked_at NULLS FIRST, id")
        cron = self.env["ir.cron"]
        while cameras:
            batch, cameras = cameras[:BATCH], cameras[BATCH:]
            batch.try_lock_for_update(allow_referencing=True)._check_online()
            if not cron._commit_progress(len(batch), remaining=len(cameras)):
                return

    def _check_online(self):
        """Ask these cameras together and keep the outcome."""
        self._keep_outcome(self._fetch_pictures())

    def _fetch_pictures(self):
        """Fetch a picture of each camera that can give one; no record is touched meanwhile.

        :return: dict camera -> bytes of a picture, or FetchError
        """
        asked = self.filtered("can_picture")
        jobs = {camera: camera._picture_job() for camera in asked}
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            found = pool.map(_outcome, jobs.values())
            return dict(zip(jobs, found, strict=True))

    def _picture_job(self):
        """Return a function that fetches a picture, without anything of the database in it."""
        self.ensure_one()
        # sudo: the login and the networks are the administrator's; they go to the camera only
        camera_sudo = self.sudo()
        if self.vendor == DEMO:
            return partial(_demo_picture, (self.channel - 1) % DEMO_PICTURES + 1)
        networks = camera_sudo.env["ir.config_parameter"].get_param(NETWORKS) or ""
        login = camera_sudo.credential_id
        target = Target(
            url=self.snapshot_url,
            host=self.host or "",
            username=login.username or "",
            password=login.password or "",
            networks=tuple(one for one in networks.split(",") if one.strip()),
            is_certificate_checked=self.is_certificate_checked,
        )
        return partial(fetch, target)

    def _keep_outcome(self, outcomes):
        """Keep which cameras answered.

        :param outcomes: as `_fetch_pictures` returns them
        """
        now = fields.Datetime.now()
        for camera, outcome in outcomes.items():
            # sudo: nobody writes by hand whether a camera answers
            camera_sudo = camera.sudo()
            if isinstance(outcome, FetchError):
                _logger.info("camera %s gave no picture: %s", camera.id, outcome.code)
                camera_sudo.write(
                    {
                        "checked_at": now,
                        "online_state": "offline",
                        "last_error": camera._fetch_fault(outcome),
                    }
                )
            else:
                camera_sudo.write(
                    {
                        "checked_at": now,
                        "last_seen_at": now,
                        "online_state": "online",
                        "last_error": False,
                    }
                )

    def _fetch_fault(self, error):
        """Say why there is no picture, and what to do."""
        sentences = {
            "address": self.env._("The address of the picture is wrong. Correct it."),
            "forbidden": self.env._(
                "The camera's host leads to an address that is not allowed. Check the host; an "
                "administrator may allow its network."
            ),
            "timeout": self.env._("The camera did not answer in time."),
            "network": self.env._("The camera cannot be reached. Check power and network."),
            "login": self.env._("The camera refused the login. Ask an administrator to check it."),
            "status": self.env._(
                "The camera answered %(status)s instead of a picture. Check its address.",
                status=error.detail,
            ),
            "size": self.env._("The picture is too large. Lower the resolution."),
            "type": self.env._("What the camera sent is no JPEG or PNG picture."),
        }
        return sentences[error.code]

    def _live_picture(self):
        """Return a picture of now, or the last that is kept; many viewers share one.

        A camera that is known to be offline is not asked, so that viewers wait for nobody.

        :return: bytes, empty when there is none
        """
        self.ensure_one()
        key = (self.env.cr.dbname, self.id)
        shown = SHOWN.get(key)
        if shown and time.monotonic() - shown[0] < FRESH:
            return shown[1]
        if self.can_picture and self.online_state != "offline":
            outcome = self._fetch_pictures()[self]
            if not isinstance(outcome, FetchError):
                if len(SHOWN) > 500:
                    SHOWN.clear()
                SHOWN[key] = (time.monotonic(), outcome)
                return outcome
            self._keep_outcome({self: outcome})
        last = self.env["property.camera.snapshot"].search(
            [("camera_id", "=", self.id), ("state", "=", "done")], limit=1
        )
        return last._raw()


def _outcome(job):
    try:
        return job()
    except FetchError as error:
        return error


def _demo_picture(number):
    with file_open(f"property_security/static/img/camera/demo_{number}.jpg", "rb") as file:
        return file.read()
