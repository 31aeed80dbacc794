"""What is decided about a household: late fees, waivers, write-offs, adjustments, its sale."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from .household_common import Household

DECISIONS = st.sampled_from(["refund", "buyer", "keep"])


class RequestRules(Household):
    # Late fees --------------------------------------------------------------------------------

    @rule(days=st.integers(1, 45))
    def time_passes(self, days):
        self.live_until(self.today + timedelta(days=days))

    @precondition(lambda self: self.runs)
    @rule()
    def late_fees_are_billed_by_a_run(self):
        with self.attempt("late fees billed"):
            self.new(
                "property.late.fee.run",
                "finance",
                site_ids=[(6, 0, self.world.site.ids)],
                date=self.today,
            ).action_post()

    @precondition(lambda self: self.runs)
    @rule()
    def a_night_passes(self):
        self.live_until(self.today + timedelta(days=1))
        moves = self.env["account.move"]
        ids = moves._property_settled_late_ids()
        billed = moves.browse(ids)._property_crystallise_settled()
        self.done["late fees billed at night"] += len(billed)
        self.world.assertEqual(billed.late_fee_bill_id.ids, ids)
        self.world.assertFalse(moves._property_settled_late_ids())

    @precondition(lambda self: self.late_fee_runs())
    @rule()
    def a_late_fee_run_is_undone(self):
        with self.attempt("late fee run undone"):
            self.late_fee_runs()[:1].with_user(self.world.users["finance"]).action_undo()

    def late_fee_runs(self):
        return self.env["property.late.fee.run"].search(
            [("site_ids", "in", self.world.site.ids), ("state", "=", "posted")]
        )

    def principals(self):
        """Return the bills that may bear late fees."""
        return self.posted_charges().move_id.filtered(
            lambda move: (
                move.charge_item_id == self.world.management and move.move_type == "out_invoice"
            )
        )

    @precondition(lambda self: self.principals())
    @rule(data=st.data(), mode=st.sampled_from(["all", "percent", "amount"]))
    def late_fees_are_waived(self, data, mode):
        bills = self.some(data, self.principals(), most=3)
        with self.attempt("late fees waived"):
            self.approve(
                self.new(
                    "property.late.fee.waiver",
                    "finance",
                    site_id=self.world.site.id,
                    bill_ids=[(6, 0, bills.ids)],
                    date=self.today,
                    mode=mode,
                    percent=33.33,
                    amount=0.07,
                    reason="Leak in the roof",
                )
            )

    # Bills ------------------------------------------------------------------------------------

    @precondition(lambda self: self.open_bills())
    @rule(data=st.data(), kind=st.sampled_from(["bad_debt", "relief"]))
    def bills_are_written_off(self, data, kind):
        bills = self.some(data, self.open_bills(), most=2)
        with self.attempt("written off"):
            self.approve(
                self.new(
                    "property.write.off",
                    "finance",
                    site_id=self.world.site.id,
                    bill_ids=[(6, 0, bills.ids)],
                    date=self.today,
                    kind=kind,
                    reason="Company dissolved",
                    legal_basis="Civil Code 188",
                )
            )

    @precondition(lambda self: self.posted_charges())
    @rule(
        data=st.data(),
        kind=st.sampled_from(["whole", "part", "correction"]),
        paid=st.sampled_from(["keep", "refund"]),
        more=st.booleans(),
    )
    def a_bill_is_adjusted(self, data, kind, paid, more):
        charge = self.some(data, self.posted_charges())
        standing = max(charge._amount_standing(), 0)
        part = self.part(data, standing) if standing else 0
        vals = {"amount": float(part)} if kind == "part" else {}
        if kind == "correction":
            vals["new_amount"] = float(part + (standing if more else 0))
        with self.attempt(f"adjusted: {kind}"):
            self.approve(
                self.new(
                    "property.adjustment",
                    "finance",
                    charge_id=charge.id,
                    kind=kind,
                    reason_code="other",
                    reason="As agreed",
                    paid_part=paid,
                    journal_id=self.world.cash.id,
                    **vals,
                )
            )

    # Sale -------------------------------------------------------------------------------------

    @rule(
        day=st.integers(2, 28),
        back=st.integers(0, 1),
        arrears=st.sampled_from(["stay", "assumed"]),
        prepayments=DECISIONS,
        deposits=DECISIONS,
    )
    def the_household_is_sold(self, day, back, arrears, prepayments, deposits):
        date_of_sale = (self.month - relativedelta(months=back)).replace(day=day)
        self.live_until(date_of_sale)
        with self.attempt("sold"):
            settlement = self.transfer(date_of_sale)
            settlement.with_user(self.world.users["finance"]).action_bill()
            settlement.write(
                {
                    "arrears_decision": arrears,
                    "prepayment_decision": prepayments,
                    "deposit_decision": deposits,
                    "journal_id": self.world.cash.id,
                    "attachment_ids": [(6, 0, self.world.form.ids)],
                }
            )
            self.approve(settlement, checker="finance")
            self.runs |= settlement.run_ids.with_env(self.env)
            with self.attempt("certified"):
                settlement.action_certificate()

    def transfer(self, day):
        """Transfer the household by the wizard and return its settlement."""
        world = self.world
        owner = world.unit._property_payer_on("owner", day - timedelta(days=1))[world.unit.id]
        wizard = self.new(
            "property.transfer",
            "service",
            kind="transfer",
            unit_id=world.unit.id,
            date=day,
            partner_id=(world.owner if owner == world.buyer else world.buyer).id,
        )
        found = wizard.action_confirm_settle()["res_id"]
        return self.env["property.settlement"].with_user(world.users["cashier"]).browse(found)
