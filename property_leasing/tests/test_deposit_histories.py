"""The deposit ledger against a book kept by hand, over whole leases, on every day."""

import os
import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged

from .common import LeasingCommon
from .moveout_common import MoveoutMixin

ONE = timedelta(days=1)
START = date(2026, 7, 1)
HISTORIES = int(os.environ.get("PROPERTY_HISTORIES", 2))


def fen(amount):
    return Decimal(str(round(amount, 2))).quantize(Decimal("0.01"))


@tagged("post_install", "-at_install")
class TestDepositHistories(MoveoutMixin, LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )
        cls.damage = cls.company._lease_damage_item()

    def test_every_day_of_any_history_ties_to_the_books_and_to_the_hand_kept_one(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.play(random.Random(f"deposits {seed}"))  # noqa: S311  invented
                savepoint.close(rollback=True)
            self.env.invalidate_all()

    def play(self, rng):
        self.rng, self.book, self.held = rng, [], []
        with freeze_time(START):
            self.lease = self.sign(
                self.new_lease(term_ids=[(0, 0, {"months": 2, "name": "Deposit"})])
            )
        day = START
        acts = ["take", "take", "rent", "damage", "refund", "hand_over", "pass", "renew", "cancel"]
        for _step in range(10):
            day += ONE * rng.randrange(8)
            with freeze_time(day):
                getattr(self, f"act_{rng.choice(acts)}")(day)
            self.env.invalidate_all()
            self.held = [one for one in self.held if one.amount_left]
        day += ONE * rng.randrange(1, 20)
        with freeze_time(day):
            self.leave(day)
        self.env.invalidate_all()
        self.compare(day)

    def note(self, day, deposit, amount, kind):
        self.book.append((day, deposit.unit_id, deposit.partner_id, deposit, amount, kind))

    # What happens -------------------------------------------------------------------------------

    def act_take(self, day):
        unit = self.rng.choice([self.shop, self.far_shop])
        payer = self.lease.partner_id if unit == self.shop else self.baker
        deposit = self.env["property.deposit"]._receive(
            unit,
            payer,
            self.rng.randrange(1, 600000) / 100,
            self.bank,
            self.company._lease_deposit_type(),
            date=day,
        )
        if unit == self.shop and self.rng.random() < 0.7:
            deposit.sudo().lease_term_id = self.lease.term_ids
        self.held.append(deposit)
        self.note(day, deposit, fen(deposit.amount), "received")

    def part_of(self, deposit, most=None):
        left = min(round(deposit.amount_left * 100), round((most or 10**9) * 100))
        return self.rng.choice([left, self.rng.randrange(1, left + 1)]) / 100

    def act_rent(self, day):
        """Pay an instalment from a deposit."""
        own = [one for one in self.held if one.partner_id == self.lease.partner_id]
        own = [one for one in own if one.unit_id == self.shop]
        self.bill(day.replace(day=1), day.replace(day=28))
        bills = self.lease.instalment_ids.charge_id.move_id.filtered(
            lambda one: one.amount_residual and one.partner_id == self.lease.partner_id
        )
        if own and bills:
            deposit = self.rng.choice(own)
            amount = self.part_of(deposit, bills[0].amount_residual)
            deposit._deduct(bills[0], amount, day)
            self.note(day, deposit, -fen(amount), "rent")

    def act_damage(self, day):
        if self.held:
            deposit = self.rng.choice(self.held)
            amount = self.part_of(deposit)
            charge = self.env["property.charge"]._create_single(
                deposit.unit_id, self.damage, deposit.partner_id, day, amount, "Damage"
            )
            bill = charge._post()
            left = bill.amount_residual  # a prepayment may have paid part of it
            if left:
                amount = min(amount, left)
                deposit._deduct(bill, amount, day)
                self.note(day, deposit, -fen(amount), "deducted")

    def act_refund(self, day):
        if self.held:
            deposit = self.rng.choice(self.held)
            amount = self.part_of(deposit)
            deposit._refund(amount, self.bank, day)
            self.note(day, deposit, -fen(amount), "refunded")

    def act_hand_over(self, day, deposit=None, heir=None):
        if not deposit and not self.held:
            return
        deposit = deposit or self.rng.choice(self.held)
        heir = heir or (self.baker if deposit.partner_id == self.cafe else self.cafe)
        amount = self.part_of(deposit)
        after = deposit._hand_over(heir, deposit.unit_id, amount, day)
        self.held.append(after)
        self.note(day, deposit, -fen(amount), "moved")
        self.note(day, after, fen(amount), "moved")

    def act_pass(self, day):
        """Let another tenant take the lease over, with a deposit."""
        former = self.lease.partner_id
        heir = self.baker if former == self.cafe else self.cafe
        billed = max([day, *self.lease.instalment_ids.charge_id.mapped("date_to")])
        later = [one.date for one in self.lease.amendment_ids if one.kind == "tenant"]
        first = max([billed, *later]) + ONE
        if first > day + ONE * 60:
            return
        self.amend(self.lease, kind="tenant", date=first, partner_id=heir.id)
        own = [one for one in self.held if one.lease_id and one.partner_id == former]
        if own:
            self.act_hand_over(day, own[0], heir)

    def act_renew(self, day):
        self.amend(self.lease, kind="term", date_to=self.lease.date_to + ONE * 30)

    def act_cancel(self, day):
        """Undo a taking: its money was never there."""
        whole = [one for one in self.held if one.payment_id and one.amount_left == one.amount]
        if whole:
            deposit = self.rng.choice(whole)
            deposit.payment_id.action_cancel()
            self.held.remove(deposit)
            self.book = [row for row in self.book if row[3] != deposit]

    def leave(self, day):
        """End the lease today, or as soon as its tenant is there, and settle the move-out."""
        moves = self.lease.amendment_ids.filtered(lambda one: one.kind == "tenant")
        if any(one.date > day for one in moves):
            return
        self.amend(self.lease, kind="term", date_to=day)
        bad = self.rng.randrange(1, 200000) / 100
        moveout = self.env["property.lease.moveout"].create({"lease_id": self.lease.id})
        moveout.check_ids.result = "ok"
        moveout.deduction_ids = [
            Command.create({"name": "Hole", "amount": bad, "unit_id": self.shop.id})
        ]
        moveout.action_inspect()
        moveout.action_bill()
        owed = [
            [one.invoice_date_due, fen(one.amount_residual), one.charge_item_id == self.rent]
            for one in moveout._open_bills_sudo()
        ]
        owed.append([day, fen(bad), False])
        owed.sort(key=lambda row: row[0])
        prepaid = sum(
            (fen(one.amount_left) for one in moveout._credits_sudo("property.prepayment")),
            Decimal(0),
        )
        refund = prepaid - sum(self.pay_by_hand(owed, prepaid).values())
        for deposit in sorted(moveout._credits_sudo("property.deposit"), key=lambda one: one.id):
            left = fen(deposit.amount_left)
            used = self.pay_by_hand(owed, left)
            for kind, amount in used.items():
                self.note(day, deposit, -amount, kind)
            rest = left - sum(used.values())
            refund += rest
            if rest:
                self.note(day, deposit, -rest, "refunded")
        self.close(moveout)
        self.assertEqual(sum(map(fen, moveout.payment_ids.mapped("amount"))), refund)

    def pay_by_hand(self, owed, money):
        """Pay what is owed, the oldest first: dict kind -> yuan."""
        used = defaultdict(Decimal)
        for row in owed:
            part = min(money, row[1])
            if part:
                row[1] -= part
                money -= part
                used["rent" if row[2] else "deducted"] += part
        return dict(used)

    # What it comes to ---------------------------------------------------------------------------

    def compare(self, last):
        sites = (self.site | self.other_site).ids
        account = self.company._billing_deposit_account()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT date, -SUM(balance) FROM account_move_line WHERE account_id = %s"
            " AND parent_state = 'posted' GROUP BY date",
            [account.id],
        )
        booked = {day: fen(amount) for day, amount in self.env.cr.fetchall()}
        day = START - ONE
        while day <= last + ONE:
            held = sum((row[4] for row in self.book if row[0] <= day), Decimal(0))
            ledger = self.ledger(START - ONE, day, sites, "partner_id")
            self.assertEqual(ledger["totals"]["balance"], held, day)
            self.assertEqual(ledger["booked"], held, day)
            self.assertEqual(sum((v for d, v in booked.items() if d <= day), Decimal(0)), held)
            day += ONE * 5
        self.compare_rows(last, sites)

    def ledger(self, first, last, sites, rows_by):
        wizard = self.env["property.deposit.ledger"].create(
            {"date_from": first, "date_to": last, "site_ids": sites, "rows_by": rows_by}
        )
        return wizard._ledger()

    def compare_rows(self, last, sites):
        """Compare payer by payer and kind by kind, from the middle of the history on."""
        middle = START + (last - START) / 2
        for rows_by, column in (("partner_id", 2), ("unit_id", 1)):
            wanted = defaultdict(lambda: defaultdict(Decimal))
            for row in self.book:
                kind = row[5] if row[0] >= middle else "opening"
                wanted[row[column].display_name][kind] += row[4]
            found = {
                row["name"]: {
                    key: amount
                    for key, amount in row.items()
                    if key not in ("name", "balance") and amount
                }
                for row in self.ledger(middle, last, sites, rows_by)["rows"]
            }
            wanted = {
                name: {kind: amount for kind, amount in own.items() if amount}
                for name, own in wanted.items()
            }
            self.assertEqual(found, {name: own for name, own in wanted.items() if own}, rows_by)
