"""Tariffs as they are posted, worked out by hand."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools.parking import Coupon, Stay, amount_due, quote
from ..tools.parking_tariff import DAY_TYPES, NoTariff, Rate, Step, Tariff
from ..tools.parking_words import explain
from .parking_worlds import NOT_WEEKDAY, WEEKDAY, case, hourly


def fee(book, start, end, **values):
    """Return the fee between two times written like 2026-02-01 08:00."""
    stay = Stay(datetime.fromisoformat(start), datetime.fromisoformat(end), **values)
    return quote(book, stay).total


def blocks(*steps):
    """Return steps from (after, minutes, price)."""
    return tuple(Step(after, minutes, Decimal(str(price))) for after, minutes, price in steps)


@tagged("post_install", "-at_install")
class TestParkingTariffs(BaseCase):
    def test_started_hours_count(self):
        book = case(hourly())
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 09:00"), 5)
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 09:00:59"), 5)
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 09:01"), 10)

    def test_beijing_charges_completed_units_only(self):
        first = blocks((0, 15, 2.5), (60, 15, 3.75))
        day = Rate("day", 420, 1260, steps=first)
        night = Rate("night", 1260, 420, steps=blocks((0, 120, 1)))
        book = case(
            Tariff("street", rates=(day, night), rounding="completed", steps_restart="segment")
        )
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 08:14:59"), 0)
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 08:29"), Decimal("2.5"))
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 10:00"), 25)
        # 21:00–07:00 has five whole two-hour units; the morning begins with a first hour again
        self.assertEqual(fee(book, "2026-02-02 21:00", "2026-02-03 08:00"), 5 + 10)

    def test_free_minutes_are_lost_or_deducted(self):
        lost, kept = (case(hourly(free_minutes=15, free_rule=r)) for r in ("within", "deducted"))
        for book in (lost, kept):
            self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 08:15:59"), 0)
        self.assertEqual(fee(lost, "2026-02-02 08:00", "2026-02-02 09:05"), 10)
        self.assertEqual(fee(kept, "2026-02-02 08:00", "2026-02-02 09:05"), 5)

    def test_a_cap_of_a_rolling_day_differs_from_one_of_a_calendar_day(self):
        rolling, calendar = case(hourly(cap_period=Decimal("7.5"))), case(hourly(cap_day=30))
        self.assertEqual(fee(rolling, "2026-02-02 20:00", "2026-02-03 20:00"), Decimal("7.5"))
        self.assertEqual(fee(rolling, "2026-02-02 20:00", "2026-02-03 21:00"), Decimal("12.5"))
        self.assertEqual(fee(calendar, "2026-02-02 20:00", "2026-02-03 20:00"), 20 + 30)

    def test_the_last_part_of_a_day_is_capped_too(self):
        book = case(hourly(cap_period=Decimal(30)))
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-04 07:00"), 60)

    def test_a_flat_night_over_midnight_is_charged_once(self):
        day = Rate("day", 420, 1260, steps=blocks((0, 60, 3)))
        night = Rate("night", 1260, 420, flat=Decimal(5))
        book = case(Tariff("mixed", rates=(day, night)))
        self.assertEqual(fee(book, "2026-02-02 22:00", "2026-02-03 06:00"), 5)
        self.assertEqual(fee(book, "2026-02-02 22:00", "2026-02-03 22:00"), 5 + 14 * 3 + 5)

    def test_a_night_that_ends_on_another_kind_of_day_is_one_night(self):
        """Friday, 6 February, to Saturday: what the driver has paid for the night covers it."""
        work = Rate("night", 1260, 420, flat=Decimal(10), day_types=WEEKDAY)
        rest = Rate("night off", 1260, 420, flat=Decimal(15), day_types=NOT_WEEKDAY)
        book = case(Tariff("nights", rates=(work, rest)))
        self.assertEqual(fee(book, "2026-02-06 22:00", "2026-02-07 06:00"), 10)
        self.assertEqual(fee(book, "2026-02-07 22:00", "2026-02-08 22:00"), 15 + 15)
        self.assertEqual(fee(book, "2026-02-08 22:00", "2026-02-09 06:00"), 15)

    def test_a_night_over_a_change_of_tariff_is_one_night(self):
        old, new = (
            Tariff("nights", rates=(Rate("night", 1260, 420, flat=Decimal(price)),))
            for price in (10, 12)
        )
        book = case(old, (datetime(2026, 7, 1), new), change="moment")
        self.assertEqual(fee(book, "2026-06-30 22:00", "2026-07-01 06:00"), 10)
        self.assertEqual(fee(book, "2026-06-30 22:00", "2026-07-01 23:00"), 10 + 12)

    def test_the_limit_and_the_first_block_of_a_night_come_once_whatever_day_follows(self):
        steps = blocks((0, 60, 6), (60, 60, 1))
        work = Rate("night", 1260, 420, steps=steps, cap=Decimal(12), day_types=WEEKDAY)
        rest = replace(work, name="night off", day_types=NOT_WEEKDAY)
        book = case(Tariff("nights", rates=(work, rest), steps_restart="segment"))
        self.assertEqual(fee(book, "2026-02-06 21:00", "2026-02-07 02:00"), 6 + 4)
        self.assertEqual(fee(book, "2026-02-06 21:00", "2026-02-07 07:00"), 12)

    def test_a_night_with_other_hours_on_the_next_kind_of_day_is_one_night(self):
        """Friday, 6 February: the night ends at 7, or at 9 on a day off."""
        for work_days in (WEEKDAY, DAY_TYPES):  # the rate of days off stands first
            work = Rate("night", 1260, 420, flat=Decimal(10), day_types=work_days)
            rest = Rate("night off", 1320, 540, flat=Decimal(15), day_types=NOT_WEEKDAY)
            book = case(Tariff("nights", rates=(rest, work)))
            with self.subTest(work_days):
                self.assertEqual(fee(book, "2026-02-06 21:30", "2026-02-07 09:00"), 10)
                self.assertEqual(
                    fee(book, "2026-02-06 21:30", "2026-02-08 20:00"),
                    fee(book, "2026-02-07 12:00", "2026-02-08 20:00") + 10,
                )
                self.assertEqual(fee(book, "2026-02-07 01:00", "2026-02-07 09:00"), 15)
                self.assertEqual(fee(book, "2026-02-08 22:30", "2026-02-09 07:00"), 15)

    def test_limit_and_first_block_come_once_in_a_night_with_other_hours(self):
        steps = blocks((0, 60, 6), (60, 60, 1))
        work = Rate("night", 1260, 420, steps=steps, cap=Decimal(12), day_types=WEEKDAY)
        rest = replace(work, start=1320, end=540, day_types=NOT_WEEKDAY)
        book = case(Tariff("nights", rates=(work, rest), steps_restart="segment"))
        self.assertEqual(fee(book, "2026-02-06 21:00", "2026-02-07 02:00"), 6 + 4)
        self.assertEqual(fee(book, "2026-02-06 21:00", "2026-02-07 09:00"), 12)

    def test_a_flat_night_covers_hours_that_the_next_kind_of_day_charges_by_time(self):
        work = Rate("night", 1260, 420, flat=Decimal(10), day_types=WEEKDAY)
        rest = Rate("night off", 1320, 420, steps=blocks((0, 60, 2)), day_types=NOT_WEEKDAY)
        book = case(Tariff("nights", rates=(work, rest)))
        self.assertEqual(fee(book, "2026-02-06 22:00", "2026-02-07 07:00"), 10)
        self.assertEqual(fee(book, "2026-02-07 01:00", "2026-02-07 03:00"), 4)
        self.assertEqual(fee(book, "2026-02-07 23:00", "2026-02-08 01:00"), 4)

    def test_rates_of_one_evening_that_both_last_over_midnight_are_two(self):
        night = Rate("night", 1320, 360, flat=Decimal(8))
        evening = Rate("evening", 1080, 480, flat=Decimal(3))
        book = case(Tariff("two", rates=(night, evening)))
        self.assertEqual(fee(book, "2026-02-03 23:00", "2026-02-04 08:00"), 8 + 3)

    def test_a_block_belongs_to_where_it_starts(self):
        day = Rate("day", 420, 1260, steps=blocks((0, 60, 3)))
        night = Rate("night", 1260, 420, steps=blocks((0, 120, 1)))
        book = case(Tariff("mixed", rates=(day, night)))
        self.assertEqual(fee(book, "2026-02-02 20:30", "2026-02-02 21:30"), 3)
        self.assertEqual(fee(book, "2026-02-03 06:00", "2026-02-03 08:00"), 1)

    def test_a_holiday_begins_at_midnight_and_a_worked_weekend_is_none(self):
        work = Rate("working day", 0, 0, steps=blocks((0, 60, 2)), day_types=WEEKDAY)
        rest = Rate("day off", 0, 0, steps=blocks((0, 60, 7)), day_types=NOT_WEEKDAY)
        book = case(Tariff("mall", rates=(work, rest)))
        self.assertEqual(fee(book, "2026-09-30 23:00", "2026-10-01 01:00"), 9)
        self.assertEqual(fee(book, "2026-10-10 12:00", "2026-10-10 13:00"), 2)
        self.assertEqual(fee(book, "2026-10-17 12:00", "2026-10-17 13:00"), 7)

    def test_a_leap_day_and_a_new_year_are_days_like_others(self):
        book = case(hourly(cap_day=Decimal(10)))
        self.assertEqual(fee(book, "2028-02-28 12:00", "2028-03-01 12:00"), 30)
        self.assertEqual(fee(book, "2027-02-28 12:00", "2027-03-01 12:00"), 20)
        self.assertEqual(fee(book, "2026-12-31 12:00", "2027-01-01 12:00"), 20)

    def test_a_price_per_entry_comes_once(self):
        book = case(Tariff("per entry", entry_price=Decimal(5), free_minutes=15))
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-02 08:15"), 0)
        self.assertEqual(fee(book, "2026-02-02 08:00", "2026-02-05 08:00"), 5)

    def test_who_paid_has_time_to_leave_and_then_pays_the_difference(self):
        book = case(hourly(leave_minutes=15))
        entry, paid = datetime(2026, 2, 2, 8, 0), [(datetime(2026, 2, 2, 8, 55), Decimal(5))]
        self.assertEqual(amount_due(book, Stay(entry, datetime(2026, 2, 2, 9, 10)), paid), 0)
        self.assertEqual(amount_due(book, Stay(entry, datetime(2026, 2, 2, 9, 11)), paid), 5)
        too_little = [(datetime(2026, 2, 2, 8, 55), Decimal(3))]
        self.assertEqual(amount_due(book, Stay(entry, datetime(2026, 2, 2, 9, 0)), too_little), 2)

    def test_a_new_price_counts_from_entry_or_from_its_moment(self):
        new = (datetime(2026, 7, 1), hourly(8))
        by_entry, by_moment = case(hourly(), new), case(hourly(), new, change="moment")
        self.assertEqual(fee(by_entry, "2026-06-30 22:00", "2026-07-01 02:00"), 20)
        self.assertEqual(fee(by_moment, "2026-06-30 22:00", "2026-07-01 02:00"), 5 + 5 + 8 + 8)

    def test_a_space_taken_by_another_car_is_charged_from_that_moment(self):
        book = case(hourly(free_minutes=15))
        taken = datetime(2026, 2, 2, 12, 0)
        covered = ((datetime(2026, 2, 2, 8, 0), taken),)
        stay = Stay(covered[0][0], datetime(2026, 2, 2, 13, 30), covered)
        self.assertEqual(quote(book, stay).total, 10)
        self.assertEqual(quote(book, replace(stay, exit=datetime(2026, 2, 2, 12, 15))).total, 0)

    def test_coupons_work_in_one_order(self):
        book, day = case(hourly()), ("2026-02-02 08:00", "2026-02-02 18:00")
        minutes, percent, amount = (
            Coupon("minutes", Decimal(120)),
            Coupon("percent", Decimal(50)),
            Coupon("amount", Decimal(7)),
        )
        self.assertEqual(fee(book, *day, coupons=(minutes,)), 40)
        self.assertEqual(fee(book, *day, coupons=(amount, percent, minutes)), 13)
        self.assertEqual(fee(book, *day, coupons=(amount,) * 9), 0)

    def test_a_free_day_waives_what_starts_on_it(self):
        book = case(hourly())
        free = (Coupon("day", day=date(2026, 2, 2)),) * 2
        self.assertEqual(fee(book, "2026-02-02 20:00", "2026-02-03 02:00", coupons=free), 10)

    def test_nothing_is_charged_without_a_tariff(self):
        book = replace(case(hourly()), tariffs=((datetime(2026, 7, 1), hourly()),))
        with self.assertRaises(NoTariff):
            fee(book, "2026-06-30 08:00", "2026-07-30 09:00")

    def test_a_car_cannot_leave_before_it_comes(self):
        with self.assertRaises(ValueError):
            fee(case(hourly()), "2026-02-02 08:00", "2026-02-02 07:59")

    def test_a_driver_reads_what_is_charged_and_why(self):
        book = case(hourly(free_minutes=15, cap_period=Decimal(12)))
        stay = Stay(datetime(2026, 2, 2, 8, 0), datetime(2026, 2, 2, 11, 20))
        lines = explain(quote(book, stay))
        self.assertEqual(
            [(line.text, line.amount) for line in lines],
            [
                ("In 2026-02-02 08:00, parked 3 h 20 min", None),
                ("all day from 02-02 08:00: 4 × 60 min at 5", 20),
                ("Limit per 24 hours: 12", -8),
                ("Fee", 12),
            ],
        )

    def test_a_driver_reads_days_that_cost_the_same_together(self):
        day = Rate("day", 420, 1260, steps=blocks((0, 60, 5), (60, 60, 2)), cap=Decimal(20))
        rest = replace(day, name="day off", cap=Decimal(30), day_types=NOT_WEEKDAY)
        night = Rate("night", 1260, 420, flat=Decimal(5))
        stay = Stay(datetime(2026, 3, 2, 12, 0), datetime(2026, 3, 20, 12, 0))

        def read(**caps):
            tariff = Tariff("mixed", rates=(rest, day, night), **caps)
            return [(line.text, line.amount) for line in explain(quote(case(tariff), stay))]

        self.assertEqual(
            read(cap_day=Decimal(22)),
            [
                ("In 2026-03-02 12:00, parked 432 h", None),
                ("03-02 – 03-19: 18 days at 22 (Limit per day: 22)", 18 * 22),
                ("day from 03-20 07:00: 5 × 60 min at 2", 10),
                ("Fee", 406),
            ],
        )
        self.assertEqual(
            read(cap_period=Decimal(24)),
            [
                ("In 2026-03-02 12:00, parked 432 h", None),
                (
                    "From 03-02 12:00 to 03-20 12:00: 18 × 24 hours at 24 (Limit per 24 hours: 24)",
                    18 * 24,
                ),
                ("Fee", 432),
            ],
        )
        self.assertEqual(
            [text for text, _amount in read()],
            [
                "In 2026-03-02 12:00, parked 432 h",
                "03-02 – 03-06: 5 days at 25 (Limit for day: 20)",
                "03-07 – 03-08: 2 days at 33",
                "03-09 – 03-13: 5 days at 25 (Limit for day: 20)",
                "03-14 – 03-15: 2 days at 33",
                "03-16 – 03-19: 4 days at 25 (Limit for day: 20)",
                "day from 03-20 07:00: 5 × 60 min at 2",
                "Fee",
            ],
        )

    def test_a_driver_reads_that_the_limit_of_a_stay_is_reached(self):
        book = case(hourly(1, cap_stay=Decimal(100)))
        lines = explain(quote(book, Stay(datetime(2026, 3, 2), datetime(2026, 3, 30))))
        self.assertEqual(
            [(line.text, line.amount) for line in lines[1:]],
            [
                ("03-02 – 03-05: 4 days at 24", 96),
                ("03-06 in all (Limit per stay: 100)", 4),
                ("03-07 – 03-29: 23 days at 0 (Limit per stay: 100)", 0),
                ("Fee", 100),
            ],
        )

    def test_a_driver_reads_no_other_reason_why_he_pays_nothing_than_the_true_one(self):
        entry, leave = datetime(2026, 2, 2, 8, 0), datetime(2026, 2, 2, 8, 40)
        covered, coupon = ((entry, leave),), (Coupon("minutes", Decimal(60)),)
        evening = Tariff("evening", rates=(Rate("evening", 1080, 1320, flat=Decimal(5)),))
        for tariff, stay, words in (
            (hourly(), Stay(entry, leave, covered), ["Not charged (card or other area): 40 min"]),
            (hourly(free_minutes=15), Stay(entry, leave, (), coupon), ["Coupon: 60 min"]),
            (hourly(free_minutes=45), Stay(entry, leave), ["Free: up to 45 min"]),
            (evening, Stay(entry, leave), ["Free of charge at these hours"]),
            (
                hourly(rounding="completed"),
                Stay(entry, leave),
                ["Only whole units are charged, and none is complete"],
            ),
        ):
            with self.subTest(words):
                _stay, *lines, total = explain(quote(case(tariff), stay))
                self.assertEqual(([line.text for line in lines], total.amount), (words, 0))
