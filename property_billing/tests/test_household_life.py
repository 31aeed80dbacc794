"""A household's life as a state machine: whatever happens in whatever order, the books hold."""

from contextlib import contextmanager
from datetime import date

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from odoo.tests import tagged

from .common import BillingCommon
from .invariants import broken, underived

EXAMPLES, STEPS = 12, 14
FIRST_MONTH = date(2026, 1, 1)
CENTS = st.integers(min_value=1, max_value=30_000)


class HouseholdLife(RuleBasedStateMachine):
    """Months pass; bills are made, paid, credited, undone; the owner changes."""

    world = None  # the test case, set before the machine runs

    def __init__(self):
        super().__init__()
        self.savepoint = self.world.env.cr.savepoint()
        self.month = FIRST_MONTH
        self.runs = self.world.env["property.billing.run"]
        self.owner = self.world.owner

    def teardown(self):
        env = self.world.env
        self.savepoint.rollback()
        self.savepoint.close(rollback=False)
        env.invalidate_all(flush=False)
        env.cr.postcommit.clear()

    # What happens --------------------------------------------------------------------------

    @rule()
    def a_month_is_billed(self):
        end = self.month + relativedelta(day=31)
        self.world.read_meter(
            self.world.meter, end, 99980 + 7 * (self.month.month + 12 * (self.month.year - 2026))
        )
        run = self.world.new_run(self.month, end)
        run.action_compute()
        if run.charge_ids:
            run.action_post()
            self.runs |= run
        self.month += relativedelta(months=1)

    @precondition(lambda self: self.open_bills())
    @rule(data=st.data(), cents=CENTS)
    def a_bill_is_paid_in_part_or_whole(self, data, cents):
        bill = data.draw(st.sampled_from(list(self.open_bills())))
        self.world.pay(bill, min(cents / 100, bill.amount_residual))

    @precondition(lambda self: self.open_bills())
    @rule()
    def everything_open_is_paid(self):
        for bill in self.open_bills():
            self.world.pay(bill)

    @precondition(lambda self: self.posted_charges())
    @rule(data=st.data())
    def a_charge_is_taken_back(self, data):
        data.draw(st.sampled_from(list(self.posted_charges())))._undo()

    @precondition(lambda self: self.runs.filtered(lambda run: run.state == "posted"))
    @rule()
    def the_last_run_is_undone(self):
        self.runs.filtered(lambda run: run.state == "posted")[-1:].action_undo()

    @rule(day=st.integers(min_value=2, max_value=28))
    def the_household_is_sold(self, day):
        owner = self.world.owner if self.owner == self.world.buyer else self.world.buyer
        date_of_sale = self.month.replace(day=day)
        last = self.world.env["property.occupancy"].search(
            [("unit_id", "=", self.world.unit.id), ("role", "=", "owner")],
            order="date_from desc",
            limit=1,
        )
        if last.date_from >= date_of_sale:
            return
        last.date_to = date_of_sale - relativedelta(days=1)
        last.flush_recordset()
        self.world.occupy(self.world.unit, owner, "owner", date_of_sale)
        self.owner = owner

    @precondition(lambda self: self.runs)
    @rule()
    def the_last_month_is_billed_again(self):
        run = self.world.new_run(self.runs[-1].date_from, self.runs[-1].date_to)
        run.action_compute()
        if run.charge_ids:
            run.action_post()
            self.runs |= run

    # What holds ----------------------------------------------------------------------------

    @invariant()
    def the_books_hold(self):
        self.world.assertEqual(broken(self.world.env), {})

    @invariant()
    def charges_less_credits_are_what_the_ledger_says(self):
        charged = sum(self.posted_charges().mapped("amount"))
        moves = self.charges().move_id
        bills = moves.filtered(lambda move: move.state == "posted")
        notes = bills.reversal_move_ids.filtered(lambda move: move.state == "posted")
        self.world.assertAlmostEqual(
            charged, sum(bills.mapped("amount_total")) - sum(notes.mapped("amount_total")), 2
        )

    @invariant()
    def every_charge_derives_again(self):
        self.world.assertEqual(underived(self.charges()), [])

    # What there is -------------------------------------------------------------------------

    def charges(self):
        return self.runs.charge_ids

    def posted_charges(self):
        return self.charges().filtered(lambda charge: charge.state == "posted")

    def open_bills(self):
        return self.posted_charges().move_id.filtered(
            lambda move: move.payment_state in ("not_paid", "partial") and move.amount_residual > 0
        )


@contextmanager
def living(world):
    """Give the machine its world for as long as it runs."""
    HouseholdLife.world = world
    try:
        yield
    finally:
        HouseholdLife.world = None


@tagged("post_install", "-at_install")
class TestHouseholdLife(BillingCommon):
    def test_the_books_hold_whatever_happens_to_a_household(self):
        self.meter.reading_ids.unlink()
        self.meter.write({"initial_reading": 99980, "install_date": date(2025, 12, 31)})
        with living(self):
            run_state_machine_as_test(
                HouseholdLife,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    phases=(Phase.explicit, Phase.generate),  # to shrink takes minutes
                    suppress_health_check=list(HealthCheck),
                ),
            )
