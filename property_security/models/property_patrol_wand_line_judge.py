import uuid
from datetime import datetime, timedelta

import pytz
from odoo import fields, models

from ..tools.wand_match import NEAR, Span, best

NOTHING = dict.fromkeys(("wand_id", "employee_id", "checkpoint_id", "round_id"), False)
NUMBERS = uuid.UUID("7d5a0f0e-6f6b-5b0c-9a55-2f5f1f4d9c11")  # of readings, by their content


class PropertyPatrolWandLine(models.Model):
    """How rows of a file find their guard, point and patrol, or say what has to be mended."""

    _inherit = "property.patrol.wand.line"

    def _judge(self):
        """Judge rows as they can be taken now; nothing is taken."""
        for lines in self.grouped("file_id").values():
            verdicts = lines._verdicts()
            for verdict, same in lines.grouped(lambda line, by=verdicts: by[line.id]).items():
                same.sudo().write(dict(verdict))  # it follows from the file, nobody writes it

    def _verdicts(self):
        """Return what becomes of each row: {id: values as pairs}."""
        site = self.file_id.site_id
        wands = {wand.number: wand for wand in self._wands(site)}
        points = self._points(site)
        known, seen, verdicts = self._known(site), set(), {}
        spans = self._spans(points, wands)
        for line in self:
            key = line._reading_key(site)
            vals = {"key": key, "state": "refused", "fault": False, **NOTHING}
            if line.fault_code:
                vals["fault"] = line._fault_text()
            elif key in known or key in seen:
                vals |= {"state": "duplicate", "checkin_id": known.get(key, False)}
            else:
                vals |= line._verdict(wands.get(line.device), points.get(line.card), spans)
            if vals["state"] == "ready":
                seen.add(key)
            verdicts[line.id] = tuple(vals.items())
        return verdicts

    def _verdict(self, wand, points, spans):
        """Judge a readable row that is not known yet.

        :param wand: property.patrol.wand, or None
        :param points: inspection.checkpoint with the card, or None
        :param spans: see _spans
        :return: dict of values
        """
        self.ensure_one()
        if not wand:
            return {
                "fault": self.env._(
                    "Wand %(number)s is not registered on this site.", number=self.device
                )
            }
        found, at = {"wand_id": wand.id}, self._true_at(wand)
        employee = wand.sudo()._holder_at(at)  # the guard is named on the row, not his file
        if at > fields.Datetime.now() + timedelta(days=1):
            found["fault"] = self.env._(
                "The time is in the future: check the clock of %(wand)s.", wand=wand.name
            )
        elif not employee:
            found["fault"] = self.env._(
                "Nobody had %(wand)s then: enter who holds it.", wand=wand.name
            )
        elif not points:
            found |= {
                "employee_id": employee.id,
                "fault": self.env._(
                    "Card %(card)s is at no point: enter it at the point.", card=self.card
                ),
            }
        else:
            found |= self._match(at, employee, points, spans)
        return found

    def _match(self, at, employee, points, spans):
        """Find the patrol of a visit.

        :param at: naive UTC datetime
        :param employee: hr.employee who had the wand
        :return: dict of values
        """
        self.ensure_one()
        near = [
            Span((one, point), opens, deadline, one._may_walk(employee))
            for point in points
            for one, opens, deadline in spans.get(point.route_id.id, ())
            if opens - NEAR <= at <= deadline + NEAR
        ]
        if not near:
            return {
                "employee_id": employee.id,
                "checkpoint_id": points[0].id,
                "fault": self.env._(
                    "No patrol of %(route)s was due around this time.",
                    route=", ".join(points.route_id.mapped("name")),
                ),
            }
        one, point = best(at, near)
        return {
            "employee_id": employee.id,
            "checkpoint_id": point.id,
            "round_id": one.id,
            "state": "ready",
        }

    def _wands(self, site):
        return self.env["property.patrol.wand"].search([("site_id", "=", site.id)])

    def _points(self, site):
        """Return the points of the cards in these rows: {card: inspection.checkpoint}."""
        points = self.env["inspection.checkpoint"].search(
            [
                ("site_id", "=", site.id),
                ("route_id.kind", "=", "patrol"),
                ("wand_card", "in", list(set(self.mapped("card")) - {False})),
            ]
        )
        return points.grouped("wand_card")

    def _known(self, site):
        """Return the check-ins of readings that were taken before: {key: id}."""
        keys = [line._reading_key(site) for line in self if not line.fault_code]
        checkins_sudo = self.env["inspection.checkin"].sudo()  # whichever file told them
        found_sudo = checkins_sudo.search([("uuid", "in", keys), ("conflict_of_id", "=", False)])
        return {checkin.uuid: checkin.id for checkin in found_sudo}

    def _spans(self, points, wands):
        """Return the patrols to which these rows may belong.

        :return: {id of the route: [(inspection.round, opens, deadline)]}
        """
        times = [
            line._true_at(wands[line.device])
            for line in self
            if not line.fault_code and line.device in wands
        ]
        routes = {point.route_id.id for found in points.values() for point in found}
        if not times or not routes:
            return {}
        rounds = self.env["inspection.round"].search(
            [
                ("route_id", "in", list(routes)),
                ("is_cancelled", "=", False),
                ("open_at", "<=", max(times) + NEAR),
                ("deadline_at", ">=", min(times) - NEAR),
            ],
            order="planned_at, id",
        )
        spans = {}
        for one in rounds:
            spans.setdefault(one.route_id.id, []).append((one, one.open_at, one.deadline_at))
        return spans

    def _reading_key(self, site):
        """Return the number of the check-in of this reading: the same in every file."""
        self.ensure_one()
        if self.fault_code:
            return False
        return str(uuid.uuid5(NUMBERS, f"{site.id}|{self.device}|{self.card}|{self.local_at}"))

    def _device_at(self):
        """Return the time of the wand's clock in UTC."""
        self.ensure_one()
        zone = pytz.timezone(self.site_id.tz)
        moment = zone.localize(datetime.fromisoformat(self.local_at))
        return moment.astimezone(pytz.utc).replace(tzinfo=None)

    def _true_at(self, wand):
        """Return the time in UTC without the error of the wand's clock."""
        return self._device_at() - timedelta(seconds=wand.clock_offset)

    def _fault_text(self):
        """Say why a row cannot be read."""
        self.ensure_one()
        return {
            "columns": self.env._("The row has too few columns."),
            "device": self.env._("It names no wand: choose the wand of the file and load it anew."),
            "card": self.env._("It names no card."),
            "rounded": self.env._(
                "A spreadsheet has rounded the number: export the file anew, do not save it there."
            ),
            "time": self.env._("Its time cannot be read."),
        }[self.fault_code]
