"""Billing a percentage of other charges of the same unit, payer and days."""

from collections import defaultdict

from ..tools import shares
from ..tools.rounding import to_decimal
from ..tools.tariffs import tariff_on


class BillingPercent:
    """The part of a billing batch that comes after everything a percentage can be taken of."""

    def _bill_percents(self):
        """Bill percentages in the order they rest on each other."""
        percents = [
            item_id for item_id, item in self.facts.items.items() if item["method"] == "percent"
        ]
        if not percents:
            return
        fees = defaultdict(list)
        for fee in self.facts.fees:
            if fee["method"] == "percent":
                fees[fee["item_id"]].append(fee)
        for item in self.env["property.charge.item"].browse(percents)._by_dependency():
            bases = self._percent_bases(item)
            for fee in fees[item.id]:
                for base in bases.get(fee["unit_id"], ()):
                    self._bill_percent(fee, self.facts.items[item.id], base)

    def _percent_bases(self, item):
        """Return dict unit id -> charges the item takes a part of: this run's and posted ones."""
        wanted = set(item.percent_base_ids.ids)
        bases = defaultdict(list)
        for vals in self.charges:
            if vals["item_id"] in wanted:
                bases[vals["unit_id"]].append(vals)
        if self.facts.assumptions.is_blank:
            return bases
        posted = self.env["property.charge"].search_read(
            [
                ("site_id", "in", self.facts.site_ids),
                ("item_id", "in", list(wanted)),
                ("state", "=", "posted"),
                ("is_opening", "=", False),
                ("date_to", ">=", self.facts.date_from),
                ("date_to", "<=", self.facts.date_to),
                *([("run_id", "!=", self.facts.run_id)] if self.facts.run_id else []),
                ("id", "not in", self.facts.assumptions.ignored),
            ],
            ["unit_id", "item_id", "fee_id", "share", "payer_id", "date_from", "date_to", "amount"],
            order="date_from, id",
            load=None,
        )
        for row in posted:
            bases[row["unit_id"]].append(row)
        return bases

    def _bill_percent(self, fee, item, base):
        day = base["date_to"]
        if fee["date_from"] > day or (fee["date_to"] and fee["date_to"] < base["date_from"]):
            return
        share = shares.key_of(base["fee_id"], base["share"])
        if self._percent_is_billed(fee, share, base):
            return
        price = tariff_on(day, self.facts.tariffs[fee["item_id"]])
        if fee["price"]:
            own = {"price": str(to_decimal(fee["price"])), "tiers": []}
            price = {**(price or self._any_tariff(fee)), **own}
        if not price:
            self._no_tariff(fee, item, (day, day))
            return
        basis = {
            "kind": "percent",
            "of": {
                "item": self._item_name(base["item_id"]),
                "fee": base["fee_id"],
                "share": base["share"],
                "from": str(base["date_from"]),
                "to": str(day),
                "amount": str(to_decimal(base["amount"])),
            },
            "percent": price["price"],
            "quantity": str(to_decimal(fee["quantity"])),
            "price_include": price["price_include"],
            "rate": price["rate"],
            "tariff_ids": [price["tariff_id"]],
            **self.facts.rounding(item),
        }
        self._charge(
            fee, item, basis, base["payer_id"], base["date_from"], day, price["tax_id"], share
        )

    def _percent_is_billed(self, fee, share, base):
        if self._billed_percents is None:
            dates = [vals["date_from"] for vals in self.charges] + [self.facts.date_from]
            self._billed_percents = self.facts.billed(min(dates), self.facts.date_to)
        return any(
            first <= base["date_to"] and last >= base["date_from"]
            for first, last, _run in self._billed_percents.get((fee["id"], share), ())
        )

    def _item_name(self, item_id):
        known = self.facts.items.get(item_id)
        return known["name"] if known else self.env["property.charge.item"].browse(item_id).name
