"""Random shared costs against handing them out fen by fen in the plainest way."""

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon

D = Decimal
LAST = date(2026, 9, 30)


def hand_out(fen, weights):
    """Give fen out in proportion: everybody the whole fen, then one each by what is left over.

    :param weights: list of Fraction, in natural order
    """
    exact = [Fraction(fen) * weight / sum(weights) for weight in weights]
    parts = [value.numerator // value.denominator for value in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: fen - sum(parts)]:
        parts[i] += 1
    return parts


@tagged("post_install", "-at_install")
class TestPoolOracle(BillingCommon):
    def world(self, dice):
        """Make homes that differ in all a pool looks at; return what is known of each."""
        buildings = self.building | self.env["property.building"].create(
            [{"site_id": self.site.id, "code": code, "name": f"{code}栋"} for code in ("12", "4")]
        )
        homes = []
        for number in range(11):
            building = dice.choice(buildings)
            area = D(dice.randint(3000, 18000)) / 100
            unit = self.new_unit(
                f"{number + 1}03",
                building=building,
                entrance=dice.choice(["1", "2"]),
                floor=number + 1,
                area_gross=float(area),
                handover_date=dice.choice([date(2025, 1, 1), date(2026, 9, 30), date(2026, 10, 1)]),
            )
            self.occupy(unit, self.buyer, "owner", date(2025, 1, 1))
            homes.append(
                {
                    "unit": unit,
                    "area": Fraction(area),
                    "coefficient": Fraction(dice.choice([0, 1, 1, 2])),
                    "vacant": dice.random() < 0.3,
                    "exception": None,
                }
            )
        for home in homes:
            self._furnish(home, dice)
        return homes

    def _furnish(self, home, dice):
        unit = home["unit"]
        fee = self.env["property.fee"].search(
            [("unit_id", "=", unit.id), ("item_id", "=", self.shared.id)]
        )
        fee.quantity = float(home["coefficient"])
        if home["vacant"]:
            unit.with_context(property_state_date=date(2026, 1, 1)).state = "vacant"
        if dice.random() < 0.3:
            factor = D(dice.choice(["0", "0.5", "0.25"]))
            until = dice.choice([False, LAST, date(2026, 9, 29)])
            self.env["property.allocation.exception"].create(
                {
                    "unit_id": unit.id,
                    "date_from": date(2026, 2, 1),
                    "date_to": until,
                    "factor": float(factor),
                    "reason": "agreed",
                }
            )
            if until != date(2026, 9, 29):
                home["exception"] = Fraction(factor)

    def expected(self, homes, pool):
        """Return dict unit code -> fen."""
        inside = []
        for home in sorted(homes, key=_place):
            unit = home["unit"]
            if unit.handover_date > LAST or unit in pool.excluded_unit_ids:
                continue
            if pool.building_id and unit.building_id != pool.building_id:
                continue
            if pool.entrance and unit.entrance != pool.entrance:
                continue
            factor = home["exception"]
            if factor is None:
                factor = Fraction(D(str(pool.vacancy_factor))) if home["vacant"] else Fraction(1)
            base = {
                "area": home["area"] * home["coefficient"],
                "unit": Fraction(1),
                "coefficient": home["coefficient"],
            }[pool.basis]
            if base * factor:
                inside.append((home, base * factor))
        fen = int(D(str(pool.amount)) * 100)
        if not inside:
            return {}
        if not pool.building_basis:
            return _named(inside, hand_out(fen, [weight for _home, weight in inside]))
        groups = defaultdict(list)
        for home, weight in inside:
            groups[home["unit"].building_id].append((home, weight))
        sizes = [
            Fraction(len(rows))
            if pool.building_basis == "unit"
            else sum(home["area"] for home, _weight in rows)
            for rows in groups.values()
        ]
        result = {}
        for rows, part in zip(groups.values(), hand_out(fen, sizes), strict=True):
            result.update(_named(rows, hand_out(part, [weight for _home, weight in rows])))
        return result

    def random_pool(self, homes, dice):
        vals = {
            "site_id": self.site.id,
            "item_id": self.shared.id,
            "date_from": date(2026, 9, 1),
            "date_to": LAST,
            "amount": dice.randint(1, 200000) / 100,
            "basis": dice.choice(["area", "unit", "coefficient"]),
            "vacancy_factor": dice.choice([1, 0.5, 0.3, 0]),
        }
        left_out = dice.sample(homes, dice.randint(0, 3))
        scope = dice.choice(["site", "levels", "levels", "building", "entrance"])
        if scope == "levels":
            vals["building_basis"] = dice.choice(["unit", "area"])
        elif scope != "site":
            vals["building_id"] = self.building.id
        if scope == "entrance":
            vals["entrance"] = "2"
        vals["excluded_unit_ids"] = [Command.set([home["unit"].id for home in left_out])]
        return self.env["property.allocation"].create(vals)

    def test_shared_costs_are_handed_out_as_fen_by_fen(self):
        # the two homes of the small world stay out of it
        (self.unit | self.unit_2).handover_date = date(2027, 1, 1)
        self.env["property.fee"].search([("item_id", "=", self.shared.id)]).active = False
        dice = random.Random(31)  # noqa: S311 no secret, but a repeatable test
        homes = self.world(dice)
        shared = 0
        for _case in range(25):
            pool = self.random_pool(homes, dice)
            run = self.new_run(items=self.shared)
            run.action_compute()
            billed = {
                charge.unit_id.code: int(D(str(charge.amount)).quantize(D("0.01")) * 100)
                for charge in run.charge_ids
            }
            wanted = {code: fen for code, fen in self.expected(homes, pool).items() if fen}
            self.assertEqual(billed, wanted, pool.read()[0])
            shared += bool(wanted)
            run.unlink()
            pool.unlink()
        self.assertGreater(shared, 15)


def _place(home):
    unit = home["unit"]
    return int(unit.building_id.code), int(unit.entrance), unit.floor, unit.id


def _named(rows, parts):
    return {home["unit"].code: part for (home, _weight), part in zip(rows, parts, strict=True)}
