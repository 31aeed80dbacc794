"""Guards, rounds and phones for the tests of the field app in a browser."""

import contextlib
import tempfile
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase
from odoo.tests.common import _registry_test_lock
from odoo.tools import mute_logger

from scripts.databases import System

from .chaos_proxy import ChaosProxy
from .field_phone import FieldPhone, entered_playwright


class FieldAppCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = System("test", wanted=()).tools / "chromium"
        cls.playwright = cls.enterClassContext(entered_playwright())
        cls.user, cls.employee = cls.new_employee("Chen", "guard.chen")

    def setUp(self):
        super().setUp()
        self.enterContext(self.allow_requests(all_requests=True))
        self.enterContext(mute_logger("odoo.http", "odoo.addons.base.models.ir_http"))

    @classmethod
    def new_employee(cls, name, login):
        """Make an inspector."""
        user = cls.env["res.users"].create(
            {
                "name": name,
                "login": login,
                "password": login,
                "lang": "en_US",
                "group_ids": [Command.set(cls.env.ref("inspection_round.group_inspector").ids)],
            }
        )
        vals = {"name": name, "user_id": user.id, "company_id": user.company_id.id}
        return user, cls.env["hr.employee"].create(vals)

    def new_round(self, count, **item):
        """Make a round of points, each with a checklist of one item.

        :param item: values of the item; a photo when left out
        """
        route = self.env["inspection.route"].create(
            {
                "name": "Night",
                "checkpoint_ids": [
                    Command.create(
                        {
                            "name": f"Point {number}",
                            "sequence": number,
                            "item_ids": [
                                Command.create({"name": "View", "item_type": "photo", **item})
                            ],
                        }
                    )
                    for number in range(count)
                ],
            }
        )
        now = fields.Datetime.now()
        return self.env["inspection.round"].create(
            {
                "route_id": route.id,
                "planned_at": now,
                "open_at": now - timedelta(minutes=30),
                "deadline_at": now + timedelta(hours=4),
                "employee_ids": [Command.set(self.employee.ids)],
            }
        )

    def codes(self, one):
        """List the codes of a round's labels in order."""
        return one.route_id.checkpoint_ids.sorted("sequence").mapped("code")

    def enter_phone(self, seed=0, user=None, options=()):
        """Give an employee a phone that has been used before.

        :return: FieldPhone
        """
        self.env.flush_all()
        proxy = self.enterContext(ChaosProxy(self.base_url(), seed))
        folder = self.enterContext(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        phone = FieldPhone(self.playwright, self.browser, folder, proxy, options)
        phone.start()
        self.addCleanup(phone.kill)
        self.sign_in(phone, user or self.user)
        phone.open()
        phone.page.wait_for_selector(".f-bar")
        phone.wait_for_worker()
        return phone

    def sign_in(self, phone, user):
        with self.alone():
            self.authenticate(user.login, user.login)
        phone.sign_in(self.session.sid)

    @contextlib.contextmanager
    def alone(self):
        """Use the database while no request does: both have the one connection of the test."""
        with _registry_test_lock:
            self.env.invalidate_all()
            yield
            self.env.flush_all()

    def entries(self):
        return self.env["field.entry"].search([("employee_id", "=", self.employee.id)])
