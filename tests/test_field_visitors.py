"""A guard at a gate without a network: codes are judged on the phone, and nothing is lost."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .field_case import FieldAppCase


@tagged("post_install", "-at_install")
class TestFieldVisitors(FieldAppCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.env["property.site"].create({"name": "Gate Garden", "code": "GATE-TEST"})
        cls.unit = cls.env["property.unit"].create(
            {
                "site_id": cls.site.id,
                "code": "1-1-101",
                "type_id": cls.env.ref("property_base.unit_type_residence").id,
            }
        )
        cls.user.group_ids = [Command.link(cls.env.ref("property_base.group_guard").id)]
        cls.employee.site_ids = [Command.set(cls.site.ids)]
        cls.one, cls.gone = cls.env["property.visitor.pass"].create(
            [
                {
                    "name": name,
                    "unit_id": cls.unit.id,
                    "valid_from": fields.Datetime.now() - timedelta(hours=1),
                    "valid_to": fields.Datetime.now() + timedelta(hours=6),
                }
                for name in ("Aunt Zhao", "Mister Gone")
            ]
        )
        (cls.one | cls.gone).action_issue()
        cls.gone.action_revoke()
        cls.release = cls.env["property.item.release"].create(
            {
                "carrier": "Moving Co",
                "unit_id": cls.unit.id,
                "valid_from": cls.one.valid_from,
                "valid_to": cls.one.valid_to,
                "line_ids": [
                    Command.create({"name": "Sofa", "quantity": 1}),
                    Command.create({"name": "Chair", "quantity": 4}),
                ],
            }
        )
        cls.release.action_issue()

    def judge(self, phone, text):
        """Type what a code says, as a scanner reads it."""
        phone.page.click("[data-action=scan]")
        phone.page.fill(".f-scanner input[name=code]", text)
        phone.page.click(".f-scanner-typed button")

    def verdict(self, phone, text):
        """Let the phone judge a code, and go back."""
        self.judge(phone, text)
        found = phone.page.locator(".f-verdict").get_attribute("data-verdict")
        phone.page.click(".f-bar-back")
        phone.page.wait_for_selector("[data-action=scan]")
        return found

    def test_codes_are_judged_and_entries_kept_without_a_network(self):
        code, gone = self.one._qr_text(), self.gone._qr_text()
        things = self.release._qr_text()
        phone = self.enter_phone()
        page = phone.page
        page.click("[data-tab=visitors]")
        page.wait_for_selector(f"[data-ticket='{self.one.id}']")
        self.assertEqual(self.verdict(phone, self.one.sudo().code), "valid")
        phone.cut_off()
        # made after the phone read its work: the signature alone speaks for it
        with self.alone():
            late = self.one.copy({"name": "Late Guest"})
            late.action_issue()
            late_code = late._qr_text()
        self.assertEqual(self.verdict(phone, gone), "revoked")
        self.assertEqual(self.verdict(phone, late_code), "valid")
        self.assertEqual(self.verdict(phone, code[:-30] + "A" * 30), "forged")
        self.judge(phone, self.one.sudo().code)
        page.wait_for_selector(".f-toast:has-text('needs a network')")
        self.judge(phone, code)
        page.wait_for_selector(".f-verdict-good:has-text('without a network')")
        page.click("[data-action=let-in]")
        page.wait_for_selector("[data-action=scan]")
        self.assertEqual(self.verdict(phone, code), "used_up")
        self.judge(phone, things)
        page.click(".f-visitor-tick:has-text('Sofa')")
        page.click(".f-card:has-text('Chair') >> text=All of them")
        page.click("[data-action=let-out]")
        page.wait_for_selector("[data-action=scan]")
        self.assertEqual(self.verdict(phone, things), "used_up")
        phone.kill()
        phone.start()
        phone.open()
        page = phone.page
        page.click("[data-tab=visitors]")
        page.click("[data-part=inside]")
        page.wait_for_selector(".f-card:has-text('Aunt Zhao') >> text=Not sent")
        self.assertEqual(phone.unsent(), 2)
        phone.connect()
        phone.wait_until_sent()
        with self.alone():
            visit = self.one.visit_ids
            self.assertEqual((len(visit), visit.method, visit.problem), (1, "qr", False))
            self.assertEqual(visit.guard_id, self.employee)
            self.assertEqual((self.release.state, self.release.problem), ("done", False))
        self.assertEqual(phone.errors, [])
