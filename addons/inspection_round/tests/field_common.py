"""Phones of employees, and a handler that makes a contact of what they send."""

import base64
import hashlib
import json
import uuid
from datetime import datetime, timezone

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase

from ..tools import field_payload
from ..tools.field_error import FieldRefused

JPEG = b"\xff\xd8\xff\xe0" + b"photo of a gate"
MOMENTS = []  # what happens while the next entries are taken, once each: functions of the model


def iso(moment):
    """Write a moment as a browser does."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Phone:
    """A phone with a key of its own."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.uuid = str(uuid.uuid4())

    @property
    def public_key(self):
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(spki).decode()

    def sign(self, text):
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def body(self, payload, photos=(), skew=None, **changes):
        """Write an entry as the app sends it.

        :param payload: dict
        :param photos: bytes of each
        :param skew: timedelta that the phone's clock is ahead
        :param changes: of what is sent
        """
        now = datetime.now(timezone.utc)
        now = now + skew if skew else now
        number = changes.pop("uuid", None) or str(uuid.uuid4())
        names = [hashlib.sha256(photo).hexdigest() for photo in photos]
        text = json.dumps({"uuid": number, "at": iso(now), "files": names, **payload})
        return {
            "uuid": number,
            "payload": text,
            "signature": self.sign(text),
            "device": self.uuid,
            "sent_at": iso(now),
            "files": {
                name: base64.b64encode(photo).decode()
                for name, photo in zip(names, photos, strict=True)
            },
            **changes,
        }


def take(self, entry, payload, files):
    """Make a contact, or fail as the payload wants."""
    failures = {
        "refused": FieldRefused(422, "The contact is refused."),
        "user": UserError("The user has to mend this."),
        "access": AccessError("Not yours."),
    }
    contact = self.env["res.partner"].sudo().create({"name": payload["name"], "ref": "field"})
    if payload.get("fail") == "data":
        self.env.cr.execute("SELECT %s::int4", [2**40])
    if MOMENTS:
        MOMENTS.pop(0)(self)
    if payload.get("fail") in failures:
        raise failures[payload["fail"]]
    return contact, {"contact": contact.id, "photos": len(files)}


class FieldCommon(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        app = cls.env.registry["field.app"]
        cls.classPatch(app, "_field_handlers", lambda self: {"contact": "field.app"})
        cls.classPatch(app, "_field_screens", lambda self, employee: [])
        app._field_take = take
        cls.addClassCleanup(delattr, app, "_field_take")
        cls.employee, cls.user = cls.new_employee("Wang", "group_inspector")
        cls.other, cls.other_user = cls.new_employee("Li", "group_inspector")
        cls.boss, cls.manager = cls.new_employee("Zhao", "group_manager")
        cls.phone = Phone()
        cls.entries = cls.env["field.entry"]
        cls.enrol(cls.employee, cls.user, cls.phone)

    @classmethod
    def enrol(cls, employee, user, phone):
        """Make the server know a phone's key."""
        return (
            cls.env["field.device"]
            .with_user(user)
            ._enrol(employee, phone.uuid, phone.public_key, "Test")
        )

    @classmethod
    def new_employee(cls, name, group):
        """Make an employee with a user."""
        user = cls.env["res.users"].create(
            {
                "name": name,
                "login": f"field.{name}",
                "password": f"field.{name}",
                "email": f"{name}@example.com",
                "lang": "en_US",
                "tz": "UTC",
                "group_ids": [Command.set(cls.env.ref(f"inspection_round.{group}").ids)],
            }
        )
        vals = {"name": name, "user_id": user.id, "company_id": user.company_id.id}
        return cls.env["hr.employee"].create(vals), user

    def sign_in(self, user=None):
        login = (user or self.user).login
        self.authenticate(login, login)

    def send(self, body, handler="contact", path="sync", headers=None):
        """Send something as the app does.

        :param body: dict, or bytes as they are
        """
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = self.url_open(
            f"/field/{path}/{handler}",
            data=data,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        self.env.invalidate_all()
        return response

    def new_entries(self, *payloads, employee=None, phone=None, state="accepted"):
        """Put entries at the end of the chain, as they come in."""
        found = self.entries
        employee = employee or self.employee
        for payload in payloads:
            body = (phone or self.phone).body(payload)
            sent = field_payload.read(json.dumps(body).encode())
            found |= self.entries.with_user(employee.user_id)._append(
                sent, employee, state, handler="contact"
            )
        return found

    @property
    def contacts(self):
        return self.env["res.partner"].search([("ref", "=", "field")])
