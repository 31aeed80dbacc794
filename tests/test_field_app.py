"""The field app in a browser: what an employee sees of it, and that nothing is lost."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import qrcode
from odoo.tests import tagged
from playwright.sync_api import expect

from .field_case import FieldAppCase
from .field_phone import photo


@tagged("post_install", "-at_install")
class TestFieldApp(FieldAppCase):
    def check_in_offline(self, one):
        """Check in at the first point of a round without a network.

        :return: FieldPhone
        """
        [code, *_others] = self.codes(one)
        phone = self.enter_phone()
        phone.cut_off()
        phone.open_round()
        phone.check_in(code, photo(code))
        return phone

    def test_a_camera_reads_a_label_and_a_point_without_a_checklist_is_checked_in_at_once(self):
        one = self.new_round(2)
        one.route_id.checkpoint_ids.item_ids.unlink()
        point = one.route_id.checkpoint_ids.sorted("sequence")[0]
        film = Path(self.enterContext(tempfile.TemporaryDirectory())) / "label.mjpeg"
        label = qrcode.make(f"https://example.com/field/?c={point.code}", border=8)
        label.convert("RGB").resize((640, 640)).save(film, "JPEG")
        options = [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]
        phone = self.enter_phone(options=options)
        phone.open_round()
        phone.page.click("[data-action=scan]")
        phone.page.wait_for_selector(f".f-point-done[data-code='{point.code}']")
        phone.wait_until_sent()
        self.assertFalse(phone.errors)
        with self.alone():
            checkin = one.checkin_ids
            self.assertEqual((checkin.method, checkin.checkpoint_id), ("qr", point))
            self.assertAlmostEqual(checkin.latitude, 31.2304, places=3)

    def test_what_the_server_refuses_stays_until_a_person_hands_it_over(self):
        one = self.new_round(1)
        phone = self.check_in_offline(one)
        with self.alone():
            one.employee_ids = self.new_employee("Wu", "guard.wu")[1]
        phone.connect()
        page = phone.page
        page.click(".f-chip")
        page.wait_for_selector(".f-card-bad")
        phone.kill()
        phone.start()
        phone.open()
        phone.page.click("[data-tab=queue]")
        failed = phone.page.locator(".f-card-bad")
        failed.locator(".f-bad").wait_for()
        self.assertEqual(phone.unsent(), 1)
        failed.get_by_text("Hand over").click()
        phone.page.fill(".f-question textarea", "I was there at nine")
        phone.page.click(".f-question .f-button-main")
        phone.page.wait_for_selector(".f-empty")
        self.assertEqual(phone.unsent(), 0)
        with self.alone():
            entry = self.entries()
            self.assertEqual(entry.state, "refused")
            self.assertIn("I was there at nine", entry.message)
            self.assertFalse(one.checkin_ids)

    def test_another_employee_on_the_same_phone_drops_nothing_of_the_first(self):
        user, other = self.new_employee("Wu", "guard.wu")
        name = other.name
        phone = self.check_in_offline(self.new_round(1))
        self.sign_in(phone, user)
        phone.connect()
        phone.open()
        phone.page.click("[data-tab=me]")
        phone.page.get_by_text(name, exact=True).wait_for()
        phone.page.click("[data-tab=queue]")
        phone.page.wait_for_selector(".f-notice-warn:has-text('Chen')")
        self.assertEqual(phone.unsent(), 1)
        with self.alone():
            self.assertFalse(self.entries())
        self.sign_in(phone, self.user)
        phone.open()
        phone.wait_until_sent()
        with self.alone():
            self.assertEqual(self.entries().user_id, self.user)

    def test_a_lapsed_session_keeps_the_queue_and_lets_work_go_on(self):
        codes = self.codes(self.new_round(2))
        phone = self.enter_phone()
        phone.sign_out()
        phone.open_round()
        for number, code in enumerate(codes):
            phone.check_in(code, photo(f"lapsed {number}"))
        phone.page.wait_for_selector(".f-notice:has-text('signed out')")
        self.assertEqual(phone.unsent(), 2)
        self.sign_in(phone, self.user)
        phone.open()
        phone.wait_until_sent()
        with self.alone():
            self.assertEqual(len(self.entries()), 2)

    def test_signing_out_with_unsent_entries_warns(self):
        phone = self.check_in_offline(self.new_round(1))
        phone.page.click(".f-bar-back")
        phone.page.click("[data-tab=me]")
        phone.page.get_by_text("Sign out").click()
        phone.page.wait_for_selector(".f-question:has-text('1 entries are not sent')")
        phone.page.get_by_text("Stay", exact=True).click()
        self.assertEqual(phone.unsent(), 1)

    def test_a_full_phone_is_told_and_what_was_filled_in_stays(self):
        one = self.new_round(1, item_type="text")
        phone = self.enter_phone()
        phone.cut_off()
        phone.open_round()
        page = phone.page
        page.click(".f-point")
        page.fill(".f-item textarea", "All quiet")
        page.fill("textarea[name=note]", "The label is torn off")
        page.evaluate(
            """() => {
                const add = IDBObjectStore.prototype.add;
                window.makeRoom = () => { IDBObjectStore.prototype.add = add; };
                IDBObjectStore.prototype.add = function (...values) {
                    if (this.name === "entries") {
                        throw new DOMException("full", "QuotaExceededError");
                    }
                    return add.apply(this, values);
                };
            }"""
        )
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-question:has-text('The phone is full')")
        page.click(".f-question .f-button-main")
        self.assertEqual(page.input_value(".f-item textarea"), "All quiet")
        self.assertEqual(phone.unsent(), 0)
        page.evaluate("window.makeRoom()")
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-point-done")
        phone.connect()
        phone.wait_until_sent()
        with self.alone():
            checkin = one.checkin_ids
            self.assertEqual((checkin.method, checkin.note), ("manual", "The label is torn off"))

    def test_a_checklist_that_is_begun_survives_the_death_of_the_page(self):
        self.new_round(1, item_type="number", has_high=True, limit_high=8.0, unit="bar")
        phone = self.enter_phone()
        phone.open_round()
        phone.page.click(".f-point")
        phone.page.fill(".f-item input[inputmode=decimal]", "9.5")
        phone.page.wait_for_selector(".f-item:has-text('Out of limits')")
        phone.page.locator(".f-item input[type=file]").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("big", (4000, 3000))}
        )
        phone.page.locator(".f-item img").wait_for()
        size = phone.page.evaluate(
            "fetch(document.querySelector('.f-item img').src)"
            ".then((r) => r.blob()).then((b) => b.size)"
        )
        self.assertLessEqual(size, 400_000)
        phone.kill()
        phone.start()
        phone.open()
        phone.open_round()
        phone.page.wait_for_selector(".f-point:has-text('Begun')")
        phone.page.click(".f-point")
        phone.page.locator(".f-item img").wait_for()
        field = phone.page.locator(".f-item input[inputmode=decimal]")
        expect(field).to_have_value("9.5")

    def test_nothing_is_checked_in_while_something_required_is_missing(self):
        self.new_round(1, item_type="yes_no", needs_photo=True)
        phone = self.enter_phone()
        page = phone.page
        phone.open_round()
        page.click(".f-point")
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-toast:has-text('Still missing')")
        page.click(".f-item [data-value=no]")
        page.wait_for_selector(".f-item:has-text('Counts as abnormal')")
        page.click("[data-action=submit]")
        expect(page.locator(".f-item.f-card-bad")).to_have_count(1)
        self.assertEqual(phone.unsent(), 0)

    def test_everything_is_large_enough_for_a_thumb_and_for_old_eyes(self):
        self.new_round(3)
        phone = self.enter_phone()
        page = phone.page
        small = """() => [...document.querySelectorAll(".f-app *")].filter((one) => {
            const box = one.getBoundingClientRect();
            const text = [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
            const tiny = text && !one.closest(".f-badge") &&
                parseFloat(getComputedStyle(one).fontSize) < 16;
            const thin = one.matches("button, input:not([type=file])") && box.height &&
                (box.height < 48 || box.width < 48);
            return tiny || thin;
        }).map((one) => one.outerHTML.slice(0, 120))"""
        for step in ("", ".f-round", ".f-point"):
            if step:
                page.locator(step).first.click()
                page.wait_for_timeout(200)
            self.assertEqual(page.evaluate(small), [], step)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            self.assertLessEqual(wide, 0, step)

    def test_a_new_version_comes_without_losing_the_queue(self):
        phone = self.check_in_offline(self.new_round(1))
        with self.alone():
            self.env["res.lang"]._activate_lang("fr_FR")  # more words to keep: another version
        phone.sign_out()
        phone.connect()
        page = phone.page
        page.click(".f-bar-back")
        page.evaluate("navigator.serviceWorker.ready.then((worker) => worker.update())")
        page.get_by_text("A new version of the app is here").wait_for()
        with page.expect_navigation():
            page.get_by_role("button", name="Update").click()
        page.wait_for_selector(".f-round")
        self.assertEqual(phone.unsent(), 1)
        names = page.evaluate("caches.keys()")
        self.assertEqual(len(names), 1, names)

    def test_a_clock_that_is_three_days_wrong_does_no_harm(self):
        one = self.new_round(1)
        [code] = self.codes(one)
        phone = self.enter_phone()
        phone.page.clock.set_system_time(datetime.now() + timedelta(days=3))
        phone.open()
        phone.open_round()
        phone.check_in(code, photo("wrong clock"))
        phone.wait_until_sent()
        with self.alone():
            entry, checkin = self.entries(), one.checkin_ids
            self.assertAlmostEqual(entry.clock_skew, 3 * 86400, delta=120)
            self.assertLess(abs(checkin.checked_at - datetime.utcnow()), timedelta(minutes=2))
            self.assertIn("clock", checkin.flag_ids.mapped("code"))
            self.assertEqual(entry.signature_state, "valid")
