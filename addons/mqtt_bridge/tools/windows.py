"""Hours of the week in which a rule may act."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

DAY = 24 * 60


@dataclass(frozen=True)
class Window:
    """Days and hours in a time zone; hours that end before they begin go into the next day."""

    zone: str
    days: frozenset  # 0 is Monday; the day on which the hours begin
    start: int  # minutes of the day
    end: int  # equal to start: the whole day

    def is_open(self, moment):
        """Say whether a moment lies within.

        :param moment: naive UTC datetime

        >>> night = Window("Asia/Shanghai", frozenset({4}), 22 * 60, 6 * 60)  # Friday night
        >>> night.is_open(datetime(2026, 1, 2, 15)), night.is_open(datetime(2026, 1, 2, 23))
        (True, False)
        >>> night.is_open(datetime(2026, 1, 2, 21, 59)), night.is_open(datetime(2026, 1, 1, 15))
        (True, False)
        """
        local = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(self.zone))
        minute, today = local.hour * 60 + local.minute, local.weekday()
        end = self.end if self.end > self.start else self.end + DAY
        if today in self.days and self.start <= minute < end:
            return True
        return (today - 1) % 7 in self.days and minute + DAY < end

    def next_open(self, moment):
        """Return the first moment, from this one on, that lies within; None when there is none.

        >>> work = Window("UTC", frozenset(range(5)), 8 * 60, 18 * 60)
        >>> work.next_open(datetime(2026, 1, 3, 12)), work.next_open(datetime(2026, 1, 5, 9, 1))
        (datetime.datetime(2026, 1, 5, 8, 0), datetime.datetime(2026, 1, 5, 9, 1))
        """
        if self.is_open(moment):
            return moment
        zone = ZoneInfo(self.zone)
        first = moment.replace(tzinfo=timezone.utc).astimezone(zone).date()
        for ahead in range(9):
            day = first + timedelta(days=ahead)
            if day.weekday() not in self.days:
                continue
            hour = time(self.start // 60, self.start % 60)
            opening = datetime.combine(day, hour, zone).astimezone(timezone.utc)
            opening = opening.replace(tzinfo=None)
            if opening >= moment:
                return opening
        return None
