"""The order of settlement and the exact cut of payments, against properties and brute force."""

import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import cash_count, settlement
from ..tools.settlement import ORDERS, Due, SettlementError, check_exact

money = st.decimals(min_value=Decimal("0.01"), max_value=500, places=2)
orders = st.sampled_from(sorted(ORDERS))


@st.composite
def dues(draw):
    """Return up to eight dues with distinct keys."""
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["cost", "late_fee", "principal"]),
                st.integers(1, 4),
                st.integers(1, 3),
                money,
            ),
            max_size=8,
        )
    )
    return [Due(index, *row) for index, row in enumerate(rows)]


@st.composite
def takings(draw):
    """Return shares over bills of up to three accounts, what they owe, tenders of the sum."""
    rows = draw(st.lists(st.tuples(st.integers(1, 3), money, money), min_size=1, max_size=7))
    shares = [(key, group, share, key % 2 == 0) for key, (group, share, _more) in enumerate(rows)]
    owed = {
        key: share + (0 if key % 2 == 0 else more) for key, (_group, share, more) in enumerate(rows)
    }
    rest = sum(share for _key, _group, share, _whole in shares)
    tenders = []
    for cut in draw(st.lists(money, max_size=3)):
        part = min(cut, rest)
        if part:
            tenders.append((len(tenders), part))
            rest -= part
    if rest:
        tenders.append((len(tenders), rest))
    return shares, owed, tenders


@tagged("post_install", "-at_install")
class TestSettlement(BaseCase):
    def test_documented_examples_hold(self):
        for module in (settlement, cash_count):
            failed, attempted = doctest.testmod(module)
            self.assertEqual(failed, 0, module.__name__)
            self.assertTrue(attempted, module.__name__)

    @settings(max_examples=300, deadline=None)
    @given(rows=dues(), amount=st.decimals(min_value=0, max_value=3000, places=2), order=orders)
    def test_an_amount_is_shared_out_to_the_fen_and_never_above_what_is_owed(
        self, rows, amount, order
    ):
        shares, rest = settlement.allocate(amount, rows, order)
        owed = {due.key: due.amount for due in rows}
        self.assertEqual(sum(share for _key, share in shares) + rest, amount)
        self.assertTrue(all(0 < share <= owed[key] for key, share in shares))
        if rest:
            self.assertEqual(dict(shares), owed)
        ordered = [due.key for due in settlement.in_order(rows, order)]
        self.assertEqual([key for key, _share in shares], ordered[: len(shares)])
        self.assertTrue(all(share == owed[key] for key, share in shares[:-1]))

    @settings(max_examples=200, deadline=None)
    @given(rows=dues(), fen=st.integers(0, 400))
    def test_the_order_by_law_agrees_with_paying_fen_by_fen(self, rows, fen):
        small = [due.__class__(*vars(due).values()) for due in rows]
        left = {due.key: min(int(due.amount * 100), 60) for due in small}
        small = [
            Due(due.key, due.kind, due.day, due.sequence, Decimal(left[due.key]) / 100)
            for due in small
        ]
        got = dict.fromkeys(left, 0)
        for _fen in range(fen):
            open_dues = [due for due in small if left[due.key]]
            if not open_dues:
                break
            first = min(
                open_dues,
                key=lambda due: (
                    ["cost", "late_fee", "principal"].index(due.kind),
                    due.day,
                    due.sequence,
                    due.key,
                ),
            )
            left[first.key] -= 1
            got[first.key] += 1
        shares, _rest = settlement.allocate(Decimal(fen) / 100, small)
        self.assertEqual(
            {key: int(share * 100) for key, share in shares},
            {key: value for key, value in got.items() if value},
        )

    @settings(max_examples=400, deadline=None)
    @given(taking=takings())
    def test_reconciling_payments_part_by_part_gives_every_bill_its_share(self, taking):
        shares, owed, tenders = taking
        payments = settlement.plan_payments(shares, tenders)
        steps = [
            (key, index, part, payment.amount)
            for index, payment in enumerate(payments)
            for key, part in payment.parts
        ]
        check_exact(owed, steps)
        for key, group, share, _whole in shares:
            self.assertEqual(sum(part for k, _i, part, _a in steps if k == key), share)
            self.assertTrue(
                all(p.group == group for p in payments if key in [k for k, _part in p.parts])
            )
        for tender, amount in tenders:
            self.assertEqual(sum(p.amount for p in payments if p.tender == tender), amount)

    @settings(max_examples=300, deadline=None)
    @given(
        limit=st.decimals(min_value=0, max_value=900, places=2),
        owed=st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2), money), max_size=6),
        kept=st.lists(
            st.tuples(st.integers(1, 2), st.sampled_from([None, 1, 2]), money), max_size=5
        ),
    )
    def test_prepayments_stay_with_their_payer_and_item(self, limit, owed, kept):
        bills = [(("bill", i), *row) for i, row in enumerate(owed)]
        credits = [(("credit", i), *row) for i, row in enumerate(kept)]
        uses = settlement.match_credits(limit, bills, credits)
        payer = {row[0]: row[1] for row in (*bills, *credits)}
        item = {row[0]: row[2] for row in (*bills, *credits)}
        self.assertLessEqual(sum(amount for _k, _c, amount in uses), limit)
        for key, credit, _amount in uses:
            self.assertEqual(payer[key], payer[credit])
            self.assertIn(item[credit], (None, item[key]))
        for position, rows in ((0, bills), (1, credits)):
            for row in rows:
                used = sum(use[2] for use in uses if use[position] == row[0])
                self.assertLessEqual(used, row[3])
        used = sum(amount for _k, _c, amount in uses)
        left = {row[0]: row[3] for row in credits}
        wanted = {row[0]: row[3] for row in bills}
        for key, credit, amount in uses:
            left[credit] -= amount
            wanted[key] -= amount
        if used < limit:
            self.assertFalse(
                [
                    1
                    for key, _payer, _item, _amount in bills
                    for credit, _owner, _only, _left in credits
                    if wanted[key]
                    and left[credit]
                    and payer[key] == payer[credit]
                    and item[credit] in (None, item[key])
                ]
            )

    def test_a_plan_that_would_overtake_is_noticed(self):
        with self.assertRaises(SettlementError):
            check_exact({"a": 10, "b": 10}, [("a", 1, 4, 9), ("b", 1, 5, 9)])
