"""Turns facts into charges and problems. No query happens here but those of BillingFacts."""

from ..tools import plan
from ..tools.payers import merge_payers
from ..tools.proration import coverage, days, month_count
from ..tools.rounding import to_decimal
from ..tools.tariffs import tariff_on, tariff_segments
from .billing_facts import DAY
from .billing_pools import BillingPools
from .billing_problems import BillingProblems
from .billing_words import Words, number


class BillingBatch(BillingPools, BillingProblems):
    """One computation of a run: fills ``charges`` and ``problems`` with values to create."""

    def __init__(self, run, facts):
        self.run = run
        self.facts = facts
        self.env = run.with_context(lang=run.company_id._billing_lang()).env
        self.words = Words(self.env)
        self.charges = []
        self.problems = []
        self._place_names = {}

    def compute(self):
        """Bill every fee, then every pool; leave out what another run has billed."""
        methods = {
            "area": self._bill_time,
            "fixed": self._bill_time,
            "metered": self._bill_meter,
            "one_off": self._bill_one_off,
        }
        for fee in self.facts.fees:
            bill = methods.get(fee["method"])
            if bill:
                bill(fee, self.facts.items[fee["item_id"]])
        for pool in self.facts.pools:
            self._bill_pool(pool)
        self._drop_billed()

    # Time-based -------------------------------------------------------------------------------

    def _bill_time(self, fee, item):
        facts = self.facts
        span = coverage(facts.date_from, facts.date_to, fee["date_from"], fee["date_to"] or None)
        if not span:
            return
        unit = facts.units[fee["unit_id"]]
        if item["method"] == "area" and not unit["area_billable"]:
            self._problem(
                "no_area",
                fee,
                self.env._(
                    "Unit %(unit)s has no billable area. Enter it on the unit, then compute again.",
                    unit=unit["code"],
                ),
            )
            return
        segments, gaps = self._price_segments(fee, item, span)
        if not segments:
            return
        self._warn_gaps(fee, item, unit, gaps, span)
        if (
            len({price["tax_id"] for _first, _last, price in segments}) > 1
            or len({price["price_include"] for _first, _last, price in segments}) > 1
        ):
            self._problem(
                "mixed_vat",
                fee,
                self.env._(
                    "The VAT of %(item)s changes within the period. Bill the days before and after "
                    "%(day)s in two runs.",
                    item=item["name"],
                    day=segments[-1][0],
                ),
            )
            return
        span = segments[0][0], segments[-1][1]
        payers = self._payers_of(fee, span)
        if not payers:
            self._no_payer(fee, unit)
            return
        price = segments[-1][2]
        basis = {
            "kind": "time",
            "method": item["method"],
            "base": str(to_decimal(unit["area_billable"])) if item["method"] == "area" else "1",
            "quantity": str(to_decimal(fee["quantity"])),
            "coverage": [str(span[0]), str(span[1])],
            "proration": item["proration"],
            "segments": [[str(a), str(b), facts_["price"]] for a, b, facts_ in segments],
            "payers": [[payer, str(first), str(last)] for payer, first, last in payers],
            "price_include": price["price_include"],
            "rate": price["rate"],
            "tariff_ids": [facts_["tariff_id"] for _a, _b, facts_ in segments],
            **facts.rounding(item),
        }
        shares = [(*payers[0], None)] if len(payers) == 1 else plan.parts(basis)
        for index, (payer, first, last, _amount) in enumerate(shares):
            part = None if len(payers) == 1 else index
            self._charge(fee, item, {**basis, "part": part}, payer, first, last, price["tax_id"])

    def _price_segments(self, fee, item, span):
        """Return the tariff segments of a span, one for the fee's own price, and the gaps."""
        segments, gaps = tariff_segments(*span, self.facts.tariffs[fee["item_id"]])
        if fee["price"]:
            own = {"price": str(to_decimal(fee["price"])), "tiers": []}
            last = segments[-1][2] if segments else self._any_tariff(fee)
            return [(*span, {**last, **own})], []
        if not segments:
            self._no_tariff(fee, item, span)
        return segments, gaps

    def _any_tariff(self, fee):
        rows = self.facts.tariffs[fee["item_id"]]
        return (
            rows[0][2]
            if rows
            else {"price_include": True, "rate": "", "tax_id": False, "tariff_id": False}
        )

    def _payers_of(self, fee, span):
        """Return the payers of a span, or nothing when some day has none."""
        segments = []
        for payer, first, last in self.facts.timeline(fee["payer_role"], fee["unit_id"]):
            first, last = max(first, span[0]), min(last, span[1])
            if first <= last:
                segments.append((payer, first, last))
        segments = merge_payers(segments)
        known = sum(days(first, last) for _payer, first, last in segments)
        return segments if known == days(*span) else []

    # Metered ----------------------------------------------------------------------------------

    def _bill_meter(self, fee, item):
        facts, unit = self.facts, self.facts.units[fee["unit_id"]]
        meter = facts.meters.get(fee["meter_id"])
        if not meter:
            self._problem(
                "no_meter",
                fee,
                self.env._(
                    "The fee %(item)s of unit %(unit)s names no meter. Choose its meter.",
                    item=item["name"],
                    unit=unit["code"],
                ),
            )
            return
        readings = facts.closing(meter["id"])
        if not readings:
            self._problem(
                "no_reading",
                fee,
                self.env._(
                    "Meter %(meter)s of unit %(unit)s was not read between %(start)s and %(end)s. "
                    "Enter the reading, then compute again.",
                    meter=meter["code"],
                    unit=unit["code"],
                    start=facts.date_from,
                    end=facts.date_to,
                ),
            )
            return
        price = tariff_on(facts.date_to, facts.tariffs[fee["item_id"]])
        if fee["price"]:
            price = {
                **(price or self._any_tariff(fee)),
                "price": str(to_decimal(fee["price"])),
                "tiers": [],
            }
        if not price:
            self._no_tariff(fee, item, (facts.date_to, facts.date_to))
            return
        (opened, opening), (closed, closing) = readings
        basis = {
            "kind": "meter",
            "meter": meter["code"],
            "opening": [str(opened), str(to_decimal(opening))],
            "closing": [str(closed), str(to_decimal(closing))],
            "digits": meter["digits"],
            "multiplier": str(to_decimal(meter["multiplier"])),
            "months": month_count(facts.date_from, facts.date_to),
            "price": price["price"],
            "tiers": price["tiers"],
            "price_include": price["price_include"],
            "rate": price["rate"],
            "tariff_ids": [price["tariff_id"]],
            **facts.rounding(item),
        }
        try:
            result = plan.derive(basis)
        except ValueError:
            self._meter_failed(fee, item, meter, unit, basis)
            return
        if closing < opening:
            self._problem(
                "reading_fell",
                fee,
                self.env._(
                    "Meter %(meter)s of unit %(unit)s fell from %(before)s to %(after)s. It is "
                    "billed "
                    "as a counter that turned over (%(used)s). Check the reading.",
                    meter=meter["code"],
                    unit=unit["code"],
                    before=number(to_decimal(opening)),
                    after=number(to_decimal(closing)),
                    used=number(result["quantity"]),
                ),
                "warning",
            )
        if not result["quantity"]:
            return
        payer = facts.payer_on(fee["payer_role"], fee["unit_id"], facts.date_to)
        if not payer:
            self._no_payer(fee, unit)
            return
        self._charge(fee, item, basis, payer, opened + DAY, closed, price["tax_id"], result=result)

    # One-off ----------------------------------------------------------------------------------

    def _bill_one_off(self, fee, item):
        day = fee["date_from"]
        if not self.facts.date_from <= day <= self.facts.date_to:
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

    # Collecting -------------------------------------------------------------------------------

    def _charge(self, fee, item, basis, payer, first, last, tax_id, share=0, result=None):
        result = result or plan.derive(basis)
        if not result["amount"]:
            return
        lines = self.words.lines(item, basis, result)
        names = [line[0] for line in lines]
        self.charges.append(
            {
                "run_id": self.run.id,
                "fee_id": fee["id"],
                "share": share,
                "unit_id": fee["unit_id"],
                "item_id": fee["item_id"],
                "payer_id": payer,
                "meter_id": fee["meter_id"],
                "allocation_id": share or False,
                "date_from": first,
                "date_to": last,
                "quantity": float(result["quantity"]),
                "amount": float(result["amount"]),
                "tax_id": tax_id or False,
                "basis": basis,
                "explanation": self.words.explain(item, basis, result, names, first, last),
                "line_ids": self._line_commands(lines, result),
            }
        )

    def _line_commands(self, lines, result):
        """Prepare the lines; what VAT on top or a payer's part makes of their sum is a line."""
        commands = [
            (0, 0, {"sequence": i, "name": n, "quantity": q, "price": p, "amount": a})
            for i, (n, q, p, a) in enumerate(lines, start=1)
        ]
        rest = result["amount"] - result["net"]
        if rest:
            name = (
                self.env._("VAT on top")
                if result["amount"] == result["gross"]
                else self.env._("Part of the other payers, taken off")
            )
            commands.append(
                (
                    0,
                    0,
                    {
                        "sequence": 99,
                        "name": name,
                        "quantity": 1,
                        "price": float(rest),
                        "amount": float(rest),
                    },
                )
            )
        return commands

    def _drop_billed(self):
        """Leave out charges whose days another run, or an opening bill, already covers."""
        if not self.charges:
            return
        first = min(vals["date_from"] for vals in self.charges)
        last = max(vals["date_to"] for vals in self.charges)
        billed = self.facts.billed(first, last)
        kept, reported = [], set()
        for vals in self.charges:
            others = [
                row
                for row in billed.get((vals["fee_id"], vals["share"]), ())
                if row[0] <= vals["date_to"] and row[1] >= vals["date_from"]
            ]
            if not others:
                kept.append(vals)
            elif vals["fee_id"] not in reported:
                reported.add(vals["fee_id"])
                self._report_billed(vals, others[0])
        self.charges = kept
