from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from psycopg2 import IntegrityError

from .common import HERE, NOW, InspectionCommon

PHOTO = b"\x89PNG\r\n\x1a\nphoto"


@tagged("post_install", "-at_install")
class TestCheckins(InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round = cls.new_round()

    def test_a_check_in_counts_and_begins_the_round(self):
        checkin = self.check(self.round, self.gate, 2)
        self.assertEqual((checkin.state, self.flags(checkin)), ("valid", set()))
        self.assertEqual(self.round.started_at, NOW + timedelta(minutes=2))
        self.assertEqual(self.round.employee_id, self.inspector)
        self.assertEqual((self.round.valid_count, self.round.required_count), (1, 3))
        self.assertAlmostEqual(self.round.coverage, 1 / 3)
        self.assertEqual(self.round.missing_ids, self.pump | self.roof)

    def test_the_same_point_twice_counts_once(self):
        self.check(self.round, self.gate)
        self.check(self.round, self.gate, 5)
        self.assertEqual(self.round.valid_count, 1)

    def test_a_round_requires_the_points_of_when_it_began(self):
        self.check(self.round, self.gate)
        point = self.env["inspection.checkpoint"].create({"name": "New", "route_id": self.route.id})
        self.check(self.round, point)
        self.assertEqual((self.round.valid_count, self.round.required_count), (1, 3))

    # -- taken once

    def test_the_same_again_is_accepted_once(self):
        sent = self.sent(self.round, self.gate, contents=PHOTO)
        take = self.env["inspection.checkin"]._take
        [(first, status)] = take([sent])
        later = {**sent, "received_at": NOW + timedelta(days=1), "clock_skew": 5}
        [(again, repeated)] = take([later])
        self.assertEqual((first, status, repeated), (again, "accepted", "repeated"))
        self.assertEqual(len(self.round.checkin_ids), 1)
        self.assertFalse(self.flags(first), "its own photo is no duplicate")

    def test_other_content_under_the_same_number_is_kept_for_a_human(self):
        sent = self.sent(self.round, self.gate)
        take = self.env["inspection.checkin"]._take
        [(first, _status)] = take([sent])
        other = {**sent, "checkpoint": self.roof, "code": self.roof.code}
        [(second, status)] = take([other])
        [(again, _status)] = take([other])
        self.assertEqual((status, second, second.conflict_of_id), ("conflict", again, first))
        self.assertEqual((second.state, self.round.valid_count), ("conflict", 1))
        self.assertEqual(self.round.flagged_count, 1)

    def test_many_at_once_are_told_apart_like_one_by_one(self):
        one, two = self.sent(self.round, self.gate), self.sent(self.round, self.pump, 9)
        other = {**one, "note": "different"}
        taken = self.env["inspection.checkin"]._take([one, two, dict(one), other])
        statuses = [status for _checkin, status in taken]
        self.assertEqual(statuses, ["accepted", "accepted", "repeated", "conflict"])
        self.assertEqual(len(self.round.checkin_ids), 3)

    def test_the_database_takes_a_number_once(self):
        checkin = self.check(self.round, self.gate)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            checkin.copy({"digest": "other"})

    # -- judged

    def test_far_from_the_point_is_flagged(self):
        self.gate.write(
            {"has_position": True, "latitude": HERE[0], "longitude": HERE[1], "radius": 50}
        )
        near = self.check(self.round, self.gate, latitude=HERE[0], longitude=HERE[1], accuracy=8)
        far = self.check(self.round, self.gate, 1, latitude=31.3, longitude=HERE[1], accuracy=8)
        unknown = self.check(self.round, self.gate, 2)
        vague = self.check(
            self.round, self.gate, 3, latitude=HERE[0], longitude=HERE[1], accuracy=900
        )
        self.assertEqual((near.state, self.flags(near)), ("valid", set()))
        self.assertEqual((far.state, self.flags(far)), ("flagged", {"outside_radius"}))
        self.assertGreater(far.distance, 7000)
        self.assertEqual((unknown.state, self.flags(unknown)), ("valid", {"no_position"}))
        self.assertEqual((vague.state, self.flags(vague)), ("valid", {"imprecise"}))

    def test_by_hand_is_marked_and_counts(self):
        checkin = self.check(self.round, self.gate, method="manual", code="")
        self.assertEqual((checkin.state, self.flags(checkin)), ("valid", {"weak_method"}))

    def test_another_label_or_none_is_flagged(self):
        self.gate.nfc_uid = "04:a2:2b:1c"
        for values, is_wrong in (
            ({"code": self.roof.code}, True),
            ({"code": ""}, True),
            ({"code": f"https://x.example/field/?c={self.gate.code.lower()}"}, False),
            ({"method": "nfc", "code": "", "nfc": "04 A2 2B 1C"}, False),
            ({"method": "nfc", "code": "", "nfc": "04 A2 2B 1D"}, True),
            ({"method": "reader", "code": ""}, False),
        ):
            with self.subTest(values):
                checkin = self.check(self.round, self.gate, **values)
                self.assertEqual("wrong_code" in self.flags(checkin), is_wrong)

    def test_too_early_and_too_late_are_flagged(self):
        early = self.check(self.round, self.gate, -11)
        late = self.check(self.round, self.roof, 61)
        self.assertEqual((self.flags(early), self.flags(late)), ({"early"}, {"late"}))
        self.assertEqual(self.round.valid_count, 0)

    def test_a_clock_that_is_three_days_ahead_is_corrected_and_marked(self):
        checkin = self.check(
            self.round,
            self.gate,
            device_at=NOW + timedelta(days=3, minutes=5),
            received_at=NOW + timedelta(minutes=6),
            clock_skew=3 * 86400,
        )
        self.assertEqual(checkin.checked_at, NOW + timedelta(minutes=5))
        self.assertEqual((checkin.state, self.flags(checkin)), ("valid", {"clock"}))

    def test_a_photo_that_was_used_before_is_flagged(self):
        first = self.check(self.round, self.gate, contents=PHOTO)
        second = self.check(self.new_round(), self.roof, contents=PHOTO)
        self.assertEqual(self.flags(first), set())
        self.assertEqual((second.state, self.flags(second)), ("flagged", {"duplicate_photo"}))
        self.assertEqual(second.photo_ids.sha256, first.photo_ids.sha256)

    def test_a_photo_used_twice_in_one_go_is_flagged(self):
        one = self.sent(self.round, self.gate, contents=PHOTO)
        two = self.sent(self.round, self.pump, 9, contents=PHOTO)
        checkins = self.take(one, two)
        self.assertEqual(self.flags(checkins[0]), set())
        self.assertEqual(self.flags(checkins[1]), {"duplicate_photo"})

    def test_faster_than_anybody_walks_is_flagged(self):
        self.route.minutes, self.roof.minutes = 4, 10
        checkins = self.take(
            self.sent(self.round, self.gate, 0),
            self.sent(self.round, self.pump, 2),
            self.sent(self.round, self.roof, 6),
        )
        flags = [self.flags(checkin) for checkin in checkins]
        self.assertEqual(flags, [set(), set(), {"too_fast"}])

    def test_out_of_order_is_flagged_on_a_strict_route_only(self):
        for is_strict, wanted in ((False, set()), (True, {"out_of_order"})):
            self.route.is_strict = is_strict
            one = self.new_round()
            self.check(one, self.roof, 1)
            self.assertEqual(self.flags(self.check(one, self.gate, 9)), wanted)

    def test_a_late_delivery_does_not_make_others_out_of_order(self):
        self.route.is_strict = True
        second = self.check(self.round, self.pump, 9)
        first = self.check(self.round, self.gate, 1)
        self.assertFalse(self.flags(first | second))

    def test_a_late_delivery_changes_the_judgement_of_those_that_came_before(self):
        self.route.is_strict = True
        gate = self.check(self.round, self.gate, 9)
        self.assertEqual(gate.state, "valid")
        self.check(self.round, self.roof, 1)
        self.assertEqual((gate.state, self.flags(gate)), ("flagged", {"out_of_order"}))
        self.assertEqual(self.round.valid_count, 1)

    def test_somebody_else_than_the_assigned_is_flagged(self):
        self.round.employee_ids = self.other
        self.assertEqual(self.flags(self.check(self.round, self.gate)), {"stranger"})

    def test_a_required_answer_or_photo_that_is_missing_is_flagged(self):
        self.gate.item_ids = [
            Command.create({"name": "Locked?", "needs_photo": True}),
            Command.create({"name": "Remarks", "item_type": "text", "is_required": False}),
        ]
        item = self.gate.item_ids[0]
        answer = {"item": item, "value": True, "note": "", "files": []}
        none = self.check(self.round, self.gate)
        no_photo = self.check(self.round, self.gate, 1, results=[answer])
        [digest] = self.sent(self.round, self.gate, contents=PHOTO)["files"]
        whole = self.check(
            self.round,
            self.gate,
            2,
            results=[{**answer, "files": [digest]}],
            contents=PHOTO,
            files=[],
        )
        self.assertEqual(self.flags(none), {"results_missing"})
        self.assertEqual(self.flags(no_photo), {"results_missing"})
        self.assertEqual(self.flags(whole), set())
        self.assertEqual(whole.result_ids.photo_ids, whole.photo_ids)

    # -- decided

    def decide(self, checkin, decision, reason="Seen on camera", role="planner"):
        wizard = self.env["inspection.checkin.review"].with_user(self.users[role])
        values = {"checkin_ids": checkin.ids, "decision": decision, "reason": reason}
        wizard.create(values).action_decide()

    def test_a_planner_accepts_a_flagged_one_and_says_why(self):
        checkin = self.check(self.round, self.gate, 61)
        self.assertEqual((self.round.valid_count, self.round.flagged_count), (0, 1))
        self.decide(checkin, "accepted")
        self.assertEqual((checkin.state, checkin.decided_by_id), ("valid", self.users["planner"]))
        self.assertEqual((self.round.valid_count, self.round.flagged_count), (1, 0))
        self.assertIn("Seen on camera", self.round.message_ids[0].body)

    def test_a_planner_rejects_a_valid_one(self):
        checkin = self.check(self.round, self.gate)
        self.decide(checkin, "rejected")
        self.assertEqual((checkin.state, self.round.valid_count), ("rejected", 0))

    def test_a_decision_stays_when_others_are_judged_anew(self):
        checkin = self.check(self.round, self.gate, 61)
        self.decide(checkin, "accepted")
        self.check(self.round, self.roof, 5)
        self.assertEqual(checkin.state, "valid")

    def test_an_accepted_conflict_begins_its_round_and_counts(self):
        sent, other = self.sent(self.round, self.gate), self.new_round()
        self.take(sent)
        conflict = self.take({**sent, "round": other})
        self.assertEqual((conflict.state, other.state), ("conflict", "open"))
        self.decide(conflict, "accepted")
        self.assertEqual((conflict.state, other.state), ("valid", "running"))
        self.assertEqual(other.valid_count, 1)

    def test_a_decision_needs_a_reason_and_the_right(self):
        checkin = self.check(self.round, self.gate, 61)
        with self.assertRaises(UserError):
            self.decide(checkin, "accepted", reason="  ")
        with self.assertRaises(AccessError):
            self.decide(checkin, "accepted", role="inspector")
        with self.assertRaises(AccessError):
            checkin.with_user(self.users["inspector"])._decide("accepted", "because")

    def test_nobody_changes_or_deletes_a_check_in(self):
        checkin = self.check(self.round, self.gate)
        manager = checkin.with_user(self.users["manager"])
        for change in (
            lambda: manager.write({"note": "x"}),
            lambda: manager.unlink(),
            lambda: manager.copy(),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_flag_has_a_name_for_every_word_of_the_kernels(self):
        known = self.env["inspection.flag"].search([])
        self.assertEqual(
            set(known.filtered("is_fault").mapped("code")),
            {"outside_radius", "out_of_order", "too_fast", "duplicate_photo", "wrong_code"}
            | {"early", "late", "results_missing", "stranger"},
        )
        self.assertEqual(
            set(known.mapped("code")) - set(known.filtered("is_fault").mapped("code")),
            {"weak_method", "no_position", "imprecise", "clock"},
        )

    def test_fifty_take_hardly_more_queries_than_two(self):
        counts = []
        for number in (2, 2, 50):  # the first fills caches
            one = self.new_round()
            sent = [self.sent(one, self.gate, minutes) for minutes in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.take(*sent)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
