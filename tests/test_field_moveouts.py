"""The inspection of a move-out on a phone, with and without a network."""

from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.tests import tagged

from odoo.addons.property_leasing.tests.common import LeasingStaffCommon

from .field_case import FieldAppCase
from .field_phone import photo


@tagged("post_install", "-at_install")
class TestFieldMoveouts(FieldAppCase, LeasingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.context_today(cls.env["res.company"].with_context(tz="Asia/Shanghai"))
        first = today.replace(day=1) - relativedelta(months=3)
        cls.lease = cls.sign(
            cls.new_lease(date_from=first, date_to=first + relativedelta(years=1, days=-1))
        )
        cls.meter = cls.env["property.meter"].create(
            {
                "code": "W9",
                "unit_id": cls.shop.id,
                "kind": "cold_water",
                "install_date": first - relativedelta(days=1),
            }
        )
        cls.moveout = cls.env["property.lease.moveout"].create({"lease_id": cls.lease.id})

    def open_list(self, phone):
        phone.page.click("[data-tab=moveouts]")
        phone.page.wait_for_selector(".f-screen")

    def open_checklist(self, phone):
        self.open_list(phone)
        phone.page.click(f".f-card[data-moveout='{self.moveout.id}']")
        phone.page.wait_for_selector("[data-check]")

    def answer(self, page, check, result):
        page.click(f"[data-check='{check}'] [data-result={result}]")

    def read_meter(self, page, value):
        page.fill(f"[data-meter='{self.moveout.reading_ids.id}'] input", value)

    def test_a_move_out_is_inspected_without_a_network_and_nothing_is_lost(self):
        bad, *others = self.moveout.check_ids.ids
        phone = self.enter_phone(user=self.users["engineer"])
        phone.cut_off()
        self.open_checklist(phone)
        page = phone.page
        self.answer(page, bad, "damaged")
        page.fill(f"[data-check='{bad}'] textarea", "Hole in the wall")
        page.locator(f"[data-check='{bad}'] input[type=file]").set_input_files(
            {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": photo("hole")}
        )
        page.locator(".f-photo img").wait_for()
        # half of it is filled in when the battery dies
        for check in others[: len(others) // 2]:
            self.answer(page, check, "ok")
        phone.wait_until_kept()
        phone.kill()
        phone.start()
        phone.open()
        self.open_checklist(phone)
        page = phone.page
        page.wait_for_selector(f"[data-check='{bad}'] [data-result=damaged].f-choice-on")
        page.locator(".f-photo img").wait_for()
        self.assertEqual(page.input_value(f"[data-check='{bad}'] textarea"), "Hole in the wall")
        # it says what is missing and keeps the entry back
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-card-bad")
        self.assertEqual(phone.unsent(), 0)
        for check in others[len(others) // 2 :]:
            self.answer(page, check, "ok")
        self.read_meter(page, "12.5")
        page.click("[data-action=submit]")
        page.wait_for_selector(f".f-card[data-moveout='{self.moveout.id}'] .f-warn")
        self.assertEqual(phone.unsent(), 1)
        phone.connect()
        phone.wait_until_sent()
        page.wait_for_selector(f".f-card[data-moveout='{self.moveout.id}']", state="detached")
        self.assertFalse(phone.errors)
        with self.alone():
            moveout = self.moveout
            self.assertEqual(moveout.step, "inspected")
            self.assertEqual(moveout.inspected_by_id, self.users["engineer"])
            check = moveout.check_ids.filtered(lambda one: one.id == bad)
            self.assertEqual((check.result, check.note), ("damaged", "Hole in the wall"))
            self.assertEqual(len(check.attachment_ids), 1)
            self.assertEqual(set((moveout.check_ids - check).mapped("result")), {"ok"})
            self.assertEqual(moveout.reading_ids.value, 12.5)

    def test_what_the_office_inspected_meanwhile_stays_in_the_queue_for_a_person(self):
        phone = self.enter_phone(user=self.users["engineer"])
        phone.cut_off()
        self.open_checklist(phone)
        page = phone.page
        for check in self.moveout.check_ids.ids:
            self.answer(page, check, "ok")
        self.read_meter(page, "3")
        page.click("[data-action=submit]")
        page.wait_for_selector(f".f-card[data-moveout='{self.moveout.id}'] .f-warn")
        with self.alone():
            self.moveout.check_ids.result = "missing"
            self.moveout.reading_ids.write({"value": 8.0, "is_read": True})
            self.moveout.action_inspect()
        phone.connect()
        page.click(".f-chip")
        page.wait_for_selector(".f-card-bad:has-text('inspected already')")
        self.assertEqual(phone.unsent(), 1)
        with self.alone():
            self.assertEqual(set(self.moveout.check_ids.mapped("result")), {"missing"})
            self.assertEqual(self.moveout.reading_ids.value, 8.0)
