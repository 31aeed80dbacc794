"""A patrol for tests: a route of three points, a day and a night shift, guards on the roster."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time
from odoo.fields import Command

from odoo.addons.property_base.tests.common import PropertyStaffCommon

#: A Monday, noon in China: the day shift of 2 March 2026 is on duty.
NOW = datetime(2026, 3, 2, 4)
ZONE = ZoneInfo("Asia/Shanghai")


def local(text):
    """Return the UTC time of a local time such as 2026-03-02 20:00."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZONE)
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


class PatrolCommon(PropertyStaffCommon):
    """The clock stands at NOW; ``cls.guard`` has the day shift, ``cls.night_guard`` the night.

    ``cls.leader`` leads both shifts, with a user of the role guard.
    """

    freeze = NOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.freeze:
            cls.clock = cls.startClassPatcher(freeze_time(cls.freeze))
        cls.guard = cls.users["guard"].employee_id
        cls.leader_user = cls.new_staff("patrol.leader", cls.new_job("guard"), cls.site)
        cls.leader = cls.leader_user.employee_id
        cls.manager = cls.users["manager"]
        cls.night_guard, cls.spare = cls.env["hr.employee"].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("Night Guard", "Spare Guard")
            ]
        )
        cls.day, cls.night = cls.env["property.patrol.shift"].create(
            [
                {
                    "name": name,
                    "site_id": cls.site.id,
                    "hour_from": start,
                    "hour_to": end,
                    "leader_id": cls.leader.id,
                }
                for name, start, end in (("Day", 8, 20), ("Night", 20, 8))
            ]
        )
        cls.roster(cls.day, cls.guard)
        cls.roster(cls.night, cls.night_guard)
        cls.route = cls.new_route("Ground Floor", cls.site)
        cls.gate, cls.pump, cls.roof = cls.route.checkpoint_ids

    def count_queries(self, work):
        """Return how many queries some work needs, from a cold cache until it is written."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @classmethod
    def roster(cls, shift, employee, first=date(2026, 1, 1), **vals):
        """Put a guard on the roster."""
        return cls.env["property.patrol.duty"].create(
            {"shift_id": shift.id, "employee_id": employee.id, "date_from": first, **vals}
        )

    @classmethod
    def new_route(cls, name, site, points=("Gate", "Pump Room", "Roof"), **vals):
        """Lay out a patrol route."""
        return cls.env["inspection.route"].create(
            {
                "name": name,
                "kind": "patrol",
                "site_id": site.id,
                "checkpoint_ids": [
                    Command.create({"name": point, "sequence": number})
                    for number, point in enumerate(points)
                ],
                **vals,
            }
        )

    @classmethod
    def new_plan(cls, **vals):
        """Plan a patrol every six hours from two in the morning, for two days."""
        return cls.env["inspection.plan"].create(
            {
                "name": "Patrol",
                "route_id": cls.route.id,
                "times": "02:00, 08:00, 14:00, 20:00",
                "tz": "Asia/Shanghai",
                "date_from": date(2026, 3, 1),
                "ahead_days": 2,
                "shift_ids": [Command.set((cls.day | cls.night).ids)],
                **vals,
            }
        )

    @classmethod
    def new_round(cls, at=NOW, route=None, **vals):
        """Make a round that may begin ten minutes early and takes an hour at most."""
        return cls.env["inspection.round"].create(
            {
                "route_id": (route or cls.route).id,
                "planned_at": at,
                "open_at": at - timedelta(minutes=10),
                "deadline_at": at + timedelta(hours=1),
                "shift_id": cls.day.id,
                "employee_ids": [Command.set((cls.guard | cls.leader).ids)],
                **vals,
            }
        )

    @classmethod
    def visit(cls, one, point, minutes=5, late=0, **values):
        """Check in at a point some minutes after the planned start.

        :param late: minutes after which the phone tells
        :return: the check-in
        """
        at = one.planned_at + timedelta(minutes=minutes)
        [(checkin, _status)] = cls.env["inspection.checkin"]._take(
            [
                {
                    "uuid": str(uuid.uuid4()),
                    "round": one,
                    "checkpoint": point,
                    "employee": cls.guard,
                    "method": "qr",
                    "code": point.code,
                    "device_at": at,
                    "received_at": at + timedelta(minutes=late),
                    **values,
                }
            ]
        )
        return checkin
