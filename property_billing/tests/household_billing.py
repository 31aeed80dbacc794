"""What billing does to a household: months, readings, reliefs, prices, and taking it all back."""

from dateutil.relativedelta import relativedelta
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from .household_common import Household

PRICES = (2.5, 3.0, 3.33)


class BillingRules(Household):
    @initialize(months=st.integers(0, 2))
    def months_have_been_billed(self, months):
        for _month in range(months):
            self.a_month_is_billed("read", 7)

    @rule(how=st.sampled_from(["read", "read", "estimated"]), used=st.integers(0, 9))
    def a_month_is_billed(self, how, used):
        end = self.month + relativedelta(day=31)
        self.live_until(end)
        self.counted += used
        with self.attempt("meter read"):
            if how == "estimated":
                self.meter._estimate(end)
            else:
                self.world.read_meter(self.meter, end, self.counted % 100000)
        self.bill(self.month, end)
        self.month += relativedelta(months=1)

    @precondition(lambda self: self.runs)
    @rule()
    def the_last_month_is_billed_again(self):
        self.bill(*self.last_billed())

    @precondition(lambda self: self.runs)
    @rule(first=st.booleans())
    def what_was_missed_is_caught_up(self, first):
        start, end = self.last_billed()
        self.bill(start, end, catch_up=True, **({"catch_up_from": start} if first else {}))

    def bill(self, first, last, **vals):
        """Compute and post a run."""
        with self.attempt("billed"):
            run = self.world.new_run(first, last, **vals)
            run.action_compute()
            if run.charge_ids:
                run.action_post()
                self.runs |= run

    @precondition(lambda self: self.posted_charges())
    @rule(data=st.data())
    def charges_are_taken_back(self, data):
        with self.attempt("charges undone"):
            self.some(data, self.posted_charges(), most=3)._undo()

    @precondition(lambda self: self.posted_runs())
    @rule()
    def the_last_run_is_undone(self):
        with self.attempt("run undone"):
            self.posted_runs()[-1:].action_undo()

    @rule(day=st.integers(1, 28), used=st.integers(0, 5), initial=st.integers(0, 300))
    def the_meter_is_replaced(self, day, used, initial):
        self.live_until(self.month.replace(day=day))
        with self.attempt("meter replaced"):
            replacement = self.new(
                "property.meter.replacement",
                "manager",
                meter_id=self.meter.id,
                date=self.today,
                final_value=(self.counted + used) % 100000,
                new_code=f"N{self.month:%y%m}{day}-{self.counted}",
                initial_value=initial,
            )
            replacement.action_replace()
            self.meter = replacement.new_meter_id.with_env(self.env)
            self.counted = initial

    @rule(
        data=st.data(),
        percent=st.sampled_from([0, 33.33, 100]),
        again=st.booleans(),
        day=st.integers(1, 28),
    )
    def a_vacant_home_gets_a_relief(self, data, percent, again, day):
        with self.attempt("relief"):
            relief = self.new(
                "property.relief",
                "finance",
                name="Vacancy",
                site_id=self.world.site.id,
                legal_basis="Rule 38",
                unit_ids=[(6, 0, self.some(data, self.world.unit | self.world.unit_2).ids)],
                item_ids=[(6, 0, self.world.management.ids)],
                date_from=self.last_billed()[0].replace(day=day),
                date_to=self.month + relativedelta(day=31),
                method="percent" if percent else "amount",
                percent=percent,
                amount=0 if percent else 40.07,
                rebill=again,
            )
            self.approve(relief)

    @precondition(lambda self: self.runs)
    @rule(price=st.sampled_from(PRICES), percentage=st.sampled_from([5.0, 7.3]))
    def a_wrong_price_is_put_right(self, price, percentage):
        first, last = self.last_billed()
        items = self.world.management | self.world.percentage | self.world.quarterly
        self.world.management.tariff_ids.price = price
        self.world.percentage.tariff_ids.price = percentage
        with self.attempt("billed at another price"):
            self.approve(
                self.new(
                    "property.rerate",
                    "finance",
                    site_id=self.world.site.id,
                    item_ids=[(6, 0, items.ids)],
                    date_from=first,
                    date_to=last,
                    reason="Wrong price",
                )
            )

    @precondition(lambda self: self.rerates())
    @rule(data=st.data())
    def the_other_price_is_taken_back(self, data):
        rerate = self.some(data, self.rerates())
        with self.attempt("other price undone"):
            rerate.with_user(self.world.users["manager"]).action_undo_rerate()

    def rerates(self):
        return self.env["property.rerate"].search(
            [
                ("site_id", "=", self.world.site.id),
                ("approval_state", "=", "approved"),
                ("is_undone", "=", False),
            ]
        )
