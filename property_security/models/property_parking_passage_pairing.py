from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.gate_decision import Facts, Rules, decide, neighbours
from ..tools.pairing import Read, pair

PAIRING_KINDS = ("missed_in", "missed_out", "duplicate", "clock_skew", "out_before_in")


class PropertyParkingPassage(models.Model):
    _inherit = "property.parking.passage"

    candidates = fields.Char(
        compute="_compute_candidates",
        string="Expected Plates",
        help="Plates one character away that are registered on the site, or inside the area.",
    )

    @api.depends("plate", "action")
    def _compute_candidates(self):
        for passage in self:
            unsure = passage.action == "confirm"
            passage.candidates = ", ".join(passage._candidates()) if unsure else False

    def _candidates(self):
        """Return the expected plates that the camera may have misread: cars inside for a way out.

        :return: list of normalised plates
        """
        self.ensure_one()
        near = list(neighbours(self.plate))
        if self.direction == "out" and (inside := self._plates_inside(near)):
            return sorted(inside)
        vehicles = self.env["property.vehicle"]._of_plate(self.site_id, *near)
        return sorted({*vehicles.mapped("plate")})

    def _plates_inside(self, plates):
        """Return those of some plates whose cars are inside the areas of these passages."""
        stays = self.env["property.parking.session"].search(
            [("area_id", "in", self.area_id.ids), ("plate", "in", plates), ("state", "=", "inside")]
        )
        return {*stays.mapped("plate")}

    def _unsure_at_exit(self):
        """Return the passages on the way out whose plate is misread, as far as one can tell.

        The camera is not sure, no such car is inside, and one with nearly this plate is.
        """
        unsure = self.filtered(
            lambda passage: (
                passage.source == "live"
                and not passage.confirmed_at
                and passage.confidence < passage.area_id.confidence_min
            )
        )
        return unsure.filtered(
            lambda passage: (
                not passage._plates_inside([passage.plate])
                and passage._plates_inside(list(neighbours(passage.plate)))
            )
        )

    def _pair(self):
        """Bring the stays and anomalies of these plates in line with all that was read.

        Only passages at which the gate opened make a stay.
        """
        passages = self.filtered(lambda passage: passage.action == "open")
        if not passages:
            return
        area = self.area_id
        limits = area._pairing_limits()
        known = passages._with_neighbours()
        stays, anomalies = [], set()
        for group in known.grouped("plate").values():
            found, odd = pair([passage._read_values() for passage in group], limits)
            stays += found
            anomalies |= odd
        late = self.env["property.parking.session"]._follow(area, stays, known.session_id)
        known._follow_anomalies(anomalies)
        (passages & late)._add_anomalies("late")

    def _with_neighbours(self):
        """Return all reads of these plates from the stay before the first new read on.

        Those of a stay that was voided are none of a car that was there.
        """
        area = self.area_id
        counts = Domain("session_id", "=", False) | Domain("session_id.state", "!=", "void")
        first = {
            plate: min(group.mapped("counted_at")) for plate, group in self.grouped("plate").items()
        }
        before = Domain.OR(
            Domain("plate", "=", plate) & Domain("started_at", "<=", at)
            for plate, at in first.items()
        )
        starts = dict(
            self.env["property.parking.session"]._read_group(
                Domain("area_id", "=", area.id) & Domain("state", "!=", "void") & before,
                ["plate"],
                ["started_at:max"],
            )
        )
        since = Domain.OR(
            Domain("plate", "=", plate) & Domain("counted_at", ">=", starts.get(plate, at))
            for plate, at in first.items()
        )
        opened = Domain("area_id", "=", area.id) & Domain("action", "=", "open")
        return self.search(opened & counts & since) | self

    def _read_values(self):
        """Return the read as the pairing kernel wants it, named by the record."""
        self.ensure_one()
        return Read(str(self.id), self.direction, self.at, self.received_at, self.source == "live")

    def _follow_anomalies(self, anomalies):
        """Add the anomalies found, and take away those that a late message has explained."""
        found = {(odd.kind, int(odd.key)) for odd in anomalies}
        known = self.anomaly_ids.filtered(lambda odd: odd.kind in PAIRING_KINDS)
        gone = known.filtered(lambda odd: (odd.kind, odd.passage_id.id) not in found)
        there = {(odd.kind, odd.passage_id.id) for odd in known - gone}
        gone.unlink()
        self.env["property.parking.anomaly"].create(
            [{"kind": kind, "passage_id": passage} for kind, passage in sorted(found - there)]
        )

    def _decide(self):
        """Write down at each passage what the gate is told and what the car comes as."""
        out = self.filtered(lambda passage: passage.direction == "out")
        unsure = out._unsure_at_exit()
        unsure.write({"action": "confirm", "reason": "not_sure"})
        held = (out - unsure)._held_at_exit()
        held.write({"action": "pay", "reason": "unpaid"})
        (out - unsure - held).write({"action": "open", "reason": "leaving"})
        coming = self - out
        vehicles = self.env["property.vehicle"]._of_plate(
            self.area_id.site_id, *coming.mapped("plate")
        )
        by_plate = vehicles.grouped("plate")
        decisions = {
            passage: passage._decision(by_plate.get(passage.plate, vehicles.browse()))
            for passage in coming
        }
        for decision in set(decisions.values()):
            passages = self.browse([p.id for p, other in decisions.items() if other == decision])
            passages.write(
                {
                    "action": decision.action,
                    "category": decision.category,
                    "reason": decision.reason,
                }
            )
        # A controller that had been offline has decided by itself, or a person has: it is inside.
        self.filtered(lambda passage: passage.source != "live").action = "open"

    def _decision(self, vehicle):
        """Return the kernel's decision about a car on its way in.

        :param vehicle: the registered vehicle, empty for a stranger
        """
        self.ensure_one()
        area = self.area_id
        day = area._local(self.counted_at).date()
        facts = Facts(
            confidence=100.0 if self.confirmed_at else self.confidence,
            listed=(vehicle and vehicle._list_on(day)) or None,
            passes=tuple(self._pass_facts(vehicle, day)),
            has_visit=self._has_booked_visit(),
        )
        return decide(facts, Rules(area.confidence_min, area.is_temporary_allowed))

    def _held_at_exit(self):
        """Return the passages at which a car may not leave yet; extended where parking is paid.

        :return: some of these passages on the way out
        """
        return self.browse()

    def _let_out(self):
        """Open for cars that waited on their way out, and end their stays.

        :return: the passages that were waiting
        """
        waiting = self._lock_and_reread("action").filtered(lambda passage: passage.action == "pay")
        waiting.write({"action": "open", "reason": "leaving"})
        for passages in waiting.grouped("area_id").values():
            passages._pair()
        return waiting

    def _pass_facts(self, vehicle, day):
        """Return (kind, valid or grace, whether it has a space now) of passes that count."""
        now = self.counted_at
        cards = [(card, card._state_on(day)) for card in vehicle._passes_in(self.area_id)]
        return [
            (card.kind, state, card._space_from(self.area_id, vehicle, now) == now)
            for card, state in cards
            if state in ("valid", "grace")
        ]

    def action_confirm(self, plate=None):
        """Let through a car whose plate the camera was not sure of.

        :param str plate: the right plate; as read when not given
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("property_base.group_guard"):
            raise AccessError(self.env._("Only a guard confirms a plate. Call one."))
        passage_sudo = self.sudo()  # nobody writes passages but through here
        passage_sudo._lock_and_reread("action", "plate")
        if passage_sudo.action != "confirm":
            raise UserError(self.env._("This passage is decided already. Look at its stay."))
        right = self.env["property.vehicle"]._normalise_plate(plate or self.plate)
        if not right:
            raise UserError(self.env._("Enter the plate that you see on the car."))
        self.env["property.parking.presence"]._meet(self.area_id, [right])
        passage_sudo.write(
            {
                "plate_read": self.plate,
                "plate": right,
                "confirmed_uid": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
            }
        )
        passage_sudo._decide()
        passage_sudo._pair()

    def _has_booked_visit(self):
        """Tell whether a visitor with this plate is expected; extended where visits are booked.

        :return: bool
        """
        self.ensure_one()
        return False
