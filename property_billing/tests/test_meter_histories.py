"""Random years of a meter: read, estimated, left out, replaced, turned over, billed, undone."""

import random
from datetime import date, timedelta
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon
from .test_metering import MeterMixin

D = Decimal
TIERS = ((D(0), D(40), D("3.45")), (D(40), D(95), D("4.833")), (D(95), None, D("5.8371")))


def year_price(used):
    """Price the consumption of a year tenth by tenth of a unit, each tier rounded once."""
    total = D(0)
    for low, high, price in TIERS:
        inside = max(min(used, high) if high is not None else used, low) - low
        total += (inside * price).quantize(D("0.01"), "ROUND_HALF_UP")
    return total


class History:
    """What really flowed, and what somebody wrote down of it."""

    def __init__(self, world, seed):
        self.world = world
        self.random = random.Random(seed)  # noqa: S311 no secret, but a repeatable test
        self.meter = world.meter_2
        self.shown = D(99970)  # what the counter shows; it turns over soon
        self.flowed = D(0)

    def told(self, charges):
        """Return what happened, for whoever looks at a failure."""
        return [
            *(
                (one.meter_id.code, str(one.date), one.value, one.is_estimated)
                for one in self.world.env["property.meter.reading"].search(
                    [("unit_id", "=", self.world.unit_2.id)], order="date, id"
                )
            ),
            *(
                (str(one.date_from), str(one.date_to), one.quantity, one.amount, one.is_estimated)
                for one in charges.sorted("date_to")
            ),
        ]

    def flow(self):
        used = D(self.random.randint(0, 25))
        self.flowed += used
        self.shown = (self.shown + used) % 100000

    def live(self, month):
        """Let a month pass.

        :return: what was written down: "read", "estimated" or None
        """
        first = date(2026, month, 1)
        self.flow()
        if self.random.random() < 0.2:
            self._replace(first + timedelta(days=self.random.randint(3, 12)), month)
        self.flow()
        day = first + timedelta(days=self.random.randint(20, 27))
        what = self.random.choice(["read", "read", "estimated", None])
        if what == "read":
            self.world.read_meter(self.meter, day, float(self.shown))
        elif what:
            self._estimate(day)
        return what

    def _replace(self, day, month):
        start = D(self.random.randint(0, 500))
        document = self.world.replace(
            self.meter, day, float(self.shown), code=f"W2-{month}", initial=float(start)
        )
        self.meter, self.shown = document.new_meter_id, start

    def _estimate(self, day):
        """Write down a guess: now and then more than what the counter will show for months."""
        last = self.meter.reading_ids.filtered(lambda one: one.state != "rejected").sorted("date")
        before = D(str(last[-1:].value if last else self.meter.initial_reading))
        guess = (before + self.random.choice([0, 12, 30, 60])) % 100000
        self.world.env["property.meter.reading"].create(
            {
                "meter_id": self.meter.id,
                "date": day,
                "value": float(guess),
                "is_estimated": True,
            }
        )


@tagged("post_install", "-at_install")
class TestMeterHistories(MeterMixin, BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meter.active = False
        cls.meter_2 = cls.new_meter("W2", initial_reading=99970)
        cls.site.reading_review = False
        cls.water.tariff_ids.write(
            {
                "tier_period": "year",
                "tier_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"qty_from": float(low), "qty_to": float(high or 0), "price": price}
                        )
                        for low, high, price in TIERS
                    ),
                ],
            }
        )

    def bill(self, history, month, what):
        """Bill a month, sometimes undo and bill it again; compare the year so far."""
        run = self.run_month(month)
        if run.charge_ids and history.random.random() < 0.25:
            run.action_undo()
            run = self.run_month(month)
        if what != "read":
            return None
        fee = self.env["property.fee"].search([("meter_id", "=", history.meter.id)])
        charges = self.env["property.charge"].search(
            [("fee_id", "=", fee.id), ("state", "=", "posted")]
        )
        billed = sum((D(str(charge.amount)) for charge in charges), D(0)).quantize(D("0.01"))
        counted = sum((D(str(charge.quantity)) for charge in charges), D(0))
        kinds = {kind for kind, _unit in self.problem_kinds(run)}
        if counted > history.flowed:
            # estimates were too high: nothing more is billed until the counter passes them
            self.assertFalse(self.of(run), history.told(charges))
            self.assertIn("estimated", kinds, history.told(charges))
            return None
        self.assertEqual(
            (counted, billed),
            (history.flowed, year_price(history.flowed)),
            history.told(charges),
        )
        self.assertEqual(charges._underivable(), [])
        return billed

    def test_a_years_bills_are_the_price_of_what_flowed_whatever_was_guessed(self):
        compared = 0
        for seed in range(6):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                history = History(self, seed)
                for month in range(1, 10):
                    what = history.live(month)
                    compared += self.bill(history, month, what) is not None
                savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertGreater(compared, 15)
