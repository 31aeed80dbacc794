import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.image import ImageProcess

from .incident_words import OPEN_STATES

BATCH = 16
WAITS = (1, 2, 4)  # minutes before it is tried again
USEFUL = timedelta(minutes=10)  # after which a picture shows something else
BIGGEST = 1920  # pixels


class PropertyCameraSnapshot(models.Model):
    """A picture of a moment: ordered by an event, fetched by a job, kept for some days."""

    _name = "property.camera.snapshot"
    _description = "Camera Picture"
    _inherit = ["property.scoped"]
    _order = "at desc, id desc"
    _rec_name = "camera_id"

    camera_id = fields.Many2one(
        "property.camera", required=True, readonly=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="camera_id.site_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="camera_id.company_id", store=True, precompute=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Because Of", model_field="res_model", readonly=True, aggregator=None
    )
    incident_id = fields.Many2one(
        "property.incident", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    passage_id = fields.Many2one(
        "property.parking.passage", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    opening_id = fields.Many2one(
        "property.gate.opening", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    at = fields.Datetime(string="Moment", required=True, readonly=True, index=True)
    state = fields.Selection(
        [("queued", "Waiting"), ("done", "Fetched"), ("failed", "Failed")],
        required=True,
        default="queued",
        readonly=True,
        index=True,
    )
    tries = fields.Integer(readonly=True, aggregator=None)
    next_try_at = fields.Datetime(readonly=True)
    taken_at = fields.Datetime(string="Taken", readonly=True)
    delay = fields.Integer(
        string="Seconds Later",
        compute="_compute_delay",
        help="Seconds from the moment to the picture.",
    )
    error = fields.Char(readonly=True)
    image = fields.Image(readonly=True, max_width=BIGGEST, max_height=BIGGEST)

    _of_record = models.UniqueIndex("(camera_id, res_model, res_id, at)")
    _queue = models.Index("(next_try_at) WHERE state = 'queued'")

    @api.depends("at", "taken_at")
    def _compute_delay(self):
        for shot in self:
            late = shot.taken_at - shot.at if shot.taken_at else timedelta()
            shot.delay = int(late.total_seconds())

    @api.model
    def _order_pictures(self, cameras, record, at=None):
        """Order pictures of cameras because of a record; the same again is the same order.

        :param cameras: property.camera
        :param record: one record of any model
        :param datetime at: when it happened, naive UTC
        :return: the pictures, in the rights of the caller
        """
        record.ensure_one()
        at = (at or fields.Datetime.now()).replace(microsecond=0)
        cameras = cameras.filtered(lambda one: one.active and one.can_picture)
        domain = [
            ("camera_id", "in", cameras.ids),
            ("res_model", "=", record._name),
            ("res_id", "=", record.id),
            ("at", "=", at),
        ]
        # sudo: gates, alarms and guards order pictures; nobody makes them by hand
        known_sudo = self.sudo().search(domain)
        orders_sudo = self.sudo().create(
            [
                {
                    "camera_id": camera.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "incident_id": record._name == "property.incident" and record.id,
                    "passage_id": record._name == "property.parking.passage" and record.id,
                    "opening_id": record._name == "property.gate.opening" and record.id,
                    "at": at,
                    "next_try_at": fields.Datetime.now(),
                }
                for camera in cameras - known_sudo.camera_id
            ]
        )
        if orders_sudo:
            self.env.ref("property_security.ir_cron_camera_snapshot").sudo()._trigger()
        return (known_sudo | orders_sudo).with_env(self.env)

    @api.model
    def _cron_fetch(self):
        """Fetch the pictures that wait."""
        due = Domain("state", "=", "queued") & Domain("next_try_at", "<=", fields.Datetime.now())
        cron = self.env["ir.cron"]
        while waiting := self.search(due, order="at, id", limit=BATCH):
            batch = waiting.try_lock_for_update(allow_referencing=True)
            if not batch:
                return
            batch._fetch()
            if not cron._commit_progress(len(batch), remaining=self.search_count(due)):
                return

    def _fetch(self):
        """Fetch these pictures, each camera once."""
        now = fields.Datetime.now()
        late = self.filtered(lambda shot: shot.at < now - USEFUL)
        late._fail(self.env._("Too late for a picture of that moment. Look at the recording."))
        outcomes = (self - late).camera_id._fetch_pictures()
        self.env["property.camera"]._keep_outcome(outcomes)
        for shot in self - late:
            outcome = outcomes.get(shot.camera_id)
            if isinstance(outcome, bytes):
                shot._keep(outcome, now)
            elif outcome is None:
                shot._fail(self.env._("The camera gives no pictures any more."))
            else:
                shot._wait(shot.camera_id._fetch_fault(outcome), now)

    def _keep(self, content, now):
        """Keep a picture that is really one."""
        self.ensure_one()
        try:
            ImageProcess(content)
        except (UserError, ValueError):
            self._fail(self.env._("What the camera sent is no JPEG or PNG picture."))
            return
        self.write(
            {
                "image": base64.b64encode(content),
                "state": "done",
                "taken_at": now,
                "tries": self.tries + 1,
                "error": False,
            }
        )

    def _wait(self, error, now):
        """Try again later, as long as that shows something of the moment."""
        self.ensure_one()
        if self.tries >= len(WAITS):
            self._fail(error)
            return
        later = now + timedelta(minutes=WAITS[self.tries])
        self.write({"tries": self.tries + 1, "next_try_at": later, "error": error})
        self.env.ref("property_security.ir_cron_camera_snapshot").sudo()._trigger(later)

    def _fail(self, error):
        for shot in self:
            shot.write({"state": "failed", "tries": shot.tries + 1, "error": error})

    def _raw(self):
        """Return the bytes of the picture, empty without one."""
        return base64.b64decode(self.image or b"") if self else b""

    @api.model
    def _cron_forget(self):
        """Delete pictures whose days are over, but not those of open incidents."""
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([("camera_snapshot_days", ">", 0)]):
            while old := self.search(self._forgettable(company), order="id", limit=BATCH * 10):
                old.unlink()
                if not cron._commit_progress(len(old)):
                    return

    @api.model
    def _forgettable(self, company):
        """Return the domain of the pictures that a company keeps no longer."""
        since = fields.Datetime.now() - timedelta(days=company.camera_snapshot_days)
        incidents = Domain("state", "in", OPEN_STATES)
        open_passages = (
            self.env["property.incident"].search(incidents & Domain("passage_id", "!=", False))
        ).passage_id
        return (
            Domain("company_id", "=", company.id)
            & Domain("at", "<", since)
            & (
                Domain("incident_id", "=", False)
                | Domain("incident_id.state", "not in", OPEN_STATES)
            )
            & (Domain("passage_id", "=", False) | Domain("passage_id", "not in", open_passages.ids))
        )
