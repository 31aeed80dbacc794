"""Late fees (违约金): simple interest on what is open each day. Pure: no Odoo import.

Which days count: the first is the day after the due date and the days of grace; the day money
arrives still counts, with what was open that morning. So the number of days is the day of payment
minus the due date minus the grace, as people count it (逾期天数 = 缴费日 − 到期日 − 宽限天数).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .rounding import FEN, largest_remainder, round_step

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """What a policy says.

    `rates` is a tuple of (first day, share a day) in order of days; days before the first one bear
    nothing. `cap_rate` is the most all late fees of a bill may be as a share of its principal; 0
    means no cap.
    """

    rates: tuple
    grace_days: int = 0
    cap_rate: Decimal = Decimal(0)

    def rate_on(self, day):
        """Return the share that applies on a day."""
        found = Decimal(0)
        for start, rate in self.rates:
            if start <= day:
                found = rate
        return found


@dataclass(frozen=True)
class Stretch:
    """Days in a row with the same open amount and the same rate."""

    date_from: date
    date_to: date
    base: Decimal
    rate: Decimal

    @property
    def days(self):
        """Number of days, both ends counted."""
        return (self.date_to - self.date_from).days + 1

    @property
    def amount(self):
        """Exact fee of the stretch, not rounded."""
        return self.base * self.rate * self.days


def stretches(principal, due, changes, rule, until):
    """Cut the counted days into stretches of one open amount and one rate.

    :param Decimal principal: amount of the bill
    :param date due: last day to pay without being late
    :param changes: list of (day, Decimal): what payments and credit notes of a day add to the open
        amount (negative when they lower it), effective from the next morning
    :param Rule rule: the policy
    :param date until: last counted day
    :return: list of Stretch with a fee, in order

    >>> from datetime import date
    >>> rule = Rule(((date(2000, 1, 1), Decimal("0.0005")),), grace_days=2)
    >>> for one in stretches(Decimal(100), date(2026, 9, 30), [(date(2026, 10, 10), Decimal(-40))],
    ...                      rule, date(2026, 10, 12)):
    ...     print(one.date_from, one.date_to, one.days, one.base, one.amount)
    2026-10-03 2026-10-10 8 100 0.4000
    2026-10-11 2026-10-12 2 60 0.0600
    """
    first = due + DAY * (rule.grace_days + 1)
    if until < first:
        return []
    cuts = {first}
    cuts.update(day + DAY for day, _change in changes if first <= day < until)
    cuts.update(start for start, _rate in rule.rates if first < start <= until)
    starts = sorted(cuts)
    result = []
    for start, following in zip(starts, [*starts[1:], until + DAY], strict=True):
        base = principal + sum((change for day, change in changes if day < start), Decimal(0))
        one = Stretch(start, following - DAY, max(base, Decimal(0)), rule.rate_on(start))
        if not one.amount:
            continue
        last = result[-1] if result else None
        if last and (last.base, last.rate, last.date_to + DAY) == (one.base, one.rate, start):
            result[-1] = Stretch(last.date_from, one.date_to, one.base, one.rate)
        else:
            result.append(one)
    return result


def late_fee(principal, due, changes, rule, until, capped_on=None):
    """Return the late fee from the due date up to a day, to the fen.

    It is rounded once, over all days: what was billed before is subtracted from it, so bills made
    in pieces always sum to the whole.

    :param Decimal capped_on: amount the cap is a share of, such as the principal less what was
        credited; the principal when left out
    :return: Decimal, at least 0

    >>> from datetime import date
    >>> rule = Rule(((date(2000, 1, 1), Decimal("0.0005")),), cap_rate=Decimal("0.3"))
    >>> due = date(2026, 9, 30)
    >>> late_fee(Decimal("98.54"), due, [], rule, date(2026, 11, 1))
    Decimal('1.58')
    >>> late_fee(Decimal("98.54"), due, [], rule, due)
    Decimal('0.00')
    >>> late_fee(Decimal("98.54"), due, [], rule, date(2036, 11, 1))
    Decimal('29.56')
    """
    exact = sum((one.amount for one in stretches(principal, due, changes, rule, until)), Decimal(0))
    fee = round_step(exact, FEN)
    if rule.cap_rate:
        base = principal if capped_on is None else capped_on
        fee = min(fee, round_step(max(base, Decimal(0)) * rule.cap_rate, FEN, "down"))
    return fee


def share_waiver(fees, mode, percent=Decimal(0), amount=Decimal(0)):
    """Say how much of each late fee is waived.

    :param fees: list of Decimal, what is asked for of each bill
    :param mode: "all", "percent" (of each, to the fen) or "amount" (shared out in proportion, never
        more than there is)
    :return: list of Decimal, in the order of the fees

    >>> D = Decimal
    >>> share_waiver([D("1.01"), D("2.00")], "percent", percent=D(50))
    [Decimal('0.51'), Decimal('1.00')]
    >>> share_waiver([D("1.00"), D("2.00")], "amount", amount=D("1.00"))
    [Decimal('0.33'), Decimal('0.67')]
    >>> share_waiver([D("1.00"), D("2.00")], "amount", amount=D("9.00"))
    [Decimal('1.00'), Decimal('2.00')]
    """
    total = sum(fees, Decimal(0))
    if mode == "percent":
        return [round_step(fee * percent / 100, FEN) for fee in fees]
    if mode == "all" or amount >= total:
        return list(fees)
    return largest_remainder(amount, fees)
