from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .gate_common import GateHttpCase
from .visitor_common import VisitorCommon, iso


@tagged("post_install", "-at_install")
class TestVisitorDoors(VisitorCommon, GateHttpCase):
    """A visitor's code opens doors: ``door`` is of the unit, ``site_door`` of the site."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.door, cls.site_door = cls.env["property.gate"].create(
            [
                {
                    "name": "Door 3-1",
                    "kind": "door",
                    "site_id": cls.site.id,
                    "is_for_visitors": True,
                    "building_id": building.id,
                    "entrance": entrance,
                }
                for building, entrance in ((cls.building, "1"), (cls.building.browse(), False))
            ]
        )
        cls.secrets = {door: door._make_secret() for door in (cls.door, cls.site_door)}

    def scan(self, token, door=None, message_id=None, **values):
        """Hold a code to a door.

        :return: (whether it opens, the reason)
        """
        door = door or self.door
        self.number = getattr(self, "number", 0) + 1
        value = {"message_id": message_id or self.number, "token": token, **values}
        answer = self.ask("events", value, gate=door, secret=self.secrets[door]).json()
        self.env.invalidate_all()
        return answer["open"], answer["reason"]

    def code(self, one=None):
        """Return what the QR code of a pass says."""
        return (one or self.one)._qr_text()

    def events(self, door=None):
        return self.env["property.gate.event"].search([("gate_id", "=", (door or self.door).id)])

    def test_a_visitor_with_a_valid_code_comes_in_and_the_household_hears_of_it(self):
        self.assertEqual(self.scan(self.code()), (True, "visitor"))
        visit = self.one.visit_ids
        self.assertEqual((visit.method, visit.gate, visit.problem), ("door", "Door 3-1", False))
        self.assertEqual((self.one.use_count, self.events().visit_id), (1, visit))
        self.assertIn("has arrived", self.one.message_ids[0].body)

    def test_every_form_of_the_code_counts(self):
        link, signed = self.code(self.new_pass(uses_max=0)).split("#")
        one = self.passes.search([], limit=1, order="id desc")
        for token in (f"{link}#{signed}", link, signed, one.sudo().token, one.sudo().code):
            with self.subTest(token):
                self.assertEqual(self.scan(token), (True, "visitor"))

    def test_the_same_message_again_uses_the_pass_once(self):
        for _time in range(3):
            self.assertEqual(self.scan(self.code(), message_id="again"), (True, "visitor"))
        self.assertEqual((self.one.use_count, len(self.events())), (1, 1))

    def test_one_visit_leads_through_the_gate_of_the_site_and_the_entrance(self):
        self.assertEqual(self.scan(self.code(), self.site_door), (True, "visitor"))
        self.assertEqual(self.scan(self.code(), self.door), (True, "visitor"))
        self.assertEqual(self.one.use_count, 1)

    def test_whom_the_guard_has_let_in_opens_the_entrance_without_a_second_use(self):
        self.enter(self.one, minutes=-5)
        self.assertEqual(self.scan(self.code()), (True, "visitor"))
        self.assertEqual(self.one.use_count, 1)

    def test_a_visit_of_hours_ago_that_nobody_ended_lets_nobody_in(self):
        self.enter(self.one, minutes=-55)
        self.one.visit_ids.entered_at -= timedelta(hours=2)
        self.assertEqual(self.scan(self.code()), (False, "used_up"))

    def test_a_clock_that_is_a_little_slow_makes_no_pass_count_longer(self):
        self.one.revoked_at = fields.Datetime.now() - timedelta(minutes=1)
        slow = iso(fields.Datetime.now() - timedelta(minutes=4))
        self.assertEqual(self.scan(self.code(), time=slow), (False, "revoked"))

    def test_a_code_passed_on_to_somebody_else_opens_the_same_door_no_second_time(self):
        self.scan(self.code())
        self.assertEqual(self.scan(self.code()), (True, "visitor"), "he did not pull in time")
        for event in self.events():
            event.at -= timedelta(minutes=3)
        self.assertEqual(self.scan(self.code()), (False, "used_up"))
        self.assertEqual(self.one.use_count, 1)

    def test_a_pass_for_any_number_of_times_begins_a_new_visit_at_the_same_door(self):
        often = self.new_pass(uses_max=0)
        self.scan(self.code(often))
        self.events().at -= timedelta(minutes=3)
        self.assertEqual(self.scan(self.code(often)), (True, "visitor"))
        self.assertEqual(often.use_count, 2)

    def test_who_does_not_come_in_is_a_record_with_its_reason_and_uses_nothing(self):
        hour = timedelta(hours=1)
        early = self.new_pass(valid_from=self.now + hour, valid_to=self.now + 2 * hour)
        revoked = self.new_pass()
        revoked.action_revoke()
        waiting, refused = self.new_pass(), self.new_pass()
        waiting.sudo().approval, refused.sudo().approval = "waiting", "refused"
        late = self.new_pass(issue=False, valid_from=self.now - 3 * hour, valid_to=self.now - hour)
        late.sudo().issued_at = self.now - 3 * hour
        banned = self.new_pass(phone="13000001234")
        self.new_ban()
        passes = {
            "early": early,
            "revoked": revoked,
            "waiting": waiting,
            "refused": refused,
            "expired": late,
            "banned": banned,
            "draft": self.new_pass(issue=False),
        }
        for reason, one in passes.items():
            with self.subTest(reason):
                self.assertEqual(self.scan(self.code(one)), (False, reason))
                self.assertFalse(one.visit_ids)
                event = self.events()[0]
                self.assertEqual((event.pass_id, event.reason), (one, reason))

    def test_a_door_opens_for_visitors_of_its_own_units_only(self):
        self.door.entrance = "2"
        self.assertEqual(self.scan(self.code()), (False, "elsewhere"))
        self.assertEqual(self.scan(self.code(), self.site_door), (True, "visitor"))

    def test_a_door_that_is_not_for_visitors_opens_for_none(self):
        self.assertFalse(self.env["property.gate"].new({"kind": "door"}).is_for_visitors)
        self.door.is_for_visitors = False
        self.assertEqual(self.scan(self.code()), (False, "no_visitors"))

    def test_a_kind_that_has_to_see_the_guard_opens_no_door(self):
        rule = {"site_id": self.site.id, "kind": "visitor", "opens_doors": False}
        self.env["property.visitor.rule"].create(rule)
        self.assertEqual(self.scan(self.code()), (False, "guard"))

    def test_a_pass_of_another_site_is_refused_and_not_named(self):
        foreign = self.new_pass(unit_id=self.other_unit.id, partner_id=False)
        self.assertEqual(self.scan(self.code(foreign)), (False, "foreign"))
        self.assertFalse(self.events().pass_id)
        self.assertEqual(self.scan(foreign.sudo().code), (False, "unknown"))

    def test_a_signature_of_nobody_is_refused(self):
        link, signed = self.code().split("#")
        other = self.code(self.new_pass()).split("#")[1]
        forged = ("A" if signed[30] != "A" else "B").join((signed[:30], signed[31:]))
        self.assertEqual(self.scan(f"{link}#{forged}"), (False, "forged"))
        self.assertEqual(self.scan(f"{link}#{other}"), (False, "forged"))
        self.assertEqual(self.scan(forged), (False, "unknown"))
        self.assertFalse(self.one.visit_ids)

    def test_the_code_of_an_item_release_opens_no_door(self):
        text = self.code(self.new_release())
        self.assertEqual(self.scan(text), (False, "unknown"))
        self.assertEqual(self.scan(text.split("#")[1]), (False, "unknown"))

    def test_codes_that_are_typed_are_limited_for_each_door(self):
        for number in range(10):
            self.assertEqual(self.scan(f"1000000{number}"), (False, "unknown"))
        right = self.one.sudo().code
        self.assertEqual(self.scan(right), (False, "blocked"))
        self.assertEqual(self.scan(right, self.site_door), (True, "visitor"), "another door")
        self.assertEqual(self.scan(self.code()), (True, "visitor"), "scanned codes count")
        guard = self.env["property.visitor.attempt"].with_user(self.users["guard"])
        self.assertFalse(guard._is_blocked(self.site))

    def test_a_live_message_that_comes_much_later_opens_nothing(self):
        before = iso(fields.Datetime.now() - timedelta(minutes=20))
        self.assertEqual(self.scan(self.code(), time=before), (False, "late"))
        self.assertFalse(self.one.visit_ids)

    def test_who_leaves_by_the_door_of_the_site_has_left(self):
        self.scan(self.code(), self.site_door)
        self.scan(self.code(), self.door)
        self.assertEqual(self.scan(self.code(), self.door, direction="out"), (True, "visitor"))
        self.assertFalse(self.one.visit_ids.left_at, "he is still on the site")
        self.one.revoked_at = self.now
        self.assertEqual(self.scan(self.code(), self.site_door, direction="out"), (True, "visitor"))
        self.assertEqual(self.one.visit_ids.state, "left")
        self.assertEqual(self.scan(self.code(), self.site_door, direction="out"), (False, "guard"))

    def test_who_came_by_himself_and_is_not_seen_leaving_is_nobody_who_stays_too_long(self):
        self.scan(self.code())
        visit = self.one.visit_ids
        visit.due_at = self.now - timedelta(hours=1)
        self.assertEqual(visit.state, "unseen")
        for state, expected in (("unseen", visit), ("overstay", visit.browse())):
            domain = [("id", "=", visit.id), ("state", "=", state)]
            self.assertEqual(self.visits.search(domain), expected)

    # -- what a door did while it was offline

    def upload(self, *rows):
        """Send what a door has kept; the answers' ``open`` is of no use to it."""
        body = {"source": "upload", "events": list(rows)}
        answer = self.ask("events", body, gate=self.door, secret=self.secrets[self.door])
        self.env.invalidate_all()
        return answer

    def row(self, message_id, minutes, token=None, **values):
        at = iso(self.now + timedelta(minutes=minutes))
        return {"message_id": message_id, "token": token or self.code(), "time": at, **values}

    def test_scans_of_a_door_that_was_offline_are_merged_once(self):
        rows = [self.row("a", -30, opened=True), self.row("b", -20, opened=True)]
        for _time in range(2):
            answer = self.upload(*rows)
            self.assertFalse(any(one["open"] for one in answer.json()["results"]))
        self.assertEqual([e.at for e in self.events()], [self.at(-20), self.at(-30)])
        first, second = self.one.visit_ids.sorted("entered_at")
        self.assertEqual((first.entered_at, first.problem), (self.at(-30), False))
        self.assertEqual((second.entered_at, second.problem), (self.at(-20), "used_up"))

    def at(self, minutes):
        return self.now + timedelta(minutes=minutes)

    def test_what_an_offline_door_let_in_against_our_word_is_kept_as_it_was(self):
        self.one.revoked_at = self.at(-50)
        self.upload(self.row("a", -30, opened=True), self.row("b", -29, opened=False))
        refused, opened = self.events()
        self.assertEqual((opened.is_open, opened.reason), (True, "revoked"))
        self.assertEqual((refused.is_open, refused.reason), (False, "revoked"))
        self.assertEqual(self.one.visit_ids.problem, "revoked")

    def test_a_pass_that_counted_then_is_judged_as_of_then(self):
        self.one.revoked_at = self.at(-10)
        self.upload(self.row("a", -30))
        self.assertEqual((self.events().reason, self.events().is_open), ("visitor", True))

    def test_two_doors_told_out_of_order_are_one_visit(self):
        self.scan(self.code(), self.site_door)
        self.upload(self.row("a", -4))
        self.assertEqual((self.one.use_count, self.one.visit_ids.entered_at), (1, self.at(-4)))

    def test_a_list_with_a_wrong_row_is_refused_as_a_whole(self):
        answer = self.upload(self.row("a", -30), {"message_id": "b"})
        self.assertEqual((answer.status_code, answer.json()["error"]["passage"]), (422, 1))
        for rows in ([], [3], [self.row(n, -1) for n in range(201)]):
            self.assertEqual(self.upload(*rows).status_code, 422)
        wrong = (
            {"direction": "up"},
            {"source": "later"},
            {"source": ["upload"]},
            {"token": "x" * 601},
        )
        for values in wrong:
            self.assertEqual(self.upload(self.row("c", -1) | values).status_code, 422, values)
        self.assertFalse(self.events())

    # -- who reads it

    def test_a_guard_reads_whose_code_it_was(self):
        self.scan(self.code())
        event = self.events().with_user(self.users["guard"])
        self.assertEqual((event.pass_id.name, event.reason), ("Lao Wang", "visitor"))

    def test_the_simulator_holds_a_code_to_a_door(self):
        self.site_door.driver = "simulator"
        simulator = self.env["property.gate.simulator"].with_user(self.users["guard"])
        places = simulator.start()
        self.assertEqual([one["key"] for one in places], [f"door-{self.site_door.id}"])
        asked = simulator.swipe(self.site_door.id, self.code(), False)
        answer = self.url_open(
            asked["path"], data=asked["body"].encode(), headers=asked["headers"]
        ).json()
        self.assertTrue(answer["open"])

    def test_the_door_says_its_words_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        value = {"message_id": 1, "token": self.code()}
        answer = self.ask("events", value, gate=self.door, secret=self.secrets[self.door]).json()
        self.assertEqual(answer["display"], ["欢迎光临"])
