import os
import random

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.pairing import pair
from .common import ParkingCommon, utc
from .test_pairing import noisy


@tagged("post_install", "-at_install")
class TestStays(ParkingCommon):
    def anomalies(self, plate="浙A8K888"):
        found = self.env["property.parking.anomaly"].search([("plate", "=", plate)])
        return sorted(found.mapped("kind"))

    def sessions(self, plate="浙A8K888"):
        return self.env["property.parking.session"].search(
            [("plate", "=", plate), ("area_id", "=", self.area.id)], order="started_at"
        )

    def test_a_stay_begins_at_the_way_in_and_is_charged_at_the_way_out(self):
        passage = self.drive(self.lane_in, "2026-02-02 08:00", "浙a·b1234 5")
        session = passage.session_id
        self.assertEqual((session.state, session.plate), ("inside", "浙AB12345"))
        self.assertEqual((session.category, session.vehicle_class), ("temporary", "new_energy"))
        self.assertEqual(self.area.inside_count, 1)
        self.drive(self.lane_out, "2026-02-02 10:30", "浙AB12345")
        self.assertEqual((session.state, session.amount, session.minutes), ("left", 15, 150))
        self.assertIn("3 × 60", session.explanation)
        self.assertFalse(self.anomalies("浙AB12345"))

    def test_a_registered_car_is_known_by_its_plate(self):
        session = self.stay("2026-02-02 08:00", "2026-02-02 10:00")
        self.assertEqual(session.vehicle_id, self.vehicle)
        self.assertEqual(session.unit_id, self.unit)

    def test_the_same_message_again_changes_nothing(self):
        first = self.drive(self.lane_in, "2026-02-02 08:00", key="m1")
        for _time in range(3):
            self.assertEqual(self.drive(self.lane_in, "2026-02-02 08:00", key="m1"), first)
        self.assertEqual(len(self.sessions()), 1)
        self.assertEqual(self.anomalies(), ["replay"])
        self.assertEqual(first.anomaly_ids.times, 3)

    def test_a_message_number_used_for_something_else_is_kept_for_a_person(self):
        first = self.drive(self.lane_in, "2026-02-02 08:00", key="m1")
        self.drive(self.lane_in, "2026-02-02 09:00", key="m1")
        self.assertEqual((first.at, self.anomalies()), (utc("2026-02-02 08:00"), ["conflict"]))

    def test_a_second_read_of_the_same_passage_makes_no_second_stay(self):
        self.drive(self.lane_in, "2026-02-02 08:00:00")
        self.drive(self.lane_in, "2026-02-02 08:00:12")
        self.assertEqual((len(self.sessions()), self.anomalies()), (1, ["duplicate"]))
        self.drive(self.lane_out, "2026-02-02 09:00:00")
        self.drive(self.lane_out, "2026-02-02 09:00:12")
        self.assertEqual(self.sessions().mapped("state"), ["left"])

    def test_a_missed_way_out_loses_the_old_stay_and_begins_a_new_one(self):
        self.drive(self.lane_in, "2026-02-02 08:00")
        self.drive(self.lane_in, "2026-02-03 08:00")
        self.assertEqual(self.sessions().mapped("state"), ["lost", "inside"])
        self.assertEqual(self.anomalies(), ["missed_out"])

    def test_a_way_out_that_comes_late_finds_its_stay(self):
        self.drive(self.lane_in, "2026-02-02 08:00")
        self.drive(self.lane_in, "2026-02-03 08:00")
        self.drive(self.lane_out, "2026-02-02 09:00", source="upload")
        self.assertEqual(self.sessions().mapped("state"), ["left", "inside"])
        self.assertEqual(self.sessions().mapped("amount"), [5, 0])
        self.assertFalse(self.anomalies())

    def test_a_way_in_that_comes_after_the_way_out_completes_the_stay(self):
        self.drive(self.lane_out, "2026-02-02 10:00")
        self.assertEqual((self.sessions().amount, self.anomalies()), (0, ["missed_in"]))
        self.drive(self.lane_in, "2026-02-02 08:00", source="upload")
        self.assertEqual((self.sessions().amount, self.anomalies()), (10, []))

    def test_an_upload_in_any_order_gives_the_same_stays_and_again_changes_nothing(self):
        days = [f"2026-02-{day:02d}" for day in range(2, 8)]
        reads = {
            self.lane_in: [
                {"key": f"in{day}", "plate": "浙B1", "at": utc(f"{day} 08:00"), "source": "upload"}
                for day in days
            ],
            self.lane_out: [
                {"key": f"out{day}", "plate": "浙B1", "at": utc(f"{day} 10:00"), "source": "upload"}
                for day in reversed(days)
            ],
        }
        for _time in range(2):
            for lane, rows in reads.items():
                self.env["property.parking.passage"]._take(lane, rows)
            self.assertEqual(self.sessions("浙B1").mapped("amount"), [10] * len(days))
        self.assertEqual(set(self.anomalies("浙B1")), {"replay"})

    def test_reads_that_come_one_by_one_in_any_order_give_the_stays_of_all_of_them(self):
        for seed in range(int(os.environ.get("PROPERTY_PARKING_ORDERS", "8"))):
            rng = random.Random(seed)  # noqa: S311
            reads = noisy(rng)
            rng.shuffle(reads)
            plate = f"浙D{seed:05d}"
            for read in reads:
                lane = self.lane_in if read.direction == "in" else self.lane_out
                row = {
                    "key": f"{seed}{read.key}",
                    "plate": plate,
                    "at": read.at,
                    "received_at": read.received,
                    "source": "live" if read.is_live else "upload",
                }
                self.env["property.parking.passage"]._take(lane, [row])
            stays, anomalies = pair({read.key: read for read in reads}.values())
            sessions = self.sessions(plate).filtered(lambda stay: stay.state != "void")
            with self.subTest(seed=seed):
                self.assertEqual(
                    [(s.entered_at or None, s.left_at or None) for s in sessions],
                    [(stay.entry, stay.exit) for stay in stays],
                )
                open_stays = [stay.is_open for stay in stays]
                self.assertEqual([s.state == "inside" for s in sessions], open_stays)
                kinds = [kind for kind in self.anomalies(plate) if kind != "replay"]
                self.assertEqual(kinds, sorted(odd.kind for odd in anomalies))

    def test_a_booked_stay_is_not_changed_by_a_late_message(self):
        session = self.stay("2026-02-02 08:00", "2026-02-02 10:00")
        session.is_settled = True
        self.drive(self.lane_out, "2026-02-02 09:00", source="upload")
        self.assertEqual((session.left_at, session.amount), (utc("2026-02-02 10:00"), 10))
        self.assertIn("late", self.anomalies())

    def test_a_stay_without_tariff_costs_nothing_and_is_explained_by_nothing(self):
        self.tariff.active = False
        session = self.stay("2026-02-02 08:00", "2026-02-02 10:00")
        self.assertEqual((session.amount, session.explanation), (0, False))

    def test_an_erased_person_leaves_no_plate_behind(self):
        session = self.stay("2026-02-02 08:00", "2026-02-02 10:00")
        self.owner._property_erase()
        plates = {session.plate, *session.passage_ids.mapped("plate"), self.vehicle.plate}
        self.assertEqual(plates, {f"ERASED{self.vehicle.id}"})
        self.assertEqual(session.amount, 10)

    def test_bad_reads_are_refused_and_nothing_is_written(self):
        passages = self.env["property.parking.passage"]
        for read in ({"key": "k"}, {"plate": "浙A1"}, {"key": "", "plate": "浙A1"}):
            with self.assertRaisesRegex(UserError, "needs a plate"):
                passages._take(self.lane_in, [{"key": "good", "plate": "浙A2"}, read])
        self.assertFalse(passages.search([("lane_id", "=", self.lane_in.id)]))

    def test_a_manager_voids_a_stay_and_a_guard_does_not(self):
        session = self.stay("2026-02-02 08:00", "2026-02-02 10:00")
        guard = self.new_staff("void.guard", self.new_job("guard"), self.site)
        manager = self.new_staff("void.manager", self.new_job("manager"), self.site)
        with self.assertRaises(AccessError):
            session.with_user(guard).action_void()
        session.with_user(manager).action_void()
        self.assertEqual((session.state, session.amount), ("void", 0))
        entry = self.env["property.audit"].search([("model", "=", session._name)], limit=1)
        self.assertEqual((entry.user_id, entry.before["amount"]), (manager, 10))


@tagged("post_install", "-at_install")
class TestPassesAtTheGate(ParkingCommon):
    def test_a_card_covers_the_stay(self):
        self.new_card(self.vehicle)
        session = self.stay("2026-02-02 08:00", "2026-02-03 10:00")
        self.assertEqual((session.category, session.amount), ("monthly", 0))
        self.assertEqual(session.covered_minutes, session.minutes)

    def test_a_card_that_ends_inside_is_charged_from_then(self):
        self.new_card(self.vehicle, date_to="2026-02-02")
        session = self.stay("2026-02-02 08:00", "2026-02-08 02:00")
        self.assertEqual((session.category, session.amount), ("monthly", 10))

    def test_a_card_in_grace_still_covers(self):
        self.new_card(self.vehicle, date_to="2026-02-01")
        session = self.stay("2026-02-02 08:00", "2026-02-02 20:00")
        self.assertEqual((session.category, session.amount), ("grace", 0))

    def test_the_second_car_of_a_space_is_temporary_until_the_first_leaves(self):
        second = self.new_vehicle("浙A22222")
        self.new_card(self.vehicle | second, kind="owner_space")
        first = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        other = self.drive(self.lane_in, "2026-02-02 09:00", "浙A22222")
        self.assertEqual((first.category, other.session_id.category), ("owner_space", "temporary"))
        self.assertEqual(other.reason, "space_taken")
        self.drive(self.lane_out, "2026-02-02 11:00")
        self.drive(self.lane_out, "2026-02-02 18:00", "浙A22222")
        self.assertEqual((first.amount, other.session_id.amount), (0, 10))
        self.assertEqual(other.session_id.covered_minutes, 7 * 60)

    def test_a_pass_of_two_spaces_covers_two_cars(self):
        cars = self.vehicle | self.new_vehicle("浙A22222") | self.new_vehicle("浙A33333")
        self.new_card(cars, kind="owner_space", space_count=2)
        sessions = [
            self.drive(self.lane_in, f"2026-02-02 08:0{n}", car.plate).session_id
            for n, car in enumerate(cars)
        ]
        wanted = ["owner_space", "owner_space", "temporary"]
        self.assertEqual([session.category for session in sessions], wanted)

    def test_a_pass_of_the_inner_area_lets_through_the_outer_one(self):
        self.new_card(self.vehicle, area=self.inner)
        self.assertEqual(self.drive(self.lane_in, "2026-02-02 08:00").category, "monthly")

    def test_a_pass_of_the_outer_area_is_none_in_the_inner_one(self):
        self.new_card(self.vehicle)
        lane, _out = self.new_lanes(self.inner)
        self.assertEqual(self.drive(lane, "2026-02-02 08:00").category, "temporary")

    def test_time_in_the_inner_area_is_charged_there_only(self):
        way_in, way_out = self.new_lanes(self.inner)
        self.new_tariff(self.inner, price=1)
        outer = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        inner = self.drive(way_in, "2026-02-02 08:30").session_id
        self.drive(way_out, "2026-02-02 11:30")
        self.drive(self.lane_out, "2026-02-02 12:00")
        self.assertEqual((outer.amount, inner.amount), (10, 3))

    def test_the_white_list_is_free_and_the_black_list_is_refused(self):
        self.vehicle.write({"access_list": "white", "access_list_reason": "Ambulance"})
        self.assertEqual(self.stay("2026-02-02 08:00", "2026-02-04 08:00").amount, 0)
        self.vehicle.write({"access_list": "black", "access_list_reason": "Hit a barrier"})
        passage = self.drive(self.lane_in, "2026-02-05 08:00")
        self.assertEqual((passage.action, passage.reason), ("refuse", "black_list"))
        self.assertFalse(passage.session_id, "who was refused is not inside")

    def test_a_plate_that_is_not_certain_goes_to_the_guard(self):
        passage = self.drive(self.lane_in, "2026-02-02 08:00", "浙A8K88B", confidence=60)
        self.assertEqual((passage.action, passage.reason), ("confirm", "not_sure"))
        self.assertEqual(passage.candidates, "浙A8K888")
        self.assertFalse(passage.session_id)
        guard = self.new_staff("confirm.guard", self.new_job("guard"), self.site)
        passage.with_user(guard).action_confirm("浙A·8K888")
        self.assertEqual((passage.action, passage.plate_read), ("open", "浙A8K88B"))
        self.assertEqual(passage.session_id.vehicle_id, self.vehicle)
        self.assertEqual(passage.confirmed_uid, guard)
        with self.assertRaisesRegex(UserError, "decided already"):
            passage.with_user(guard).action_confirm()

    def test_nobody_but_a_guard_confirms_a_plate(self):
        passage = self.drive(self.lane_in, "2026-02-02 08:00", confidence=60)
        service = self.new_staff("confirm.service", self.new_job("service"), self.site)
        with self.assertRaisesRegex(AccessError, "Only a guard"):
            passage.with_user(service).action_confirm()

    def test_an_area_for_pass_holders_refuses_others(self):
        self.area.is_temporary_allowed = False
        self.assertEqual(self.drive(self.lane_in, "2026-02-02 08:00").reason, "no_temporary")
