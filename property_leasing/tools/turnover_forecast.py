"""What turnover is to be expected, from what was declared (营业额预测). Pure: no Odoo import.

Every expectation is one of three named assumptions:

* ``mean3``: every day sells what a day of the last three declared months sold;
* ``mean12``: the same of the last twelve;
* ``season``: the days of a month sell what those of the same month sold in the last year that has
  it, changed as the last three declared months changed against theirs; without one: ``mean12``.
"""

from fractions import Fraction

from .cycles import days, shifted
from .schedule import rounded
from .turnover import estimate

MEAN_3, MEAN_12, SEASON = "mean3", "mean12", "season"


def expect(declared, first, last, assumption):
    """Expect the turnover of days.

    :param declared: tools.turnover.Month of one kind of goods, declared or corrected
    :param assumption: "mean3", "mean12" or "season"
    :return: Decimal, or None when nothing was declared before the days

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from .turnover import Month
    >>> months = [Month(date(2026, 1, 1), date(2026, 1, 31), Decimal(31000)),
    ...           Month(date(2026, 2, 1), date(2026, 2, 28), Decimal(56000))]
    >>> [str(expect(months, date(2027, 2, 1), date(2027, 2, 28), one)) for one in
    ...  ("mean3", "mean12", "season")]
    ['41288.14', '41288.14', '56000.00']
    """
    known = [one for one in declared if one.date_to < first]
    if assumption == SEASON:
        return _season(known, first, last)
    return estimate(known, first, last, 12 if assumption == MEAN_12 else 3)


def _season(known, first, last):
    """Expect the days of the latest year before that is declared, as the latest months changed."""
    if not known:
        return None
    newest = max(one.date_to for one in known)
    years = 1
    while shifted(first, -12 * years) > newest:
        years += 1
    before = _daily(known, shifted(first, -12 * years), shifted(last, -12 * years))
    if before is None:
        return estimate(known, first, last, 12)
    return rounded(before * _trend(known) * days(first, last))


def _daily(known, first, last):
    """Return the mean day of a span when all its days are declared, else None."""
    total, covered = Fraction(0), 0
    for one in known:
        start, end = max(one.date_from, first), min(one.date_to, last)
        if start <= end:
            part = days(start, end)
            covered += part
            total += Fraction(one.turnover) * part / days(one.date_from, one.date_to)
    return total / covered if covered and covered == days(first, last) else None


def _trend(known):
    """Return how the last three months changed against those of a year before; 1 if unknown."""
    now = then = Fraction(0)
    for one in sorted(known, key=lambda one: one.date_from)[-3:]:
        daily = _daily(known, shifted(one.date_from, -12), shifted(one.date_to, -12))
        if daily is not None:
            then += daily * days(one.date_from, one.date_to)
            now += Fraction(one.turnover)
    return now / then if then else Fraction(1)
