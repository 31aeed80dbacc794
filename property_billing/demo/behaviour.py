"""Decide who pays what when: most people on time, some late, some in part, some not at all.

Pure and deterministic: each household draws its habits from (seed, household) alone.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

DEBIT, COUNTER, PHONE = "银行代扣", "前台收款", "手机缴费"


@dataclass(frozen=True)
class Habits:
    """How a community pays.

    `paid` are the shares (0-1) of households that paid a month, by its age: the last billed
    month first. `opening` is the share of old arrears paid meanwhile. `debit`, `counter` are the
    shares of households paying by bank debit and at the counter; the rest pay by phone.
    """

    paid: tuple[float, ...] = (0.62, 0.80, 0.88, 0.92, 0.94, 0.96)
    opening: float = 0.3
    debit: float = 0.82
    counter: float = 0.11
    partial: float = 0.03


@dataclass(frozen=True)
class Bill:
    """An open bill: who owes it, for the month ending when, how much."""

    key: int
    household: str
    period_end: date
    amount: Decimal
    is_opening: bool = False


@dataclass(frozen=True)
class Deposit:
    """One household's payment on one day: amounts by bill, never more than the bill."""

    day: date
    channel: str
    household: str
    parts: tuple[tuple[int, Decimal], ...]


def plan_deposits(bills: list[Bill], today: date, habits: Habits, seed: int) -> list[Deposit]:
    """Return the payments made up to `today`, oldest first.

    :param bills: open bills; those of one household and month are paid together
    :param today: nothing is paid later than this day
    :param seed: same bills, day, habits and seed: same payments
    """
    months = sorted({(b.period_end.year, b.period_end.month) for b in bills if not b.is_opening})
    newest = months[-1][0] * 12 + months[-1][1] if months else 0
    bundles: dict[tuple, list[Bill]] = {}
    for bill in bills:
        period = (bill.is_opening, bill.period_end.year, bill.period_end.month)
        bundles.setdefault((bill.household, *period), []).append(bill)
    deposits = []
    for (household, is_opening, year, month), bundle in bundles.items():
        age = newest - (year * 12 + month)
        deposit = (
            _old_arrears(household, bundle, today, habits, seed)
            if is_opening
            else _month(household, bundle, age, today, habits, seed)
        )
        if deposit:
            deposits.append(deposit)
    return sorted(deposits, key=lambda d: (d.day, d.channel, d.household))


def _month(household, bundle, age, today, habits, seed):
    """Return the deposit for one household's month, None when it is still owed."""
    character = random.Random(f"{seed}/{household}")  # noqa: S311  invented data
    reliability, way, day_shift = character.random(), character.random(), character.randrange(26)
    share = habits.paid[min(age, len(habits.paid) - 1)]
    if reliability > share + habits.partial:
        return None
    end = max(bill.period_end for bill in bundle)
    whim = random.Random(f"{seed}/{household}/{end}")  # noqa: S311  invented data
    in_part = reliability > share
    channel = _channel(way, in_part, habits)
    if channel == DEBIT:
        day = end + timedelta(days=8 if day_shift % 3 else 20)
    else:
        day = end + timedelta(days=2 + day_shift)
        if reliability > 0.8 * share and not in_part:
            day += timedelta(days=whim.randrange(45))
    if day > today:
        if today <= end:
            return None
        day = end + timedelta(days=1 + whim.randrange((today - end).days))
    parts = [(bill.key, bill.amount) for bill in bundle]
    if in_part:
        parts = [_half(max(bundle, key=lambda bill: bill.amount))]
    return Deposit(day, channel, household, tuple(parts))


def _old_arrears(household, bundle, today, habits, seed):
    """Return the deposit that settles a household's arrears from before the hand-over."""
    whim = random.Random(f"{seed}/{household}/opening")  # noqa: S311  invented data
    if whim.random() > habits.opening:
        return None
    end = max(bill.period_end for bill in bundle)
    day = end + timedelta(days=20 + whim.randrange(60))
    if day > today:
        return None
    return Deposit(day, COUNTER, household, tuple((bill.key, bill.amount) for bill in bundle))


def _channel(way: float, in_part: bool, habits: Habits) -> str:
    if in_part:
        return COUNTER
    if way < habits.debit:
        return DEBIT
    return COUNTER if way < habits.debit + habits.counter else PHONE


def _half(bill: Bill) -> tuple[int, Decimal]:
    half = (bill.amount / 2).quantize(Decimal("1"), ROUND_HALF_UP)
    return bill.key, half or bill.amount
