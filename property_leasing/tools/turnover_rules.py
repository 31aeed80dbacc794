"""Percentages by kinds of goods that change on days of the term (分品类、分阶段提成). Pure.

``turnover.owed`` knows one row of percentages for a whole span. Here a span is cut where other
percentages begin, and its turnover by kinds of goods:

**Kinds of goods** each have their own turnover and their own breakpoints; what they owe adds up.
**A rule** holds from its day until that of the next one. A month that lies across such a day is
shared by days, and so are its breakpoints. **The cap** of a rule is one for all its kinds.
**The greater of** compares the percentage rent of all days under such rules with their base rent,
once for the span: a weak kind and a weak month make up for a strong one, as without kinds. Days of
a rule *in addition* stand beside it. A rule without kinds owes nothing: turnover rent has ended.

A span is rounded once a rule, halves up, after the cap.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import turnover
from .cycles import DAY, days
from .schedule import rounded


@dataclass(frozen=True)
class Rule:
    """What holds from a day on: percentages of each kind of goods, None for all goods together."""

    day: date
    kinds: tuple[tuple[Hashable, tuple[turnover.Tier, ...]], ...]
    mode: str = turnover.GREATER
    cap: Decimal | None = None


@dataclass(frozen=True)
class Declared:
    """The turnover of a kind of goods in a month, or in a part of it."""

    kind: Hashable
    month: turnover.Month


@dataclass(frozen=True)
class Share:
    """What a kind of goods has in a segment: ``amount`` exact, before the cap."""

    kind: Hashable
    turnover: Fraction
    slices: tuple[turnover.Slice, ...]
    amount: Fraction


@dataclass(frozen=True)
class Segment:
    """The days of a span under one rule."""

    date_from: date
    date_to: date
    mode: str
    shares: tuple[Share, ...]
    percentage: Decimal
    is_capped: bool


@dataclass(frozen=True)
class Outcome:
    """What a span owes; ``base`` is the base rent that was compared."""

    date_from: date
    date_to: date
    turnover: Fraction
    segments: tuple[Segment, ...]
    percentage: Decimal
    base: Decimal
    due: Decimal


def cut(rules, first, last):
    """Cut a span where another rule begins.

    :param rules: Rule, by their days; the first one holds before its day too
    :return: list of (first day, last day, rule)

    >>> rules = (Rule(date(2026, 1, 1), ()), Rule(date(2026, 3, 10), ()))
    >>> [(str(a), str(b)) for a, b, _rule in cut(rules, date(2026, 3, 1), date(2026, 3, 31))]
    [('2026-03-01', '2026-03-09'), ('2026-03-10', '2026-03-31')]
    """
    found = []
    for index, rule in enumerate(rules):
        start = first if index == 0 else max(first, rule.day)
        end = min(last, rules[index + 1].day - DAY) if index + 1 < len(rules) else last
        if start <= end:
            found.append((start, end, rule))
    return found


def expected(terms, rules):
    """List what is to be declared: a month, or a part of one, of every kind of goods.

    Months are cut where the kinds change, and only there: other percentages alone ask for no
    declaration more.

    :return: list of (first day, last day, kind)
    """
    found, kinds = [], None
    changes = []
    for rule in rules:
        named = {kind for kind, _tiers in rule.kinds}
        if kinds is not None and named != kinds:
            changes.append(rule.day)
        kinds = named
    for first, last in turnover.spans(replace(terms, cuts=(*terms.cuts, *changes)), 1):
        rule = cut(rules, first, last)[0][2]
        found += [(first, last, kind) for kind, _tiers in rule.kinds]
    return found


def is_complete(rules, first, last, declared):
    """Tell whether every day of a span is declared for every kind of goods that counts then."""
    for start, end, rule in cut(rules, first, last):
        for kind, _tiers in rule.kinds:
            own = [_clipped(one.month, start, end) for one in declared if one.kind == kind]
            covered = sum(days(one.date_from, one.date_to) for one in own if one)
            if covered != days(start, end):
                return False
    return True


def is_charged(rules, first, last):
    """Tell whether any day of a span owes a percentage."""
    return any(rule.kinds for _start, _end, rule in cut(rules, first, last))


def owed(
    terms: turnover.Terms,
    rules: tuple[Rule, ...],
    first: date,
    last: date,
    declared: list[Declared],
    base: Callable[[date, date], Decimal],
) -> Outcome:
    """Work out what the days of a span owe.

    :param terms: whose tiers, mode and cap are not looked at: the rules say them
    :param base: returns the base rent of days
    :return: Outcome

    >>> tiers = ((None, (turnover.Tier(Decimal(0), Decimal(10)),)),)
    >>> food = (("food", (turnover.Tier(Decimal(0), Decimal(8)),)),
    ...         ("toys", (turnover.Tier(Decimal(10000), Decimal(20)),)))
    >>> rules = (Rule(date(2026, 1, 1), tiers), Rule(date(2026, 5, 1), food))
    >>> terms = turnover.Terms(date(2026, 1, 1), date(2026, 12, 31), ())
    >>> def month(kind, number, last, amount):
    ...     span = date(2026, number, 1), date(2026, number, last)
    ...     return Declared(kind, turnover.Month(*span, Decimal(amount)))
    >>> rows = [month(None, 4, 30, 50000), month("food", 5, 31, 60000), month("toys", 5, 31, 15000)]
    >>> result = owed(terms, rules, date(2026, 4, 1), date(2026, 5, 31), rows,
    ...               lambda first, last: Decimal(4000))
    >>> [str(one.percentage) for one in result.segments], str(result.base), str(result.due)
    (['5000.00', '5800.00'], '8000', '2800.00')
    """
    segments = []
    bases = Decimal(0)
    compared = added = Decimal(0)
    for start, end, rule in cut(rules, first, last):
        if not rule.kinds:
            continue
        segment = _segment(terms, rule, start, end, declared)
        segments.append(segment)
        if rule.mode == turnover.GREATER:
            compared += segment.percentage
            bases += base(start, end)
        else:
            added += segment.percentage
    return Outcome(
        first,
        last,
        sum((one.turnover for own in segments for one in own.shares), Fraction(0)),
        tuple(segments),
        compared + added,
        bases,
        max(compared - bases, Decimal(0)) + added,
    )


def _segment(terms, rule, first, last, declared):
    shares, months = [], Fraction(0)
    for kind, tiers in rule.kinds:
        own = [_clipped(one.month, first, last) for one in declared if one.kind == kind]
        plain = replace(terms, tiers=tiers, mode=turnover.ADDITION, cap=None)
        result = turnover.owed(plain, first, last, [one for one in own if one], Decimal(0))
        amount = sum((one.amount for one in result.slices), Fraction(0))
        shares.append(Share(kind, result.turnover, result.slices, amount))
        months = max(months, result.months)
    exact = sum((one.amount for one in shares), Fraction(0))
    cap = None if rule.cap is None else Fraction(rule.cap) * months
    is_capped = cap is not None and exact > cap
    return Segment(
        first, last, rule.mode, tuple(shares), rounded(cap if is_capped else exact), is_capped
    )


def _clipped(month, first, last):
    """Return the part of a month that lies in days, its turnover shared by days; None if none."""
    start, end = max(month.date_from, first), min(month.date_to, last)
    if start > end:
        return None
    part = Fraction(days(start, end), days(month.date_from, month.date_to))
    return turnover.Month(start, end, Fraction(month.turnover) * part)
