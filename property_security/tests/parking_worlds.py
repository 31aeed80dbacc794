"""Random tariffs and stays, and the tariffs that cities really post."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from ..tools.parking import Coupon, Stay
from ..tools.parking_tariff import Book, Calendar, Rate, Step, Tariff

WEEKDAY, NOT_WEEKDAY = frozenset(("weekday",)), frozenset(("weekend", "holiday"))
DAYS = (
    frozenset(("weekday", "weekend", "holiday")),
    WEEKDAY,
    NOT_WEEKDAY,
    frozenset(("weekday", "weekend")),
    frozenset(("holiday",)),
)
#: Moments where calendars go wrong: a leap day, ends of year and month, a holiday.
EDGES = (
    datetime(2028, 2, 28, 20, 0),
    datetime(2026, 12, 31, 9, 0),
    datetime(2026, 2, 28, 22, 30),
    datetime(2026, 9, 30, 18, 0),
    datetime(2026, 10, 9, 23, 0),
)
CALENDAR = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)) | {date(2027, 1, 1)},
    workdays=frozenset((date(2026, 10, 10),)),
)


def money(rng, high):
    return Decimal(rng.randrange(0, high * 4)) / 4


def steps(rng):
    blocks = [Step(0, rng.choice((1, 15, 20, 30, 45, 60, 60, 120)), money(rng, 8))]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        after = blocks[-1].after + rng.choice((30, 60, 90, 240))
        blocks.append(Step(after, rng.choice((7, 15, 30, 60, 180)), money(rng, 8)))
    return tuple(blocks)


def rate(rng, start, end):
    cap = money(rng, 30) if rng.random() < 0.3 else None
    days = rng.choice(DAYS)
    if rng.random() < 0.2:
        return Rate("flat", start, end, flat=money(rng, 12), cap=cap, day_types=days)
    return Rate("timed", start, end, steps=steps(rng), cap=cap, day_types=days)


def tariff(rng):
    borders = sorted(rng.sample(range(0, 1440, 15), rng.choice((1, 2, 2, 3))))
    rates = [
        rate(rng, start, end)
        for start, end in zip(borders, borders[1:] + borders[:1], strict=True)
        if rng.random() < 0.9
    ]
    if rng.random() < 0.4:
        rates.append(rate(rng, 0, 0))
    if rng.random() < 0.3:  # nights with other hours on other kinds of day
        begin, end = rng.choice((1200, 1260, 1320)), rng.choice((360, 420, 540))
        rates = [rate(rng, begin, end), rate(rng, begin + 60, end + 60), *rates]
    cap = lambda high: money(rng, high) if rng.random() < 0.35 else None  # noqa: E731
    return Tariff(
        "random",
        rates=tuple(rates),
        entry_price=money(rng, 6) if rng.random() < 0.2 else Decimal(0),
        free_minutes=rng.choice((0, 0, 15, 30, 120)),
        free_rule=rng.choice(("within", "deducted")),
        rounding=rng.choice(("up", "completed")),
        steps_restart=rng.choice(("stay", "period", "segment")),
        cap_period=cap(50),
        cap_day=cap(50),
        cap_stay=cap(120),
        leave_minutes=rng.choice((0, 15, 20)),
    )


def book(rng, entry):
    tariffs = [(datetime(2000, 1, 1), tariff(rng))]
    if rng.random() < 0.3:
        change = entry.replace(second=0) + timedelta(minutes=rng.randrange(-100, 2000))
        tariffs.append((change, tariff(rng)))
    return Book(
        tuple(sorted(tariffs, key=lambda t: t[0])), CALENDAR, rng.choice(("entry", "moment"))
    )


def moment(rng):
    return rng.choice(EDGES) + timedelta(seconds=rng.randrange(-90_000, 90_000))


def coupons(rng):
    kinds = rng.sample(("minutes", "amount", "percent", "day"), rng.choice((0, 0, 0, 1, 2)))
    values = {
        "minutes": Decimal(rng.choice((30, 60, 180))),
        "amount": money(rng, 20),
        "percent": Decimal(rng.choice((10, 50, 88, 100))),
    }
    return tuple(
        Coupon(
            kind, values.get(kind, Decimal(0)), rng.choice(EDGES).date() if kind == "day" else None
        )
        for kind in kinds
    )


def stay(rng, entry):
    minutes = rng.choice((1, 20, 60, 200, 700, 1500, 4500))
    leave = entry + timedelta(seconds=rng.randrange(0, minutes * 60 + 1))
    covered = []
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        start = entry + timedelta(seconds=rng.randrange(-3600, minutes * 60 + 1))
        covered.append((start, start + timedelta(seconds=rng.randrange(0, 30_000))))
    return Stay(entry, leave, tuple(covered), coupons(rng))


def world(rng):
    """Return a random (book, stay)."""
    entry = moment(rng)
    return book(rng, entry), stay(rng, entry)


def case(*since_and_tariff, **values):
    """Return a book of tariffs, the first of which has always been in force."""
    return Book(
        ((datetime(2000, 1, 1), since_and_tariff[0]), *since_and_tariff[1:]), CALENDAR, **values
    )


def hourly(price=5, block=60, **values):
    """Return the simplest tariff: so much for each hour of day and night."""
    rates = (Rate("all day", 0, 0, steps=(Step(0, block, Decimal(price)),)),)
    return Tariff("hourly", rates=rates, **values)
