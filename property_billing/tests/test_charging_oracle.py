"""Cycles × anchors × proration × payers × prices against walking the days one by one."""

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import difference, periods, plan, proration, shares

FEN = Decimal("0.01")
DAY = timedelta(days=1)
days = st.dates(date(2022, 1, 1), date(2027, 12, 31))
lengths = st.integers(1, 13)
percents = st.sampled_from([[100], [60, 40], [33, 33, 34], [1, 99]])


def walk(first, last):
    """List the days of a span."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def anniversary(anchor, count):
    """Return the day some months after the anchor, the plainest way: month by month."""
    year, month = anchor.year, anchor.month
    for _step in range(abs(count)):
        month += 1 if count > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    return date(year, month, min(anchor.day, calendar.monthrange(year, month)[1]))


def cycle_starts(anchor, length):
    """List the first days of the cycles around a span long enough for the tests."""
    return [anniversary(anchor, length * n) for n in range(-400 // length, 400 // length)]


@lru_cache(maxsize=64)
def month_starts(anchor):
    """List the first days of the anchored months around a span long enough for the tests."""
    return [anniversary(anchor, n) for n in range(-90, 120)]


def month_of(day, anchor):
    """Return first and following month start of the anchored month a day lies in."""
    starts = month_starts(anchor)
    begin = max(start for start in starts if start <= day)
    return begin, min(start for start in starts if start > day)


def months_walked(first, last, covered, method, anchor):
    """Weigh the days of a segment inside its covered days, one day at a time."""
    by_month = {}
    for day in walk(*covered):
        by_month.setdefault(month_of(day, anchor), []).append(day)
    total = Fraction(0)
    for (begin, following), inside in by_month.items():
        length = (following - begin).days
        if len(inside) >= length or method == "full_month":
            weight = Fraction(1)
        elif method == "actual":
            weight = Fraction(len(inside), length)
        elif method == "days30":
            weight = min(Fraction(len(inside), 30), Fraction(1))
        else:
            weight = Fraction(1, 2) if len(inside) <= 15 else Fraction(1)
        mine = [day for day in inside if first <= day <= last]
        total += weight * Fraction(len(mine), len(inside))
    return total


def cents(value):
    """Round half up, by Decimal's own means."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(FEN, ROUND_HALF_UP)


def hand_out(whole, weights):
    """Give out fen by fen: the parts cut down, then one fen each to the largest rests."""
    fen = int(whole * 100)
    exact = [Fraction(fen) * weight / sum(weights) for weight in weights]
    parts = [int(value) for value in exact]
    while sum(parts) < fen:
        best = max(range(len(parts)), key=lambda i: (exact[i] - parts[i], -i))
        parts[best] += 1
        exact[best] = Fraction(parts[best] - 1)
    return [Decimal(part) / 100 for part in parts]


@tagged("post_install", "-at_install")
class TestChargingOracle(BaseCase):
    @settings(max_examples=80, deadline=None)
    @given(
        anchor=days,
        length=lengths,
        timing=st.sampled_from(["advance", "arrears"]),
        start=days,
        lasts=st.integers(0, 900),
        run_first=days,
    )
    def test_cycles_agree_with_walking_the_days(
        self, anchor, length, timing, start, lasts, run_first
    ):
        end = start + DAY * lasts
        run_last = anniversary(run_first, 1) - DAY
        starts = cycle_starts(anchor, length)
        spans = {}
        for day in walk(start, end):
            spans.setdefault(max(s for s in starts if s <= day), []).append(day)
        expected = [
            (inside[0], inside[-1])
            for _cycle, inside in sorted(spans.items())
            if run_first <= (inside[0] if timing == "advance" else inside[-1]) <= run_last
        ]
        found = periods.due_spans(anchor, length, timing, run_first, run_last, start, end)
        self.assertEqual(found, expected)

    @settings(max_examples=60, deadline=None)
    @given(anchor=days, length=lengths, timing=st.sampled_from(["advance", "arrears"]), start=days)
    def test_month_by_month_every_day_is_due_once(self, anchor, length, timing, start):
        end = start + DAY * 700
        month, billed = start.replace(day=1), []
        for _month in range(40):
            following = anniversary(month, 1)
            for span in periods.due_spans(
                anchor, length, timing, month, following - DAY, start, end
            ):
                billed += walk(*span)
            month = following
        self.assertEqual(billed, walk(start, end))

    @settings(max_examples=80, deadline=None)
    @given(
        span=st.tuples(days, st.integers(0, 60)),
        cuts=st.lists(st.tuples(days, st.integers(0, 40)), max_size=4),
    )
    def test_what_is_left_agrees_with_walking_the_days(self, span, cuts):
        whole = walk(span[0], span[0] + DAY * span[1])
        taken = [(first, first + DAY * n) for first, n in cuts]
        expected = [day for day in whole if not any(a <= day <= b for a, b in taken)]
        left = periods.subtract((whole[0], whole[-1]), taken)
        self.assertEqual([day for part in left for day in walk(*part)], expected)

    @settings(max_examples=100, deadline=None)
    @given(
        start=days,
        lasts=st.integers(0, 200),
        anchor=st.none() | days,
        method=st.sampled_from(proration.METHODS),
        base=st.decimals(1, 200, places=2),
        prices=st.lists(st.decimals(0, 50, places=3), min_size=1, max_size=3),
        owners=st.integers(1, 3),
        parts=percents,
        relief=st.none() | st.tuples(st.integers(1, 100), st.integers(0, 120)),
    )
    def test_charges_agree_with_walking_the_days(
        self, start, lasts, anchor, method, base, prices, owners, parts, relief
    ):
        end = start + DAY * lasts
        edges = [start + DAY * ((lasts + 1) * n // len(prices)) for n in range(len(prices))]
        segments = [
            (first, (edges[n + 1] - DAY) if n + 1 < len(edges) else end, prices[n])
            for n, first in enumerate(edges)
            if first <= ((edges[n + 1] - DAY) if n + 1 < len(edges) else end)
        ]
        cuts = sorted({start + DAY * ((lasts + 1) * n // owners) for n in range(owners)})
        payers = [
            [n, str(first), str((cuts[n + 1] - DAY) if n + 1 < len(cuts) else end)]
            for n, first in enumerate(cuts)
        ]
        month_start = anchor or date(2024, 1, 1)
        exacts = [
            Fraction(base)
            * Fraction(price)
            * months_walked(a, b, (start, end), method, month_start)
            for a, b, price in segments
        ]
        whole = sum(map(cents, exacts))
        basis = {
            "kind": "time",
            "method": "area",
            "base": str(base),
            "coverage": [str(start), str(end)],
            "proration": method,
            "segments": [[str(a), str(b), str(price)] for a, b, price in segments],
            "payers": payers,
            "shares": [list(part) for part in shares.ranges(parts)],
        }
        if anchor:
            basis["anchor"] = str(anchor)
        if relief:
            percent, days_in = relief
            last = min(end, start + DAY * days_in)
            basis["reliefs"] = [
                {
                    "kind": "percent",
                    "value": str(percent),
                    "from": str(start),
                    "to": str(last),
                }
            ]
            off = sum(
                Fraction(base)
                * Fraction(price)
                * months_walked(a, min(b, last), (start, end), method, month_start)
                for a, b, price in segments
                if a <= last
            )
            whole -= min(cents(off * percent / 100), whole)
        found = []
        for index in range(len(parts)):
            for part in range(len(payers)):
                one = {**basis, "share": index, "part": part if len(payers) > 1 else None}
                found.append(plan.derive(one)["amount"])
        expected = []
        for share in hand_out(whole, parts):
            expected += hand_out(
                share,
                [(date.fromisoformat(b) - date.fromisoformat(a)).days + 1 for _p, a, b in payers],
            )
        self.assertEqual(found, expected)
        self.assertEqual(sum(found), whole)

    @settings(max_examples=60, deadline=None)
    @given(parts=st.lists(st.integers(1, 9999), min_size=1, max_size=6, unique=True))
    def test_parts_written_as_numbers_read_back_and_overlap_as_ranges_do(self, parts):
        edges = sorted({0, 10000, *parts})
        ranges = [*pairwise(edges), (0, 10000), (0, edges[1])]
        for one in ranges:
            self.assertEqual(shares.decode(shares.encode(*one)), one)
            for other in ranges:
                both = set(range(*one)) & set(range(*other))
                self.assertEqual(shares.overlap(one, other), bool(both))

    @settings(max_examples=100, deadline=None)
    @given(
        data=st.tuples(
            *[
                st.tuples(
                    st.decimals(1, 200, places=1),
                    st.decimals(0, 9, places=2),
                    st.integers(1, 30),
                    st.sampled_from([None, "40"]),
                )
            ]
            * 2
        )
    )
    def test_the_causes_of_a_difference_sum_to_it(self, data):
        bases = []
        for month, (base, price, first, relief) in zip((8, 9), data, strict=True):
            start, end = date(2026, month, first), date(2026, month, 30)
            bases.append(
                {
                    "kind": "time",
                    "method": "area",
                    "base": str(base),
                    "coverage": [str(start), str(end)],
                    "proration": "actual",
                    "segments": [[str(start), str(end), str(price)]],
                    "payers": [],
                    "reliefs": relief
                    and [
                        {
                            "kind": "percent",
                            "value": relief,
                            "from": "2026-01-01",
                            "to": "9999-12-31",
                        }
                    ],
                }
            )
        before, after = (plan.derive(basis)["amount"] for basis in bases)
        reasons = difference.compare(*bases)
        self.assertEqual(sum((r["effect"] for r in reasons), Decimal(0)), after - before)

    def test_causes_are_named_for_every_kind_of_charge(self):
        water = {
            "kind": "meter",
            "meter": "W",
            "opening": ["2026-07-31", "0"],
            "closing": ["2026-08-31", "10"],
            "digits": 5,
            "multiplier": "1",
            "months": 1,
            "price": "3",
            "tiers": [],
        }
        more = {
            **water,
            "opening": ["2026-08-31", "10"],
            "closing": ["2026-09-30", "30"],
            "price": "4",
        }
        pool = {
            "kind": "pool",
            "pool": "100",
            "by": "area",
            "weight": "10",
            "total": "100",
            "extra_fen": 0,
        }
        percent = {"kind": "percent", "percent": "10", "of": {"amount": "50"}}
        formula = {
            "kind": "time",
            "method": "formula",
            "formula": "persons * price",
            "base": "1",
            "values": {"persons": "2"},
            "coverage": ["2026-08-01", "2026-08-31"],
            "proration": "actual",
            "segments": [["2026-08-01", "2026-08-31", "5"]],
            "payers": [],
        }
        for before, after, causes in (
            (water, more, ["consumption", "price"]),
            (pool, {**pool, "pool": "200", "weight": "20"}, ["pool", "share"]),
            (percent, {**percent, "percent": "20", "of": {"amount": "60"}}, ["base", "price"]),
            (formula, {**formula, "values": {"persons": "4"}}, ["persons"]),
            (water, pool, ["other"]),
            (water, water, []),
        ):
            reasons = difference.compare(before, after)
            self.assertEqual([reason["cause"] for reason in reasons], causes)
            self.assertEqual(
                sum((reason["effect"] for reason in reasons), Decimal(0)),
                plan.derive(after)["amount"] - plan.derive(before)["amount"],
            )
