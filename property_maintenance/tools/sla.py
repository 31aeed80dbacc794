"""Clocks that run in working hours and stand still while a request is paused."""

from datetime import timedelta


def running_spans(intervals, start, pauses=()):
    """Yield the spans of working time after a moment in which no pause stops the clock.

    :param intervals: ordered (begin, end) of working time, not overlapping
    :param datetime start: the clock starts here
    :param pauses: (begin, end) in any order; end None for a pause that still lasts
    :return: iterator of (begin, end), ordered, none empty
    """
    stops = sorted(pauses, key=lambda pause: pause[0])
    for begin, end in intervals:
        begin = max(begin, start)
        for stop, go in stops:
            if begin >= end or stop >= end:
                break
            if begin < stop:
                yield begin, stop
            begin = end if go is None else max(begin, go)
        if begin < end:
            yield begin, end


def due_at(intervals, start, hours, pauses=()):
    """Return the moment by which a number of working hours has run.

    :param intervals: ordered (begin, end) of working time, not overlapping
    :param datetime start: the clock starts here
    :param float hours: working hours
    :param pauses: (begin, end), end None for a pause that still lasts
    :return: datetime, or None when the intervals end before

    >>> from datetime import datetime
    >>> day = lambda d, h: datetime(2026, 11, d, h)
    >>> week = [(day(26, 9), day(26, 18)), (day(27, 9), day(27, 18))]
    >>> due_at(week, day(26, 16), 4)
    datetime.datetime(2026, 11, 27, 11, 0)
    >>> due_at(week, day(26, 16), 4, [(day(26, 17), day(27, 10))])
    datetime.datetime(2026, 11, 27, 13, 0)
    """
    left = timedelta(hours=hours)
    for begin, end in running_spans(intervals, start, pauses):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def worked_hours(intervals, start, end, pauses=()):
    """Return how many working hours ran between two moments.

    >>> from datetime import datetime
    >>> day = lambda d, h: datetime(2026, 11, d, h)
    >>> week = [(day(26, 9), day(26, 18)), (day(27, 9), day(27, 18))]
    >>> worked_hours(week, day(26, 16), day(27, 11))
    4.0
    """
    total = timedelta()
    for begin, stop in running_spans(intervals, start, pauses):
        if begin >= end:
            break
        total += min(stop, end) - begin
    return total.total_seconds() / 3600
