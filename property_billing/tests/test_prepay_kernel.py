from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import TransactionCase, tagged

from ..tools.prepay import apply_credits, months_covered


def brute_force(bills, credits, candidates):
    """Pay fen by fen: every fen of a bill comes from the first credit that still has one."""
    left = {credit: int(amount * 100) for credit, (_e, _d, amount) in credits.items()}
    used = {}
    for bill, due in bills:
        for _fen in range(int(due * 100)):
            usable = [credit for credit in candidates.get(bill, ()) if left[credit]]
            if not usable:
                break
            first = min(usable, key=lambda one: (not credits[one][0], credits[one][1], one))
            left[first] -= 1
            used[bill, first] = used.get((bill, first), 0) + 1
    return {key: Decimal(fen) / 100 for key, fen in used.items()}


amounts = st.integers(0, 300).map(lambda fen: Decimal(fen) / 100)


@tagged("post_install", "-at_install")
class TestPrepayKernel(TransactionCase):
    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(amounts, max_size=4),
        st.lists(st.tuples(st.booleans(), st.integers(0, 3), amounts), max_size=4),
        st.data(),
    )
    def test_credits_are_used_as_paying_fen_by_fen_would(self, dues, facts, data):
        bills = list(enumerate(dues))
        credits = {
            number: (earmarked, date(2026, 1, 1) + timedelta(days=day), amount)
            for number, (earmarked, day, amount) in enumerate(facts)
        }
        candidates = {
            bill: data.draw(st.lists(st.sampled_from(sorted(credits)), unique=True))
            if credits
            else []
            for bill, _due in bills
        }
        uses = apply_credits(bills, credits, candidates)
        found = {(bill, credit): amount for bill, credit, amount in uses}
        self.assertEqual(found, brute_force(bills, credits, candidates))
        self.assertEqual(len(found), len(uses))

    def test_months_are_counted_only_where_something_is_billed(self):
        self.assertEqual(months_covered(Decimal(250), Decimal(100)), Decimal("2.5"))
        self.assertIsNone(months_covered(Decimal(250), Decimal(0)))
