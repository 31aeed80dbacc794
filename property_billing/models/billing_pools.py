"""Sharing pools over the units handed over."""

from decimal import Decimal

from ..tools import plan
from ..tools.allocation import allocate
from ..tools.metering import consumption
from ..tools.rounding import FEN, to_decimal
from ..tools.tariffs import tariff_on


class BillingPools:
    """The part of a billing batch that shares pools; see ``billing_batch``."""

    def _bill_pool(self, pool):
        facts, item = self.facts, self.facts.items[pool.item_id.id]
        members = self._pool_members(pool)
        weights = self._pool_weights(pool, item, members)
        if weights is None:
            return
        total = sum(weight for _fee, weight in weights)
        if not total:
            self._pool_problem(
                pool,
                self.env._(
                    "%(pool)s cannot be shared: no unit has a share in it. Check the scope of the "
                    "item and the handover dates.",
                    pool=pool.display_name,
                ),
            )
            return
        amount = to_decimal(pool.amount).quantize(FEN)
        parts = allocate(amount, [(fee["id"], weight) for fee, weight in weights])
        price = tariff_on(pool.date_to, facts.tariffs[pool.item_id.id]) or {}
        place = pool.building_id.name or pool.site_id.name
        for fee, weight in weights:
            part = parts[fee["id"]]
            payer = facts.payer_on(fee["payer_role"], fee["unit_id"], pool.date_to)
            if not payer:
                self._no_payer(fee, facts.units[fee["unit_id"]])
                continue
            basis = {
                "kind": "pool",
                "pool": str(amount),
                "by": pool.basis,
                "weight": str(weight),
                "total": str(total),
                "members": len(weights),
                "extra_fen": 0,
                "place": place,
                "allocation": pool.id,
                "rate": price.get("rate") or "",
            }
            basis["extra_fen"] = int((part - plan.derive(basis)["amount"]) / FEN)
            self._charge(
                fee,
                item,
                basis,
                payer,
                pool.date_from,
                pool.date_to,
                price.get("tax_id"),
                share=pool.id,
            )

    def _pool_members(self, pool):
        """Return the fees that share a pool, in natural order: handed over by its last day."""
        units = self.facts.units
        return [
            fee
            for fee in self._allocated_fees(pool.item_id.id)
            if fee["site_id"] == pool.site_id.id
            and fee["date_from"] <= pool.date_to
            and (not fee["date_to"] or fee["date_to"] >= pool.date_to)
            and (
                not pool.building_id or units[fee["unit_id"]]["building_id"] == pool.building_id.id
            )
        ]

    def _allocated_fees(self, item_id):
        fees = [fee for fee in self.facts.fees if fee["item_id"] == item_id]
        return sorted(
            fees, key=lambda fee: (self.facts.units[fee["unit_id"]]["sort_key"], fee["id"])
        )

    def _pool_weights(self, pool, item, members):
        """Return list of (fee, weight), or None when one is missing and nothing can be shared."""
        weights, missing = [], []
        used = self._unit_consumption(item, pool) if pool.basis == "consumption" else {}
        for fee in members:
            unit = self.facts.units[fee["unit_id"]]
            if pool.basis == "area":
                weight = to_decimal(unit["area_billable"]) * to_decimal(fee["quantity"])
                if not unit["area_billable"]:
                    missing.append(fee)
            elif pool.basis == "consumption":
                weight = used.get(unit["id"], Decimal(0))
            elif pool.basis == "coefficient":
                weight = to_decimal(fee["quantity"])
            else:
                weight = Decimal(1)
            if weight:
                weights.append((fee, weight))
        for fee in missing:
            self._problem(
                "no_area",
                fee,
                self.env._(
                    "Unit %(unit)s has no billable area, so %(pool)s cannot be shared out. "
                    "Enter the "
                    "area, then compute again.",
                    unit=self.facts.units[fee["unit_id"]]["code"],
                    pool=pool.display_name,
                ),
            )
        return None if missing else weights

    def _unit_consumption(self, item, pool):
        """Return dict unit id -> consumption of the period on meters of the item's kind."""
        used = {}
        for meter_id, meter in self.facts.meters.items():
            if meter["kind"] != item["meter_kind"] or not meter["unit_id"]:
                continue
            readings = self.facts.closing(meter_id)
            if readings:
                (_opened, opening), (_closed, closing) = readings
                try:
                    amount = consumption(
                        to_decimal(opening),
                        to_decimal(closing),
                        meter["digits"],
                        to_decimal(meter["multiplier"]),
                    )
                except ValueError:
                    continue
                used[meter["unit_id"]] = used.get(meter["unit_id"], Decimal(0)) + amount
        return used
