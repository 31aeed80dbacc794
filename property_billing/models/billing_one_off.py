"""Billing one-off fees, and telling which of them, and which shared costs, were forgotten."""

from functools import cached_property

from dateutil.relativedelta import relativedelta

from ..tools.rounding import to_decimal
from ..tools.tariffs import tariff_on

#: How long ago something may be dated and still be told of, in months.
LOOK_BACK = 24


class OneOffFacts:
    """The part of ``billing_facts`` about what is due on one day; see ``billing_facts``."""

    @property
    def late_from(self):
        """Return the first day whose forgotten one-offs and shared costs are told of."""
        return self.date_from - relativedelta(months=LOOK_BACK)

    @cached_property
    def charged_one_offs(self):
        """Return dict fee id -> (whether a charge of it stands, its run's name) outside this run.

        A charge made for the fee by something else than a run, such as a deduction, has no name.
        Arrears of other days that hang on the fee are not it.
        """
        ids = [fee["id"] for fee in self.fees if fee["method"] == "one_off"]
        if not ids or self.assumptions.is_blank:
            return {}
        self.env["property.charge"].flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT ON (charge.fee_id)
                   charge.fee_id, charge.state NOT IN ('cancelled', 'reversed') AS stands, run.name
              FROM property_charge charge
              JOIN property_fee fee ON fee.id = charge.fee_id
               AND fee.date_from BETWEEN charge.date_from AND charge.date_to
         LEFT JOIN property_billing_run run ON run.id = charge.run_id
             WHERE charge.fee_id = ANY(%s) AND charge.run_id IS DISTINCT FROM %s
               AND charge.id <> ALL(%s)
          ORDER BY charge.fee_id, stands DESC, charge.id DESC
            """,
            [ids, self.run_id, self.assumptions.ignored],
        )
        return {fee_id: (stands, name) for fee_id, stands, name in self.env.cr.fetchall()}

    def missed_pools(self):
        """Return the shared costs of periods that ended before this run and that nobody billed."""
        pools = self.env["property.allocation"].search(
            [
                ("site_id", "in", self.site_ids),
                ("item_id", "in", list(self.items)),
                ("date_to", "<", self.date_from),
                ("date_to", ">=", self.late_from),
            ]
        )
        if not pools:
            return pools
        # A pool that was billed and taken back again was not forgotten.
        billed = self.env["property.charge"]._read_group(
            [("allocation_id", "in", pools.ids)], ["allocation_id"]
        )
        return pools - pools.browse([pool.id for (pool,) in billed])


class BillingOneOff:
    """The part of a billing batch that bills what is due on one day; see ``billing_batch``."""

    def _bill_one_off(self, fee, item):
        day = fee["date_from"]
        if not self._is_one_off_due(fee, item):
            return
        unit = self.facts.units[fee["unit_id"]]
        price = tariff_on(day, self.facts.tariffs[fee["item_id"]])
        if not price and not fee["price"]:
            self._no_tariff(fee, item, (day, day))
            return
        price = price or self._any_tariff(fee)
        payer = self.facts.payer_on(fee["payer_role"], fee["unit_id"], day)
        if not payer:
            self._no_payer(fee, unit)
            return
        basis = {
            "kind": "time",
            "method": "fixed",
            "base": "1",
            "quantity": str(to_decimal(fee["quantity"])),
            "coverage": [str(day), str(day)],
            "proration": "full_month",
            "segments": [[str(day), str(day), str(to_decimal(fee["price"] or price["price"]))]],
            "payers": [[payer, str(day), str(day)]],
            "part": None,
            "price_include": price["price_include"],
            "rate": price["rate"],
            "tariff_ids": [price["tariff_id"]],
            **self.facts.rounding(item),
        }
        self._charge(fee, item, basis, payer, day, day, price["tax_id"])

    def _is_one_off_due(self, fee, item):
        """Tell whether a fee is to be billed now; report one that is billed, or was forgotten.

        One that was taken back is only billed again by a run over its own day.
        """
        day, is_late = fee["date_from"], fee["date_from"] < self.facts.date_from
        stands, run = self.facts.charged_one_offs.get(fee["id"], (None, None))
        if stands:
            if run and not is_late:
                self._report_span(fee, item, (0, day, day, run), True)
            return False
        if not is_late:
            return True
        if stands is False:
            return False
        if self.facts.catch_up_first:
            return day >= self.facts.catch_up_first
        if day >= self.facts.late_from:
            self._one_off_missed(fee, item)
        return False

    def _report_missed_pools(self):
        for pool in self.facts.missed_pools():
            self._pool_problem(
                pool,
                self.env._(
                    "%(pool)s was not billed when its period was. Bill it in a run from %(start)s "
                    "to %(end)s.",
                    pool=pool.display_name,
                    start=pool.date_from,
                    end=pool.date_to,
                ),
                "missed",
                "warning",
            )
