import base64
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import ExclusionViolation

from .patrol_common import PatrolCommon, local

HEAD = "设备号,卡号,打卡时间"


class WandCommon(PatrolCommon):
    """The guard has wand 7; the points have cards 101 to 103; a patrol is due at eleven."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wand = cls.env["property.patrol.wand"].create(
            {
                "name": "Wand of the Gate",
                "number": "007",
                "site_id": cls.site.id,
                "holder_ids": [
                    Command.create(
                        {"employee_id": cls.guard.id, "from_at": local("2026-03-01 00:00")}
                    )
                ],
            }
        )
        for number, point in enumerate(cls.route.checkpoint_ids, 1):
            point.wand_card = f"000000010{number}"
        cls.one = cls.new_round(local("2026-03-02 11:00"))

    @classmethod
    def load(cls, *rows, site=None, head=HEAD, encoding="gbk", **vals):
        """Load a file as the manager does."""
        text = "\r\n".join([head, *rows]) + "\r\n"
        return (
            cls.env["property.patrol.wand.file"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "wand.csv",
                    "site_id": (site or cls.site).id,
                    "content": base64.b64encode(text.encode(encoding)),
                    **vals,
                }
            )
        )

    def walk(self, *minutes):
        """Return rows of the three points, so many minutes after eleven."""
        return [f"7,10{card},2026/3/2 11:{minute:02d}:00" for card, minute in enumerate(minutes, 1)]

    def counts(self, file):
        file.invalidate_recordset()
        file.line_ids.invalidate_recordset()
        numbers = file.ready_count, file.taken_count, file.duplicate_count, file.refused_count
        self.assertEqual(sum(numbers), file.row_count)
        self.assertEqual(file.row_count, len(file.line_ids))
        return numbers

    def checkins(self):
        return self.env["inspection.checkin"].search([("method", "=", "reader")], order="id")


@tagged("post_install", "-at_install")
class TestPatrolWand(WandCommon):
    def test_a_file_is_shown_before_anything_counts(self):
        file = self.load(*self.walk(1, 5, 9))
        file.action_read()
        self.assertEqual((file.state, self.counts(file)), ("read", (3, 0, 0, 0)))
        self.assertEqual(file.line_ids.checkpoint_id, self.route.checkpoint_ids)
        self.assertFalse(self.checkins())

    def test_rows_become_check_ins_of_the_guard_on_the_patrol(self):
        file = self.load(*self.walk(1, 5, 9))
        file.action_take()
        self.assertEqual(self.counts(file), (0, 3, 0, 0))
        checkins = self.checkins()
        self.assertEqual(checkins.mapped("state"), ["valid"] * 3)
        self.assertEqual((checkins.employee_id, checkins.round_id), (self.guard, self.one))
        self.assertEqual(checkins[0].checked_at, local("2026-03-02 11:01"))
        self.assertEqual((self.one.state, self.one.coverage), ("done", 1))
        self.assertIn("3 rows = 3 taken + 0 known already + 0 not taken", file.message_ids[0].body)

    def test_the_same_file_twice_changes_nothing(self):
        rows = self.walk(1, 5, 9)
        self.load(*rows).action_take()
        before = self.checkins()
        again = self.load(*rows, encoding="utf-8", head="巡更棒号,信息钮号,时间")
        again.action_take()
        again.action_take()
        self.assertEqual((self.counts(again), self.checkins()), ((0, 0, 3, 0), before))

    def test_a_row_twice_in_a_file_counts_once(self):
        row = self.walk(1)[0]
        file = self.load(row, row, row)
        file.action_take()
        self.assertEqual((self.counts(file), len(self.checkins())), ((0, 1, 2, 0), 1))

    def test_a_known_reading_stays_known_when_its_wand_has_another_holder_by_now(self):
        rows = self.walk(1)
        self.load(*rows).action_take()
        self.wand.holder_ids.employee_id = self.spare
        again = self.load(*rows)
        again.action_take()
        self.assertEqual(
            (self.counts(again), self.checkins().employee_id), ((0, 0, 1, 0), self.guard)
        )

    def test_what_is_unknown_is_told_and_taken_after_mending(self):
        file = self.load(
            "9,101,2026-03-02 11:01", "7,999,2026-03-02 11:02", "7,102,2026-03-02 11:03", "7,103"
        )
        file.action_take()
        self.assertEqual(self.counts(file), (0, 1, 0, 3))
        for text in ("Wand 9 is not registered", "Card 999 is at no point", "too few columns"):
            self.assertIn(text, file.faults)
        self.wand.copy(
            {
                "number": "9",
                "holder_ids": [
                    Command.create(
                        {"employee_id": self.guard.id, "from_at": local("2026-03-01 00:00")}
                    )
                ],
            }
        )
        self.roof.wand_card = "999"
        file.action_take()
        self.assertEqual(self.counts(file), (0, 3, 0, 1))
        self.assertEqual(self.one.coverage, 1)

    def test_a_visit_belongs_to_whoever_had_the_wand(self):
        handover = local("2026-03-02 11:04")
        self.wand.holder_ids = [
            Command.create({"employee_id": self.leader.id, "from_at": handover}),
            Command.update(self.wand.holder_ids.id, {"to_at": handover}),
        ]
        self.load(*self.walk(1, 5, 9)).action_take()
        self.assertEqual(
            [checkin.employee_id for checkin in self.checkins()],
            [self.guard, self.leader, self.leader],
        )

    def test_a_time_when_nobody_had_the_wand_is_refused(self):
        self.wand.holder_ids.from_at = local("2026-03-02 11:04")
        file = self.load(*self.walk(1, 5))
        file.action_take()
        self.assertEqual(self.counts(file), (0, 1, 0, 1))
        self.assertIn("enter who holds it", file.faults)

    @mute_logger("odoo.sql_db")
    def test_a_wand_is_in_one_hand_at_a_time(self):
        with self.assertRaises(ExclusionViolation):
            self.wand.holder_ids.copy({"employee_id": self.spare.id})

    def test_the_error_of_the_wand_s_clock_is_taken_off(self):
        self.wand.clock_offset = 90
        self.load(*self.walk(2)).action_take()
        checkin = self.checkins()
        self.assertEqual(checkin.checked_at, local("2026-03-02 11:00") + timedelta(seconds=30))
        self.assertEqual(checkin.device_at, local("2026-03-02 11:02"))

    def test_one_card_serves_the_routes_that_pass_it(self):
        other = self.new_route("Night Round", self.site, points=("Gate",))
        other.checkpoint_ids.wand_card = "101"
        night = self.new_round(local("2026-03-02 01:00"), route=other)
        self.load("7,101,2026-03-02 01:10", *self.walk(1)).action_take()
        self.assertEqual(self.checkins().mapped("round_id"), night | self.one)

    def test_a_visit_far_from_all_patrols_is_refused(self):
        file = self.load("7,101,2026-03-02 05:00")
        file.action_take()
        self.assertIn("No patrol of Ground Floor", file.faults)

    def test_a_visit_late_for_its_patrol_is_kept_and_marked(self):
        early = self.new_round(local("2026-03-02 08:00"))
        self.load("7,101,2026-03-02 09:30").action_take()
        self.assertEqual(self.checkins().flag_ids.mapped("code"), ["late"])
        self.assertEqual((self.checkins().round_id, early.coverage), (early, 0))

    def test_a_time_in_the_future_is_refused(self):
        file = self.load("7,101,2027-03-02 11:01")
        file.action_take()
        self.assertIn("check the clock", file.faults)

    def test_what_a_wand_tells_takes_the_alarm_back(self):
        self.one._raise_alarms()
        alarm = self.one.alarm_ids
        self.assertEqual(alarm.state, "open")
        self.load(*self.walk(1, 5, 9)).action_take()
        self.assertEqual(alarm.state, "explained")

    def test_a_wand_of_another_site_is_unknown_here(self):
        self.wand.with_user(self.env.user).write({"site_id": self.other_site.id})
        file = self.load(*self.walk(1))
        file.action_take()
        self.assertIn("not registered on this site", file.faults)

    def test_a_file_that_was_read_keeps_its_content(self):
        file = self.load(*self.walk(1))
        file.action_read()
        with self.assertRaises(UserError):
            file.content = base64.b64encode(b"1,2,3")
        with self.assertRaises(UserError):
            file.with_user(self.users["director"]).site_id = self.other_site
        with self.assertRaises(AccessError):
            file.state = "draft"

    def test_what_is_no_file_of_a_wand_is_refused_with_a_reason(self):
        for content in (b"PK\x03\x04\x00\x00", b"", b"\n\n"):
            file = self.load()
            file.content = base64.b64encode(content) or False
            with self.subTest(content), self.assertRaises(UserError):
                file.action_read()

    def test_a_manager_loads_no_file_for_a_foreign_site(self):
        with self.assertRaises(AccessError):
            self.load(*self.walk(1), site=self.other_site)

    def test_guards_take_no_files(self):
        file = self.load(*self.walk(1))
        for role in ("guard", "engineer", "service"):
            with self.subTest(role), self.assertRaises(AccessError):
                file.with_user(self.users[role]).action_take()

    def test_reading_many_rows_needs_as_many_queries_as_reading_one(self):
        rows = [f"7,101,2026-03-02 11:05:{second:02d}" for second in range(60)]
        self.load(rows[0]).action_read()
        one = self.count_queries(self.load(rows[0]).action_read)
        file = self.load(*rows)
        self.assertLess(self.count_queries(file.action_read), one + 10)
        self.assertEqual(file.ready_count, 60)
