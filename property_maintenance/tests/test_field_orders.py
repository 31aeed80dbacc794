import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.inspection_round.tests.field_common import Phone

from .desk_common import DeskCommon, photo_bytes


@tagged("post_install", "-at_install")
class TestFieldOrders(DeskCommon, HttpCase):
    """Orders on the engineer's phone: every step once, and an illegal one changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = Phone()
        cls.user = cls.users["engineer"]
        cls.env["field.device"].with_user(cls.user)._enrol(
            cls.engineer.with_user(cls.user), cls.phone.uuid, cls.phone.public_key, "Test"
        )
        cls.one = cls.new_request()

    def setUp(self):
        super().setUp()
        self.sign_in("engineer")

    def sign_in(self, role):
        self.authenticate(f"staff.{role}", f"staff.{role}")

    def ask(self, path, body=None):
        """Ask the server as the app does."""
        options = {}
        if body is not None:
            options["data"] = json.dumps(body).encode()
            options["headers"] = {"Content-Type": "application/json"}
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path, **options)
        self.env.invalidate_all()
        return answer

    def send(self, event, one=None, photos=(), handler="request_step", **values):
        """Send a step of an order."""
        payload = {"request": (one or self.one).id, "event": event, **values}
        return self.ask(f"/field/sync/{handler}", self.phone.body(payload, photos))

    def refused(self, status, *args, **values):
        """Send something wrong: a sentence answers, and nothing is written."""

        def state():
            self.env.invalidate_all()
            one = self.one
            return (
                *(one.step, one.assignee_id, one.is_paused, len(one.step_ids), len(one.line_ids)),
                self.env["field.entry"].search_count([]),
                self.requests.search_count([]),
            )

        before = state()
        answer = self.send(*args, **values)
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertTrue(answer.json()["error"])
        self.assertEqual(state(), before)
        return answer.json()["error"]

    def orders(self):
        return self.ask("/field/data").json()["data"]["orders"]

    # === What the phone keeps ===

    def test_the_phone_keeps_own_orders_and_the_pool_with_masked_phones(self):
        other = self.new_request()
        self.bring_to(other, "assigned")
        data = self.orders()
        self.assertEqual([one["id"] for one in data["orders"]], [other.id])
        self.assertEqual([one["id"] for one in data["pool"]], [self.one.id])
        self.assertEqual(data["pool"][0]["phone"], "138****1111")
        self.assertNotIn("13800001111", json.dumps(data))

    def test_orders_of_foreign_sites_are_not_on_the_phone(self):
        self.new_request(
            unit_id=self.other_unit.id, site_id=self.other_site.id, contact_id=self.other_owner.id
        )
        self.assertEqual([one["id"] for one in self.orders()["pool"]], [self.one.id])

    def test_the_phone_asks_no_more_queries_for_fifty_orders(self):
        requests = self.requests.with_user(self.user)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            requests._field_data(self.engineer)
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for _ in range(49):
            self.new_request()
        self.assertLessEqual(count(), few + 3)

    # === Steps ===

    def test_an_order_is_done_on_the_phone_from_the_pool_to_the_photo(self):
        for event in ("take", "arrive"):
            self.assertEqual(self.send(event).status_code, 200, event)
        answer = self.send(
            "done",
            photos=[photo_bytes()],
            note="New seal",
            lines=[
                {"kind": "material", "name": "Seal", "quantity": 2, "price": 3.5},
                {"kind": "labour", "name": "Work", "quantity": 1, "price": 40},
            ],
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json()["order"]["step"], "done")
        self.assertEqual((self.one.step, self.one.assignee_id), ("done", self.engineer))
        self.assertEqual(self.one.amount_cost, 47)
        entry = self.one.step_ids.filtered(lambda step: step.event == "done")
        self.assertEqual((entry.note, len(entry.photo_ids)), ("New seal", 1))
        self.assertEqual(entry.user_id, self.user)

    def test_the_same_entry_sent_again_happens_once(self):
        self.send("take")
        body = self.phone.body({"request": self.one.id, "event": "arrive"})
        first, again = (self.ask("/field/sync/request_step", body) for _ in range(2))
        self.assertEqual(first.json()["status"], "accepted")
        self.assertEqual(again.json()["status"], "repeated")
        arrivals = self.one.step_ids.filtered(lambda step: step.event == "arrive")
        self.assertEqual(len(arrivals), 1)

    def test_a_step_that_is_sent_late_happened_when_the_phone_says(self):
        self.one.sudo().raised_at = fields.Datetime.now() - timedelta(hours=5)
        self.send("take")
        at = fields.Datetime.now() - timedelta(hours=2)
        body = self.phone.body(
            {"request": self.one.id, "event": "arrive", "at": f"{at.isoformat()}.000Z"}
        )
        self.assertEqual(self.ask("/field/sync/request_step", body).status_code, 200)
        # to the server the way that the words took looks like a clock that is slow
        heard = self.env["field.entry"].search([("uuid", "=", body["uuid"])])
        at -= timedelta(seconds=heard.clock_skew)
        self.assertEqual(self.one.arrive_done_at, at)
        entry = self.one.step_ids.filtered(lambda step: step.event == "arrive")
        self.assertEqual(entry.at, at)

    def test_nobody_tells_the_server_a_time_by_other_ways(self):
        self.bring_to(self.one, "accepted")
        past = "2020-01-01 00:00:00"
        forged = {"at": past, "photos": []}
        self.one.with_user(self.user).with_context(property_happened=forged).action_arrive()
        self.assertGreater(self.one.arrive_done_at.year, 2020)

    def test_pausing_and_giving_back_say_why(self):
        self.bring_to(self.one, "assigned")
        self.refused(422, "reject")
        self.refused(422, "pause", reason="  ")
        self.send("pause", reason="Waits for a part")
        self.assertEqual((self.one.is_paused, self.one.pause_reason), (True, "Waits for a part"))
        self.send("resume")
        self.send("reject", reason="Not my trade")
        self.assertEqual(self.one.step, "new")

    def test_a_quotation_is_sent_from_the_phone(self):
        self.bring_to(self.one, "on_site")
        answer = self.send(
            "quote",
            lines=[
                {
                    "kind": "material",
                    "name": "Tap",
                    "quantity": 1,
                    "price": 85,
                    "is_chargeable": True,
                }
            ],
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual((self.one.quotation_state, self.one.quotation_id.amount), ("sent", 85))

    def test_the_checklist_is_ticked_with_the_work(self):
        task = self.env["property.request.task"].create(
            {"request_id": self.one.id, "name": "Shut the valve", "is_required": True}
        )
        self.bring_to(self.one, "on_site")
        self.assertIn("Shut the valve", self.refused(422, "done"))
        self.assertEqual(self.send("done", tasks=[task.id]).status_code, 200)
        self.assertTrue(task.is_done)

    # === What is refused ===

    def test_illegal_steps_answer_422_with_a_sentence_and_change_nothing(self):
        self.refused(422, "arrive")
        self.send("take")
        for event in ("take", "accept", "done", "resume"):
            self.refused(422, event)
        self.refused(422, "quote")

    def test_an_order_that_went_to_somebody_else_says_so(self):
        rival = self.new_staff("staff.rival", self.new_job("engineer"), self.site)
        self.one.with_user(rival).action_take()
        self.assertIn("not yours", self.refused(422, "take"))
        self.refused(422, "done")

    def test_orders_of_foreign_sites_are_not_found(self):
        foreign = self.new_request(
            unit_id=self.other_unit.id, site_id=self.other_site.id, contact_id=self.other_owner.id
        )
        error = self.refused(404, "take", one=foreign)
        self.assertNotIn(foreign.code, error)
        self.assertEqual(foreign.step, "new")

    def test_hostile_payloads_are_refused(self):
        self.bring_to(self.one, "on_site")
        line = {"kind": "material", "name": "Tap", "quantity": 1, "price": 1}
        for values in (
            {"request": None},
            {"request": "1"},
            {"request": True},
            {"request": -1},
            {"event": "unlink"},
            {"event": ["done"]},
            {"event": None},
            {"note": 7},
            {"note": "x" * 5000},
            {"lines": "x"},
            {"lines": [7]},
            {"lines": [{**line, "kind": "magic"}]},
            {"lines": [{**line, "name": ""}]},
            {"lines": [{**line, "name": "x" * 121}]},
            {"lines": [{**line, "quantity": 0}]},
            {"lines": [{**line, "quantity": -1}]},
            {"lines": [{**line, "quantity": 1e300}]},
            {"lines": [{**line, "price": "5"}]},
            {"lines": [{**line, "price": -5}]},
            {"lines": [line] * 41},
            {"tasks": {"1": 1}},
            {"tasks": ["1"]},
        ):
            values = {"request": self.one.id, **values}
            self.refused(422, values.pop("event", "done"), **values)

    def test_guards_see_no_orders_but_raise_requests(self):
        self.sign_in("guard")
        data = self.ask("/field/data").json()["data"]
        self.assertEqual(data["orders"], {"orders": [], "pool": []})
        payload = {"site": self.site.id, "place": "Gate", "text": "The barrier is bent"}
        body = self.phone.body(payload, [photo_bytes()])
        answer = self.ask("/field/sync/request_new", body)
        self.assertEqual(answer.status_code, 200, answer.text)
        raised = self.requests.search([("place", "=", "Gate")])
        self.assertEqual((raised.channel, len(raised.photo_ids)), ("field", 1))
        self.assertEqual(answer.json()["number"], raised.code)

    def test_requests_for_foreign_sites_and_homes_are_refused(self):
        before = self.requests.search_count([])
        for values, status in (
            ({"site": self.other_site.id, "place": "Gate"}, 404),
            ({"site": self.site.id, "unit": self.other_unit.id}, 404),
            ({"site": self.site.id}, 422),
            ({"site": "1", "place": "Gate"}, 422),
            ({"site": self.site.id, "place": "Gate", "text": ""}, 422),
            ({"site": self.site.id, "place": "Gate", "category": 10**8}, 422),
            ({"site": self.site.id, "place": "Gate", "kind": "magic"}, 422),
        ):
            body = self.phone.body({"text": "Broken", **values})
            answer = self.ask("/field/sync/request_new", body)
            self.assertEqual(answer.status_code, status, values)
        self.assertEqual(self.requests.search_count([]), before)

    # === The register ===

    def test_the_register_shows_own_sites_with_masked_phones(self):
        homes = self.ask("/field/register?text=1502").json()["homes"]
        self.assertEqual([home["code"] for home in homes], ["3-1-1502"])
        self.assertNotIn("13800001111", json.dumps(homes))
        self.assertFalse(self.ask("/field/register?text=13900004444").json()["homes"])

    def test_the_register_reads_over_what_no_name_has(self):
        answer = self.ask("/field/register?text=15%0002")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual([home["code"] for home in answer.json()["homes"]], ["3-1-1502"])

    def test_a_number_is_given_on_request_and_logged(self):
        self.bring_to(self.one, "assigned")
        audit = self.env["property.audit"]
        for who in ({"request": self.one.id}, {"partner": self.owner.id}):
            before = audit.search_count([("event", "=", "unmask")])
            answer = self.ask("/field/phone", who)
            self.assertEqual(answer.json(), {"phone": "13800001111"})
            self.assertEqual(audit.search_count([("event", "=", "unmask")]), before + 1)

    def test_numbers_of_strangers_are_refused(self):
        for who, status in (
            ({"partner": self.other_owner.id}, 404),
            ({"partner": "1"}, 400),
            ({"partner": True}, 400),
            ({}, 400),
            ({"request": 10**8}, 404),
        ):
            self.assertEqual(self.ask("/field/phone", who).status_code, status, who)

    def test_visitors_and_residents_are_turned_away(self):
        for login, status in ((None, 401), ("portal.owner", 403)):
            self.authenticate(login, login)
            for path, body in (
                ("/field/register?text=1502", None),
                ("/field/phone", {"partner": self.owner.id}),
                ("/field/sync/request_step", self.phone.body({"request": 1, "event": "take"})),
            ):
                self.assertEqual(self.ask(path, body).status_code, status, path)
