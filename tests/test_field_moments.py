"""What lasts a moment only refuses no work for good, and loses, doubles or reorders none."""

from odoo import Command
from odoo.tests import tagged
from playwright.sync_api import expect

from odoo.addons.property_maintenance.tests.desk_common import DeskCommon

from .field_case import FieldAppCase
from .field_phone import photo

# the phone has room for what is filled in, and for nothing else
FULL = """
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...values) {
        if (["entries", "cache", "settings"].includes(this.name)) {
            throw new DOMException("full", "QuotaExceededError");
        }
        return put.apply(this, values);
    };
"""
# a photo takes until somebody says so
SLOW = """
    const make = window.createImageBitmap;
    const wait = new Promise((resolve) => { window.goOn = resolve; });
    window.createImageBitmap = async (...values) => { await wait; return make(...values); };
"""


@tagged("post_install", "-at_install")
class TestFieldMoments(FieldAppCase):
    def check_in_offline(self, count=1):
        """Check in at the points of a round without a network.

        :return: (round, FieldPhone)
        """
        one = self.new_round(count)
        phone = self.enter_phone()
        phone.cut_off()
        phone.open_round()
        for code in self.codes(one):
            phone.check_in(code, photo(code))
        return one, phone

    def test_a_page_of_somebody_else_that_answers_for_the_server_refuses_nothing(self):
        one, phone = self.check_in_offline()
        phone.proxy.planned = ["404", "403", "401"]
        phone.connect()
        phone.page.wait_for_selector(".f-chip-good")
        self.assertFalse(phone.proxy.planned)
        self.assertEqual(phone.unsent(), 0)
        with self.alone():
            self.assertEqual(len(one.checkin_ids), 1)

    def test_a_full_phone_sends_all_that_it_has(self):
        one, phone = self.check_in_offline(2)
        phone.run(FULL)
        phone.proxy.planned = ["error_before"]
        phone.connect()
        phone.page.wait_for_selector(".f-chip-good")
        self.assertEqual(phone.unsent(), 0)
        expect(phone.page.locator(".f-question")).to_have_count(0)
        with self.alone():
            self.assertEqual(len(one.checkin_ids), 2)

    def test_a_clock_that_is_put_back_makes_nothing_wait(self):
        one, phone = self.check_in_offline()
        phone.proxy.planned = ["error_before"] * 99
        phone.connect()
        phone.wait_for_tries(2)
        phone.run("const { now } = Date; Date.now = () => now() - 40 * 86400000;")
        phone.proxy.planned = []
        phone.page.wait_for_selector(".f-chip-good")
        self.assertEqual(phone.unsent(), 0)
        with self.alone():
            self.assertEqual(len(one.checkin_ids), 1)

    def test_entries_keep_the_order_in_which_they_were_made(self):
        one = self.new_round(1)
        phone = self.enter_phone()
        phone.cut_off()
        orders = phone.run(
            """
            Date.now = () => 1;
            const send = (note) => field.send("round", { round: value, action: "start", note });
            await Promise.all(["a", "b", "c", "d", "e"].map(send));
            const entries = await field.queueStore.load();
            return entries.map((one) => [one.order, JSON.parse(one.payload).note]);
            """,
            one.id,
        )
        self.assertEqual(len({order for order, _note in orders}), 5)
        self.assertEqual([note for _order, note in sorted(orders)], list("abcde"))

    def begin_before_another(self):
        """Fill something in at a point of a round that another employee walks too.

        :return: (FieldPhone, res.users of the other)
        """
        one = self.new_round(1, item_type="text")
        user, other = self.new_employee("Wu", "guard.wu")
        one.employee_ids = [Command.link(other.id)]
        phone = self.enter_phone()
        phone.open_round()
        phone.page.click(".f-point")
        phone.page.fill(".f-item textarea", "Seen by Chen")
        return phone, user

    def test_what_one_employee_began_is_not_in_the_hands_of_the_next(self):
        phone, user = self.begin_before_another()
        phone.wait_until_kept()
        for who, text in ((user, ""), (self.user, "Seen by Chen")):
            self.sign_in(phone, who)
            phone.open()
            phone.page.click("[data-tab=me]")
            phone.page.get_by_text(who.name, exact=True).wait_for()
            phone.page.click("[data-tab=rounds]")
            phone.open_round()
            phone.page.click(".f-point")
            expect(phone.page.locator(".f-item textarea")).to_have_value(text)

    def test_a_page_of_one_employee_is_closed_when_another_signs_in(self):
        phone, user = self.begin_before_another()
        self.sign_in(phone, user)  # in another tab
        phone.run("await field.work.refresh();")
        phone.page.wait_for_selector(".f-round")
        expect(phone.page.locator(".f-item")).to_have_count(0)

    def test_an_entry_never_leaves_without_the_photo_that_is_being_made(self):
        one = self.new_round(1, item_type="yes_no")
        [code] = self.codes(one)
        phone = self.enter_phone()
        page = phone.page
        phone.open_round()
        page.click("[data-action=scan]")
        page.fill(".f-scanner input[name=code]", code)
        page.click(".f-scanner-typed button")
        page.click(".f-item [data-value=yes]")
        box = page.locator("[data-action=submit]").bounding_box()
        phone.run(SLOW)
        page.locator(".f-photo-add input").set_input_files(
            {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("slow")}
        )
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.evaluate("window.goOn()")
        page.locator(".f-photo img").wait_for()
        page.click("[data-action=submit]")
        page.wait_for_selector(".f-points")
        phone.wait_until_sent()
        with self.alone():
            self.assertEqual(len(one.checkin_ids.photo_ids), 1)

    def test_a_label_that_is_read_twice_at_once_makes_one_check_in(self):
        one = self.new_round(2)
        one.route_id.checkpoint_ids.item_ids.unlink()
        phone = self.enter_phone()
        phone.run(
            """
            const { checkIn } = modules.get("@inspection_round/field/rounds/check_in");
            const round = field.data("rounds").rounds.find((one) => one.id === value);
            const [point] = round.checkpoints;
            const read = () => checkIn(field, round, point, { code: point.code, method: "qr" });
            await Promise.all([read(), read()]);
            """,
            one.id,
        )
        phone.wait_until_sent()
        with self.alone():
            self.assertEqual(len(one.checkin_ids), 1)

    def test_an_error_of_a_screen_holds_up_nothing(self):
        one, phone = self.check_in_offline(2)
        phone.run(
            """
            const { registry } = modules.get("@web/core/registry");
            registry.category("field_sync").get("checkin").onAnswer = () => {
                throw new Error("a screen fails");
            };
            """
        )
        phone.connect()
        phone.page.wait_for_selector(".f-chip-good")
        self.assertEqual(phone.unsent(), 0)
        self.assertEqual(phone.errors, ["a screen fails"] * 2)
        with self.alone():
            self.assertEqual(len(one.checkin_ids), 2)

    def test_a_photo_that_something_else_still_needs_is_not_thrown_away(self):
        one, phone = self.check_in_offline()
        name = phone.run(
            """
            const [entry] = await field.queueStore.load();
            await field.saveDraft("other", { files: entry.files });
            return entry.files[0];
            """
        )
        phone.connect()
        phone.page.wait_for_selector(".f-chip-good")
        self.assertTrue(phone.run("return field.photoUrl(value);", name))
        with self.alone():
            self.assertEqual(len(one.checkin_ids), 1)

    def test_many_photos_have_the_time_that_a_slow_network_takes(self):
        phone = self.enter_phone()
        times = phone.run(
            """
            const { patience } = modules.get("@inspection_round/field/core/http");
            return [0, 12 * 400000 * 4 / 3].map(patience);
            """
        )
        self.assertEqual(times[0], 60_000)
        self.assertGreaterEqual(times[1], 12 * 400_000 * 4 / 3 / 12)  # ms at 12 kB/s

    def test_a_person_hands_over_what_the_server_fails_time_and_again(self):
        one, phone = self.check_in_offline()
        phone.proxy.planned = ["error_before"] * 99
        phone.connect()
        for tries in range(1, 9):
            phone.wait_for_tries(tries)
            phone.page.evaluate("window.dispatchEvent(new Event('online'))")
        phone.page.click(".f-chip")
        phone.page.get_by_text("Hand over").click()
        phone.page.fill(".f-question textarea", "It does not go out")
        phone.page.click(".f-question .f-button-main")
        phone.page.wait_for_selector(".f-empty")
        self.assertEqual(phone.unsent(), 0)
        with self.alone():
            self.assertEqual(self.entries().state, "refused")
            self.assertFalse(one.checkin_ids)


@tagged("post_install", "-at_install")
class TestFieldMomentsOfOrders(FieldAppCase, DeskCommon):
    def enter(self):
        phone = self.enter_phone(user=self.users["engineer"])
        phone.page.wait_for_selector(".f-parts")
        return phone

    def test_a_button_that_is_tapped_twice_at_once_does_one_thing(self):
        one = self.new_request()
        phone = self.enter()
        phone.cut_off()
        phone.page.click("[data-part=pool]")
        phone.page.click(f".f-order[data-order='{one.id}']")
        phone.page.locator("[data-action=take]").evaluate("(one) => { one.click(); one.click(); }")
        phone.page.wait_for_selector("[data-action=arrive]")
        self.assertEqual(phone.unsent(), 1)

    def test_an_order_that_was_taken_is_shown_once_while_the_answer_is_missing(self):
        one = self.new_request()
        phone = self.enter()
        phone.page.click("[data-part=pool]")
        phone.page.click(f".f-order[data-order='{one.id}']")
        phone.proxy.planned = ["error_after", *["error_before"] * 99]
        phone.page.click("[data-action=take]")
        phone.page.wait_for_selector("[data-action=arrive]")
        phone.wait_for_tries(1)
        phone.open()
        phone.page.wait_for_selector(f".f-order[data-order='{one.id}']")
        phone.run("await field.work.refresh();")
        orders = phone.run("return field.data('orders').orders.map((one) => one.id);")
        self.assertEqual(orders, [one.id])
        self.assertEqual(phone.unsent(), 1)
        self.assertEqual(phone.errors, [])

    def test_a_new_request_that_is_begun_survives_the_death_of_the_page(self):
        phone = self.enter()
        for step in ("write", "read"):
            phone.page.click("[data-action=new]")
            if step == "write":
                phone.page.fill("input[name=place]", "Lobby")
                phone.page.fill("textarea[name=text]", "The lamp is broken")
                phone.page.locator("input[type=file]").set_input_files(
                    {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("lamp")}
                )
                phone.page.locator(".f-photo img").wait_for()
                phone.wait_until_kept()
                phone.kill()
                phone.start()
                phone.open()
        expect(phone.page.locator("input[name=place]")).to_have_value("Lobby")
        expect(phone.page.locator("textarea[name=text]")).to_have_value("The lamp is broken")
        phone.page.locator(".f-photo img").wait_for()
        phone.page.click("[data-action=submit]")
        phone.wait_until_sent()
        with self.alone():
            found = self.requests.search([("channel", "=", "field")])
            self.assertEqual((found.name, len(found.photo_ids)), ("The lamp is broken", 1))
