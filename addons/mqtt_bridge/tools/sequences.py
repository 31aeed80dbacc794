"""Which numbers are missing where a device counts its messages.

A number that is skipped opens a gap; one that comes late fills it. A device that begins anew, after
a restart, opens an epoch: what is missing of the former one stays missing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

WIDEST = 1_000_000  # numbers skipped at once; a longer way is a count that was begun elsewhere
NEAR = 10  # numbers just below the first one that we heard: sent before, and overtaken


@dataclass(frozen=True)
class Count:
    """Where a device stands. Numbers that wrap around are counted on here."""

    first: int
    last: int
    sent_at: datetime
    epoch: int = 0
    late: int = 0
    resets: int = 0


@dataclass(frozen=True, order=True)
class Gap:
    """Numbers that are missing, both ends among them."""

    epoch: int
    first: int
    last: int
    since: Any = None
    is_settled: bool = False  # somebody has said that it need not be looked for

    def __len__(self):
        return self.last - self.first + 1


def follow(count, gaps, arrivals, highest=0):
    """Follow the numbers of a device.

    :param count: Count, None before the first message
    :param gaps: open Gaps of the count's epoch
    :param arrivals: (number, time of the device, time of receipt) in the order of receipt
    :param highest: number after which it begins at 0 again; 0 when it never does
    :return: (Count, sorted Gaps that are open now)

    >>> at = datetime(2026, 1, 1)
    >>> count, gaps = follow(None, [], [(n, at, at) for n in (25, 26, 29, 28)])
    >>> count.last, [(gap.first, gap.last) for gap in gaps], count.late
    (29, [(27, 27)], 1)
    >>> count, gaps = follow(count, gaps, [(0, at, at), (2, at, at)])
    >>> [(gap.epoch, gap.first) for gap in gaps], count.resets
    ([(0, 27), (1, 1)], 1)
    >>> count, gaps = follow(None, [], [(n, at, at) for n in (254, 255, 1)], highest=255)
    >>> [(gap.first, gap.last) for gap in gaps]
    [(256, 256)]
    """
    open_gaps = list(gaps)
    for number, sent_at, received_at in arrivals:
        if count is None:
            count = Count(number, number, sent_at)
            continue
        number = unwrap(number, count.last, highest + 1) if highest else number
        skipped = number - count.last - 1
        if 0 <= skipped <= WIDEST:
            if skipped:
                open_gaps.append(Gap(count.epoch, count.last + 1, number - 1, received_at))
            count = replace(count, last=number, sent_at=max(count.sent_at, sent_at))
        elif _fill(open_gaps, count.epoch, number) or _is_old(count, number, sent_at):
            count = replace(count, late=count.late + 1)
        elif number != count.last:
            begun = number % (highest + 1) if highest else number
            count = replace(
                count,
                first=begun,
                last=begun,
                sent_at=sent_at,
                epoch=count.epoch + 1,
                resets=count.resets + 1,
            )
    return count, sorted(open_gaps)


def _fill(gaps, epoch, number):
    """Take a number out of the gaps, parting the one that it lies in.

    :return: whether it was missing
    """
    for place, gap in enumerate(gaps):
        if gap.epoch == epoch and gap.first <= number <= gap.last:
            parts = (replace(gap, last=number - 1), replace(gap, first=number + 1))
            gaps[place : place + 1] = [part for part in parts if part.first <= part.last]
            return True
    return False


def _is_old(count, number, sent_at):
    """Say whether a number is one of before, and no count that begins anew."""
    return number <= count.last and (
        sent_at < count.sent_at or count.first - NEAR <= number < count.first
    )


def unwrap(number, last, modulus):
    """Count on a number that wraps around: the nearest to the last one.

    >>> unwrap(1, 255, 256), unwrap(254, 256, 256), unwrap(5, 4, 256)
    (257, 254, 5)
    """
    half = modulus // 2
    return last + (number - last + half) % modulus - half
