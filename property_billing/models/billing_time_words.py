"""The part of the sentence on a bill that speaks of days, reliefs, shares and percentages."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..tools.formula import VARIABLES, names


def number(value):
    """Write a number without trailing zeros."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
        value = round(value, 4)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def months_text(months):
    """Write months as a person would: 1, 10/30, or 1 and 10/30.

    >>> months_text(Fraction(1)), months_text(Fraction(1, 3)), months_text(Fraction(7, 3))
    ('1', '1/3', '2 + 1/3')
    """
    whole, rest = divmod(months, 1)
    if not rest:
        return str(whole)
    part = f"{rest.numerator}/{rest.denominator}"
    return f"{whole} + {part}" if whole else part


class TimeWords:
    """Phrase time-based charges; see ``billing_words``."""

    def _time_line(self, item, basis, line, result):
        env = self.env
        if "relief" in line:
            return self._relief_line(line)
        text = self._formula_text(basis, line) if basis.get("formula") else self._rate(basis, line)
        if basis.get("factor") and Decimal(basis["factor"]) != 1:
            text += env._(
                " × %(percent)s%% before handover", percent=number(Decimal(basis["factor"]) * 100)
            )
        if line["months"] != 1:
            text += env._(
                " × %(months)s months (%(days)s days)",
                months=months_text(line["months"]),
                days=line["days"],
            )
        if len(basis["segments"]) > 1:
            text = (
                env._(
                    "%(start)s to %(end)s: ",
                    start=self.day(line["date_from"]),
                    end=self.day(line["date_to"]),
                )
                + text
            )
        return env._("%(what)s = %(amount)s", what=text, amount=self.money(line["amount"]))

    def _rate(self, basis, line):
        """Write the quantity and the price a month."""
        env = self.env
        factor = Decimal(basis.get("quantity") or 1)
        values = {"base": number(Decimal(line["base"])), "price": number(line["price"])}
        by = basis.get("by")
        if basis["method"] == "area":
            texts = {
                "gross": env._("%(base)s m² gross × %(price)s per m² and month", **values),
                "net": env._("%(base)s m² net × %(price)s per m² and month", **values),
            }
            text = texts.get(by) or env._("%(base)s m² × %(price)s per m² and month", **values)
        elif by:
            text = {
                "person": env._("%(base)s people × %(price)s per person and month", **values),
                "space": env._("%(base)s spaces × %(price)s per space and month", **values),
                "vehicle": env._("%(base)s vehicles × %(price)s per vehicle and month", **values),
            }[by]
        elif factor != 1:
            return env._(
                "%(factor)s × %(price)s per month", factor=number(factor), price=values["price"]
            )
        else:
            return env._("%(price)s per month", price=values["price"])
        return text + (f" × {number(factor)}" if factor != 1 else "")

    def _formula_text(self, basis, line):
        """Write the formula and what stood for its variables."""
        known = {**basis["values"], **(line["values"] or {}), "price": str(line["price"])}
        known["coefficient"] = basis.get("quantity") or "1"
        used = names(basis["formula"])
        chinese = self.separator != "; "
        values = ", ".join(
            f"{label if chinese else name} = {number(Decimal(known[name]))}"
            for name, label in VARIABLES.items()
            if name in used and name in known
        )
        return self.env._("%(formula)s (%(values)s)", formula=basis["formula"], values=values)

    def _relief_line(self, line):
        """Write a relief with its legal basis: what the bill would be without it is above."""
        env, relief = self.env, line["relief"]
        values = {
            "name": relief["name"],
            "value": number(Decimal(relief["value"])),
            "start": self.day(line["date_from"]),
            "end": self.day(line["date_to"]),
            "amount": self.money(line["amount"]),
        }
        if relief["kind"] == "percent":
            text = env._("%(name)s %(value)s%% (%(start)s to %(end)s): %(amount)s", **values)
        else:
            text = env._("%(name)s %(value)s a month (%(start)s to %(end)s): %(amount)s", **values)
        if relief.get("legal"):
            text += env._(", by %(law)s", law=relief["legal"])
        return text

    def _percent_line(self, item, basis, line, result):
        return self.env._(
            "%(percent)s%% of %(item)s (%(start)s to %(end)s, %(base)s) = %(amount)s",
            percent=number(line["price"] * 100),
            item=basis["of"]["item"],
            start=basis["of"]["from"],
            end=basis["of"]["to"],
            base=self.money(Decimal(basis["of"]["amount"])),
            amount=self.money(line["amount"]),
        )

    def _shares(self, basis, result, date_from, date_to):
        """Write which part of the whole a payer bears: by per cent, by days, or both."""
        env, text = self.env, ""
        if basis.get("shares"):
            low, high = basis["shares"][basis["share"]]
            text += env._(
                "; your share %(percent)s%% of %(whole)s",
                percent=number(Decimal(high - low) / 100),
                whole=self.money(result["gross"]),
            )
        if basis.get("part") is not None and len(basis["payers"]) > 1:
            total = sum(_days(first, last) for _payer, first, last in basis["payers"])
            text += env._(
                "; payer changed, your %(days)s of %(total)s days (%(start)s to %(end)s): "
                "%(amount)s",
                days=(date_to - date_from).days + 1,
                total=total,
                start=self.day(date_from),
                end=self.day(date_to),
                amount=self.money(result["amount"]),
            )
        elif text:
            text += env._(": %(amount)s", amount=self.money(result["amount"]))
        return text

    # Against the charge before ------------------------------------------------------------------

    def difference(self, before, after, reasons):
        """Write why a charge differs from the one before.

        :param before: property.charge, the earlier one
        :param after: property.charge
        :param reasons: what ``tools.difference.compare`` found
        """
        env = self.env
        change = Decimal(str(after.amount)) - Decimal(str(before.amount))
        head = env._(
            "%(start)s to %(end)s was %(before)s, now %(after)s",
            start=self.day(before.date_from),
            end=self.day(before.date_to),
            before=self.money(before.amount),
            after=self.money(after.amount),
        )
        if not reasons:
            return head + env._(": nothing changed")
        head += f" ({_signed(change)})"
        return head + env._(": ") + self.separator.join(self._reason(one) for one in reasons)

    def _reason(self, reason):
        text = self._causes().get(reason["cause"]) or _variable_name(self, reason["cause"])
        if reason["before"] != reason["after"] and reason["after"]:
            text += f" {reason['before']} → {reason['after']}"
        return f"{text} {_signed(reason['effect'])}"

    def _causes(self):
        env = self.env
        return {
            "days": env._("other days or another share"),
            "quantity": env._("quantity"),
            "price": env._("price"),
            "relief": env._("relief"),
            "rate": env._("VAT or developer's share"),
            "consumption": env._("consumption"),
            "pool": env._("amount shared"),
            "share": env._("part in it"),
            "base": env._("the amount it is a percentage of"),
            "other": env._("computed in another way"),
        }


def _signed(amount):
    return f"{amount:+.2f}".replace("-", "−")


def _variable_name(words, name):
    return VARIABLES.get(name, name) if words.separator != "; " else name


def _days(first, last):
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
