"""Numbers of receipts, and what a receipt shows of lines and people: plain values only."""

from collections import namedtuple
from decimal import Decimal

#: What one printed line of a receipt needs.
PaperLine = namedtuple("PaperLine", "name unit date_from date_to amount is_late_fee count")


def format_number(prefix, number, digits):
    """Return a receipt number as it is printed.

    :param prefix: text before the digits, may be empty
    :param number: positive integer
    :param digits: least number of digits

    >>> format_number("SJ-CH-", 42, 6), format_number("", 20260001, 8), format_number("A", 1000, 3)
    ('SJ-CH-000042', '20260001', 'A1000')
    """
    return f"{prefix or ''}{str(number).zfill(digits)}"


def free_numbers(first, last, used, count):
    """Return the next numbers of a range that are not used, in order.

    :param used: collection of numbers
    :param count: how many are wanted
    :return: list, shorter than ``count`` when the range runs out

    >>> free_numbers(1, 5, {1, 3}, 2)
    [2, 4]
    >>> free_numbers(1, 5, {1, 2, 3, 4}, 3), free_numbers(1, 2, {1, 2}, 1)
    ([5], [])
    """
    found = []
    for number in range(first, last + 1):
        if len(found) == count:
            break
        if number not in used:
            found.append(number)
    return found


def spans(numbers):
    """Return numbers as people write them: runs, each from–to.

    >>> spans([3, 1, 2, 7, 9, 10])
    [(1, 3), (7, 7), (9, 10)]
    >>> spans([])
    []
    """
    runs = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def fit_lines(lines, capacity):
    """Return the lines of a receipt, gathered by item and unit where they do not fit the form.

    The amounts always sum to the same total; late fees stay apart from their principal.

    :param lines: list of PaperLine
    :param capacity: how many lines the form takes
    :return: list of PaperLine, in the order of their first appearance

    >>> from datetime import date
    >>> month = lambda m, amount: PaperLine("Fee", "1-101", date(2026, m, 1), date(2026, m, 28),
    ...                                     Decimal(amount), False, 1)
    >>> lines = [month(1, "10.10"), month(2, "10.20"), month(3, "10.30")]
    >>> fit_lines(lines, 3) == lines
    True
    >>> [row] = fit_lines(lines, 2)
    >>> str(row.amount), row.date_from.month, row.date_to.month, row.count
    ('30.60', 1, 3, 3)
    """
    if len(lines) <= capacity:
        return list(lines)
    groups = {}
    for line in lines:
        groups.setdefault((line.name, line.unit, line.is_late_fee), []).append(line)
    return [
        PaperLine(
            name,
            unit,
            min((row.date_from for row in rows if row.date_from), default=None),
            max((row.date_to for row in rows if row.date_to), default=None),
            sum((row.amount for row in rows), Decimal(0)),
            is_late_fee,
            sum(row.count for row in rows),
        )
        for (name, unit, is_late_fee), rows in groups.items()
    ]


def mask_name(name):
    """Return a name that its owner recognises and nobody else learns.

    >>> mask_name("王建国"), mask_name("李丽"), mask_name("欧"), mask_name(" ")
    ('王**', '李*', '*', '')
    >>> mask_name("杭州西溪物业服务有限公司")
    '杭**********司'
    >>> mask_name("John Smith"), mask_name(None)
    ('J********h', '')
    """
    text = (name or "").strip()
    if len(text) <= 1:
        return "*" * len(text)
    if len(text) <= 4:
        return text[0] + "*" * (len(text) - 1)
    return text[0] + "*" * (len(text) - 2) + text[-1]
