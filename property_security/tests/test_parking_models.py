from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import ParkingCommon, utc


@tagged("post_install", "-at_install")
class TestParkingTariff(ParkingCommon):
    def test_a_new_tariff_counts_from_its_first_day(self):
        self.new_tariff(self.area, price=8, date_from="2026-07-01")
        first, second = (
            self.stay(f"2026-{day} 08:00", f"2026-{day} 09:00") for day in ("06-30", "07-01")
        )
        self.assertEqual((first.amount, second.amount), (5, 8))

    def test_a_class_may_have_a_tariff_of_its_own(self):
        self.new_tariff(self.area, price=2, vehicle_class="new_energy")
        small = self.stay("2026-02-02 08:00", "2026-02-02 09:00", "浙B12345")
        green = self.stay("2026-02-02 08:00", "2026-02-02 09:00", "浙BD12345")
        self.assertEqual((small.amount, green.amount), (5, 2))

    def test_the_colour_of_a_plate_tells_a_lorry_from_a_car(self):
        self.new_tariff(self.area, price=20, vehicle_class="large")
        for plate, color, fee in (("浙B12345", "yellow", 20), ("浙B12346", "pink", 5)):
            self.drive(self.lane_in, "2026-02-02 08:00", plate, plate_color=color)
            session = self.drive(self.lane_out, "2026-02-02 09:00", plate).session_id
            self.assertEqual(session.amount, fee)

    def test_an_area_without_tariff_has_that_of_the_area_around_it(self):
        self.assertEqual(self.inner._book("small").at(utc("2026-02-02 08:00")).name, "Hourly")

    def test_a_second_tariff_of_the_same_day_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.new_tariff(self.area)

    def test_a_tariff_without_any_price_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "has no price"):
            self.new_tariff(self.inner, line_ids=False)

    def test_impossible_rates_are_refused(self):
        line = self.tariff.line_ids
        for vals in (
            {"later_after_minutes": 60},
            {"later_after_minutes": 60, "later_block_minutes": 30, "first_minutes": 60},
            {"on_weekday": False, "on_weekend": False, "on_holiday": False},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError), self.cr.savepoint():
                line.write(vals)
        for vals in ({"block_minutes": 0}, {"hour_from": 24}, {"block_price": -1}):
            with (
                self.subTest(vals),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                line.write(vals)
                line.flush_recordset()

    def test_the_sample_table_shows_what_stays_cost(self):
        fees = {minutes: fee for minutes, fee, _evening, _holiday in self.tariff._sample_fees()}
        self.assertEqual(
            (fees[15], fees[30], fees[120], fees[1440], fees[2880]), (0, 5, 10, 30, 60)
        )
        self.assertIn("¥30", self.tariff.sample_table)

    def test_a_holiday_has_its_own_price(self):
        self.tariff.line_ids = [
            Command.create(
                {
                    "name": "holiday",
                    "sequence": 1,
                    "on_weekday": False,
                    "on_weekend": False,
                    "block_price": 9,
                }
            )
        ]
        self.env["property.parking.holiday"].create({"name": "Fair", "date": "2027-03-03"})
        stay = self.stay("2027-03-03 08:00", "2027-03-03 09:00")
        self.assertEqual(stay.amount, 9)

    def test_a_change_of_price_is_in_the_audit_log(self):
        self.tariff.cap_period = 40
        entry = self.env["property.audit"].search([("event", "=", "money")], limit=1)
        self.assertEqual((entry.before["cap_period"], entry.after["cap_period"]), ("30", "40"))
        label = self.tariff._fields["cap_period"]._description_string(self.env)
        self.assertIn(f"{label}: 40", entry.after_text)
        self.assertEqual(entry.site_id, self.tariff.site_id)

    def test_prices_of_a_rate_stand_in_the_punctuation_of_the_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        line = self.tariff.line_ids
        line.write({"first_minutes": 120, "first_price": 3, "block_price": 1})
        self.assertEqual(line.price_text, "¥3 per 120 min, after 120 min ¥1 per 60 min")
        self.assertIn("，", line.with_context(lang="zh_CN").price_text)

    def test_whatever_changes_what_a_stay_costs_is_in_the_audit_log(self):
        line = self.tariff.line_ids
        for vals in (
            {"rounding": "completed"},
            {"steps_restart": "segment"},
            {"leave_minutes": 40},
            {"line_ids": [Command.update(line.id, {"on_weekend": False})]},
            {"active": False},
        ):
            with self.subTest(vals):
                self.tariff.write(vals)
                entry = self.env["property.audit"].search([("event", "=", "money")], limit=1)
                name = next(iter(vals))
                self.assertNotEqual(entry.before[name], entry.after[name])

    def test_an_area_in_use_stays_on_its_site(self):
        with self.assertRaisesRegex(ValidationError, "in use"):
            self.area.site_id = self.other_site
        self.inner.write({"parent_id": False, "site_id": self.other_site.id})
        self.assertEqual(self.inner.site_id, self.other_site)

    def test_areas_do_not_lie_inside_each_other(self):
        with self.assertRaises(UserError):
            self.area.parent_id = self.inner
        with self.assertRaisesRegex(ValidationError, "another site"):
            self.inner.parent_id = self.other_area


@tagged("post_install", "-at_install")
class TestVehicle(ParkingCommon):
    def test_a_plate_tells_the_class_of_the_car(self):
        for plate, kind, wanted in (
            ("浙A·D12345", "car", "new_energy"),
            ("浙a 12345d", "car", "large"),
            ("浙A1234学", "car", "large"),
            ("浙A55555", "truck", "large"),
            ("浙A66666", "motorcycle", "motorcycle"),
            ("浙A77777", "car", "small"),
        ):
            self.assertEqual(self.new_vehicle(plate, kind=kind).vehicle_class, wanted, plate)

    def test_a_list_needs_a_reason(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.vehicle.access_list = "black"
            self.vehicle.flush_recordset()

    def test_a_list_ends_with_its_last_day(self):
        self.vehicle.write(
            {
                "access_list": "black",
                "access_list_reason": "Ran away",
                "access_list_until": "2026-03-31",
            }
        )
        self.assertEqual(self.vehicle._list_on(date(2026, 3, 31)), "black")
        self.assertFalse(self.vehicle._list_on(date(2026, 4, 1)))
        listed = [("is_listed", "=", True), ("id", "=", self.vehicle.id)]
        for day, count in (("2026-03-31 04:00", 1), ("2026-04-02 04:00", 0)):
            with freeze_time(day):
                self.assertEqual(self.env["property.vehicle"].search_count(listed), count)

    def test_a_guard_registers_cars_and_puts_none_on_a_list(self):
        guard = self.new_staff("list.guard", self.new_job("guard"), self.site)
        vehicle = self.new_vehicle("浙A77777").with_user(guard)
        vehicle.brand = "Test"
        with self.assertRaisesRegex(AccessError, "Report the vehicle"):
            vehicle.write({"access_list": "white", "access_list_reason": "a friend"})
        service = self.new_staff("list.service", self.new_job("service"), self.site)
        vehicle.with_user(service).write(
            {"access_list": "white", "access_list_reason": "Fire brigade"}
        )
        self.assertEqual(vehicle.access_list, "white")
        for vals in ({"plate": "浙A99999"}, {"active": False}, {"access_list": False}):
            with self.assertRaises(AccessError):
                vehicle.write(vals)

    def test_a_default_puts_no_car_of_a_guard_on_a_list(self):
        guard = self.new_staff("list.guard", self.new_job("guard"), self.site)
        vehicles = self.env["property.vehicle"].with_user(guard)
        friend = {"default_access_list": "white", "default_access_list_reason": "a friend"}
        made = vehicles.with_context(**friend).create(
            {"plate": "浙B77777", "unit_id": self.unit.id}
        )
        self.assertFalse(made.sudo().access_list)


@tagged("post_install", "-at_install")
class TestPass(ParkingCommon):
    def test_the_state_of_a_pass_is_that_of_the_day(self):
        card = self.new_card(self.vehicle, date_to="2026-06-30")
        for day, state in (
            ("2025-12-31", "upcoming"),
            ("2026-01-01", "valid"),
            ("2026-06-30", "valid"),
            ("2026-07-05", "grace"),
            ("2026-07-06", "expired"),
        ):
            with freeze_time(f"{day} 04:00"):
                card.invalidate_recordset(["state"])
                self.assertEqual(card.state, state, day)
                for other in ("upcoming", "valid", "grace", "expired", "stopped"):
                    found = card.search([("state", "=", other), ("id", "=", card.id)])
                    self.assertEqual(bool(found), other == state, (day, other))

    def test_only_a_monthly_card_has_days_of_grace(self):
        card = self.new_card(self.vehicle, kind="owner_space", date_to="2026-06-30")
        self.assertEqual(card._state_on(date(2026, 7, 1)), "expired")

    def test_a_stopped_pass_no_longer_counts(self):
        card = self.new_card(self.vehicle)
        card.action_stop("moved out")
        self.assertEqual((card.state, card.stop_reason), ("stopped", "moved out"))
        card.action_resume()
        self.assertFalse(card.stopped_at)

    def test_nobody_says_by_hand_when_a_pass_was_stopped(self):
        service = self.new_staff("stop.service", self.new_job("service"), self.site)
        card = self.new_card(self.vehicle).with_user(service)
        then = {"stopped_at": "2026-01-05 00:00:00"}
        with self.assertRaisesRegex(UserError, "Stop or resume"):
            card.write(then)
        with self.assertRaisesRegex(UserError, "Stop or resume"):
            card.create({"area_id": self.area.id, **then})
        born = card.with_context(default_stopped_at=then["stopped_at"])
        self.assertFalse(born.create({"area_id": self.area.id}).stopped_at)
        card.action_stop("moved out")
        self.assertTrue(card.stopped_at)

    def test_a_card_is_renewed_by_calendar_months(self):
        card = self.new_card(self.vehicle, date_to="2026-01-31")
        card.action_renew()
        self.assertEqual(card.date_to, date(2026, 2, 28))
        card.action_renew()
        self.assertEqual(card.date_to, date(2026, 3, 31))
        with self.assertRaisesRegex(UserError, "Only monthly cards"):
            self.new_card(self.vehicle, kind="staff").action_renew()

    def test_a_card_that_begins_on_the_31st_does_not_lose_days_after_february(self):
        card = self.new_card(self.vehicle, date_from="2026-01-31", date_to="2026-02-27")
        for last in (date(2026, 3, 30), date(2026, 4, 29), date(2026, 5, 30)):
            card.action_renew()
            self.assertEqual(card.date_to, last)

    def test_a_pass_belongs_to_one_site(self):
        foreign = self.env["property.vehicle"].create(
            {"plate": "浙C11111", "site_id": self.other_site.id}
        )
        with self.assertRaisesRegex(ValidationError, "must belong to Test Garden"):
            self.new_card(foreign)


@tagged("post_install", "-at_install")
class TestCoupon(ParkingCommon):
    def new_coupon(self, **vals):
        return self.env["property.parking.coupon"].create(
            {
                "site_id": self.site.id,
                "date_from": "2026-02-02",
                "date_to": "2026-02-02",
                **vals,
            }
        )

    def test_coupons_take_their_value_off_the_fee(self):
        for number, (vals, fee) in enumerate(
            (
                ({"kind": "minutes", "minutes": 60}, 10),
                ({"kind": "amount", "amount": 7.5}, 7.5),
                ({"kind": "percent", "percent": 20}, 12),
                ({"kind": "day"}, 0),
            )
        ):
            plate = f"浙B0000{number}"
            session = self.drive(self.lane_in, "2026-02-02 08:00", plate).session_id
            with freeze_time(utc("2026-02-02 10:30")):
                self.new_coupon(**vals)._use(session)
            self.drive(self.lane_out, "2026-02-02 11:00", plate)
            self.assertEqual(session.amount, fee, vals)

    def test_a_coupon_is_used_once_on_its_day_and_in_its_place(self):
        session = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        used, void, elsewhere = (
            self.new_coupon(),
            self.new_coupon(),
            self.new_coupon(area_id=self.inner.id),
        )
        with freeze_time(utc("2026-02-02 10:00")):
            used._use(session)
            void.action_void()
            for coupon in (used, void, elsewhere):
                with self.assertRaisesRegex(UserError, "cannot be used"):
                    coupon._use(session)
        with freeze_time(utc("2026-02-03 00:30")), self.assertRaises(UserError):
            self.new_coupon()._use(session)
        with self.assertRaisesRegex(UserError, "has been used"):
            used.action_void()

    def test_a_used_coupon_is_not_made_unused_by_hand(self):
        session = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        coupon = self.new_coupon()
        with freeze_time(utc("2026-02-02 10:00")):
            coupon._use(session)
        service = self.new_staff("coupon.service", self.new_job("service"), self.site)
        coupon = coupon.with_user(service)
        for values in ({"session_id": False}, {"is_void": False}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "Use or withdraw"):
                coupon.write(values)
        coupons = self.env["property.parking.coupon"].with_user(service)
        for values in ({"minutes": 600}, {"kind": "day"}, {"area_id": self.inner.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "worth stays"):
                coupon.write(values)
        born = coupons.with_context(default_session_id=session.id, default_is_void=True).create(
            {"site_id": self.site.id}
        )
        self.assertEqual(born.state, "open")
        unused = self.new_coupon().with_user(service)
        unused.action_void()
        self.assertEqual((coupon.state, unused.state), ("used", "void"))

    def test_the_counter_uses_a_coupon_by_its_code(self):
        session = self.drive(self.lane_in, "2026-02-02 08:00").session_id
        coupon = self.new_coupon()
        cashier = self.new_staff("coupon.cashier", self.new_job("cashier"), self.site)
        wizard = self.env["property.parking.coupon.use"].with_user(cashier)
        with freeze_time(utc("2026-02-02 10:00")):
            with self.assertRaisesRegex(UserError, "no coupon NONE"):
                wizard.create({"session_id": session.id, "code": "none"}).action_use()
            wizard.create({"session_id": session.id, "code": coupon.code.lower()}).action_use()
        self.assertEqual((coupon.session_id, coupon.state), (session, "used"))

    def test_a_coupon_is_worth_something(self):
        for vals in ({"minutes": 0}, {"kind": "percent", "percent": 101}, {"kind": "amount"}):
            with (
                self.subTest(vals),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.new_coupon(**vals)
