"""A household's life as a state machine: whatever happens in whatever order, the books hold.

The suite lives a few short lives. Deeper: PROPERTY_LIVES and PROPERTY_STEPS say how many lives and
how long; PROPERTY_SEED lives other lives, and an empty one lives at random. The suite's are always
the same: a new find must not stop a change that has nothing to do with it.
"""

import os
from contextlib import contextmanager

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from odoo.tests import tagged

from .household_billing import BillingRules
from .household_common import FIRST_MONTH, HouseholdWorld
from .household_documents import DocumentRules
from .household_money import MoneyRules
from .household_requests import RequestRules
from .invariants import broken, unbalanced

EXAMPLES = int(os.environ.get("PROPERTY_LIVES", "6"))
STEPS = int(os.environ.get("PROPERTY_STEPS", "20"))
SEED = os.environ.get("PROPERTY_SEED", "12")


class HouseholdLife(BillingRules, MoneyRules, RequestRules, DocumentRules):
    """Months pass; bills are made, paid, credited, undone; the owner changes."""

    @invariant()
    def the_books_hold(self):
        self.world.assertEqual(broken(self.env), {})

    @invariant()
    def deposits_and_ageing_are_what_the_ledger_says(self):
        self.world.assertEqual(unbalanced(self.env, self.world.company, self.today), {})

    @invariant()
    def every_charge_derives_again(self):
        self.world.assertEqual(self.charges()._underivable(), [])

    @invariant()
    def no_live_late_fee_is_negative(self):
        fees = self.principals()._property_late_fees(self.today)
        self.world.assertFalse({bill: fee for bill, fee in fees.items() if fee < 0})


@contextmanager
def living(world):
    """Give the machine its world, and its own time, for as long as it runs."""
    with freeze_time(FIRST_MONTH) as clock:
        HouseholdLife.world, HouseholdLife.clock = world, clock
        HouseholdLife.done.clear()
        HouseholdLife.refused.clear()
        try:
            yield
        finally:
            HouseholdLife.world = HouseholdLife.clock = None


@tagged("post_install", "-at_install")
class TestHouseholdLife(HouseholdWorld):
    def test_the_books_hold_whatever_happens_to_a_household(self):
        if SEED:
            seed(int(SEED))(HouseholdLife)
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
        # what is refused every time proves nothing
        self.assertGreater(len(HouseholdLife.done), 12, HouseholdLife.refused)
