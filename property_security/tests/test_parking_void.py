"""Voided stays among late, repeated and missing reads: the others are what the rest tells."""

import random
from datetime import datetime, timedelta

from odoo.tests import tagged

from ..tools.pairing import Read, pair
from .common import ParkingCommon

START = datetime(2026, 3, 1, 1)
#: Schedules on which something went wrong once.
SEEDS = (8, 28, 45, 47, 62, 63, 68, 82, 85, 97)


@tagged("post_install", "-at_install")
class TestVoidedStays(ParkingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stays = cls.env["property.parking.session"]
        cls.passages = cls.env["property.parking.passage"]
        cls.lanes = {
            (area, direction): lane
            for area in (cls.area, cls.inner)
            for direction, lane in zip(
                ("in", "out"),
                (cls.lane_in, cls.lane_out) if area == cls.area else cls.new_lanes(area),
                strict=True,
            )
        }

    def reads(self, rng, plate):
        """Invent what the cameras of two areas tell of a car: list of (lane, read)."""
        told, clock = [], 0
        for number in range(rng.randint(2, 9)):
            clock += rng.choice([rng.randint(1, 50), rng.randint(60, 20000)])
            area, direction = (
                rng.choice([self.area, self.area, self.inner]),
                rng.choice(["in", "out"]),
            )
            at, is_live = START + timedelta(seconds=clock), rng.random() < 0.5
            skew = (
                rng.choice([0, 0, 1, -1, rng.randint(-300, 300)])
                if is_live
                else rng.randint(0, 9000)
            )
            read = {
                "key": f"{plate}-{number}",
                "plate": plate,
                "at": at,
                "received_at": at + timedelta(seconds=skew),
                "source": "live" if is_live else "upload",
            }
            told.append((self.lanes[area, direction], read))
            if rng.random() < 0.25:
                again = at + timedelta(seconds=rng.randint(0, 40))
                later = read["received_at"] + timedelta(seconds=20)
                read = {**read, "key": f"{read['key']}d", "at": again, "received_at": later}
                told.append((self.lanes[area, direction], read))
        rng.shuffle(told)
        return told

    def of_car(self, plate, *domain):
        return self.stays.search([("plate", "=", plate), ("state", "!=", "void"), *domain])

    def check_stays(self, plate):
        """Compare the stays with those that the reads of no voided stay make."""
        mine = self.passages.search([("plate", "=", plate)])
        for passage in mine:
            self.assertTrue(passage.session_id or passage.anomaly_ids, "no read is nowhere")
        for area in (self.area, self.inner):
            counted = mine.filtered(
                lambda p, area=area: p.area_id == area and p.session_id.state != "void"
            )
            reads = [
                Read(str(p.id), p.direction, p.at, p.received_at, p.source == "live")
                for p in counted
            ]
            wanted = [
                (s.entry or False, s.exit or False, s.is_open)
                for s in pair(reads, area._pairing_limits())[0]
            ]
            found = [
                (s.entered_at, s.left_at, s.state == "inside")
                for s in self.of_car(plate, ("area_id", "=", area.id)).sorted("started_at")
            ]
            self.assertCountEqual(found, wanted)

    def test_stays_that_are_voided_in_between_take_nothing_from_the_others(self):
        for seed in SEEDS:
            rng, plate = random.Random(seed), f"浙Z{seed:05d}"  # noqa: S311 - no secret
            told = self.reads(rng, plate)
            for lane, read in told:
                self.passages._take(lane, [read])
                if rng.random() < 0.12 and (stays := self.of_car(plate)):
                    stays[rng.randrange(len(stays))].action_void()
            with self.subTest(seed=seed):
                self.check_stays(plate)
                before = self.of_car(plate).read(["entered_at", "left_at", "state", "amount"])
                for lane, read in told:
                    self.passages._take(lane, [read])
                again = self.of_car(plate).read(["entered_at", "left_at", "state", "amount"])
                self.assertEqual(again, before, "the same messages again change nothing")

    def test_voiding_a_misread_way_in_gives_the_stay_before_it_back(self):
        stay = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        wrong = self.drive(self.lane_in, "2026-02-02 10:00").session_id
        self.drive(self.lane_in, "2026-02-02 10:00:20")
        self.assertEqual(stay.state, "lost")
        wrong.action_void()
        self.assertEqual((stay.state, wrong.state), ("inside", "void"))
        self.assertFalse(stay.passage_ids.anomaly_ids)
        self.drive(self.lane_out, "2026-02-02 12:00")
        self.assertEqual((stay.state, stay.amount), ("left", 20))
