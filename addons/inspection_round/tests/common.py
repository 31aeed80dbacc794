"""A route of three points, people of every role, and check-ins as a phone sends them."""

import hashlib
import uuid
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import TransactionCase

NOW = datetime(2026, 3, 2, 8, 0)
HERE = (31.2304, 121.4737)


class Clock:
    """The time that the models are told; the rest of the machine keeps its own."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def move_to(self, now):
        self.now = now

    def tick(self, delta):
        self.now += delta


class InspectionCommon(TransactionCase):
    """The clock stands at NOW, a Monday; times are UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clock = Clock(NOW)
        cls.startClassPatcher(patch.object(fields.Datetime, "now", cls.clock))
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US", "tz": "UTC"})
        cls.users, cls.people = {}, {}
        for role in ("inspector", "other", "planner", "manager"):
            cls.new_person(role)
        cls.inspector, cls.other = cls.people["inspector"], cls.people["other"]
        cls.route = cls.new_route("Ground floor")
        cls.gate, cls.pump, cls.roof = cls.route.checkpoint_ids

    @classmethod
    def new_person(cls, role):
        """Make an employee with a user of a role."""
        group = "inspector" if role == "other" else role
        user = cls.env["res.users"].create(
            {
                "name": role.title(),
                "login": f"inspection.{role}",
                "password": f"inspection.{role}",
                "lang": "en_US",
                "tz": "UTC",
                "group_ids": [Command.set(cls.env.ref(f"inspection_round.group_{group}").ids)],
            }
        )
        cls.users[role] = user
        cls.people[role] = cls.env["hr.employee"].create(
            {"name": role.title(), "user_id": user.id, "company_id": user.company_id.id}
        )

    @classmethod
    def new_route(cls, name, points=("Gate", "Pump room", "Roof"), **values):
        """Make a route with checkpoints."""
        return cls.env["inspection.route"].create(
            {
                "name": name,
                "checkpoint_ids": [
                    Command.create({"name": point, "sequence": number})
                    for number, point in enumerate(points)
                ],
                **values,
            }
        )

    @classmethod
    def new_plan(cls, **values):
        """Make a plan of every day at ten, for a week."""
        return cls.env["inspection.plan"].create(
            {
                "name": "Daily",
                "route_id": cls.route.id,
                "times": "10:00",
                "tz": "UTC",
                "date_from": date(2026, 3, 1),
                "ahead_days": 7,
                **values,
            }
        )

    @classmethod
    def new_round(cls, at=NOW, **values):
        """Make a round that may begin ten minutes early and takes an hour at most."""
        return cls.env["inspection.round"].create(
            {
                "route_id": cls.route.id,
                "planned_at": at,
                "open_at": at - timedelta(minutes=10),
                "deadline_at": at + timedelta(hours=1),
                **values,
            }
        )

    def sent(self, one, point, minutes=0, **values):
        """Return a check-in as a device tells it, some minutes after NOW."""
        at = NOW + timedelta(minutes=minutes)
        contents = values.pop("contents", {})
        if isinstance(contents, bytes):
            contents = {hashlib.sha256(contents).hexdigest(): contents}
        return {
            "uuid": str(uuid.uuid4()),
            "round": one,
            "checkpoint": point,
            "employee": self.inspector,
            "method": "qr",
            "code": point.code,
            "device_at": at,
            "received_at": at + timedelta(seconds=1),
            "files": list(contents),
            "contents": contents,
            **values,
        }

    def take(self, *sent):
        """Take check-ins.

        :return: the check-ins
        """
        taken = self.env["inspection.checkin"]._take(list(sent))
        return self.env["inspection.checkin"].concat(*[checkin for checkin, _status in taken])

    def check(self, one, point, minutes=0, **values):
        """Take one check-in."""
        return self.take(self.sent(one, point, minutes, **values))

    def flags(self, checkin):
        """Return the codes of a check-in's flags."""
        return set(checkin.flag_ids.mapped("code"))
