from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ParkingCommon
from .visitor_common import VisitorCommon

PLATE = "浙A6V888"


@tagged("post_install", "-at_install")
class TestVisitorGate(VisitorCommon, ParkingCommon):
    """A pass with a plate is a booked visit at the gates, used once a stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.booked = cls.new_pass(plate=PLATE)
        cls.area.is_temporary_allowed = False

    def drive_by(self, lane, minutes=0, plate=PLATE, key=None):
        """Let a camera read a plate, minutes from now."""
        at = self.now + timedelta(minutes=minutes)
        read = {
            "key": key or f"{lane.direction}-{plate}-{minutes}",
            "plate": plate,
            "at": at,
            "received_at": at,
        }
        return self.env["property.parking.passage"]._take(lane, [read])

    def test_the_gate_opens_for_an_expected_car_and_the_visit_follows_its_stay(self):
        passage = self.drive_by(self.lane_in)
        self.assertEqual((passage.action, passage.reason), ("open", "visit"))
        visit = self.booked.visit_ids
        self.assertEqual((visit.session_id, visit.method), (passage.session_id, "car"))
        self.assertEqual((visit.gate, self.booked.use_count), (self.lane_in.name, 1))
        self.drive_by(self.lane_out, minutes=40)
        self.assertEqual(visit.left_at, self.now + timedelta(minutes=40))

    def test_a_plate_that_is_read_twice_uses_the_pass_once(self):
        self.drive_by(self.lane_in)
        again = self.env["property.parking.passage"]._take(
            self.lane_in,
            [
                {
                    "key": "again",
                    "plate": PLATE,
                    "at": self.now + timedelta(seconds=8),
                    "received_at": self.now + timedelta(seconds=8),
                }
            ],
        )
        self.drive_by(self.lane_in)  # the same message once more
        self.assertEqual((again.action, self.booked.use_count), ("open", 1))

    def test_a_second_stay_is_refused_when_the_pass_is_used_up(self):
        self.drive_by(self.lane_in)
        self.drive_by(self.lane_out, minutes=20)
        self.assertEqual(self.drive_by(self.lane_in, minutes=40).action, "refuse")

    def test_a_pass_for_many_times_counts_each_stay(self):
        self.booked.sudo().uses_max = 0
        for minutes in (0, 60):
            self.drive_by(self.lane_in, minutes)
            self.drive_by(self.lane_out, minutes + 20)
        self.assertEqual(self.booked.use_count, 2)

    def test_a_revoked_or_banned_car_is_not_expected(self):
        self.new_ban(phone=False, plate=PLATE)
        self.assertEqual(self.drive_by(self.lane_in).action, "refuse")
        self.env["property.visitor.ban"].search([("plate", "=", PLATE)]).action_lift()
        self.assertEqual(self.drive_by(self.lane_in, 1).action, "open")
        self.drive_by(self.lane_out, 30)
        other = self.new_pass(plate="浙A7V777")
        other.sudo().revoked_at = self.now - timedelta(minutes=1)
        self.assertEqual(self.drive_by(self.lane_in, plate="浙A7V777").action, "refuse")

    def test_a_car_of_another_site_is_not_expected(self):
        lane, _out = self.new_lanes(self.other_area)
        self.other_area.is_temporary_allowed = False
        self.assertEqual(self.drive_by(lane).action, "refuse")

    def test_the_cars_of_twenty_visitors_take_no_more_queries_than_one(self):
        for number in range(20):
            self.new_pass(plate=f"浙B{number:05d}")

        def count(numbers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cars = [(n, self.site, f"浙B{n:05d}", self.now) for n in numbers]
            self.assertEqual(len(self.passes._booked(cars)), len(numbers))
            return self.env.cr.sql_log_count - before

        count([0])
        self.assertLessEqual(count(range(20)), count([0]) + 1)

    def test_the_stay_shows_who_came_as_a_visitor(self):
        self.drive_by(self.lane_in)
        stay = self.booked.visit_ids.session_id
        self.assertEqual((stay.category, stay.state), ("visitor", "inside"))
        self.assertLessEqual(stay.started_at, fields.Datetime.now())
