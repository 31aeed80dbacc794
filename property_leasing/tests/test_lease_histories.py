"""Rent over whole leases: billed, amended, undone, billed again; against the clauses."""

import os
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time
from odoo.tests import tagged

from .common import LeasingCommon
from .turnover_law import Clauses, month_later

ONE = timedelta(days=1)
HISTORIES = int(os.environ.get("PROPERTY_HISTORIES", 3))


def invent(rng):
    """Invent a lease of half a year to a year."""
    start = rng.choice([date(2026, 1, 1), date(2026, 1, 16), date(2025, 8, 31), date(2024, 2, 29)])
    end = start + ONE * rng.randrange(180, 400)
    clauses = Clauses(start, end, [(start, Decimal(rng.choice(["3000", "2999.99", "1000.01"])))])
    clauses.is_anniversary = rng.random() < 0.5
    clauses.percent_steps = [
        (month_later(start, count), 7) for count in (4, 8) if month_later(start, count) <= end
    ]
    return clauses


@tagged("post_install", "-at_install")
class TestLeaseHistories(LeasingCommon):
    """Every history ends with what the days cost each tenant, on bills less credit notes.

    Whatever bills or credits the days of a space bears the VAT of its rent.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat6, vat13 = (cls.env["account.tax"]._vat_tax(cls.company, rate) for rate in (6, 13))
        cls.env["property.tariff"].create(
            {"item_id": cls.one_off.id, "date_from": "2020-01-01", "tax_id": vat13.id}
        )

    def test_bills_of_any_history_are_what_the_days_cost(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                rng = random.Random(f"rent {seed}")  # noqa: S311  invented terms
                self.play(rng, invent(rng), seed)
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def play(self, rng, clauses, seed):
        self.rng, self.clauses, self.runs = rng, clauses, []
        self.second, self.is_given_back = None, False
        self.unit_2 = self.new_unit(f"Q{seed:02}", type_id=self.type_shop.id, area_gross=30.0)
        self.tenants = self.env["res.partner"].create(
            [{"name": f"Tenant {seed} {number}"} for number in (0, 1)]
        )
        today = clauses.start
        with freeze_time(today):
            self.lease = self.sign(
                self.new_lease(
                    unit=self.new_unit(f"R{seed:02}", type_id=self.type_shop.id, area_gross=50.0),
                    lines=[{"price": float(clauses.prices[0][1]), "tax_id": self.vat9.id}],
                    partner_id=self.tenants[0].id,
                    date_from=clauses.start,
                    date_to=clauses.end,
                    cadence=rng.choice(["1", "2", "3", "6"]),
                    timing=rng.choice(["advance", "arrears"]),
                    due_days=rng.choice([0, 5]),
                    cycle="anniversary" if clauses.is_anniversary else "calendar",
                    step_ids=[
                        (0, 0, {"repeat_months": 0, "date": day, "value": percent})
                        for day, percent in clauses.percent_steps
                    ],
                )
            )
        acts = ["bill", "bill", "bill", "undo", "pay", "rent", "free", "pass", "end", "renew"]
        acts += ["take", "take", "give_back"]
        while today <= clauses.end:
            with freeze_time(today):
                getattr(self, f"act_{rng.choice(acts)}")(today)
            self.env.invalidate_all()
            today += ONE * rng.randrange(5, 40)
        with freeze_time(max(today, clauses.end + ONE * 40)):
            self.act_bill(max(today, clauses.end + ONE * 40))
        self.env.invalidate_all()
        self.compare()

    # What happens -------------------------------------------------------------------------------

    def act_bill(self, today):
        first = today.replace(day=1)
        run = self.bill(first, month_later(first, 1) - ONE)
        if run.charge_ids:
            self.runs.append(run)

    def act_undo(self, today):
        if self.runs:
            self.runs.pop(self.rng.randrange(len(self.runs))).action_undo()

    def act_pay(self, today):
        """Pay a bill, so that what is given back of it is kept."""
        bills = self.lease.instalment_ids.charge_id.move_id.filtered("amount_residual")
        if bills:
            self.pay(self.rng.choice(bills.sorted("id")), day=today)

    def some_day(self):
        return self.clauses.start + ONE * self.rng.randrange(
            (self.clauses.end - self.clauses.start).days
        )

    def first_to_settle(self):
        """Return the first day that is not waiting for a bill though later ones are billed."""
        rows = self.lease.instalment_ids.sorted("date_from")
        billed = [row.date_to for row in rows if row.charge_id or row.is_dropped]
        last = max(billed, default=self.clauses.start - ONE)
        waiting = [
            row.date_to
            for row in rows
            if row.amount and not row.charge_id and not row.is_dropped and row.date_to <= last
        ]
        return max(waiting, default=self.clauses.start - ONE) + ONE

    def act_rent(self, today):
        day = max(self.some_day(), self.first_to_settle())
        if day > self.clauses.end or any(day == since for since, _price in self.clauses.prices):
            return
        price = Decimal(self.rng.randrange(50000, 400000)) / 100
        line = {"lease_line_id": self.lease.line_ids[0].id, "price": float(price), "area": 50.0}
        self.amend(self.lease, date=day, line_ids=[(0, 0, line)])
        self.clauses.prices.append((day, price))

    def act_free(self, today):
        first = max(self.some_day(), self.first_to_settle())
        last = min(first + ONE * self.rng.randrange(60), self.clauses.end)
        if first > last or any(start <= last and first <= end for start, end in self.clauses.free):
            return
        self.amend(self.lease, kind="rent_free", date=first, free_to=last)
        self.clauses.free.append((first, last))

    def act_pass(self, today):
        billed = self.lease.instalment_ids.charge_id.mapped("date_to")
        day = max([today, *billed]) + ONE * self.rng.randrange(1, 30)
        if self.clauses.passes or day > self.clauses.end:
            return
        self.amend(self.lease, kind="tenant", date=day, partner_id=self.tenants[1].id)
        self.clauses.passes.append(day)

    def act_end(self, today):
        first = max([self.first_to_settle(), *self.clauses.passes])
        if self.second:
            first = max(first, self.second.start)
        last = max(self.some_day(), first)
        if last < self.clauses.end:
            self.amend(self.lease, kind="term", date_to=last)
            self.clauses.end = last
            if self.second:
                self.second.end = min(self.second.end, last)

    def act_renew(self, today):
        self.clauses.end += ONE * self.rng.randrange(1, 70)
        self.amend(self.lease, kind="term", date_to=self.clauses.end)
        if self.second and not self.is_given_back:
            self.second.end = self.clauses.end

    def act_take(self, today):
        """Take a second space, from a day that may be over."""
        day = self.some_day()
        if self.second:
            return
        row = {"unit_id": self.unit_2.id, "price": 777.77, "pricing": "month"}
        row["tax_id"] = self.vat6.id
        self.amend(self.lease, kind="space", date=day, space_ids=[(0, 0, row)])
        self.second = replace(
            self.clauses,
            start=day,
            prices=[(day, Decimal("777.77"))],
            anchor=self.clauses.start,
        )

    def act_give_back(self, today):
        if not self.second or self.is_given_back or self.second.start >= self.second.end:
            return
        length = (self.second.end - self.second.start).days
        day = max(
            self.second.start + ONE * self.rng.randrange(1, length + 1), self.first_to_settle()
        )
        if day > self.second.end:
            return
        row = {"action": "remove", "unit_id": self.unit_2.id}
        self.amend(self.lease, kind="space", date=day, space_ids=[(0, 0, row)])
        self.second.end, self.is_given_back = day - ONE, True

    # What it comes to ---------------------------------------------------------------------------

    def compare(self):
        spaces = [one for one in (self.clauses, self.second) if one]
        for holder, tenant in enumerate(self.tenants):
            cost = sum((self.cost_of(one, holder) for one in spaces), Decimal(0))
            moves = self.env["account.move"].search(
                [
                    ("partner_id", "=", tenant.id),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ]
            )
            for move in moves:
                rate = 6.0 if move.unit_id == self.unit_2 else 9.0
                self.assertEqual(move.invoice_line_ids.tax_ids.mapped("amount"), [rate], move.name)
            signs = {"out_invoice": 1, "out_refund": -1}
            billed = sum(
                (Decimal(str(one.amount_total)) * signs[one.move_type] for one in moves),
                Decimal(0),
            )
            self.assertEqual(billed, cost, tenant.name)
        rows = self.lease.instalment_ids
        shown = sum((Decimal(str(row.amount + row.amount_difference)) for row in rows), Decimal(0))
        self.assertEqual(round(shown, 2), sum(one.base_until()[one.end] for one in spaces))

    def cost_of(self, space, holder):
        """Return what a space cost a tenant in his days."""
        base = space.base_until()
        own = [day for day in space.days() if space.holder(day) == holder]
        return base[own[-1]] - base[own[0] - ONE] if own else Decimal(0)
