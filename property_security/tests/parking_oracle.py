"""A parking fee found minute by minute, written apart from the kernel without its code."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

MINUTE = timedelta(minutes=1)
CENT = Decimal("0.01")


class MinuteClock:
    """Walks through a stay and charges it as a person with a watch would."""

    def __init__(self, book, entry):
        self.book = book
        self.entry = entry
        self.posted = self.tariff_at(entry)
        self.money = []  # (moment, amount)
        self.till = {}
        self.open = None  # the running block: price, its place, minutes left
        self.minutes_had = {}
        self.flat_had = {}

    def tariff_at(self, moment):
        current = None
        for since, tariff in self.book.tariffs:
            if since <= moment:
                current = tariff
        return current

    def kind_of_day(self, moment):
        day = moment.date()
        if day in self.book.calendar.holidays:
            return "holiday"
        worked = day in self.book.calendar.workdays
        return "weekend" if day.isoweekday() in (6, 7) and not worked else "weekday"

    def rate_of(self, tariff, moment):
        minute = 60 * moment.hour + moment.minute
        for rate in tariff.rates:
            if self.kind_of_day(moment) in rate.day_types:
                ahead = (minute - rate.start) % 1440
                long = (rate.end - rate.start) % 1440 or 1440
                if ahead < long:
                    return rate, (moment - ahead * MINUTE).date()
        return None, None

    def night_of(self, tariff, stretch, moment):
        """Return whose night a minute belongs to, as a person says it who has not slept.

        The board may show other hours after midnight because another kind of day has come: he
        is in the night in which he was a minute before.
        """
        if stretch[2] == moment.date():
            return stretch
        last = moment.replace(hour=23, minute=59) - timedelta(days=1)
        if self.book.change == "moment" and self.tariff_at(last) is not tariff:
            return stretch
        rate, began = self.rate_of(tariff, last)
        if rate is None or self.kind_of_day(moment) == self.kind_of_day(last):
            return stretch
        goes_on = 0 < rate.end <= rate.start
        is_other = self.rate_of(tariff, last + MINUTE)[0] is not rate
        return (rate.start, rate.end, began) if goes_on and is_other else stretch

    def charge(self, place, price):
        """Put money in the till of every cap it counts for."""
        moment, tariff, rate, stretch = place
        limits = [
            ((0, moment.date()), tariff.cap_day),
            ((1, int((moment - self.entry).total_seconds() // 86400)), tariff.cap_period),
            ((2,), tariff.cap_stay),
        ]
        if rate:
            limits.append(((3, *stretch), rate.cap))
        for key, limit in limits:
            if limit is not None:
                price = max(Decimal(0), min(price, limit - self.till.get(key, Decimal(0))))
        for key, _limit in limits:
            self.till[key] = self.till.get(key, Decimal(0)) + price
        self.money.append((moment, price))

    def tick(self, moment):
        """Spend one uncovered minute."""
        if self.open is None:
            self.begin(moment)
        if self.open is not None:
            self.open["left"] -= 1
            self.minutes_had[self.open["count"]] = self.minutes_had.get(self.open["count"], 0) + 1
            if not self.open["left"]:
                if self.posted.rounding == "completed":
                    self.charge(self.open["place"], self.open["price"])
                self.open = None

    def begin(self, moment):
        """Start what a minute without a running block starts."""
        tariff = self.posted if self.book.change == "entry" else self.tariff_at(moment)
        rate, stretch = self.rate_of(tariff, moment)
        if rate is None:
            return
        night = self.night_of(tariff, (rate.start, rate.end, stretch), moment)
        place = (moment, tariff, rate, night)
        if rate.flat is not None:
            if night not in self.flat_had:
                self.flat_had[night] = tariff
                self.charge(place, rate.flat)
            return
        if self.flat_had.get(night) is tariff:
            return
        count = {
            "stay": "stay",
            "period": int((moment - self.entry).total_seconds() // 86400),
            "segment": night,
        }[self.posted.steps_restart]
        had = self.minutes_had.get(count, 0)
        step = max((step for step in rate.steps if step.after <= had), key=lambda s: s.after)
        if self.posted.rounding == "up":
            self.charge(place, step.price)
        self.open = {"left": step.block, "price": step.price, "place": place, "count": count}

    def interrupt(self):
        """End a running block where covered time begins."""
        self.open = None


def minutes_inside(stay):
    """List the minutes that no pass covers."""
    entry = stay.entry.replace(second=0, microsecond=0)
    whole = int((stay.exit - stay.entry).total_seconds() // 60)
    spans = [(a.replace(second=0), b.replace(second=0)) for a, b in stay.covered]
    moments = (entry + n * MINUTE for n in range(whole))
    return [m for m in moments if not any(a <= m < b for a, b in spans)]


def simulate(book, stay):
    """Return the fee of a stay."""
    entry = stay.entry.replace(second=0, microsecond=0)
    watch = MinuteClock(book, entry)
    off = sum(int(coupon.value) for coupon in stay.coupons if coupon.kind == "minutes")
    moments = minutes_inside(stay)
    moments = moments[: max(0, len(moments) - off)]
    free = watch.posted.free_minutes
    if len(moments) <= free:
        return Decimal("0.00")
    if watch.posted.free_rule == "deducted":
        moments = moments[free:]
    if watch.posted.entry_price:
        watch.charge((moments[0], watch.posted, None, None), watch.posted.entry_price)
    last = None
    for moment in moments:
        if last is not None and moment - last != MINUTE:
            watch.interrupt()
        watch.tick(moment)
        last = moment
    days = {coupon.day for coupon in stay.coupons if coupon.kind == "day"}
    fee = sum((sum_ for at, sum_ in watch.money if at.date() not in days), Decimal(0))
    for coupon in stay.coupons:
        if coupon.kind == "percent":
            fee -= (fee * coupon.value / 100).quantize(CENT, ROUND_HALF_UP)
    for coupon in stay.coupons:
        if coupon.kind == "amount":
            fee = max(Decimal(0), fee - coupon.value)
    return fee.quantize(CENT, ROUND_HALF_UP)
