"""What keeps days from being billed, and what to do about it."""

from datetime import timedelta

DAY = timedelta(days=1)


def formula_message(env, error):
    """Say what is wrong with a formula.

    :param error: tools.formula.FormulaError
    """
    texts = {
        "empty": env._("it is empty"),
        "long": env._("it is too long"),
        "syntax": env._("it cannot be read; check the brackets and signs"),
        "deep": env._("it is too complicated"),
        "number": env._("a number in it is not allowed"),
        "name": env._("“%(name)s” is no variable", name=error.detail),
        "function": env._("“%(name)s” is no function", name=error.detail),
        "arguments": env._("“%(name)s” has a wrong number of values", name=error.detail),
        "operation": env._("only + − × ÷, comparisons and the listed functions are allowed"),
        "type": env._("a comparison stands where a number is needed, or the other way round"),
        "zero": env._("it divides by zero"),
        "large": env._("the result is too large"),
        "negative": env._("the result is negative"),
    }
    return texts[error.kind]


class BillingTimeProblems:
    """The part of a billing batch that reports on time-based fees; see ``billing_time``."""

    def _has_mixed_vat(self, fee, item, segments):
        """Report a VAT that changes inside one charge."""
        kinds = {(price["tax_id"], price["price_include"]) for _first, _last, price in segments}
        if len(kinds) == 1:
            return False
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
        return True

    def _warn_cut_month(self, fee, item, spans):
        """Warn, once an item, where the run ends inside a month that does not count by its days.

        Each part would be weighed by itself: two halves of a month that counts wholly make two.
        """
        facts = self.facts
        if item["proration"] == "actual" or item["id"] in self._cut_items:
            return
        edges = (
            (facts.date_from.day != 1, facts.date_from, fee["date_from"] < facts.date_from, 0),
            (
                (facts.date_to + DAY).day != 1,
                facts.date_to,
                not fee["date_to"] or fee["date_to"] > facts.date_to,
                1,
            ),
        )
        if any(
            is_inside and goes_on and any(not span[2] and span[at] == day for span in spans)
            for is_inside, day, goes_on, at in edges
        ):
            self._cut_items.add(item["id"])
            self._problem(
                "cut_month",
                fee,
                self.env._(
                    "This run covers part of a month, and a part of a month of %(item)s does not "
                    "count by its days: the rest, billed in another run, would be counted anew. "
                    "Let the run cover whole months.",
                    item=item["name"],
                ),
                "warning",
            )

    def _formula_failed(self, fee, item, error):
        self._problem(
            "formula",
            fee,
            self.env._(
                "The formula of %(item)s cannot be computed for unit %(unit)s: %(why)s. Correct "
                "the formula or the unit, then compute again.",
                item=item["name"],
                unit=self.facts.units[fee["unit_id"]]["code"],
                why=formula_message(self.env, error),
            ),
        )

    def _no_one_pays(self, fee, role):
        unit = self.facts.units[fee["unit_id"]]
        if role != "developer":
            self._no_payer(fee, unit)
            return
        self._problem(
            "no_payer",
            fee,
            self.env._(
                "Unit %(unit)s is not handed over and its developer is not known. Enter the "
                "developer on the site, the building or the unit, then compute again.",
                unit=unit["code"],
            ),
        )

    def _nobody_counted(self, fee, item, stretch):
        texts = {
            "person": self.env._("Nobody is registered"),
            "space": self.env._("No parking space is registered"),
            "vehicle": self.env._("No vehicle is registered"),
        }
        self._problem(
            "no_count",
            fee,
            self.env._(
                "%(what)s on unit %(unit)s on %(day)s, so %(item)s charges nothing there. Enter "
                "what is missing, or a number of its own on the fee.",
                what=texts[item["base"]],
                unit=self.facts.units[fee["unit_id"]]["code"],
                day=stretch[0],
                item=item["name"],
            ),
            "warning" if item["base"] == "person" else "info",
        )

    def _report_span(self, fee, item, row, is_done):
        """Tell that some days, or all, are billed already."""
        _share, first, last, run = row
        values = {
            "item": item["name"],
            "unit": self.facts.units[fee["unit_id"]]["code"],
            "start": first,
            "end": last,
            "run": run or self.env._("opening arrears"),
        }
        if is_done:
            text = self.env._(
                "%(item)s of unit %(unit)s is already billed from %(start)s to %(end)s (%(run)s).",
                **values,
            )
        else:
            text = self.env._(
                "%(item)s of unit %(unit)s is already billed from %(start)s to %(end)s (%(run)s); "
                "the days left over are billed now.",
                **values,
            )
        self._problem("billed", fee, text, "info")
