"""Billing what meters counted."""

from datetime import date
from decimal import Decimal

from ..tools import plan
from ..tools.metering import DAY, flowed
from ..tools.proration import month_count
from ..tools.rounding import to_decimal
from ..tools.tariffs import tariff_on
from ..tools.tiers import first_year_months, tier_year


class BillingMeters:
    """The part of a billing batch that bills meters; see ``billing_batch``."""

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
        segments = self._meter_segments(fee, meter, unit)
        if not segments:
            return
        price = self._meter_price(fee, item)
        if not price:
            return
        payer = facts.payer_on(fee["payer_role"], fee["unit_id"], facts.date_to)
        open_rows = self._same_terms(fee, payer, price)
        opened = self._opened(fee, open_rows)
        if opened:
            segments = facts.segments(meter["id"], _day(opened)) or segments
        basis = self._meter_basis(fee, item, unit, price, segments, open_rows)
        result = self._meter_result(fee, item, meter, unit, basis)
        if result and not payer:
            self._no_payer(fee, unit)
        elif result:
            opened = open_rows[-1]["to"] if open_rows else _day(basis["opening"][0])
            closed = _day(basis["closing"][0])
            self._charge(
                fee, item, basis, payer, opened + DAY, closed, price["tax_id"], result=result
            )

    def _meter_segments(self, fee, meter, unit):
        """Return the readings of the period; report a meter not read or a reading on hold."""
        facts = self.facts
        segments = facts.since_cut(fee, facts.segments(meter["id"]))
        opened = segments[0][1][0] if segments else facts.date_from - DAY
        held = facts.held_reading(meter["id"], opened)
        if held:
            self._problem(
                "held",
                fee,
                self.env._(
                    "The reading %(value)s of meter %(meter)s of unit %(unit)s on %(day)s is held "
                    "for review. Accept or correct it, then compute again.",
                    value=self.words.number(to_decimal(held[1])),
                    meter=meter["code"],
                    unit=unit["code"],
                    day=held[0],
                ),
            )
            return None
        if not segments:
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
        return segments

    def _meter_price(self, fee, item):
        """Return the price of the period's last day; report a missing one."""
        day = self.facts.date_to
        price = tariff_on(day, self.facts.tariffs[fee["item_id"]])
        if fee["price"]:
            return {
                **(price or self._any_tariff(fee)),
                "price": str(to_decimal(fee["price"])),
                "tiers": [],
            }
        if not price:
            self._no_tariff(fee, item, (day, day))
        return price

    def _opened(self, fee, open_rows):
        """Return the day of the reading to open with where estimates were billed, or None.

        Estimates are settled from the last real reading on, over all the months since. Those that
        stay as they were billed are where the next charge starts, also after a reading below them.
        """
        if open_rows:
            return open_rows[0]["basis"]["opening"][0]
        kept = self.facts.open_estimates.get(fee["id"])
        return kept[-1]["basis"]["closing"][0] if kept else None

    def _same_terms(self, fee, payer, price):
        """Return the bills on estimates to settle: of this payer, tariff and year of the tiers.

        Anybody else's estimate, or one at another price, stays as it was billed: the next charge
        starts from it.
        """
        rows = []
        for row in reversed(self.facts.open_estimates.get(fee["id"], ())):
            basis = row["basis"]
            same = (
                row["payer"] == payer
                and basis.get("tariff_ids") == [price["tariff_id"]]
                and basis.get("price") == price["price"]
            )
            if same and price.get("tier_period") == "year" and price["tiers"]:
                month = price["tier_reset_month"]
                same = tier_year(row["to"], month) == tier_year(self.facts.date_to, month)
            if not same:
                break
            rows.insert(0, row)
            if not basis.get("billed"):
                break
        return rows

    def _meter_basis(self, fee, item, unit, price, segments, open_rows):
        """Freeze the facts of a metered charge."""
        facts = self.facts
        first = open_rows[0]["basis"]["period"][0] if open_rows else str(facts.date_from)
        rows = [self._segment_values(*segment) for segment in segments]
        points = [point for _meter, *pair in segments for point in pair]
        basis = {
            "kind": "meter",
            "meter": rows[-1]["meter"],
            "opening": rows[0]["opening"],
            "closing": rows[-1]["closing"],
            "digits": rows[-1]["digits"],
            "multiplier": rows[-1]["multiplier"],
            "reading_ids": sorted({point[2] for point in points if point[2]}),
            "period": [first, str(facts.date_to)],
            "months": self._tier_months(fee, _day(first), points[0][0]),
            "price": price["price"],
            "tiers": price["tiers"],
            "price_include": price["price_include"],
            "rate": price["rate"],
            "tariff_ids": [price["tariff_id"]],
            **facts.rounding(item),
        }
        if len(rows) > 1 or rows[0].get("below_estimate"):
            basis["segments"] = rows
        estimated = sorted({str(point[0]) for point in points if point[3]})
        if estimated:
            basis["estimated_days"] = estimated
            basis["estimated"] = points[-1][3]
        if open_rows:
            basis["billed"] = [_billed_values(row) for row in open_rows]
        self._add_tier_facts(basis, fee, unit, price, points[-1][0], open_rows)
        return basis

    def _tier_months(self, fee, first, opened):
        """Return how many months of the tiers a bill has: also those in which nobody read."""
        months = month_count(first, self.facts.date_to)
        missed = month_count(opened, self.facts.date_to) - 1
        if missed > months and self.facts.is_billed_by(fee["id"], opened):
            return missed
        return months

    def _segment_values(self, meter_id, opening, closing):
        meter = self.facts.meters[meter_id]
        before, after = to_decimal(opening[1]), to_decimal(closing[1])
        values = {
            "meter": meter["code"],
            "opening": [str(opening[0]), str(before)],
            "closing": [str(closing[0]), str(after)],
            "digits": meter["digits"],
            "multiplier": str(to_decimal(meter["multiplier"])),
        }
        if opening[3] and flowed(before, after, meter["digits"], is_estimated=True) < 0:
            values["below_estimate"] = True
        return values

    def _add_tier_facts(self, basis, fee, unit, price, closed, open_rows):
        """Freeze what the tiers depend on beyond the table: the year so far, and the persons."""
        if not price["tiers"]:
            return
        if price.get("tier_period") == "year":
            first, used, rows = self.facts.used_in_year(
                fee["id"], closed, price["tier_reset_month"]
            )
            settled = {row["id"] for row in open_rows}
            used -= sum(quantity for charge, quantity in rows if charge in settled)
            basis.update(
                tier_period="year",
                tier_from=str(first),
                used_before=str(Decimal(used)),
                counted=[charge for charge, _quantity in rows if charge not in settled],
            )
            months = first_year_months(
                fee["date_from"], *tier_year(closed, price["tier_reset_month"])
            )
            if price.get("tier_by_months") and months != 12:
                basis["tier_months"] = months
        if price.get("tier_persons"):
            persons = fee.get("tier_persons") or self.facts.persons(unit["id"], closed)
            extra = max(persons - price["tier_persons"], 0) * Decimal(price["tier_extra"])
            basis.update(persons=persons, extra=str(extra))

    def _meter_result(self, fee, item, meter, unit, basis):
        """Return the frozen consumption priced, or None when there is nothing to bill.

        What estimates billed too much is carried over: the next charge takes it off.
        """
        try:
            if plan.metered(basis) < 0:
                self._carry_over(fee, meter, unit, None)
                return None
            result = plan.derive(basis)
        except ValueError:
            self._meter_failed(fee, item, meter, unit, basis)
            return None
        self._warn_turn(fee, unit, basis)
        if result["amount"] < 0:
            self._carry_over(fee, meter, unit, -result["amount"])
            return None
        return result if result["amount"] else None

    def _carry_over(self, fee, meter, unit, amount):
        if amount is None:
            message = self.env._(
                "Meter %(meter)s of unit %(unit)s shows less than was estimated and billed before. "
                "Nothing is billed until the counter passes the estimate.",
                meter=meter["code"],
                unit=unit["code"],
            )
        else:
            message = self.env._(
                "The estimates of meter %(meter)s of unit %(unit)s were %(amount)s too high. It "
                "comes off the next bill.",
                meter=meter["code"],
                unit=unit["code"],
                amount=self.words.money(amount),
            )
        self._problem("estimated", fee, message, "info")

    def _warn_turn(self, fee, unit, basis):
        for segment in basis.get("segments") or [basis]:
            before, after = (Decimal(segment[key][1]) for key in ("opening", "closing"))
            if after >= before or segment.get("below_estimate"):
                continue
            used = plan.derive({**basis, **segment, **_BARE})["quantity"]
            self._problem(
                "reading_fell",
                fee,
                self.env._(
                    "Meter %(meter)s of unit %(unit)s fell from %(before)s to %(after)s. It is "
                    "billed "
                    "as a counter that turned over (%(used)s). Check the reading.",
                    meter=segment["meter"],
                    unit=unit["code"],
                    before=self.words.number(before),
                    after=self.words.number(after),
                    used=self.words.number(used),
                ),
                "warning",
            )


_BARE = {"segments": None, "billed": None, "tiers": [], "price": "0"}


def _day(text):
    return date.fromisoformat(text)


def _billed_values(row):
    """Return what a bill on estimates took off the settlement: its net sum and quantity."""
    result = plan.derive(row["basis"])
    return {
        "charge": row["id"],
        "from": str(row["from"]),
        "to": str(row["to"]),
        "net": str(result["net"]),
        "quantity": str(result["quantity"]),
    }
