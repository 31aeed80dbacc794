"""Make stays out of what cameras read at the lanes of an area, for one plate.

The result depends on the reads alone, never on the order in which they arrive: messages that come
late, twice or out of order give the same stays, and reading all of them again changes nothing.

* A message key names a read. The same key with the same content again is a **replay**, with other
  content a **conflict**; the first to be received counts.
* A live read whose clock differs from ours by more than the tolerance counts at the time at which
  we received it: **clock_skew**. Uploaded reads of the past keep their time; only one from the
  future is skewed.
* The same direction again within some seconds of the last such read is a **duplicate**, unless the
  car was read the other way in between. A car that stands at a camera and is read again and again
  comes once, however long it waits.
* In while inside: the way out was not read, **missed_out**. The old stay ends without a known time.
* Out while not inside: the way in was not read, **missed_in**. The stay has no known beginning.
* Out just before in, within the clock tolerance and outside any stay: the clocks of two lanes
  differ, **out_before_in**. The two make one stay of no length.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

IN, OUT = "in", "out"


@dataclass(frozen=True)
class Read:
    """A plate seen at a lane; `received` is our own clock."""

    key: str
    direction: str
    at: datetime
    received: datetime
    is_live: bool = True  # False: uploaded later by a controller that had been offline


@dataclass(frozen=True)
class Stay:
    """A stay by the keys and times of its reads; None where the car was not read."""

    in_key: str | None
    out_key: str | None
    entry: datetime | None
    exit: datetime | None
    is_open: bool = False


@dataclass(frozen=True)
class Anomaly:
    """Something a person may want to look at; one for each kind and key."""

    kind: str
    key: str


@dataclass(frozen=True)
class Limits:
    """Seconds within which reads are the same passage, and by which clocks may differ."""

    duplicate: int = 30
    skew: int = 120


def pair(reads, limits=Limits()):
    """Pair the reads of one plate in one area.

    :param reads: iterable of Read, in any order, with repetitions
    :param Limits limits: tolerances
    :return: ([Stay in order of time], {Anomaly})

    >>> at = lambda hour: datetime(2026, 1, 1, hour)
    >>> stays, odd = pair([Read("b", "out", at(9), at(9)), Read("a", "in", at(8), at(8))])
    >>> [(stay.in_key, stay.out_key) for stay in stays], odd
    ([('a', 'b')], set())
    """
    anomalies = set()
    kept = sorted(
        (_believed(read, limits, anomalies) for read in _first_of_each_key(reads, anomalies)),
        key=lambda read: (read.at, read.direction, read.key),
    )
    stays = _fold(_without_duplicates(kept, limits, anomalies), limits, anomalies)
    return stays, anomalies


def _first_of_each_key(reads, anomalies):
    """Return one read for each key, noting what came again."""
    first = {}
    for read in sorted(reads, key=lambda read: (read.received, read.at, read.direction)):
        known = first.setdefault(read.key, read)
        if known is not read:
            same = (known.direction, known.at) == (read.direction, read.at)
            anomalies.add(Anomaly("replay" if same else "conflict", read.key))
    return first.values()


def believed_time(read, limits):
    """Return the time of a read that counts: its own, or ours where its clock is wrong.

    >>> noon = datetime(2026, 1, 1, 12)
    >>> believed_time(Read("a", "in", noon.replace(hour=9), noon), Limits()).hour
    12
    >>> believed_time(Read("a", "in", noon.replace(hour=9), noon, is_live=False), Limits()).hour
    9
    """
    ahead = (read.at - read.received).total_seconds()
    wrong = ahead > limits.skew or (read.is_live and ahead < -limits.skew)
    return read.received if wrong else read.at


def _believed(read, limits, anomalies):
    """Return the read at the time that counts."""
    time = believed_time(read, limits)
    if time != read.at:
        anomalies.add(Anomaly("clock_skew", read.key))
    return replace(read, at=time)


def _without_duplicates(reads, limits, anomalies):
    """Return the reads in order without those that see the same passage again."""
    window, kept, last = timedelta(seconds=limits.duplicate), [], None
    for read in reads:
        if last and last.direction == read.direction and read.at - last.at <= window:
            anomalies.add(Anomaly("duplicate", read.key))
        else:
            kept.append(read)
        last = read
    return kept


def _fold(reads, limits, anomalies):
    """Return the stays of reads in order of time."""
    stays, inside, number = [], None, 0
    while number < len(reads):
        read = reads[number]
        following = reads[number + 1] if number + 1 < len(reads) else None
        number += 1
        if read.direction == IN:
            if inside:
                anomalies.add(Anomaly("missed_out", inside.key))
                stays.append(Stay(inside.key, None, inside.at, None))
            inside = read
        elif inside:
            stays.append(Stay(inside.key, read.key, inside.at, read.at))
            inside = None
        elif _swapped(read, following, limits):
            anomalies.add(Anomaly("out_before_in", read.key))
            stays.append(Stay(following.key, read.key, read.at, read.at))
            number += 1
        else:
            anomalies.add(Anomaly("missed_in", read.key))
            stays.append(Stay(None, read.key, None, read.at))
    if inside:
        stays.append(Stay(inside.key, None, inside.at, None, is_open=True))
    return stays


def _swapped(out, following, limits):
    """Tell whether the read after a way out without a way in is that way in."""
    return (
        following is not None
        and following.direction == IN
        and following.at - out.at <= timedelta(seconds=limits.skew)
    )
