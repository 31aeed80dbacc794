"""What a stay in a car park costs.

The rules, where the words of a tariff leave them open:

* **Minutes.** The entry counts from its full minute, and seconds of a started last minute never
  count: a stay of 15 min 59 s has 15 minutes. A stay of no minute is free.
* **Blocks** follow each other from the first charged minute. A block has the price and length of
  the tariff, rate and step in force *where it starts*, and runs its full length over any border.
  `up` charges a block once it has started, `completed` once it is complete.
* **Steps.** Which step holds depends on the minutes of the blocks so far, counted anew for each
  stay, each 24 hours from entry, or each stretch of a rate, as the tariff says.
* **Flat rates** (a night, a day) are charged once for each stretch in which a block would start,
  and cover it to its end. They, and the price per entry, are not a unit of time: `completed` does
  not spare them. Rates with the same hours share their stretches: a night that begins on a working
  day and ends on a holiday, or under a new tariff, is one night. So is one with other hours, or
  with a price by time, on the kind of day that begins at midnight.
* **Day types** are those of the calendar day of the moment, so a holiday begins at midnight also
  inside a night. Time that no rate covers is free.
* **Caps.** A charge counts for the stretch, calendar day and 24 hours (from entry) in which it
  starts. It is cut to what all its caps leave, so no cap is ever exceeded and more time never
  costs less.
* **Free minutes.** `within`: nothing is due up to that many minutes, everything after them.
  `deducted`: the first minutes are never charged.
* **Covered time** (a valid pass, the inner of two nested areas) is not charged and does not count.
  A block ends where covered time begins; after it a new one starts.
* **Tariff change.** By entry or by moment, see `Book`. Free minutes, price per entry, rounding,
  steps and time to leave are those in force at entry.
* **Coupons** work in this order, however they were given: minutes shorten the stay at its end,
  free days waive what starts on that day, percents multiply, amounts are taken off. Never below 0.
* **Payment.** Who has paid what was due may leave for `leave_minutes` without paying more. Later
  the whole stay is charged once and what was paid is taken off: no first block comes twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .parking_tariff import Rate, Step, Tariff, next_boundary, occurrence, stretch

CENT = Decimal("0.01")
ZERO = Decimal(0)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Coupon:
    """A reduction: `minutes`, `amount`, `percent` (off) or `day` (free of charge)."""

    kind: str
    value: Decimal = ZERO
    day: date | None = None
    name: str = ""


@dataclass(frozen=True)
class Stay:
    """A car inside from `entry` to `exit`, without the time covered otherwise."""

    entry: datetime
    exit: datetime
    covered: tuple[tuple[datetime, datetime], ...] = ()
    coupons: tuple[Coupon, ...] = ()


@dataclass(frozen=True)
class Block:
    """One charge: what it costs by the tariff, and what its caps leave of that."""

    start: datetime
    end: datetime
    tariff: Tariff
    rate: Rate | None  # None: the price per entry
    step: Step | None  # None: a flat price
    price: Decimal
    amount: Decimal
    cap: str | None = None  # which cap cut it: segment, day, period or stay


@dataclass(frozen=True)
class Quote:
    """What a stay costs and how that comes about."""

    entry: datetime
    minutes: int  # of the whole stay
    charged_minutes: int  # neither covered nor taken off by a coupon
    covered_minutes: int
    tariff: Tariff
    blocks: tuple[Block, ...]
    reductions: tuple[tuple[Coupon, Decimal], ...]
    total: Decimal

    @property
    def is_free(self):
        """Tell whether the free minutes cover the stay."""
        return self.charged_minutes <= self.tariff.free_minutes


def quote(book, stay):
    """Work out what a stay costs.

    :param Book book: tariffs of the area and class of vehicle
    :param Stay stay: local times
    :return: a Quote
    :raise NoTariff: when no tariff is in force
    :raise ValueError: when the exit lies before the entry

    >>> from .parking_tariff import Book
    >>> hourly = Rate("all day", 0, 0, steps=(Step(0, 60, Decimal(5)),))
    >>> book = Book(((datetime(2026, 1, 1), Tariff("T", rates=(hourly,), free_minutes=15)),))
    >>> quote(book, Stay(datetime(2026, 2, 1, 8, 0), datetime(2026, 2, 1, 9, 1))).total
    Decimal('10.00')
    """
    if stay.exit < stay.entry:
        raise ValueError("the car left before it came")
    entry = stay.entry.replace(second=0, microsecond=0)
    minutes = (stay.exit - stay.entry) // MINUTE
    tariff = book.at(entry)
    parts = uncovered(entry, entry + minutes * MINUTE, stay.covered)
    off = sum(int(coupon.value) for coupon in stay.coupons if coupon.kind == "minutes")
    shortened = first_minutes(parts, length(parts) - off)
    blocks = _blocks(book, tariff, entry, shortened)
    before = blocks if shortened == parts else _blocks(book, tariff, entry, parts)
    total, reductions = _reduce(stay.coupons, blocks, _sum(before))
    return Quote(
        entry,
        minutes,
        length(shortened),
        minutes - length(parts),
        tariff,
        tuple(blocks),
        reductions,
        total,
    )


def amount_due(book, stay, payments=()):
    """Return what has to be paid to leave.

    :param payments: (local time, amount) of what was paid for this stay
    :return: Decimal, at least 0
    """
    made = sorted(payment for payment in payments if payment[0] <= stay.exit)
    paid = sum((amount for _at, amount in made), ZERO)
    if made:
        last = made[-1][0]
        now = quote(book, Stay(stay.entry, max(last, stay.entry), stay.covered, stay.coupons))
        in_time = stay.exit - last <= now.tariff.leave_minutes * MINUTE
        if in_time and paid >= now.total:
            return ZERO
    return max(ZERO, quote(book, stay).total - paid)


def uncovered(start, end, covered):
    """Return the parts of a time outside the covered ones, in order.

    >>> at = lambda hour: datetime(2026, 1, 1, hour)
    >>> parts = uncovered(at(8), at(18), [(at(10), at(12)), (at(11), at(13))])
    >>> [(begin.hour, end.hour) for begin, end in parts]
    [(8, 10), (13, 18)]
    """
    full = [tuple(m.replace(second=0, microsecond=0) for m in span) for span in covered]
    parts, cursor = [], start
    for begin, finish in sorted(span for span in full if span[0] < span[1]):
        if cursor < min(begin, end):
            parts.append((cursor, min(begin, end)))
        cursor = max(cursor, finish)
    if cursor < end:
        parts.append((cursor, end))
    return parts


def length(parts):
    """Return the minutes of some parts of time."""
    return sum((end - start) // MINUTE for start, end in parts)


def first_minutes(parts, minutes):
    """Return the parts cut after their first minutes."""
    kept = []
    for start, end in parts:
        end = min(end, start + max(minutes, 0) * MINUTE)
        if start < end:
            kept.append((start, end))
            minutes -= (end - start) // MINUTE
    return kept


def last_minutes(parts, skipped):
    """Return the parts without their first minutes."""
    kept = []
    for start, end in parts:
        begin = min(end, start + max(skipped, 0) * MINUTE)
        skipped -= (begin - start) // MINUTE
        if begin < end:
            kept.append((begin, end))
    return kept


def _blocks(book, tariff, entry, parts):
    """Return the blocks of the chargeable parts, cut by their caps."""
    if length(parts) <= tariff.free_minutes:
        return []
    if tariff.free_rule == "deducted":
        parts = last_minutes(parts, tariff.free_minutes)
    meter = _Meter(book, tariff, entry)
    if tariff.entry_price:
        meter.add(parts[0][0], parts[0][0], tariff, None, None, tariff.entry_price)
    for start, end in parts:
        meter.run(start, end)
    return meter.blocks


class _Meter:
    """Lays block after block and remembers what the caps have left."""

    def __init__(self, book, tariff, entry):
        self.book = book
        self.tariff = tariff
        self.entry = entry
        self.blocks = []
        self.counted = {}  # minutes that decide the step
        self.used = {}  # amount by what a cap is for
        self.flat_paid = {}  # tariff by stretch

    def run(self, start, end):
        """Charge one part of time."""
        while start < end:
            tariff = self.tariff if self.book.change == "entry" else self.book.at(start)
            rate = self.book.rate_at(tariff, start)
            if rate is None or rate.flat is not None or self._is_covered(tariff, rate, start):
                start = self._pass_stretch(start, end, tariff, rate)
            else:
                start = self._charge_block(start, end, tariff, rate)

    def _pass_stretch(self, start, end, tariff, rate):
        """Go to the end of a free or flat stretch, charging a flat one the first time."""
        stop = start
        while stop < end and self._same_stretch(start, stop, tariff, rate):
            stop = self._next_boundary(stop, tariff)
        stop = min(stop, end)
        if rate is not None and rate.flat is not None:
            key = self._stretch(tariff, rate, start)
            if key not in self.flat_paid:
                self.flat_paid[key] = tariff
                self.add(start, stop, tariff, rate, None, rate.flat)
        return stop

    def _is_covered(self, tariff, rate, moment):
        """Tell whether a flat price of the tariff has paid the stretch around a moment."""
        return self.flat_paid.get(self._stretch(tariff, rate, moment)) is tariff

    def _stretch(self, tariff, rate, moment):
        """Name the stretch around a moment: of a night cut by another kind of day, its first part.

        Only midnight cuts it. A new tariff with other hours counts from its moment.
        """
        midnight = datetime.combine(moment.date(), datetime.min.time())
        evening = midnight - MINUTE
        began_today = occurrence(rate, moment) == moment.date()
        if began_today or (self.book.change == "moment" and evening < self.book.since(moment)):
            return stretch(rate, moment)
        first = self.book.rate_at(tariff, evening)
        is_night = first and first.start >= first.end > 0
        is_cut = is_night and self.book.rate_at(tariff, midnight) is not first
        day_type = self.book.calendar.day_type
        if is_cut and day_type(evening.date()) != day_type(midnight.date()):
            return stretch(first, evening)
        return stretch(rate, moment)

    def _next_boundary(self, moment, tariff):
        boundary = next_boundary(tariff, moment)
        change = self.book.next_change(moment) if self.book.change == "moment" else None
        return min(boundary, change) if change else boundary

    def _same_stretch(self, start, moment, tariff, rate):
        if self.book.change == "moment" and self.book.at(moment) is not tariff:
            return False
        if self.book.rate_at(tariff, moment) is not rate:
            return False
        return rate is None or occurrence(rate, moment) == occurrence(rate, start)

    def _charge_block(self, start, end, tariff, rate):
        key = self._step_key(start, tariff, rate)
        counted = self.counted.get(key, 0)
        step = [step for step in rate.steps if step.after <= counted][-1]
        full = start + step.block * MINUTE
        stop = min(full, end)
        self.counted[key] = counted + (stop - start) // MINUTE
        if self.tariff.rounding == "up" or stop == full:
            self.add(start, stop, tariff, rate, step, step.price)
        return stop

    def _step_key(self, start, tariff, rate):
        restart = self.tariff.steps_restart
        if restart == "period":
            return self._period(start)
        if restart == "segment":
            return self._stretch(tariff, rate, start)
        return None

    def _period(self, start):
        return (start - self.entry) // timedelta(days=1)

    def add(self, start, end, tariff, rate, step, price):
        """Append a charge, cut to what its caps leave."""
        caps = [
            ("segment", rate and rate.cap, rate and self._stretch(tariff, rate, start)),
            ("day", tariff.cap_day, start.date()),
            ("period", tariff.cap_period, self._period(start)),
            ("stay", tariff.cap_stay, None),
        ]
        amount, cut = price, None
        for kind, cap, key in caps:
            room = max(ZERO, cap - self.used.get((kind, key), ZERO)) if cap is not None else amount
            if room < amount:
                amount, cut = room, kind
        for kind, _cap, key in caps:
            self.used[kind, key] = self.used.get((kind, key), ZERO) + amount
        self.blocks.append(Block(start, end, tariff, rate, step, price, amount, cut))


def _reduce(coupons, blocks, full):
    """Return (total, ((coupon, reduction), …)) of blocks that already lack the coupon minutes.

    :param full: amount without any coupon
    """
    total, reductions = _sum(blocks), []
    minutes = sum(coupon.value for coupon in coupons if coupon.kind == "minutes")
    if minutes:
        reductions.append((Coupon("minutes", minutes), full - total))
    for day in sorted({coupon.day for coupon in coupons if coupon.kind == "day"}):
        off = _sum(block for block in blocks if block.start.date() == day)
        reductions.append((Coupon("day", day=day), off))
        total -= off
    for kind in ("percent", "amount"):
        for coupon in coupons:
            if coupon.kind == kind:
                off = coupon.value if kind == "amount" else _part(total, coupon.value)
                off = min(total, off)
                reductions.append((coupon, off))
                total -= off
    return total.quantize(CENT, ROUND_HALF_UP), tuple(reductions)


def _part(amount, percent):
    return (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)


def _sum(blocks):
    return sum((block.amount for block in blocks), ZERO)
