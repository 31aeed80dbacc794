"""The sentence on a bill: what was counted, at which price, and why, from a charge's basis."""

from odoo.tools import format_date

from .billing_time_words import TimeWords, number
from .billing_words_meters import MeterWords
from .billing_words_pools import PoolWords


class Words(TimeWords, MeterWords, PoolWords):
    """Phrase charges in one language."""

    number = staticmethod(number)

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
            "percent": self._percent_line,
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
        text += self._shares(basis, result, date_from, date_to)
        if basis.get("rate") and result["gross"] == result["net"]:
            text += env._(" (VAT %(rate)s%% included)", rate=basis["rate"])
        return text

    def _sum_line(self, item, basis, line, result):
        if basis.get("opening_arrears"):
            return self.env._(
                "arrears taken over from the earlier ledger = %(amount)s",
                amount=self.money(line["amount"]),
            )
        return self.env._("one-off = %(amount)s", amount=self.money(line["amount"]))
