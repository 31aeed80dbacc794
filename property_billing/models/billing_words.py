"""The sentence on a bill: what was counted, at which price, and why, from a charge's basis."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.tools import format_date


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


class Words:
    """Phrase charges in one language."""

    def __init__(self, env):
        self.env = env
        self._dates = {}
        self.separator = "；" if (env.lang or "").startswith("zh") else "; "

    def day(self, value):
        """Write a date in the language of the bill."""
        text = self._dates.get(value)
        if text is None:
            text = self._dates[value] = format_date(self.env, value, date_format="yyyy-MM-dd")
        return text

    def money(self, amount):
        """Write an amount of money."""
        return f"{amount:.2f}"

    def lines(self, item, basis, result):
        """Return (name, quantity, price, amount) for every rounded line of a charge."""
        phrase = {
            "time": self._time_line,
            "meter": self._meter_line,
            "pool": self._pool_line,
            "sum": self._sum_line,
        }[basis["kind"]]
        return [
            (
                phrase(item, basis, line, result),
                float(line["quantity"]),
                float(line["price"] or 0),
                float(line["amount"]),
            )
            for line in result["lines"]
        ]

    def explain(self, item, basis, result, names, date_from, date_to):
        """Write the whole explanation of a charge.

        :param item: dict with the item's name
        :param names: the texts of ``lines``
        """
        env = self.env
        head = env._(
            "%(item)s, %(start)s to %(end)s: ",
            item=item["name"],
            start=self.day(date_from),
            end=self.day(date_to),
        )
        text = head + self.separator.join(names)
        if len(names) > 1:
            text += env._("; together %(amount)s", amount=self.money(result["net"]))
        if result["gross"] != result["net"]:
            text += env._(
                "; plus VAT %(rate)s%%: %(amount)s",
                rate=basis["rate"],
                amount=self.money(result["gross"]),
            )
        if basis.get("part") is not None and len(basis["payers"]) > 1:
            text += self._share(basis, result, date_from, date_to)
        if basis.get("rate") and result["gross"] == result["net"]:
            text += env._(" (VAT %(rate)s%% included)", rate=basis["rate"])
        return text

    def _share(self, basis, result, date_from, date_to):
        total = sum(_days(first, last) for _payer, first, last in basis["payers"])
        return self.env._(
            "; payer changed, your %(days)s of %(total)s days (%(start)s to %(end)s): %(amount)s",
            days=(date_to - date_from).days + 1,
            total=total,
            start=self.day(date_from),
            end=self.day(date_to),
            amount=self.money(result["amount"]),
        )

    def _time_line(self, item, basis, line, result):
        env = self.env
        values = {
            "base": number(Decimal(basis["base"])),
            "price": number(line["price"]),
            "months": months_text(line["months"]),
            "amount": self.money(line["amount"]),
        }
        factor = Decimal(basis.get("quantity") or 1)
        if basis["method"] == "area":
            text = env._("%(base)s m² × %(price)s per m² and month", **values)
            if factor != 1:
                text += f" × {number(factor)}"
        elif factor != 1:
            text = env._(
                "%(factor)s × %(price)s per month", factor=number(factor), price=values["price"]
            )
        else:
            text = env._("%(price)s per month", price=values["price"])
        if line["months"] != 1:
            text += env._(
                " × %(months)s months (%(days)s days)", months=values["months"], days=line["days"]
            )
        if len(result["lines"]) > 1:
            text = (
                env._(
                    "%(start)s to %(end)s: ",
                    start=self.day(line["date_from"]),
                    end=self.day(line["date_to"]),
                )
                + text
            )
        return env._("%(what)s = %(amount)s", what=text, amount=values["amount"])

    def _meter_line(self, item, basis, line, result):
        env = self.env
        priced = env._(
            "%(what)s = %(amount)s",
            what=f"{number(line['quantity'])} × {number(line['price'])}",
            amount=self.money(line["amount"]),
        )
        if not basis.get("tiers"):
            return self._readings(basis, result) + self.separator + priced
        if line["to"] is None:
            tier = env._("tier above %(low)s: ", low=number(line["from"]))
        else:
            tier = env._(
                "tier %(low)s–%(high)s: ", low=number(line["from"]), high=number(line["to"])
            )
        text = tier + priced
        if line is result["lines"][0]:
            return self._readings(basis, result) + self.separator + text
        return text

    def _readings(self, basis, result):
        env = self.env
        text = env._(
            "meter %(meter)s read %(before)s (%(day_before)s) and %(after)s (%(day_after)s)",
            meter=basis["meter"],
            before=number(Decimal(basis["opening"][1])),
            day_before=basis["opening"][0],
            after=number(Decimal(basis["closing"][1])),
            day_after=basis["closing"][0],
        )
        if Decimal(basis["closing"][1]) < Decimal(basis["opening"][1]):
            text += env._(", the counter turned over")
        if Decimal(basis["multiplier"]) != 1:
            text += env._(", multiplier %(ratio)s", ratio=number(Decimal(basis["multiplier"])))
        return text + env._(", consumption %(used)s", used=number(result["quantity"]))

    def _pool_line(self, item, basis, line, result):
        env = self.env
        values = {
            "place": basis["place"],
            "pool": self.money(Decimal(basis["pool"])),
            "weight": number(Decimal(basis["weight"])),
            "total": number(Decimal(basis["total"])),
            "members": basis["members"],
            "amount": self.money(line["amount"]),
        }
        if basis["by"] == "area":
            return env._(
                "%(place)s %(pool)s shared by area over %(members)s units: "
                "× %(weight)s m² ÷ %(total)s m² = %(amount)s",
                **values,
            )
        if basis["by"] == "unit":
            return env._(
                "%(place)s %(pool)s shared equally over %(members)s units = %(amount)s", **values
            )
        if basis["by"] == "consumption":
            return env._(
                "%(place)s %(pool)s shared by consumption over %(members)s units: "
                "× %(weight)s ÷ %(total)s = %(amount)s",
                **values,
            )
        return env._(
            "%(place)s %(pool)s shared by coefficient over %(members)s units: "
            "× %(weight)s ÷ %(total)s = %(amount)s",
            **values,
        )

    def _sum_line(self, item, basis, line, result):
        if basis.get("opening_arrears"):
            return self.env._(
                "arrears taken over from the earlier ledger = %(amount)s",
                amount=self.money(line["amount"]),
            )
        return self.env._("one-off = %(amount)s", amount=self.money(line["amount"]))


def _days(first, last):
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
