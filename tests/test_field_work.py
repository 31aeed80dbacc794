"""An engineer's day on the phone: from the pool to the photo, with and without a network."""

from odoo.tests import tagged
from playwright.sync_api import expect

from odoo.addons.property_maintenance.tests.desk_common import DeskCommon

from .field_case import FieldAppCase
from .field_phone import photo


@tagged("post_install", "-at_install")
class TestFieldWork(FieldAppCase, DeskCommon):
    def enter(self):
        """Give the engineer a phone and open the app.

        :return: FieldPhone
        """
        phone = self.enter_phone(user=self.users["engineer"])
        phone.page.wait_for_selector(".f-parts")
        return phone

    def open_pool(self, phone, one):
        phone.page.click("[data-part=pool]")
        phone.page.click(f".f-order[data-order='{one.id}']")
        phone.page.wait_for_selector(f".f-screen[data-order='{one.id}']")

    def open_mine(self, phone, one):
        phone.page.click(f".f-order[data-order='{one.id}']")
        phone.page.wait_for_selector(f".f-screen[data-order='{one.id}']")

    def test_an_engineer_does_an_order_without_a_network_and_nothing_is_lost(self):
        one = self.new_request()
        phone = self.enter()
        phone.cut_off()
        self.open_pool(phone, one)
        page = phone.page
        page.click("[data-action=take]")
        page.click("[data-action=arrive]")
        page.click("[data-action=done]")
        page.click("[data-action=add-line]")
        page.fill(".f-line input[name=name]", "Seal")
        page.fill(".f-line input[name=price]", "3.5")
        page.fill("textarea[name=note]", "New seal")
        page.locator("input[type=file]").set_input_files(
            {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo("seal")}
        )
        page.locator(".f-photo img").wait_for()
        phone.wait_until_kept()
        phone.kill()
        phone.start()
        phone.open()
        self.assertEqual(phone.unsent(), 2)
        self.open_mine(phone, one)
        page = phone.page
        page.click("[data-action=done]")
        expect(page.locator("textarea[name=note]")).to_have_value("New seal")
        page.locator(".f-photo img").wait_for()
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-pill-good")
        phone.connect()
        phone.wait_until_sent()
        self.assertFalse(phone.errors)
        with self.alone():
            self.assertEqual((one.step, one.assignee_id), ("done", self.engineer))
            events = one.step_ids.sorted("id").mapped("event")
            self.assertEqual(events, ["create", "take", "arrive", "done"])
            self.assertEqual(len(one.step_ids.sorted("id")[-1].photo_ids), 1)
            self.assertEqual(one.line_ids.mapped("amount"), [3.5])

    def test_a_step_overtakes_no_earlier_one_that_the_network_or_the_server_failed(self):
        one = self.new_request()
        phone = self.enter()
        phone.cut_off()
        self.open_pool(phone, one)
        for event in ("take", "arrive", "pause"):
            phone.page.click(f"[data-action={event}]")
        phone.page.fill(".f-question textarea, .f-question input", "Waits for a seal")
        phone.page.click(".f-question .f-button-main")
        phone.page.wait_for_selector("[data-action=resume]")
        phone.proxy.planned = ["", "error_before", "drop_before", "error_after", "drop_after"]
        phone.connect()
        # nobody touches the phone: it comes back by itself
        phone.page.wait_for_selector(".f-chip-good")
        self.assertEqual(phone.unsent(), 0)
        self.assertFalse(phone.proxy.planned)
        with self.alone():
            events = one.step_ids.sorted("id").mapped("event")
            self.assertEqual(events, ["create", "take", "arrive", "pause"])

    def test_an_order_that_somebody_else_took_stays_in_the_queue_for_a_person(self):
        one = self.new_request()
        rival = self.new_staff("staff.rival", self.new_job("engineer"), self.site)
        phone = self.enter()
        phone.cut_off()
        self.open_pool(phone, one)
        phone.page.click("[data-action=take]")
        phone.page.wait_for_selector("[data-action=arrive]")
        with self.alone():
            one.with_user(rival).action_take()
        phone.connect()
        phone.page.click(".f-chip")
        phone.page.wait_for_selector(".f-card-bad:has-text('not yours')")
        self.assertEqual(phone.unsent(), 1)
        with self.alone():
            self.assertEqual(one.assignee_id.user_id, rival)

    def test_the_register_and_a_new_request_from_it(self):
        phone = self.enter()
        page = phone.page
        page.click("[data-tab=register]")
        page.fill("input[name=text]", "1502")
        page.click("[data-action=search]")
        home = page.locator(f".f-card[data-home='{self.unit.id}']")
        home.locator("text=138****1111").wait_for()
        home.locator("[data-action=new]").click()
        page.fill("textarea[name=text]", "The door closer is broken")
        page.click("[data-action=submit]")
        phone.wait_until_sent()
        with self.alone():
            one = self.requests.search([("unit_id", "=", self.unit.id)])
            self.assertEqual((one.channel, one.name), ("field", "The door closer is broken"))
