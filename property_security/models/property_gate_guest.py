import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models

from .parking_class import WAITING_MINUTES

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


class PropertyGateGuest(models.Model):
    """A car without number plate: its driver opens by the code at the lane, with his phone.

    It gets a number that stands for a plate, in all areas of the site that it drives through. The
    phone keeps a secret; only its digest is stored.
    """

    _name = "property.gate.guest"
    _description = "Car without Plate"
    _inherit = ["property.parking.scoped"]
    _order = "id desc"
    _rec_name = "plate"

    plate = fields.Char(string="Car Number", required=True, readonly=True)
    area_id = fields.Many2one(
        "property.parking.area", required=True, index=True, ondelete="cascade", readonly=True
    )
    site_id = fields.Many2one(related="area_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="area_id.company_id", store=True)
    lane_id = fields.Many2one(
        "property.parking.lane", required=True, index=True, ondelete="cascade", readonly=True
    )
    digest = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    passage_id = fields.Many2one(
        "property.parking.passage", string="Way In", readonly=True, ondelete="set null"
    )
    session_id = fields.Many2one(related="passage_id.session_id", string="Stay")

    _plate_unique = models.UniqueIndex("(area_id, plate)")
    _digest_unique = models.UniqueIndex("(digest)")

    @api.model
    def _of_phone(self, secret, site):
        """Return the car of a phone that is on a site now, or waits there for the guard.

        :param str secret: as the phone keeps it, or None
        """
        if not secret or len(secret) > 64 or not secret.isascii():
            return self
        guest = self.search([("digest", "=", self._digest(secret)), ("site_id", "=", site.id)])
        is_here = guest._stay_in(site) or guest._looked_at()
        return guest if is_here else self.browse()

    def _looked_at(self, lane=None):
        """Return the last passage of the car that the guard has to look at, or has just let by.

        :param lane: property.parking.lane, any without
        """
        since = fields.Datetime.now() - timedelta(minutes=WAITING_MINUTES)
        domain = [("plate", "in", self.mapped("plate")), ("is_unseen", "=", True)]
        if lane:
            domain.append(("lane_id", "=", lane.id))
        return self.env["property.parking.passage"].search(
            [*domain, ("site_id", "in", self.site_id.ids), ("received_at", ">=", since)],
            order="received_at desc, id desc",
            limit=1,
        )

    def _stay_in(self, place):
        """Return the stay of the car that goes on in an area, or anywhere on a site."""
        name = "area_id" if place._name == "property.parking.area" else "site_id"
        domain = [(name, "=", place.id), ("plate", "in", self.mapped("plate"))]
        stays = self.env["property.parking.session"]
        return stays.search([*domain, ("state", "=", "inside")], limit=1)

    @api.model
    def _digest(self, secret):
        return hashlib.sha256(secret.encode()).hexdigest()

    @api.model
    def _enter(self, lane):
        """Let in a car without plate.

        :param lane: property.parking.lane into an area
        :return: (property.gate.guest, the secret its phone keeps)
        :raise UserError: when no car is there, or one was let in a moment ago
        """
        lane._check_guest()
        secret = secrets.token_urlsafe(16)
        code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
        guest = self.create(
            {
                "plate": f"无牌{code}",
                "area_id": lane.area_id.id,
                "lane_id": lane.id,
                "digest": self._digest(secret),
            }
        )
        guest.passage_id = guest._pass(lane)
        return guest, secret

    def _drive(self, lane):
        """Let a known car through: on into an inner area, or out when nothing is in the way.

        :param lane: property.parking.lane
        :return: the passage; its action says whether the barrier opens
        :raise UserError: when no car is at the lane
        """
        self.ensure_one()
        lane._check_guest()
        return self._pass(lane)

    def _pass(self, lane):
        """Take the passage at a lane, and open the barrier when the car may pass."""
        now = fields.Datetime.now()
        read = {
            "key": f"guest-{self.id}-{lane.id}-{int(now.timestamp())}",
            "plate": self.plate,
            "at": now,
            "gate_id": lane.gate_id.id,
            "is_unseen": bool(lane.gate_id) and not lane.gate_id.unplated_seconds,
        }
        passage = self.env["property.parking.passage"]._take(lane, [read])
        lane.unplated_at = False  # one car, one opening
        if passage.action == "open":
            passage._open_gates()
        return passage
