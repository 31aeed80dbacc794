"""Turnover rent over whole leases: declared, corrected, amended, ended; against the clauses."""

import os
import random
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time
from odoo.tests import tagged

from .turnover_common import TurnoverCommon
from .turnover_law import Clauses, month_later

ONE = timedelta(days=1)
HISTORIES = int(os.environ.get("PROPERTY_HISTORIES", 3))


def invent(rng):
    """Invent the clauses of a lease of a year and some months."""
    start = rng.choice([date(2026, 1, 1), date(2026, 1, 16), date(2025, 8, 31), date(2026, 3, 10)])
    end = start + ONE * rng.randrange(330, 460)
    clauses = Clauses(start, end, [(start, Decimal(rng.choice(["3000", "2999.99", "1000"])))])
    clauses.is_anniversary = rng.random() < 0.5
    if rng.random() < 0.5:
        clauses.percent_steps = [
            (month_later(start, count), 7) for count in (6, 12) if month_later(start, count) <= end
        ]
    if rng.random() < 0.5:
        first = start + ONE * rng.randrange(40)
        clauses.free = [(first, first + ONE * rng.randrange(5, 50))]
    clauses.tiers = [(rng.choice([0, 20000]), 8)] + ([(60000, 11)] if rng.random() < 0.5 else [])
    clauses.is_greater = rng.random() < 0.6
    clauses.cap = rng.choice([None, None, Decimal(4500)])
    clauses.months = rng.choice([1, 3])
    clauses.is_lease_year = rng.random() < 0.5
    clauses.is_free_counted = rng.random() < 0.5
    clauses.is_trued_up = rng.random() < 0.6
    return clauses


@tagged("post_install", "-at_install")
class TestTurnoverHistories(TurnoverCommon):
    """Every history ends with what the clauses owe, on bills less credit notes, to the fen."""

    def test_bills_of_any_history_are_what_the_clauses_owe(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                rng = random.Random(f"turnover {seed}")  # noqa: S311  invented terms
                self.play(rng, invent(rng), seed)
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def play(self, rng, clauses, seed):
        """Live a lease month by month, and compare in the end."""
        self.rng, self.clauses, self.sold = rng, clauses, {}
        self.tenants = self.env["res.partner"].create(
            [{"name": f"Tenant {seed} {number}"} for number in (0, 1)]
        )
        with freeze_time(clauses.start):
            self.lease = self.sign(self.lease_of(clauses, seed))
        today = clauses.start
        acts = ["bill", "bill", "correct", "rent", "free", "pass", "end", "renew", "", ""]
        while rows := self.lease.turnover_ids.filtered(lambda row: row.state == "open"):
            row = rows.sorted("date_from")[0]
            today = max(today, row.date_to + ONE)
            with freeze_time(today):
                self.declare_row(row)
                act = rng.choice(acts)
                if today <= self.clauses.end or act in ("bill", "correct"):
                    getattr(self, f"act_{act or 'nothing'}")(row, today)
            self.env.invalidate_all()
        with freeze_time(max(today, clauses.end) + ONE * 60):
            self.settle_up(max(today, clauses.end) + ONE * 60)
        self.compare()

    def lease_of(self, clauses, seed):
        term = {
            "mode": "greater" if clauses.is_greater else "addition",
            "months": str(clauses.months),
            "year": "lease" if clauses.is_lease_year else "calendar",
            "cap": float(clauses.cap or 0),
            "is_free_counted": clauses.is_free_counted,
            "is_trued_up": clauses.is_trued_up,
        }
        steps = [
            (0, 0, {"repeat_months": 0, "date": day, "kind": "percent", "value": percent})
            for day, percent in clauses.percent_steps
        ]
        free = [(0, 0, {"date_from": first, "date_to": last}) for first, last in clauses.free]
        return self.new_turnover_lease(
            unit=self.new_unit(f"T{seed:02}", type_id=self.type_shop.id, area_gross=50.0),
            term=term,
            tiers=clauses.tiers,
            lines=[{"price": float(clauses.prices[0][1])}],
            partner_id=self.tenants[0].id,
            date_from=clauses.start,
            date_to=clauses.end,
            cycle="anniversary" if clauses.is_anniversary else "calendar",
            step_ids=steps,
            rent_free_ids=free,
        )

    # What happens -------------------------------------------------------------------------------

    def declare_row(self, row):
        amount = Decimal(self.rng.choice([0, self.rng.randrange(1, 12_000_000)])) / 100
        row._declare(float(amount))
        row.action_confirm(row._versions())
        self.sold[row.date_from] = (row.date_to, amount)

    def act_nothing(self, row, today):
        """Let the month pass."""

    def act_bill(self, row, today):
        self.bill_turnover(today.replace(day=1), month_later(today.replace(day=1), 1) - ONE)

    def act_correct(self, row, today):
        known = self.lease.turnover_ids.filtered(lambda one: one.state == "confirmed")
        one = self.rng.choice(known.sorted("date_from"))
        amount = Decimal(self.rng.choice([0, self.rng.randrange(1, 12_000_000)])) / 100
        one._correct(float(amount), "The till was wrong")
        self.sold[one.date_from] = (one.date_to, amount)

    def act_rent(self, row, today):
        day = self.clauses.start + ONE * self.rng.randrange(
            (self.clauses.end - self.clauses.start).days
        )
        if any(day == since for since, _price in self.clauses.prices):
            return
        price = Decimal(self.rng.randrange(50000, 400000)) / 100
        line = {"lease_line_id": self.lease.line_ids.id, "price": float(price), "area": 50.0}
        self.amend(self.lease, date=day, line_ids=[(0, 0, line)])
        self.clauses.prices.append((day, price))

    def act_free(self, row, today):
        first = today + ONE * self.rng.randrange(30)
        last = first + ONE * self.rng.randrange(20)
        if last > self.clauses.end or any(
            start <= last and first <= end for start, end in self.clauses.free
        ):
            return
        self.amend(self.lease, kind="rent_free", date=first, free_to=last)
        self.clauses.free.append((first, last))

    def act_pass(self, row, today):
        day = row.date_to + ONE * self.rng.randrange(1, 45)
        if self.clauses.passes or day > self.clauses.end:
            return
        self.amend(self.lease, kind="tenant", date=day, partner_id=self.tenants[1].id)
        self.clauses.passes.append(day)

    def act_end(self, row, today):
        last = row.date_from + ONE * self.rng.randrange(70)
        if last >= self.clauses.end:
            return
        if any(day > last for day in self.clauses.passes):
            return
        self.amend(self.lease, kind="term", date_to=last)
        self.clauses.end = last

    def act_renew(self, row, today):
        self.clauses.end += ONE * self.rng.randrange(1, 70)
        self.amend(self.lease, kind="term", date_to=self.clauses.end)

    # What it comes to ---------------------------------------------------------------------------

    def settle_up(self, today):
        """Bill what is due and credit what was settled too high."""
        self.bill_turnover(today.replace(day=1), month_later(today.replace(day=1), 1) - ONE)
        self.lease.settlement_ids.filtered(lambda one: one.state == "credit").action_credit()
        self.env.invalidate_all()
        self.assertFalse(
            {"due", "draft", "credit"} & set(self.lease.settlement_ids.mapped("state"))
        )

    def compare(self):
        spans = [(first, last) for first, last, _holder in self.clauses.declared_spans()]
        self.assertEqual([(first, one[0]) for first, one in sorted(self.sold.items())], spans)
        owed = self.clauses.totals(self.sold)
        for holder, tenant in enumerate(self.tenants):
            moves = self.env["account.move"].search(
                [("partner_id", "=", tenant.id), ("state", "=", "posted")]
            )
            signs = {"out_invoice": 1, "out_refund": -1}
            billed = sum(
                (
                    Decimal(str(move.amount_total)) * signs[move.move_type]
                    for move in moves
                    if move.move_type in signs
                ),
                Decimal(0),
            )
            self.assertEqual(billed, owed.get(holder, Decimal(0)), tenant.name)
