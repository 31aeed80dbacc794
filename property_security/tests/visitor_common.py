"""A household that expects visitors, a guard at the gate, and his phone."""

import json
from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tools import mute_logger

from odoo.addons.inspection_round.tests.field_common import Phone
from odoo.addons.property_base.tests.common import PropertyStaffCommon


class VisitorCommon(PropertyStaffCommon):
    """``cls.one`` is a pass of the owner, valid now, for one visit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.passes = cls.env["property.visitor.pass"]
        cls.visits = cls.env["property.visitor.visit"]
        cls.releases = cls.env["property.item.release"]
        cls.now = fields.Datetime.now().replace(second=0)
        cls.one = cls.new_pass()

    @classmethod
    def new_pass(cls, issue=True, **vals):
        """Make a pass that lets in once, from an hour ago for five hours."""
        made = cls.passes.create(
            {
                "name": "Lao Wang",
                "unit_id": cls.unit.id,
                "partner_id": cls.owner.id,
                "valid_from": cls.now - timedelta(hours=1),
                "valid_to": cls.now + timedelta(hours=4),
                **vals,
            }
        )
        if issue:
            made.action_issue()
        return made

    @classmethod
    def new_release(cls, issue=True, items=(("Sofa", 2), ("Lamp", 1)), **vals):
        """Make a list of the owner's things that may leave now."""
        made = cls.releases.create(
            {
                "carrier": "Moving Co",
                "unit_id": cls.unit.id,
                "partner_id": cls.owner.id,
                "valid_from": cls.now - timedelta(hours=1),
                "valid_to": cls.now + timedelta(hours=4),
                "line_ids": [
                    Command.create({"name": name, "quantity": quantity}) for name, quantity in items
                ],
                **vals,
            }
        )
        if issue:
            made.action_issue()
        return made

    @classmethod
    def new_ban(cls, approve=True, **vals):
        """Put somebody on the blacklist of the site."""
        ban = cls.env["property.visitor.ban"].create(
            {
                "name": "Lao Wang",
                "phone": "13000001234",
                "site_id": cls.site.id,
                "reason": "Stole a bicycle",
                "date_to": fields.Date.today() + timedelta(days=30),
                **vals,
            }
        )
        if approve:
            ban.action_approve()
        return ban

    @classmethod
    def enter(cls, one, minutes=0, **vals):
        """Let somebody in with a pass, minutes from now."""
        at = cls.now + timedelta(minutes=minutes)
        return cls.visits._enter(one, {"entered_at": at, "method": "qr", **vals})


class GuardPhoneMixin:
    """A guard who is signed in, with a phone whose key the server knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = Phone()
        cls.guard = cls.users["guard"]
        cls.env["field.device"].with_user(cls.guard)._enrol(
            cls.guard.employee_id.with_user(cls.guard),
            cls.phone.uuid,
            cls.phone.public_key,
            "Test",
        )

    def setUp(self):
        super().setUp()
        self.sign_in("guard")

    def sign_in(self, role):
        self.authenticate(f"staff.{role}", f"staff.{role}")

    def ask(self, path, body=None):
        """Ask the server as the app does."""
        self.env.flush_all()
        options = {}
        if body is not None:
            options["data"] = json.dumps(body).encode()
            options["headers"] = {"Content-Type": "application/json"}
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path, **options)
        self.env.invalidate_all()
        return answer

    def send(self, payload, handler="visitor", photos=(), **changes):
        """Send an entry; ``at`` in the payload says when it happened."""
        return self.ask(
            f"/field/sync/{handler}", self.phone.body(payload, photos=photos, **changes)
        )

    def check(self, text, site=None):
        """Ask what becomes of a code."""
        return self.ask("/field/visitor/check", {"text": text, "site": (site or self.site).id})


def iso(moment):
    """Write a naive UTC moment as a phone does."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def parse(text):
    """Read what a phone is told."""
    return datetime.fromisoformat(text.replace("Z", ""))
