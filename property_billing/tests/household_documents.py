"""What else a household's money is written on: the portal, receipts, shifts, offers, arrears."""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from odoo.fields import Command

from .household_common import FIRST_MONTH, Household, fen


class DocumentRules(Household):
    # Portal -----------------------------------------------------------------------------------

    @precondition(lambda self: self.open_bills())
    @rule(
        data=st.data(),
        days=st.sampled_from([0, 0, 1, 40]),
        meanwhile=st.sampled_from(["nothing", "nothing", "paid", "undone"]),
    )
    def bills_are_paid_in_the_portal(self, data, days, meanwhile):
        bills = self.some(data, self.open_bills(), most=4)
        terms = bills._property_payment_terms(self.today)
        amounts = {str(bill.id): float(terms[bill.id]["payable"]) for bill in bills}
        transaction = self.world.new_transaction(bills[0].partner_id, bills)
        transaction.write(
            {
                "reference": f"LIFE-{transaction.id}",
                "amount": float(sum(terms[bill.id]["payable"] for bill in bills)),
                "property_amounts": amounts,
                "property_terms": bills._property_frozen_terms(terms),
            }
        )
        self.live_until(self.today + timedelta(days=days))
        if meanwhile == "paid":
            with self.attempt("paid before the portal's money came"):
                self.world.pay(bills[0], float(self.part(data, bills[0].amount_residual)))
        elif meanwhile == "undone":
            with self.attempt("undone before the portal's money came"):
                bills[0].property_charge_id._undo()
        transaction._set_done()
        transaction._post_process()
        self.done["paid in the portal"] += 1
        payments = self.env["account.payment"].search(
            [("payment_transaction_id", "=", transaction.id)]
        )
        self.world.assertEqual(fen(sum(payments.mapped("amount"))), fen(transaction.amount))
        if meanwhile == "nothing":
            # what was shown is what it cost: nothing stays open, and nothing grows any more
            self.world.assertFalse(any(bills.mapped("amount_residual")))
            for later in (self.today, self.today + timedelta(days=400)):
                self.world.assertFalse(any(bills._property_late_fees(later).values()))

    # Receipts ---------------------------------------------------------------------------------

    def receipts(self, state):
        return self.env["property.receipt"].search(
            [
                ("site_id", "=", self.world.site.id),
                ("state", "=", state),
                ("is_blank", "=", False),
            ]
        )

    @precondition(lambda self: self.receipts("issued"))
    @rule(
        data=st.data(),
        state=st.sampled_from(["void", "void", "lost"]),
        again=st.booleans(),
    )
    def a_receipt_is_void_or_lost(self, data, state, again):
        receipt = self.some(data, self.receipts("issued"))
        with self.attempt(f"receipt {state}"):
            wizard = self.new(
                "property.receipt.void.wizard",
                "finance",
                receipt_id=receipt.id,
                state=state,
                reason="Printer jammed",
                is_reissued=again,
            )
            wizard.action_confirm()

    @precondition(lambda self: self.receipts("void"))
    @rule(data=st.data())
    def a_void_receipt_is_issued_again(self, data):
        receipt = self.some(data, self.receipts("void"))
        with self.attempt("receipt issued again"):
            receipt.with_user(self.world.users["finance"]).action_reissue()

    # Shifts -----------------------------------------------------------------------------------

    @rule(short=st.sampled_from([0, 0, 1]), bank=st.booleans(), signed=st.booleans())
    def the_shift_is_closed_and_a_new_one_opened(self, short, bank, signed):
        world, cashier = self.world, self.world.users["cashier"]
        shift = self.shift.with_user(cashier)
        with self.attempt("shift closed"):
            if bank and (there := shift._cash_in_drawer()):
                shift._deposit(there, world.bank, date=self.today)
            cash = fen(shift._cash_in_drawer()) - short
            method = world.methods["cash"]
            shift._close(
                self.notes(max(cash, Decimal(0))),
                {},
                {method.id: "Notes and coins were counted twice"},
            )
            if signed:
                shift.with_user(world.users["manager"]).action_sign_off()
            self.env.flush_all()
        if shift.state != "open":
            opened = self.env["property.cashier.shift"].with_user(cashier)
            self.shift = opened._open(world.site, 200)

    def notes(self, cash):
        """Return notes and coins of an amount; what is below ten fen stays a difference."""
        counted = {}
        for value in ("100", "50", "20", "10", "5", "1", "0.5", "0.1"):
            number, cash = divmod(cash, Decimal(value))
            counted[value] = int(number)
        return counted

    # Offers and prices ------------------------------------------------------------------------

    @rule(
        kind=st.sampled_from(["early", "months"]),
        percent=st.sampled_from([0.01, 5, 99]),
        arrears=st.booleans(),
    )
    def an_offer_is_made(self, kind, percent, arrears):
        with self.attempt("offer made"):
            campaign = self.new(
                "property.campaign",
                "finance",
                name="Pay early",
                company_id=self.world.company.id,
                site_id=self.world.site.id,
                kind=kind,
                date_from=self.today,
                date_to=self.today + timedelta(days=40),
                item_ids=[Command.set((self.world.management | self.world.quarterly).ids)],
                percent=percent,
                months=2,
                months_paid=1,
                is_without_arrears=arrears,
            )
            self.approve(campaign)

    @rule(
        percent=st.sampled_from([-10, 3.33, 50]),
        day=st.sampled_from([1, 2, 15, 28]),
        item=st.sampled_from(["management", "percentage", "quarterly", "water"]),
    )
    def a_price_changes_from_a_day(self, percent, day, item):
        with self.attempt("price changed"):
            change = self.new(
                "property.price.change",
                "finance",
                name="New price",
                site_id=self.world.site.id,
                item_ids=[Command.set(getattr(self.world, item).ids)],
                date_from=self.month.replace(day=day),
                mode="percent",
                value=percent,
                reason="Vote",
            )
            self.approve(change)

    # One-off fees and arrears -----------------------------------------------------------------

    @rule(data=st.data(), cents=st.integers(1, 30_000), posted=st.booleans())
    def one_off_fees_are_charged(self, data, cents, posted):
        with self.attempt("one-off fees charged"):
            batch = self.new(
                "property.fee.batch",
                "finance",
                name="Cards",
                site_id=self.world.site.id,
                item_id=self.world.repair.id,
                date=self.today,
                unit_ids=[Command.set(self.some(data, self.units(), most=3).ids)],
                amount=cents / 100,
            )
            batch.action_check()
            batch.action_create()
            if posted:
                batch.run_id.action_post()

    @precondition(lambda self: self.batches())
    @rule(data=st.data())
    def one_off_fees_are_taken_back(self, data):
        batch = self.some(data, self.batches())
        with self.attempt("one-off fees taken back"):
            batch.with_user(self.world.users["finance"]).action_undo()

    def batches(self):
        return self.env["property.fee.batch"].search(
            [("site_id", "=", self.world.site.id), ("state", "=", "done")]
        )

    @rule(
        data=st.data(),
        months=st.integers(1, 3),
        cents=st.integers(1, 90_000),
        item=st.sampled_from(["management", "quarterly"]),
    )
    def arrears_are_taken_over(self, data, months, cents, item):
        start = FIRST_MONTH - relativedelta(months=months)
        with self.attempt("arrears taken over"):
            self.env["property.charge"]._create_opening_bills(
                [
                    {
                        "unit_id": self.some(data, self.world.unit | self.world.unit_2).id,
                        "item_id": getattr(self.world, item).id,
                        "date_from": start,
                        "date_to": start + relativedelta(day=31),
                        "amount": cents / 100,
                    }
                ]
            )
