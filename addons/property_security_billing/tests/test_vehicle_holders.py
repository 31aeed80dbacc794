"""A car passed on tells its new holder nothing of where it was before."""

from datetime import date, datetime

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.property_security.tests.common import utc

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestVehicleHolders(ParkingMoneyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_portal_user(cls.other_owner, "portal.heir")
        cls.new_portal_user(cls.tenant, "portal.tenant")
        cls.now = fields.Datetime.now()
        cls.since(cls.vehicle, 10)

    @classmethod
    def ago(cls, days):
        return fields.Datetime.subtract(cls.now, days=days)

    @classmethod
    def since(cls, vehicle, days):
        """Let the current holder have had the car for so many days."""
        current = vehicle.holding_ids.filtered(lambda one: not one.until)
        current.since = cls.ago(days)

    def stay(self, days, plate="浙A8K888", hours=2):
        """Let a car have been inside some days ago; return its stay."""
        passages, stay = self.env["property.parking.passage"], None
        begin = self.ago(days)
        for lane, at in (
            (self.lane_in, begin),
            (self.lane_out, fields.Datetime.add(begin, hours=hours)),
        ):
            read = {"key": f"{plate}-{days}-{lane.id}", "plate": plate, "at": at, "received_at": at}
            stay = passages._take(lane, [{**read, "source": "upload"}]).session_id or stay
        return stay

    def shown(self, login):
        """Return how many stays a person sees in the portal."""
        self.authenticate(login, login)
        return self.url_open("/my/vehicles").text.count("o_my_stay")

    def pass_on(self, **vals):
        self.vehicle.write({"partner_id": self.other_owner.id, "unit_id": self.unit_2.id, **vals})

    def test_a_new_holder_sees_only_stays_from_then_on_and_the_old_one_only_his(self):
        self.stay(5)
        self.stay(4)
        self.assertEqual(self.shown("portal.owner"), 2)
        self.pass_on()
        self.since(self.vehicle, 3)
        self.vehicle.holding_ids.filtered("until").until = self.ago(3)
        self.assertEqual((self.shown("portal.owner"), self.shown("portal.heir")), (2, 0))
        self.stay(1)
        self.assertEqual((self.shown("portal.owner"), self.shown("portal.heir")), (2, 1))

    def test_a_stay_that_began_before_the_car_was_passed_on_stays_with_who_drove_in(self):
        self.stay(3, hours=40)
        self.pass_on()
        self.since(self.vehicle, 2)
        self.vehicle.holding_ids.filtered("until").until = self.ago(2)
        self.assertEqual((self.shown("portal.owner"), self.shown("portal.heir")), (1, 0))

    def test_a_car_that_comes_back_shows_no_stays_of_the_time_between(self):
        self.stay(8)
        self.pass_on()
        old, between = self.vehicle.holding_ids.sorted("id")
        self.vehicle.partner_id = self.owner
        again = self.vehicle.holding_ids - old - between
        old.until = between.since = self.ago(7)
        between.until = again.since = self.ago(3)
        self.stay(5)
        self.stay(1)
        self.assertEqual((self.shown("portal.owner"), self.shown("portal.heir")), (2, 1))

    def test_registering_a_plate_that_parked_here_before_shows_nothing_of_before(self):
        self.stay(5, "苏E77777")
        self.env["property.vehicle"].create(
            {"plate": "苏E77777", "unit_id": self.unit_2.id, "partner_id": self.other_owner.id}
        )
        self.assertEqual(self.shown("portal.heir"), 0)

    def test_an_archived_car_has_no_holder_and_a_new_registration_begins_anew(self):
        self.stay(5)
        self.vehicle.active = False
        self.env.flush_all()
        self.assertTrue(all(self.vehicle.holding_ids.mapped("until")))
        self.env["property.vehicle"].create(
            {"plate": "浙A8K888", "unit_id": self.unit_2.id, "partner_id": self.other_owner.id}
        )
        self.assertEqual((self.shown("portal.owner"), self.shown("portal.heir")), (1, 0))

    def test_nobody_else_of_the_household_sees_a_stay(self):
        self.stay(5)
        self.assertEqual(self.shown("portal.tenant"), 0)

    def test_the_day_a_clerk_gives_a_new_car_counts_and_a_day_ahead_does_not(self):
        past, ahead = self.env["property.vehicle"].create(
            [
                {
                    "plate": plate,
                    "unit_id": self.unit.id,
                    "partner_id": self.owner.id,
                    "date_from": day,
                }
                for plate, day in (("浙B00001", date(2026, 2, 2)), ("浙B00002", date(2999, 1, 1)))
            ]
        )
        self.assertEqual(past.holding_ids.since, utc("2026-02-02 00:00"))
        self.assertLess(ahead.holding_ids.since, datetime(2999, 1, 1))

    def test_the_same_person_in_another_home_keeps_his_car_and_its_stays(self):
        holding = self.vehicle.holding_ids
        self.vehicle.unit_id = self.unit_2
        self.assertEqual(self.vehicle.holding_ids, holding)
        self.assertFalse(holding.until)

    def test_an_update_dates_holders_of_before_by_the_vehicle_s_log(self):
        vehicle = self.new_vehicle("浙B00003", unit_id=self.unit.id, partner_id=self.owner.id)
        vehicle.holding_ids.unlink()
        self.env.flush_all()
        self.env["property.vehicle.holding"].init()
        vehicle.invalidate_recordset()
        self.assertEqual(vehicle.holding_ids.partner_id, self.owner)
        self.env["property.vehicle.holding"].init()
        vehicle.invalidate_recordset()
        self.assertEqual(len(vehicle.holding_ids), 1)

    def test_a_person_who_is_forgotten_leaves_no_holding(self):
        self.owner._property_erase()
        self.assertFalse(
            self.vehicle.holding_ids.filtered(lambda one: one.partner_id == self.owner)
        )
