"""What comes late, twice or at the same second is billed as if it had come in time, and once."""

import random
from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ParkingCommon, utc

MUCH_LATER = "2026-03-02 19:00"


@tagged("post_install", "-at_install")
class TestLateMessages(ParkingCommon):
    def setUp(self):
        super().setUp()
        self.second = self.new_vehicle("浙A22222")

    def late(self, lane, at, plate="浙A8K888"):
        """Let a controller tell in March what it saw in February, while it was offline."""
        return self.drive(lane, at, plate, source="upload", received_at=utc(MUCH_LATER))

    def test_an_earlier_car_that_left_without_a_network_made_room_when_it_left(self):
        self.new_card(self.vehicle | self.second, kind="owner_space")
        self.drive(self.lane_in, "2026-02-02 08:00")
        other = self.drive(self.lane_in, "2026-02-02 09:00", "浙A22222").session_id
        self.drive(self.lane_out, "2026-02-02 18:00", "浙A22222")
        self.assertEqual((other.covered_minutes, other.amount), (0, 30))
        self.late(self.lane_out, "2026-02-02 11:00")
        self.assertEqual((other.covered_minutes, other.amount), (7 * 60, 10))

    def test_a_voided_stay_gives_its_space_to_the_next_car(self):
        self.new_card(self.vehicle | self.second, kind="owner_space")
        wrong = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        other = self.drive(self.lane_in, "2026-02-02 09:00", "浙A22222").session_id
        self.drive(self.lane_out, "2026-02-02 18:00", "浙A22222")
        wrong.action_void()
        self.assertEqual(other.amount, 0)

    def test_a_booked_stay_keeps_its_fee_whatever_comes_late(self):
        self.new_card(self.vehicle | self.second, kind="owner_space")
        self.drive(self.lane_in, "2026-02-02 08:00")
        other = self.drive(self.lane_in, "2026-02-02 09:00", "浙A22222").session_id
        self.drive(self.lane_out, "2026-02-02 18:00", "浙A22222")
        other.is_settled = True
        self.late(self.lane_out, "2026-02-02 11:00")
        self.assertEqual(other.amount, 30)

    def test_time_in_the_inner_area_that_is_told_late_is_not_charged_outside(self):
        way_in, way_out = self.new_lanes(self.inner)
        self.new_tariff(self.inner, price=1)
        outer = self.stay("2026-02-02 08:00", "2026-02-02 12:00")
        self.assertEqual(outer.amount, 20)
        self.late(way_in, "2026-02-02 08:30")
        inner = self.late(way_out, "2026-02-02 11:30").session_id
        self.assertEqual((outer.amount, inner.amount), (10, 3))

    def test_of_two_cars_that_come_in_the_same_second_one_has_the_space(self):
        self.new_card(self.vehicle | self.second, kind="owner_space")
        stays = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        stays |= self.drive(self.lane_in, "2026-02-02 08:00", "浙A22222").session_id
        self.drive(self.lane_out, "2026-02-02 10:00")
        self.drive(self.lane_out, "2026-02-02 12:00", "浙A22222")
        self.assertEqual(stays.mapped("amount"), [0, 10])

    def test_cars_that_share_spaces_are_billed_by_the_minute_in_any_order_of_messages(self):
        """Whoever came first stands in the spaces: found by looking into the yard each minute."""
        for seed in range(6):
            rng = random.Random(seed)  # noqa: S311 - no secret
            spaces, cars, trips, messages = rng.choice((1, 2)), [], [], []
            for number in range(rng.choice((3, 4))):
                cars.append(self.new_vehicle(f"浙E{seed}{number}000"))
                clock = rng.randrange(30)
                for _trip in range(rng.choice((1, 2))):
                    clock += rng.randrange(1, 300) * 7 + number  # no two come in the same minute
                    leave = clock + rng.randrange(1, 400) * 7 + number
                    trips.append((clock, leave, cars[-1].plate))
                    messages += [(self.lane_in, clock), (self.lane_out, leave)]
                    clock = leave
            self.new_card(self.env["property.vehicle"].union(*cars), space_count=spaces)
            plates = [plate for _in, _out, plate in trips for _message in "io"]
            told = [(*one, plate) for one, plate in zip(messages, plates, strict=True)]
            rng.shuffle(told)
            for lane, minute, plate in told:
                at = utc("2026-02-02 00:00") + timedelta(minutes=minute)
                self.late(lane, str(at + timedelta(hours=8)), plate)
            for trip in trips:
                start, end, plate = trip
                earlier = [one for one in trips if one[0] < start]
                covered = sum(
                    sum(begin <= minute < leave for begin, leave, _plate in earlier) < spaces
                    for minute in range(start, end)
                )
                entered = utc("2026-02-02 00:00") + timedelta(minutes=start)
                stay = self.env["property.parking.session"].search(
                    [("plate", "=", plate), ("entered_at", "=", entered), ("state", "=", "left")]
                )
                with self.subTest(seed=seed, trip=trip):
                    self.assertEqual((stay.minutes, stay.covered_minutes), (end - start, covered))


@tagged("post_install", "-at_install")
class TestOddMessages(ParkingCommon):
    def kinds(self, passage):
        return passage.anomaly_ids.mapped("kind")

    def test_a_car_that_leaves_after_a_voided_stay_is_seen(self):
        self.drive(self.lane_in, "2026-02-02 08:00").session_id.action_void()
        leaving = self.drive(self.lane_out, "2026-02-02 10:00")
        self.assertEqual((leaving.session_id.state, self.kinds(leaving)), ("left", ["missed_in"]))
        again = self.drive(self.lane_in, "2026-02-02 11:00")
        self.assertEqual((again.session_id.state, self.kinds(again)), ("inside", []))

    def test_a_message_that_comes_again_after_the_guard_has_mended_its_plate_is_no_other_one(self):
        guard = self.new_staff("late.guard", self.new_job("guard"), self.site)
        read = {"plate": "浙A8K88B", "confidence": 60, "key": "k"}
        passage = self.drive(self.lane_in, "2026-02-02 08:00", **read)
        passage.with_user(guard).action_confirm("浙A8K888")
        self.assertEqual(self.drive(self.lane_in, "2026-02-02 08:00", **read), passage)
        self.assertEqual(self.kinds(passage), ["replay"])

    def test_a_message_without_a_time_may_come_again(self):
        passage = self.drive(self.lane_in, "2026-02-02 08:00", key="k")
        read = {"key": "k", "plate": "浙A8K888"}
        self.env["property.parking.passage"]._take(self.lane_in, [read])
        self.assertEqual(self.kinds(passage), ["replay"])

    def test_a_plate_that_is_misread_on_the_way_out_goes_to_the_guard(self):
        stay = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        passage = self.drive(self.lane_out, "2026-02-02 10:00", "浙A8K88B", confidence=40)
        self.assertEqual((passage.action, passage.reason), ("confirm", "not_sure"))
        self.assertEqual((passage.candidates, stay.state), ("浙A8K888", "inside"))
        guard = self.new_staff("out.guard", self.new_job("guard"), self.site)
        with self.assertRaisesRegex(UserError, "Enter the plate"):
            passage.with_user(guard).action_confirm("· -")
        passage.with_user(guard).action_confirm("浙A8K888")
        self.assertEqual((passage.action, stay.state, stay.amount), ("open", "left", 10))

    def test_who_is_inside_or_like_nobody_inside_leaves_however_badly_he_is_read(self):
        for plate in ("浙A8K888", "浙C55555"):
            self.drive(self.lane_in, "2026-02-02 08:00", plate)
        for plate in ("浙A8K888", "苏F00001"):
            passage = self.drive(self.lane_out, "2026-02-02 10:00", plate, confidence=40)
            self.assertEqual(passage.action, "open", plate)

    def test_a_free_day_is_the_day_on_which_its_coupon_is_used(self):
        coupon = self.env["property.parking.coupon"].create(
            {
                "site_id": self.site.id,
                "kind": "day",
                "date_from": "2020-01-01",
                "date_to": "2099-12-31",
            }
        )
        now = self.area._local(datetime.now())
        stay = self.drive(self.lane_in, str(now.replace(microsecond=0))).session_id
        coupon._use(stay)
        self.assertEqual(coupon._values().day, self.area._local(datetime.now()).date())
        copy = coupon.copy()
        self.assertFalse(copy.used_on)


@tagged("post_install", "-at_install")
class TestSummerTime(ParkingCommon):
    """A stay is charged by the clock on the wall when it began."""

    def minutes_and_fee(self, entry, leave):
        self.area.site_id.tz = "Europe/Berlin"
        passages = self.env["property.parking.passage"]
        for lane, at in ((self.lane_in, entry), (self.lane_out, leave)):
            moment = datetime.fromisoformat(at)
            read = {"key": at, "plate": "B 1", "at": moment, "received_at": moment}
            stay = passages._take(lane, [read]).session_id
        return stay.minutes, stay.amount

    def test_the_hour_that_comes_twice_is_charged_once(self):
        fee = self.minutes_and_fee("2026-10-25 00:50", "2026-10-25 01:20")
        self.assertEqual(fee, (30, 5))

    def test_the_hour_that_does_not_come_is_not_charged(self):
        fee = self.minutes_and_fee("2026-03-29 00:50", "2026-03-29 01:20")
        self.assertEqual(fee, (30, 5))

    def test_a_card_covers_a_night_that_has_an_hour_more(self):
        self.area.site_id.tz = "Europe/Berlin"
        self.new_card(self.new_vehicle("B1"))
        fee = self.minutes_and_fee("2026-10-24 20:00", "2026-10-25 08:00")
        self.assertEqual(fee, (720, 0))
