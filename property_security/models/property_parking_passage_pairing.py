from odoo import models
from odoo.fields import Domain

from ..tools.gate_decision import Facts, Rules, decide
from ..tools.pairing import Limits, Read, pair

PAIRING_KINDS = ("missed_in", "missed_out", "duplicate", "clock_skew", "out_before_in")


class PropertyParkingPassage(models.Model):
    _inherit = "property.parking.passage"

    def _pair(self):
        """Bring the stays and anomalies of these plates in line with all that was read."""
        if not self:
            return
        area = self.area_id
        limits = Limits(area.duplicate_seconds, area.skew_seconds)
        known = self._with_neighbours()
        stays, anomalies = [], set()
        for passages in known.grouped("plate").values():
            found, odd = pair([passage._read_values() for passage in passages], limits)
            stays += found
            anomalies |= odd
        late = self.env["property.parking.session"]._follow(area, stays)
        known._follow_anomalies(anomalies)
        (self & late)._add_anomalies("late")
        self._decide()

    def _with_neighbours(self):
        """Return all reads of these plates from the stay before the first new read on."""
        area = self.area_id
        first = {plate: min(group.mapped("at")) for plate, group in self.grouped("plate").items()}
        before = Domain.OR(
            Domain("plate", "=", plate) & Domain("started_at", "<=", at)
            for plate, at in first.items()
        )
        starts = dict(
            self.env["property.parking.session"]._read_group(
                Domain("area_id", "=", area.id) & before, ["plate"], ["started_at:max"]
            )
        )
        since = Domain.OR(
            Domain("plate", "=", plate) & Domain("at", ">=", starts.get(plate, at))
            for plate, at in first.items()
        )
        return self.search(Domain("area_id", "=", area.id) & since) | self

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
        """Write down at each passage what the gate is told, and at new stays what a car came as."""
        out = self.filtered(lambda passage: passage.direction == "out")
        out.write({"action": "open", "reason": "leaving"})
        decisions = {passage: passage._decision() for passage in self - out}
        for decision in set(decisions.values()):
            passages = self.browse([p.id for p, other in decisions.items() if other == decision])
            passages.write(
                {
                    "action": decision.action,
                    "category": decision.category,
                    "reason": decision.reason,
                }
            )
            stays = passages.session_id.filtered(lambda stay: not stay.is_settled)
            stays.write({"category": decision.category})

    def _decision(self):
        """Return the kernel's decision about a car on its way in."""
        self.ensure_one()
        area = self.area_id
        day = area._local(self.at).date()
        vehicle = self.env["property.vehicle"]._of_plate(area.site_id, self.plate)
        facts = Facts(
            confidence=self.confidence,
            listed=(vehicle and vehicle._list_on(day)) or None,
            passes=tuple(self.session_id._pass_facts(day)),
            has_visit=self._has_booked_visit(),
        )
        return decide(facts, Rules(area.confidence_min, area.is_temporary_allowed))

    def _has_booked_visit(self):
        """Tell whether a visitor with this plate is expected; extended where visits are booked.

        :return: bool
        """
        self.ensure_one()
        return False
