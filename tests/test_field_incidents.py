"""A guard's phone: an incident reported without a network, and a post handed over."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.property_security.tests.test_handovers import HandoverCommon

from .field_case import FieldAppCase
from .field_phone import photo


@tagged("post_install", "-at_install")
class TestFieldIncidents(FieldAppCase, HandoverCommon):
    def test_a_guard_reports_without_a_network_and_hands_over(self):
        phone = self.enter_phone(user=self.ann)
        page = phone.page
        page.click("[data-tab=incidents]")
        phone.cut_off()
        page.click("[data-action=report]")
        page.click(f"[data-type='{self.kind.id}']")
        page.click("[data-severity='3']")
        page.select_option("select[name=building]", str(self.building.id))
        page.fill("input[name=place]", "Lift lobby")
        page.fill("textarea[name=text]", "The glass door is broken")
        page.locator("input[type=file]").set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo("door")}
        )
        page.locator(".f-photo img").wait_for()
        phone.wait_until_kept()
        phone.kill()
        phone.start()
        phone.open()
        page = phone.page
        page.click("[data-tab=incidents]")
        page.click("[data-action=report]")
        page.wait_for_function("document.querySelector('textarea[name=text]')?.value.length > 9")
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-card[data-incident]:has-text('glass door')")
        page.click("[data-part=handover]")
        page.click(f"[data-post='{self.post.id}']")
        page.click(f"[data-colleague='{self.bob.employee_id.id}']")
        page.click(f"[data-item='{self.post.item_ids.id}']")
        page.fill("textarea[name=text]", "Glazier comes at nine")
        page.click("[data-action=give]")
        phone.connect()
        phone.wait_until_sent()
        self.assertFalse(phone.errors)
        with self.alone():
            one = self.incidents.search([("place", "=", "Lift lobby")])
            self.assertEqual((one.severity, one.building_id), ("3", self.building))
            self.assertEqual(one.reporter_id, self.ann.employee_id)
            self.assertEqual(len(one.photo_ids), 1)
            given = self.handovers.search([("post_id", "=", self.post.id)])
            self.assertEqual((given.state, given.note), ("given", "Glazier comes at nine"))
            self.assertEqual(given.incident_ids, one)

    def test_a_hand_over_that_waits_for_a_signature_is_shown_once_and_as_no_incident(self):
        self.give(fields.Datetime.now(), giver=self.bob, taker=self.ann)
        self.new_incident()
        phone = self.enter_phone(user=self.ann)
        phone.page.click("[data-tab=incidents]")
        phone.page.wait_for_selector("[data-incident]")
        phone.page.click("[data-part=handover]")
        phone.page.wait_for_selector("[data-handover]")
        cards = phone.page.locator(".f-screen > .f-card")
        self.assertEqual(cards.count(), 2, "what waits, and the post")
        self.assertFalse(phone.errors)
