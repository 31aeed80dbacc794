"""When the rounds of a plan are due."""

import hashlib
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

DAYS, WEEKS, MONTHS = "days", "weeks", "months"


@dataclass(frozen=True)
class Schedule:
    """The calendar of a plan; times are of the clock on the wall in ``zone``."""

    repeat: str  # DAYS, WEEKS or MONTHS
    every: int  # every so many days, weeks or months, counted from the first day
    times: tuple  # of datetime.time
    first: date
    zone: str = "UTC"
    last: date | None = None  # inclusive; None: without end
    weekdays: frozenset = frozenset()  # 0 is Monday; for WEEKS
    month_days: frozenset = frozenset()  # 31 is the last day of a shorter month; for MONTHS
    early: int = 0  # minutes before the planned start from which on a round may begin
    late: int = 0  # minutes after the planned start at which it has to be finished
    window: int = 0  # minutes after its time within which a round starts at random
    seed: str = ""  # secret that decides the random starts

    def is_day(self, day):
        """Say whether rounds are planned on a day.

        >>> odd = Schedule(DAYS, 2, (), date(2026, 1, 1))
        >>> [odd.is_day(date(2026, 1, day)) for day in (1, 2, 3)]
        [True, False, True]
        >>> end = Schedule(MONTHS, 1, (), date(2026, 1, 1), month_days=frozenset({15, 31}))
        >>> [day for day in range(1, 29) if end.is_day(date(2026, 2, day))]
        [15, 28]
        """
        if day < self.first or (self.last and day > self.last):
            return False
        if self.repeat == DAYS:
            return (day - self.first).days % self.every == 0
        if self.repeat == WEEKS:
            weeks = (_monday(day) - _monday(self.first)).days // 7
            return day.weekday() in self.weekdays and weeks % self.every == 0
        months = (day.year - self.first.year) * 12 + day.month - self.first.month
        if months % self.every:
            return False
        length = monthrange(day.year, day.month)[1]
        return day.day in {min(number, length) for number in self.month_days}


@dataclass(frozen=True, order=True)
class Occurrence:
    """A round that is due; all times are naive UTC."""

    slot: datetime  # its time by the calendar: what makes it the same round when planned again
    planned: datetime  # when it starts, a random delay included
    opens: datetime
    deadline: datetime


def occurrences(schedule, start, end):
    """List the rounds whose time by the calendar lies in a span.

    A time that summer time skips is taken as if the clock had not been moved; one that comes
    twice is taken the first time.

    :param start: naive UTC datetime, inclusive
    :param end: naive UTC datetime, exclusive
    :return: Occurrence in order of time

    >>> night = Schedule(DAYS, 1, (time(22), time(2)), date(2026, 1, 1), "Asia/Shanghai", late=60)
    >>> for one in occurrences(night, datetime(2026, 1, 1), datetime(2026, 1, 2)):
    ...     print(one.slot, one.deadline)
    2026-01-01 14:00:00 2026-01-01 15:00:00
    2026-01-01 18:00:00 2026-01-01 19:00:00
    """
    zone = ZoneInfo(schedule.zone)
    day, last = max(start.date() - timedelta(days=1), schedule.first), end.date() + timedelta(1)
    if schedule.last:
        last = min(last, schedule.last)
    slots = set()
    while day <= last:
        if schedule.is_day(day):
            for moment in schedule.times:
                local = datetime.combine(day, moment, zone)
                slots.add(local.astimezone(timezone.utc).replace(tzinfo=None))
        day += timedelta(days=1)
    return [_occurrence(schedule, slot) for slot in sorted(slots) if start <= slot < end]


def _occurrence(schedule, slot):
    planned = slot + timedelta(minutes=delay(schedule.seed, slot, schedule.window))
    return Occurrence(
        slot,
        planned,
        planned - timedelta(minutes=schedule.early),
        planned + timedelta(minutes=schedule.late),
    )


def delay(seed, slot, window):
    """Draw the random delay of a round, always the same for the same seed and slot.

    :param window: the most, in minutes
    :return: minutes, 0 to ``window``

    >>> delay("secret", datetime(2026, 1, 1), 0)
    0
    >>> delay("secret", datetime(2026, 1, 1), 30) == delay("secret", datetime(2026, 1, 1), 30)
    True
    """
    digest = hashlib.sha256(f"{seed}|{slot.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % (window + 1)


def parse_times(text):
    """Read times of the day, in order and each once.

    :param text: "8:00, 14:30"; Chinese commas and colons will do
    :return: tuple of datetime.time
    :raise ValueError: with what is not a time

    >>> parse_times("20:30，8：00、 08:00")
    (datetime.time(8, 0), datetime.time(20, 30))
    >>> parse_times("25:00")
    Traceback (most recent call last):
    ValueError: 25:00
    """
    found = set()
    for word in _words(text):
        match = re.fullmatch(r"(\d{1,2})[:：](\d{2})", word, re.ASCII)
        if not match or int(match[1]) > 23 or int(match[2]) > 59:
            raise ValueError(word)
        found.add(time(int(match[1]), int(match[2])))
    return tuple(sorted(found))


def parse_month_days(text):
    """Read days of the month.

    :param text: "1, 15, 31"
    :return: frozenset of int
    :raise ValueError: with what is not a day

    >>> sorted(parse_month_days("1、15，31"))
    [1, 15, 31]
    >>> parse_month_days("0")
    Traceback (most recent call last):
    ValueError: 0
    """
    found = set()
    for word in _words(text):
        if not re.fullmatch(r"\d{1,2}", word, re.ASCII) or not 1 <= int(word) <= 31:
            raise ValueError(word)
        found.add(int(word))
    return frozenset(found)


def _words(text):
    return [word for word in re.split(r"[\s,，、;；]+", text or "") if word]


def _monday(day):
    return day - timedelta(days=day.weekday())
