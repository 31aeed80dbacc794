import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.inspection_round.tools.qr import data_uri

from .parking_class import WAITING_MINUTES

PAUSE = 10  # seconds between two drivers who open a lane by code
MOST_WAITING = 3  # drivers at a lane who wait for the guard: more are a joke


class PropertyParkingLane(models.Model):
    _inherit = "property.parking.lane"

    guest_token = fields.Char(
        string="Code for Cars without Plate",
        compute="_compute_guest_token",
        store=True,
        precompute=True,
        copy=False,
    )

    _guest_token_unique = models.UniqueIndex("(guest_token)")

    @api.depends("area_id")
    def _compute_guest_token(self):
        for lane in self:  # a default would give the lanes that are there already one for all
            lane.guest_token = lane.guest_token or secrets.token_urlsafe(12)

    def _guest_url(self):
        """Return the address behind the code at the lane."""
        self.ensure_one()
        return f"{self.get_base_url()}/gate/u/{self.guest_token}"

    def _guest_code(self):
        """Return the picture of the code that is put up at the lane."""
        return data_uri(self._guest_url())

    def _check_guest(self):
        """Refuse to open for a phone that stands at no barrier.

        :raise UserError: with what the driver should do
        """
        self.ensure_one()
        seconds = self.gate_id.unplated_seconds
        now = fields.Datetime.now()
        if seconds and not (
            self.unplated_at and now - self.unplated_at <= timedelta(seconds=seconds)
        ):
            raise UserError(
                self.env._("No car is seen at the barrier. Drive up to it, then tap again.")
            )
        recent = self.env["property.parking.passage"].search_count(
            [
                ("lane_id", "=", self.id),
                ("plate", "=like", "无牌%"),
                ("received_at", ">", now - timedelta(seconds=PAUSE)),
            ],
            limit=1,
        )
        if recent:
            raise UserError(self.env._("Another car is passing. Wait ten seconds, then tap again."))
        waiting = self.env["property.parking.passage"].search_count(
            [
                ("lane_id", "=", self.id),
                ("is_unseen", "=", True),
                ("action", "=", "confirm"),
                ("received_at", ">", now - timedelta(minutes=WAITING_MINUTES)),
            ]
        )
        if waiting >= MOST_WAITING:
            raise UserError(self.env._("Other cars wait here already. Please call the guard."))
