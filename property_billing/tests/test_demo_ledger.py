import doctest
import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import openpyxl
from odoo.tests import BaseCase, tagged

from ..demo import ledger, people
from ..demo.behaviour import Bill, Habits, plan_deposits
from ..demo.ledger import HEADERS, Ledger, Plan, build_ledger, month_starts
from ..demo.people import id_number

DAYS = (date(2026, 11, 23), date(2027, 1, 1), date(2028, 2, 29))


@tagged("post_install", "-at_install")
class TestDemoLedger(BaseCase):
    def test_the_same_seed_and_day_give_the_same_file(self):
        self.assertEqual(build_ledger(7, DAYS[0]), build_ledger(7, DAYS[0]))
        self.assertNotEqual(build_ledger(7, DAYS[0]), build_ledger(8, DAYS[0]))

    def test_the_history_ends_with_the_last_full_month(self):
        for today in DAYS:
            readings = Ledger(7, today, Plan()).sheets()["抄表"][1]
            last = max(day for _code, day, _value in readings)
            self.assertEqual(last, today.replace(day=1) - timedelta(days=1))
            self.assertEqual(len({day for _code, day, _value in readings}), Plan.months)

    def test_months_count_back_over_new_year(self):
        self.assertEqual(
            month_starts(date(2027, 1, 15), 3),
            [date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)],
        )

    def test_references_point_to_rooms_and_meters_of_the_ledger(self):
        for seed in range(20):
            sheets = Ledger(seed, DAYS[0], Plan()).sheets()
            rooms = {f"{row[0][:-1]}-0-{row[3]}" for row in sheets["房屋"][1]}
            meters = {row[0] for row in sheets["水电表"][1]}
            self.assertLessEqual({row[0] for row in sheets["业主住户"][1]}, rooms)
            self.assertLessEqual({row[3] for row in sheets["车位"][1]}, rooms)
            self.assertLessEqual({row[0] for row in sheets["期初欠费"][1]}, rooms)
            self.assertEqual({row[0] for row in sheets["抄表"][1]}, meters)

    def test_stays_of_a_role_in_a_room_never_overlap(self):
        for seed in range(20):
            stays = {}
            for row in Ledger(seed, DAYS[0], Plan()).sheets()["业主住户"][1]:
                stays.setdefault((row[0], row[2]), []).append((row[5], row[6] or date.max))
            for spans in stays.values():
                spans.sort()
                for (_since, until), (since, _until) in pairwise(spans):
                    self.assertLess(until, since)

    def test_the_file_opens_with_title_note_and_headers(self):
        name, content = build_ledger(7, DAYS[0])
        book = openpyxl.load_workbook(io.BytesIO(content))
        self.assertEqual(name, "星澜中心.xlsx")
        self.assertEqual(book.sheetnames, list(HEADERS))
        sheet = book["房屋"]
        self.assertEqual(sheet["A1"].value, "星澜中心 房屋台账")
        self.assertEqual(tuple(cell.value for cell in sheet[3]), HEADERS["房屋"])

    def test_the_examples_in_the_docstrings_hold(self):
        for module in (ledger, people):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_people_are_invented(self):
        self.assertEqual(id_number(date(1990, 5, 17), 123), "99000019900517123X")
        for row in Ledger(7, DAYS[0], Plan()).sheets()["业主住户"][1]:
            self.assertTrue(row[3].startswith("1300000") and len(row[3]) == 11)
            self.assertTrue(row[4] is None or row[4].startswith(("990000", "91990000")))


@tagged("post_install", "-at_install")
class TestDemoBehaviour(BaseCase):
    def _bills(self, months, households=400):
        return [
            Bill(number * 100 + index, str(number), month, Decimal("300.10"))
            for number in range(households)
            for index, month in enumerate(months)
        ]

    def test_old_months_are_nearly_paid_and_the_last_one_is_not(self):
        months = [start - timedelta(days=1) for start in month_starts(date(2026, 12, 1), 8)]
        bills = self._bills(months)
        paid = {key for deposit in self._plan(bills) for key, _amount in deposit.parts}
        rates = [
            sum(bill.key in paid for bill in bills if bill.period_end == month) / 400
            for month in months
        ]
        self.assertGreater(rates[0], 0.9)
        self.assertLess(rates[-1], 0.72)
        self.assertGreater(rates[-1], 0.5)
        self.assertEqual(rates, sorted(rates, reverse=True))

    def test_nothing_is_paid_before_its_month_ends_or_after_today(self):
        for today in (date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2), date(2027, 5, 1)):
            bills = self._bills([date(2026, 9, 30), date(2026, 10, 31)])
            ends = {bill.key: bill.period_end for bill in bills}
            for deposit in plan_deposits(bills, today, Habits(), 3):
                self.assertLessEqual(deposit.day, today)
                for key, _amount in deposit.parts:
                    self.assertGreater(deposit.day, ends[key])

    def test_nobody_pays_a_bill_twice_or_too_much(self):
        bills = self._bills([date(2026, 9, 30), date(2026, 10, 31)])
        parts = [part for deposit in self._plan(bills) for part in deposit.parts]
        self.assertEqual(len(parts), len({key for key, _amount in parts}))
        self.assertTrue(all(0 < amount <= Decimal("300.10") for _key, amount in parts))
        self.assertTrue(any(amount < Decimal("300.10") for _key, amount in parts))

    def test_the_same_seed_gives_the_same_payments(self):
        bills = self._bills([date(2026, 10, 31)])
        self.assertEqual(self._plan(bills), self._plan(bills))

    def _plan(self, bills):
        return plan_deposits(bills, date(2026, 11, 23), Habits(), 3)
