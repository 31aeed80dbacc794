"""What money does to a household: the counter, prepayments, deposits, and giving it back."""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .household_common import Household, fen

CENTS = st.integers(min_value=1, max_value=60_000)


class MoneyRules(Household):
    # The counter ------------------------------------------------------------------------------

    @precondition(lambda self: self.open_bills())
    @rule(
        data=st.data(),
        ahead=st.one_of(st.just(0), CENTS),
        late=st.booleans(),
        kept=st.booleans(),
        merged=st.booleans(),
        offers=st.booleans(),
    )
    def money_is_taken_at_the_counter(self, data, ahead, late, kept, merged, offers):
        bills = self.some(data, self.open_bills(), most=4)
        shares = {bill: self.part(data, bill.amount_residual) for bill in bills}
        discounts = self.discounts(bills) if offers else {}
        for bill, one in discounts.items():
            shares[bill] = fen(bill.amount_residual) - one["amount"]
        fees = self.live_late_fees(bills) if late else {}
        due = sum(shares.values()) + sum(fees.values())
        used = self.part(data, min(due, self.usable(bills))) if kept and self.usable(bills) else 0
        advance = Decimal(ahead) / 100
        cash, bank = self.split(data, due - used + advance)
        tenders = [("prepayment", used), ("bank", bank), ("cash", cash)]
        options = {
            "late_fees": fees,
            "merged": merged,
            "unit": self.world.unit,
            "discounts": discounts,
        }
        if advance:
            options["advances"] = [
                {
                    "unit": self.world.unit,
                    "payer": bills[0].partner_id,
                    "item": data.draw(st.sampled_from([None, self.world.management])),
                    "amount": advance,
                    "note": "",
                }
            ]
        with self.attempt("money taken" + (" with prepayment" if used else "")):
            self.env["property.collection"].with_user(self.world.users["cashier"])._collect(
                list(shares.items()),
                [
                    {"method": self.world.methods[kind], "amount": amount, "reference": "R"}
                    for kind, amount in tenders
                    if amount
                ],
                date=self.today,
                shift=self.shift,
                **options,
            )

    def live_late_fees(self, bills):
        fees = bills._property_late_fees(self.today)
        return {bill: fees[bill.id] for bill in bills if fees[bill.id]}

    def discounts(self, bills):
        """Return what campaigns give for paying bills in full: bill -> dict."""
        offers = self.env["property.campaign"]._offers(bills, self.today)
        return {bill: offers[bill.id] for bill in bills if bill.id in offers}

    def usable(self, bills):
        """Return what the payers of bills left in advance: Decimal."""
        kept = self.env["property.prepayment"]._open(self.units(), bills.partner_id)
        return fen(sum(kept.mapped("amount_left")))

    def split(self, data, amount):
        """Draw which part comes in cash, and which by bank."""
        cash = Decimal(data.draw(st.integers(0, int(amount * 100)))) / 100
        return data.draw(st.sampled_from([(amount, 0), (0, amount), (cash, amount - cash)]))

    @precondition(lambda self: self.takings())
    @rule(data=st.data())
    def a_taking_is_undone(self, data):
        taking = self.some(data, self.takings())
        with self.attempt("taking undone"):
            taking.with_user(self.world.users["cashier"])._undo("Wrong household")

    def takings(self):
        return self.env["property.collection"].search(
            [("site_id", "=", self.world.site.id), ("state", "=", "done")]
        )

    @precondition(lambda self: self.open_bills())
    @rule(data=st.data(), today=st.booleans())
    def a_bill_is_paid_the_stock_way(self, data, today):
        bill = self.some(data, self.open_bills())
        day = self.today if today else bill.invoice_date
        with self.attempt("paid the stock way"):
            self.world.pay(bill, float(self.part(data, bill.amount_residual)), day)

    # Prepayments ------------------------------------------------------------------------------

    @rule(data=st.data(), cents=CENTS, earmarked=st.booleans())
    def money_is_received_in_advance(self, data, cents, earmarked):
        unit = self.some(data, self.units())
        payer = data.draw(st.sampled_from([self.world.owner, self.world.buyer, self.world.tenant]))
        with self.attempt("received in advance"):
            self.world.receive(
                cents / 100,
                unit=unit,
                payer=payer,
                item=self.world.management if earmarked else None,
                day=self.today,
            )

    @precondition(lambda self: self.kept("property.prepayment"))
    @rule(data=st.data(), hand_over=st.booleans())
    def a_prepayment_is_paid_back_or_handed_over(self, data, hand_over):
        prepayment = self.some(data, self.kept("property.prepayment"))
        amount = float(self.part(data, prepayment.amount_left))
        self.ask_for(
            "handed over" if hand_over else "prepayment refunded",
            prepayment_id=prepayment.id,
            amount=amount,
            **(
                {"kind": "hand_over", "to_unit_id": self.some(data, self.units()).id}
                if hand_over
                else {"kind": "refund", "journal_id": self.world.cash.id}
            ),
        )

    # Deposits ---------------------------------------------------------------------------------

    @rule(data=st.data(), cents=CENTS)
    def a_deposit_is_taken(self, data, cents):
        payer = data.draw(st.sampled_from([self.world.owner, self.world.buyer]))
        self.world.take_deposit(cents / 100, payer=payer, day=self.today)
        self.done["deposit taken"] += 1

    @precondition(lambda self: self.kept("property.deposit"))
    @rule(data=st.data(), kind=st.sampled_from(["refund", "damage", "bill", "hand_over"]))
    def a_deposit_is_used(self, data, kind):
        deposit = self.some(data, self.kept("property.deposit"))
        amount = self.part(data, deposit.amount_left)
        vals = {"kind": "deduct"}
        bills = self.open_bills().filtered(lambda bill: bill.partner_id == deposit.partner_id)
        if kind == "bill" and bills:
            bill = self.some(data, bills)
            amount = min(amount, fen(bill.amount_residual))
            vals["bill_id"] = bill.id
        elif kind == "refund":
            vals = {"kind": "refund", "journal_id": self.world.bank.id}
        elif kind == "hand_over":
            vals = {"kind": kind, "to_unit_id": self.world.unit_2.id}
        else:
            vals["item_id"] = self.world.repair.id
        self.ask_for(f"deposit: {kind}", deposit_id=deposit.id, amount=float(amount), **vals)

    def ask_for(self, what, **vals):
        """Ask for a refund, hand-over or deduction, and approve it."""
        with self.attempt(what):
            self.approve(
                self.new("property.refund", "cashier", reason="As agreed", date=self.today, **vals),
                checker="finance",
            )
