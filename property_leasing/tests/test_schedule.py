"""Rent schedules against days walked one by one, and against leases worked by hand."""

import doctest
import os
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools import cycles, schedule
from ..tools.schedule import (
    Rate,
    Step,
    Terms,
    amend,
    ladder,
    price_on,
    rent_between,
)
from .schedule_oracle import Oracle, random_terms
from .worked_leases import LEASES

ONE = timedelta(days=1)
#: ./run test checks a slice; PROPERTY_LEASES=10000 checks them all.
COUNT = int(os.environ.get("PROPERTY_LEASES") or 200)
ALIKE = ("date_from", "date_to", "due_date", "amount")


def rows(instalments):
    return [tuple(getattr(one, name) for name in ALIKE) for one in instalments]


def total(instalments):
    return sum((one.amount for one in instalments), Decimal(0))


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def some_leases(self, share=1):
        for number in range(0, COUNT, share):
            yield random.Random(f"test {number}"), random_terms(number)  # noqa: S311

    def test_documented_examples_hold(self):
        for module in (cycles, schedule):
            failed, attempted = doctest.testmod(module)
            self.assertEqual(failed, 0, module.__name__)
            self.assertTrue(attempted, module.__name__)

    def test_random_leases_agree_with_days_walked_one_by_one(self):
        for _rng, terms in self.some_leases():
            self.assertEqual(rows(schedule.schedule(terms)), Oracle(terms).instalments(), terms)

    def test_worked_leases_agree_with_their_contracts(self):
        for name, terms, wanted in LEASES:
            with self.subTest(name):
                found = [
                    (str(one.date_from), str(one.due_date), str(one.amount))
                    for one in schedule.schedule(terms)
                ]
                self.assertEqual(found[: len(wanted)], wanted)

    def test_any_partition_of_the_term_sums_to_the_whole(self):
        for rng, terms in self.some_leases(4):
            whole = rent_between(terms, terms.start, terms.end)
            self.assertEqual(total(schedule.schedule(terms)), whole)
            cuts = sorted(
                {
                    terms.start + ONE * rng.randrange((terms.end - terms.start).days)
                    for _ in range(6)
                }
                | {terms.start}
            )
            ends = [day - ONE for day in cuts[1:]] + [terms.end]
            parts = [rent_between(terms, *span) for span in zip(cuts, ends, strict=True)]
            self.assertEqual(sum(parts), whole)
            for months in (1, 3, 12):
                other = replace(terms, months=months, anchor=terms.anchor)
                self.assertEqual(total(schedule.schedule(other)), whole)

    def test_the_parts_of_an_instalment_explain_all_of_its_days(self):
        for _rng, terms in self.some_leases(4):
            for one in schedule.schedule(terms):
                self.assertEqual(one.parts[0].date_from, one.date_from)
                self.assertEqual(one.parts[-1].date_to, one.date_to)
                for part, following in zip(one.parts, one.parts[1:], strict=False):
                    self.assertEqual(part.date_to + ONE, following.date_from)

    def test_a_rent_free_day_costs_nothing(self):
        for _rng, terms in self.some_leases(4):
            for first, last in terms.rent_free:
                last = min(last, terms.end)
                self.assertEqual(rent_between(terms, first, last), 0)
            for one in schedule.schedule(terms):
                self.assertFalse(sum(part.amount for part in one.parts if part.is_free))

    def test_a_step_starts_on_its_day_and_not_before(self):
        for _rng, terms in self.some_leases(4):
            for step in terms.steps:
                before = tuple(one for one in terms.steps if one.day < step.day)
                without = replace(terms, steps=before)
                self.assertEqual(
                    rent_between(terms, terms.start, step.day - ONE),
                    rent_between(without, terms.start, step.day - ONE),
                )

    def test_a_later_rate_contains_the_steps_before_it(self):
        start, day = date(2026, 1, 1), date(2027, 7, 1)
        terms = Terms(
            start,
            date(2029, 12, 31),
            (Rate(start, Decimal(100)), Rate(day, Decimal(90))),
            steps=ladder(start, date(2029, 12, 31), 12, "percent_of_base", Decimal(10)),
        )
        days = (date(2026, 12, 31), date(2027, 1, 1), day, date(2028, 1, 1), date(2029, 1, 1))
        prices = [price_on(terms, day)[1] for day in days]
        self.assertEqual(prices, [100, 110, 90, 99, 108])

    def test_an_amendment_never_changes_a_past_instalment(self):
        for rng, terms in self.some_leases(4):
            old = schedule.schedule(terms)
            billed = rng.randrange(len(old) + 1)
            billed_to = old[billed - 1].date_to if billed else terms.start - ONE
            new = replace(
                terms,
                end=terms.end + ONE * rng.randrange(-30, 200)
                if (terms.end - terms.start).days > 40
                else terms.end,
                rates=(*terms.rates, Rate(terms.end - ONE * 10, Decimal(7), Decimal(50))),
            )
            result = amend(old, new, billed_to)
            self.assertEqual(result.kept, old[:billed])
            self.assertEqual(
                total(result.kept) + sum(result.differences) + total(result.future),
                rent_between(new, new.start, new.end),
            )

    def test_an_amendment_after_what_is_billed_makes_no_difference(self):
        for rng, terms in self.some_leases(4):
            old = schedule.schedule(terms)
            billed = rng.randrange(len(old))
            billed_to = old[billed - 1].date_to if billed else terms.start - ONE
            day = billed_to + ONE
            new = replace(
                terms,
                rates=(*(one for one in terms.rates if one.day < day), Rate(day, Decimal(9))),
                steps=(*terms.steps, Step(day, "amount", Decimal(1))),
            )
            if not any(one.day <= terms.start for one in new.rates):
                continue
            self.assertFalse(any(amend(old, new, billed_to).differences))

    def test_the_same_terms_amended_give_the_same_schedule(self):
        for rng, terms in self.some_leases(8):
            old = schedule.schedule(terms)
            billed = rng.randrange(1, len(old) + 1)
            result = amend(old, terms, old[billed - 1].date_to)
            self.assertEqual(rows((*result.kept, *result.future)), rows(old))
            self.assertFalse(any(result.differences))

    def test_an_early_end_gives_back_what_was_paid_ahead(self):
        start = date(2026, 1, 1)
        terms = Terms(start, date(2026, 12, 31), (Rate(start, Decimal(31000)),), months=3)
        old = schedule.schedule(terms)
        result = amend(old, replace(terms, end=date(2026, 3, 10)), date(2026, 3, 31))
        self.assertEqual((len(result.kept), result.future), (1, ()))
        self.assertEqual(result.differences, (Decimal("-21000.00"),))

    def test_a_cut_begins_a_new_instalment_and_changes_no_sum(self):
        for rng, terms in self.some_leases(8):
            day = terms.start + ONE * rng.randrange(1, (terms.end - terms.start).days)
            found = schedule.schedule(replace(terms, cuts=(day,)))
            self.assertIn(day, [one.date_from for one in found])
            self.assertEqual(total(found), total(schedule.schedule(terms)))

    def test_a_lease_from_the_31st_keeps_its_day(self):
        start = date(2026, 1, 31)
        terms = Terms(start, date(2026, 5, 30), (Rate(start, Decimal(3000)),), anchor=start)
        found = schedule.schedule(terms)
        self.assertEqual(
            [str(one.date_from) for one in found],
            ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
        )
        self.assertEqual({one.amount for one in found}, {Decimal(3000)})

    def test_a_leap_day_is_a_day_of_rent_by_calendar_days_only(self):
        for convention, wanted in (("calendar_days", "29.00"), ("days_365", "30.42")):
            start = date(2028, 2, 1)
            terms = Terms(
                start, date(2028, 2, 29), (Rate(start, Decimal(1)),), "m2_day", convention
            )
            self.assertEqual(total(schedule.schedule(terms)), Decimal(wanted))

    def test_an_unknown_step_is_refused(self):
        start = date(2026, 1, 1)
        terms = Terms(
            start,
            date(2026, 12, 31),
            (Rate(start, Decimal(1)),),
            steps=(Step(date(2026, 2, 1), "magic", Decimal(1)),),
        )
        with self.assertRaises(ValueError):
            schedule.schedule(terms)
