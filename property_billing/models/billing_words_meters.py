"""How a bill says what a meter counted."""

from decimal import Decimal

from ..tools import plan
from ..tools.rounding import round_step


class MeterWords:
    """The part of ``billing_words`` that phrases metered charges."""

    def _meter_line(self, item, basis, line, result):
        if "billed" in line:
            return self._billed_line(line)
        env = self.env
        plain = round_step(
            line["quantity"] * line["price"],
            Decimal(basis.get("step") or "0.01"),
            basis.get("direction") or "half_up",
        )
        priced = env._(
            "%(what)s = %(amount)s",
            what=f"{self.number(line['quantity'])} × {self.number(line['price'])}",
            amount=self.money(line["amount"]),
        )
        if plain != line["amount"]:
            priced += env._(" (rounded over the year)")
        if basis.get("tiers"):
            if line["to"] is None:
                tier = env._("tier above %(low)s: ", low=self.number(line["from"]))
            else:
                tier = env._(
                    "tier %(low)s–%(high)s: ",
                    low=self.number(line["from"]),
                    high=self.number(line["to"]),
                )
            priced = tier + priced
        if line is result["lines"][0]:
            return self._readings(basis) + self.separator + priced
        return priced

    def _billed_line(self, line):
        return self.env._(
            "already billed on estimated readings for %(start)s to %(end)s: %(amount)s",
            start=line["billed"]["from"],
            end=line["billed"]["to"],
            amount=self.money(line["amount"]),
        )

    def _readings(self, basis):
        """Say which readings were taken, on which meters, and what was used of the year's tiers."""
        env = self.env
        segments = basis.get("segments") or [basis]
        used = []
        for index, segment in enumerate(segments):
            is_last = index == len(segments) - 1
            used.append(self._segment(segment, basis, index == 0, is_last))
        text = env._(", then the new ").join(used)
        total = self._used(basis)
        text += env._(", consumption %(used)s", used=self.number(total))
        if basis.get("tier_period") == "year":
            text += env._(
                ", in the tiers of the year from %(day)s after %(before)s",
                day=basis["tier_from"],
                before=self.number(Decimal(basis.get("used_before") or 0)),
            )
        if basis.get("tier_months"):
            text += env._(
                ", limits for the %(months)s months of the first year", months=basis["tier_months"]
            )
        if Decimal(basis.get("extra") or 0):
            text += env._(
                ", limits raised by %(extra)s for %(persons)s persons",
                extra=self.number(Decimal(basis["extra"])),
                persons=basis["persons"],
            )
        return text

    def _used(self, basis):
        bare = {**basis, "billed": [], "tiers": [], "price": "0"}
        return plan.derive(bare)["quantity"]

    def _segment(self, segment, basis, is_first, is_last):
        env = self.env
        estimated = basis.get("estimated_days") or []
        before = self.number(Decimal(segment["opening"][1]))
        after = self.number(Decimal(segment["closing"][1]))
        if is_first and segment["opening"][0] in estimated:
            before = env._("%(value)s estimated", value=before)
        if is_last and segment["closing"][0] in estimated:
            after = env._("%(value)s estimated", value=after)
        text = env._(
            "meter %(meter)s read %(before)s (%(day_before)s) and %(after)s (%(day_after)s)",
            meter=segment["meter"],
            before=before,
            day_before=segment["opening"][0],
            after=after,
            day_after=segment["closing"][0],
        )
        if segment.get("below_estimate"):
            text += env._(", less than was estimated")
        elif Decimal(segment["closing"][1]) < Decimal(segment["opening"][1]):
            text += env._(", the counter turned over")
        if Decimal(segment["multiplier"]) != 1:
            ratio = self.number(Decimal(segment["multiplier"]))
            text += env._(", multiplier %(ratio)s", ratio=ratio)
        return text
