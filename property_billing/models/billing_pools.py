"""Sharing pools over the units handed over."""

from collections import defaultdict
from decimal import Decimal

from ..tools import plan
from ..tools.allocation import allocate, allocate_levels
from ..tools.metering import flowed
from ..tools.rounding import FEN, to_decimal
from ..tools.tariffs import tariff_on


class BillingPools:
    """The part of a billing batch that shares pools; see ``billing_batch``."""

    def _bill_pool(self, pool):
        item = self.facts.items[pool.item_id.id]
        weights = self._pool_weights(pool, item, self._pool_members(pool))
        if weights is None or self._source_is_missing(pool):
            return
        total = sum(row["weight"] for row in weights)
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
        if pool.building_basis:
            groups = self._pool_groups(pool, item, weights)
        else:
            parts = allocate(amount, [(row["fee"]["id"], row["weight"]) for row in weights])
            groups = [({}, amount, weights, parts)]
        for level, part, rows, parts in groups or ():
            self._charge_group(pool, item, level, part, rows, parts)

    def _source_is_missing(self, pool):
        if pool not in self.facts.pool_problems:
            return False
        self._pool_problem(pool, self.facts.pool_problems[pool], "source")
        return True

    def _charge_group(self, pool, item, level, amount, rows, parts):
        """Charge the units that share one sum: the whole pool, or a building's part of it."""
        facts = self.facts
        price = tariff_on(pool.date_to, facts.tariffs[pool.item_id.id]) or {}
        total = sum(row["weight"] for row in rows)
        for row in rows:
            fee, part = row["fee"], parts[row["fee"]["id"]]
            payer = facts.payer_on(fee["payer_role"], fee["unit_id"], pool.date_to)
            if not payer:
                self._no_payer(fee, facts.units[fee["unit_id"]])
                continue
            basis = {
                "kind": "pool",
                "pool": str(amount),
                "by": pool.basis,
                "weight": str(row["weight"]),
                "total": str(total),
                "members": len(rows),
                "extra_fen": 0,
                "place": level.get("name") or pool._place(),
                "allocation": pool.id,
                "rate": price.get("rate") or "",
            }
            if level:
                basis["level"] = level
            if row["factor"] != 1:
                basis.update(factor=str(row["factor"]), factor_reason=row["reason"])
            if pool.source != "amount":
                basis["source"] = pool.with_env(self.env).source_text
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

    # Members ----------------------------------------------------------------------------------

    def _pool_members(self, pool):
        """Return the fees that share a pool, in natural order: handed over by its last day."""
        units, excluded = self.facts.units, set(pool.excluded_unit_ids.ids)
        return [
            fee
            for fee in self._allocated_fees(pool.item_id.id)
            if fee["site_id"] == pool.site_id.id
            and fee["date_from"] <= pool.date_to
            and (not fee["date_to"] or fee["date_to"] >= pool.date_to)
            and fee["unit_id"] not in excluded
            and self._is_in_place(pool, units[fee["unit_id"]])
        ]

    def _is_in_place(self, pool, unit):
        if pool.zone_id:
            return unit["id"] in self.facts.zone_units(pool.zone_id)
        return (not pool.building_id or unit["building_id"] == pool.building_id.id) and (
            not pool.entrance or unit["entrance"] == pool.entrance
        )

    def _allocated_fees(self, item_id):
        fees = [fee for fee in self.facts.fees if fee["item_id"] == item_id]
        return sorted(
            fees, key=lambda fee: (self.facts.units[fee["unit_id"]]["sort_key"], fee["id"])
        )

    # Weights ----------------------------------------------------------------------------------

    def _pool_weights(self, pool, item, members):
        """Return list of dict fee, weight, factor, reason; None when nothing can be shared."""
        used = {}
        if pool.basis == "consumption":
            used = self._unit_consumption(item, pool)
            if used is None:
                return None
        weights, is_missing = [], False
        for fee in members:
            unit = self.facts.units[fee["unit_id"]]
            factor, reason = self._factor(pool, unit)
            if not factor:
                continue
            weight = self._base_weight(pool, fee, unit, used)
            if weight is None:
                is_missing = True
                self._weight_missing(pool, fee, unit)
            elif weight:
                weights.append(
                    {
                        "fee": fee,
                        "base": weight,
                        "weight": weight * factor,
                        "factor": factor,
                        "reason": reason,
                    }
                )
        return None if is_missing else weights

    def _base_weight(self, pool, fee, unit, used):
        """Return the weight of a unit before factors, None when it is not known."""
        if pool.basis == "area":
            area = to_decimal(unit["area_billable"])
            return area * to_decimal(fee["quantity"]) if area else None
        if pool.basis == "consumption":
            # an estimate that was too high leaves nothing to bear a share with
            return max(used.get(unit["id"], Decimal(0)), Decimal(0))
        if pool.basis == "coefficient":
            return to_decimal(fee["quantity"])
        if pool.basis == "persons":
            persons = self.facts.persons(unit["id"], pool.date_to)
            return Decimal(persons) if persons else None
        return Decimal(1)

    def _factor(self, pool, unit):
        """Return (factor, reason) of a unit: its own exception, else that of vacant units."""
        exception = self.facts.exception(unit["id"], pool)
        if exception:
            return to_decimal(exception["factor"]), exception["reason"]
        if self.facts.state_on(unit["id"], pool.date_to) == "vacant":
            return to_decimal(pool.vacancy_factor or "0"), self.env._("vacant")
        return Decimal(1), ""

    def _weight_missing(self, pool, fee, unit):
        values = {"unit": unit["code"], "pool": pool.display_name}
        if pool.basis == "persons":
            self._problem(
                "no_member",
                fee,
                self.env._(
                    "Unit %(unit)s has nobody living in it on file, so %(pool)s cannot be shared "
                    "out. Enter its people, or leave the unit out.",
                    **values,
                ),
            )
        else:
            self._problem(
                "no_area",
                fee,
                self.env._(
                    "Unit %(unit)s has no billable area, so %(pool)s cannot be shared out. "
                    "Enter the "
                    "area, then compute again.",
                    **values,
                ),
            )

    def _unit_consumption(self, item, pool):
        """Return dict unit id -> consumption of the period on meters of the item's kind.

        None when a reading is held for review: nobody's share is known before it is decided.
        """
        used = defaultdict(Decimal)
        for meter_id, meter in self.facts.meters.items():
            if (
                meter["kind"] == item["meter_kind"]
                and meter["unit_id"]
                and meter["unit_id"] in self.facts.units
                and self.facts.units[meter["unit_id"]]["site_id"] == pool.site_id.id
            ):
                amount = self._counted(pool, meter_id, meter)
                if amount is None:
                    return None
                used[meter["unit_id"]] += amount
        return used

    def _counted(self, pool, meter_id, meter):
        """Return what one meter counted in the period, 0 when not read, None when on hold."""
        held = [row for row in self.facts.held.get(meter_id, ()) if row[0] >= self.facts.date_from]
        if held:
            self._pool_problem(
                pool,
                self.env._(
                    "%(pool)s cannot be shared: the reading of meter %(meter)s on %(day)s is held "
                    "for review. Accept or correct it, then compute again.",
                    pool=pool.display_name,
                    meter=meter["code"],
                    day=held[0][0],
                ),
                "held",
            )
            return None
        readings = self.facts.closing(meter_id)
        if not readings:
            return Decimal(0)
        opening, closing = readings
        try:
            return flowed(
                to_decimal(opening[1]),
                to_decimal(closing[1]),
                meter["digits"],
                to_decimal(meter["multiplier"]),
                opening[3],
            )
        except ValueError:
            return Decimal(0)

    # Levels -----------------------------------------------------------------------------------

    def _pool_groups(self, pool, item, weights):
        """Split a pool over its buildings first.

        :return: list of (level facts, part, rows, dict fee id -> part), None when not possible
        """
        by_building = defaultdict(list)
        for row in weights:
            by_building[self.facts.units[row["fee"]["unit_id"]]["building_id"] or False].append(row)
        building_weights = self._building_weights(pool, item, by_building)
        if building_weights is None:
            return None
        amount = to_decimal(pool.amount).quantize(FEN)
        levels = allocate_levels(
            amount,
            [
                (key, building_weights[key], [(row["fee"]["id"], row["weight"]) for row in rows])
                for key, rows in by_building.items()
            ],
        )
        total = sum(building_weights.values())
        return [
            (
                {
                    "name": self.facts.building_name(key) or pool.site_id.name,
                    "place": pool._place(),
                    "pool": str(amount),
                    "by": pool.building_basis,
                    "weight": str(building_weights[key]),
                    "total": str(total),
                    "buildings": len(by_building),
                },
                levels[key][0],
                rows,
                levels[key][1],
            )
            for key, rows in by_building.items()
            if key in levels
        ]

    def _building_weights(self, pool, item, by_building):
        """Return dict building id -> weight of its part, None when one is not known."""
        if pool.building_basis == "unit":
            return {key: Decimal(len(rows)) for key, rows in by_building.items()}
        if pool.building_basis == "area":
            units = self.facts.units
            return {
                key: sum(to_decimal(units[row["fee"]["unit_id"]]["area_billable"]) for row in rows)
                for key, rows in by_building.items()
            }
        weights = {}
        for key in by_building:
            weights[key] = self._building_consumption(pool, item, key)
            if weights[key] is None:
                return None
        if not sum(weights.values()):
            self._pool_problem(
                pool,
                self.env._(
                    "%(pool)s cannot be shared: the meters of its buildings counted nothing.",
                    pool=pool.display_name,
                ),
                "source",
            )
            return None
        return weights

    def _building_consumption(self, pool, item, building_id):
        """Return what the common meters of a building counted, None when they were not read."""
        meters = {
            meter_id: meter
            for meter_id, meter in self.facts.meters.items()
            if building_id
            and meter["building_id"] == building_id
            and not meter["unit_id"]
            and meter["kind"] == item["meter_kind"]
        }
        read = [meter_id for meter_id in meters if self.facts.closing(meter_id)]
        if not read:
            self._pool_problem(
                pool,
                self.env._(
                    "%(pool)s cannot be shared: %(building)s has no common meter read in the "
                    "period.",
                    pool=pool.display_name,
                    building=self.facts.building_name(building_id) or pool.site_id.name,
                ),
                "source",
            )
            return None
        parts = [self._counted(pool, meter_id, meters[meter_id]) for meter_id in read]
        return None if None in parts else max(sum(parts), Decimal(0))
