"""Random lives of two sites' ledgers."""

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from odoo.fields import Command

from .report_oracle import fen


class HistoryMixin:
    """Do to the books what people do, in any order; needs a world of `common.BillingMixin`."""

    FIRST, LAST = date(2025, 6, 1), date(2026, 11, 20)

    @classmethod
    def set_up_history(cls, seed):
        """Prepare journals, accounts and the choices of one history."""
        cls.draw = random.Random(seed)  # noqa: S311  a history to repeat, no secret
        cls.far_item = cls.new_item("FWY", "area", 2.0, 6, site_id=cls.other_site.id)
        journals = cls.env["account.journal"]
        cls.cash, cls.bank = (
            journals.search([("type", "=", kind), ("company_id", "=", cls.company.id)], limit=1)
            for kind in ("cash", "bank")
        )
        cls.general = journals.search(
            [("type", "=", "general"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.expense = cls.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", cls.company.ids)], limit=1
        )
        cls.households = [
            (cls.unit, cls.owner, [cls.management, cls.parking, cls.water]),
            (cls.unit_2, cls.buyer, [cls.management, cls.water]),
            (cls.other_unit, cls.other_owner, [cls.far_item]),
        ]
        cls.bills = cls.env["account.move"]
        cls.payments = cls.env["account.payment"]
        cls.statement_lines = cls.env["account.bank.statement.line"]
        cls.done = defaultdict(int)
        cls.handed_over = []

    def day(self, since=None):
        """Draw a day of the history."""
        since = since or self.FIRST
        return since + timedelta(days=self.draw.randint(0, max((self.LAST - since).days, 0)))

    def money(self, low=1, high=90000):
        """Draw an amount of whole fen."""
        return self.draw.randint(low, high) / 100

    def open_bills(self):
        """Return the bills that are still owed."""
        return self.bills.filtered(lambda bill: bill.state == "posted" and bill.amount_residual > 0)

    def live_payments(self):
        """Return the payments that count."""
        return self.payments.filtered(lambda payment: payment.state in ("in_process", "paid"))

    def do_bill(self):
        """Bill one, three or twelve months, in advance or in arrears, or some days."""
        unit, payer, items = self.draw.choice(self.households)
        item = self.draw.choice(items)
        first = self.day().replace(day=self.draw.choice([1, 1, 17]))
        last = first + relativedelta(months=self.draw.choice([1, 1, 3, 12]), days=-1)
        day = self.draw.choice([first, last, self.day()])
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": payer.id,
                "invoice_date": day,
                "date": day,
                "invoice_date_due": day + timedelta(days=self.draw.choice([0, 15])),
                "invoice_payment_term_id": False,
                "unit_id": unit.id,
                "charge_item_id": item.id,
                "period_from": first,
                "period_to": last,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": item.product_id.id,
                            "quantity": 1.0,
                            "price_unit": self.money(),
                            "tax_ids": [Command.set(item.tariff_ids.tax_id.ids)],
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.__class__.bills |= bill

    def do_open(self):
        """Take arrears over from an earlier ledger."""
        unit, _payer, items = self.draw.choice(self.households)
        first = date(2025, self.draw.randint(1, 4), 1) + timedelta(days=self.done["do_open"])
        charges = self.env["property.charge"]._create_opening_bills(
            [
                {
                    "unit_id": unit.id,
                    "item_id": items[0].id,
                    "date_from": first,
                    "date_to": first,
                    "amount": self.money(),
                }
            ]
        )
        self.__class__.bills |= charges.move_id

    def do_pay(self):
        """Pay a bill, wholly or in part, some day after it."""
        bill = self.some(self.open_bills())
        if not bill:
            return
        amount = bill.amount_residual
        if self.draw.random() < 0.5 and amount > 0.02:
            amount = fen(amount * self.draw.random()) or Decimal("0.01")
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create(
                {
                    "payment_date": self.day(bill.date),
                    "amount": float(amount),
                    "journal_id": self.draw.choice([self.cash, self.bank]).id,
                }
            )
        )
        self.__class__.payments |= wizard._create_payments()

    def do_overpay(self):
        """Take money in advance; some of it settles bills at once."""
        unit, payer, _items = self.draw.choice(self.households)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": payer.id,
                "amount": self.money(),
                "date": self.day(),
                "journal_id": self.draw.choice([self.cash, self.bank]).id,
                "unit_id": unit.id,
            }
        )
        payment.action_post()
        self.__class__.payments |= payment
        self.settle(payment.move_id, payer)

    def settle(self, move, payer):
        """Reconcile an entry with some bill of the payer, one time of two."""
        bill = self.some(self.open_bills().filtered(lambda bill: bill.partner_id == payer))
        lines = self.receivable(move).filtered(lambda line: not line.reconciled)
        if bill and lines and self.draw.random() < 0.5:
            (lines | self.receivable(bill)).reconcile()

    def do_credit(self):
        """Credit a bill, wholly or in part; the note settles it or stays open."""
        bill = self.some(self.bills.filtered(lambda bill: bill.state == "posted"))
        if not bill:
            return
        day = self.day(bill.date)
        note = bill._reverse_moves([{"date": day, "invoice_date": day, "invoice_date_due": day}])
        if self.draw.random() < 0.5:
            note.invoice_line_ids[0].price_unit = self.money(high=max(int(bill.amount_total), 2))
        note.action_post()
        if self.draw.random() < 0.6 and bill.amount_residual:
            (self.receivable(note) | self.receivable(bill)).reconcile()

    def do_refund(self):
        """Pay open credit out again."""
        payment = self.some(
            self.live_payments().filtered(
                lambda one: one.payment_type == "inbound" and self.open_of(one.move_id) < 0
            )
        )
        if not payment:
            return
        refund = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": payment.partner_id.id,
                "amount": -self.open_of(payment.move_id),
                "date": self.day(payment.date),
                "journal_id": payment.journal_id.id,
                "unit_id": payment.unit_id.id,
            }
        )
        refund.action_post()
        (self.receivable(refund.move_id) | self.receivable(payment.move_id)).reconcile()
        self.__class__.payments |= refund

    def do_void(self):
        """Cancel a payment."""
        payment = self.some(self.live_payments())
        if payment:
            payment.action_draft()
            payment.action_cancel()

    def do_draft_payment(self):
        """Reset a payment to draft: Odoo keeps its reconciliations."""
        payment = self.some(self.live_payments())
        if payment:
            payment.action_draft()

    def do_reverse_payment(self):
        """Reverse a payment's entry."""
        payment = self.some(self.live_payments())
        if payment:
            day = self.day(payment.date)
            payment.move_id._reverse_moves([{"date": day}], cancel=True)

    def do_cancel(self):
        """Cancel an unpaid bill."""
        bill = self.some(
            self.open_bills().filtered(
                lambda one: not one.property_charge_id and one.amount_residual == one.amount_total
            )
        )
        if bill:
            bill.button_draft()
            bill.button_cancel()

    def do_write_off(self):
        """Write a bill off with an entry that is no money."""
        bill = self.some(self.open_bills())
        if not bill:
            return
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.general.id,
                "date": self.day(bill.date),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": bill.partner_id.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in (
                        (self.expense, bill.amount_residual, 0.0),
                        (self.receivable(bill).account_id, 0.0, bill.amount_residual),
                    )
                ],
            }
        )
        entry.action_post()
        (self.receivable(entry) | self.receivable(bill)).reconcile()

    def do_hand_over(self):
        """Give a payer's open credit to another payer, who settles a bill with it."""
        payment = self.some(
            self.live_payments().filtered(lambda one: self.open_of(one.move_id) < 0)
        )
        bill = self.some(self.open_bills())
        if not payment or not bill or bill.partner_id == payment.partner_id:
            return
        amount = min(-self.open_of(payment.move_id), bill.amount_residual)
        day = max(payment.date, bill.date)
        accounts = self.receivable(payment.move_id).account_id, self.receivable(bill).account_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.general.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "debit": debit,
                            "credit": amount - debit,
                        }
                    )
                    for account, partner, debit in zip(
                        accounts, (payment.partner_id, bill.partner_id), (amount, 0.0), strict=True
                    )
                ],
            }
        )
        entry.action_post()
        given = entry.line_ids.filtered("debit")
        (given | self.receivable(payment.move_id)).reconcile()
        ((entry.line_ids - given) | self.receivable(bill)).reconcile()
        self.handed_over.append(bill)

    def do_statement(self):
        """Collect bills by one line of the bank's statement."""
        bill = self.some(self.open_bills())
        if not bill:
            return
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.day(bill.date),
                "payment_ref": "collected by the bank",
                "partner_id": bill.partner_id.id,
                "amount": bill.amount_residual,
                "counterpart_account_id": self.receivable(bill).account_id.id,
                "site_id": bill.site_id.id,
            }
        )
        (self.receivable(line.move_id) | self.receivable(bill)).reconcile()
        self.__class__.statement_lines |= line

    def do_deposit(self):
        """Bring cash to the bank."""
        amount = self.money()
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.cash.id,
                "date": self.day(),
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": debit, "credit": credit})
                    for account, debit, credit in (
                        (self.bank.default_account_id, amount, 0.0),
                        (self.cash.default_account_id, 0.0, amount),
                    )
                ],
            }
        )
        entry.action_post()

    def live(self, steps):
        """Do a number of random things."""
        weights = {
            "do_bill": 8,
            "do_pay": 7,
            "do_overpay": 3,
            "do_credit": 3,
            "do_open": 1,
            "do_refund": 2,
            "do_void": 1,
            "do_draft_payment": 1,
            "do_reverse_payment": 1,
            "do_cancel": 1,
            "do_write_off": 1,
            "do_statement": 2,
            "do_hand_over": 3,
            "do_deposit": 1,
        }
        for _step in range(steps):
            [name] = self.draw.choices(list(weights), list(weights.values()))
            getattr(self, name)()
            self.done[name] += 1

    def some(self, records):
        """Draw one record, or none from nothing."""
        return self.draw.choice(records) if records else records

    @staticmethod
    def receivable(move):
        """Return the receivable items of an entry."""
        return move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def open_of(self, move):
        """Return what is open on the receivable items of an entry."""
        return sum(self.receivable(move).mapped("amount_residual"))
