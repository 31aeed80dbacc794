"""How a bill says what a share of a cost is."""

from decimal import Decimal


class PoolWords:
    """The part of ``billing_words`` that phrases shares of pools."""

    def _pool_line(self, item, basis, line, result):
        env = self.env
        values = {
            "place": basis["place"],
            "pool": self.money(Decimal(basis["pool"])),
            "weight": self.number(Decimal(basis["weight"])),
            "total": self.number(Decimal(basis["total"])),
            "members": basis["members"],
            "amount": self.money(line["amount"]),
        }
        if basis["by"] == "area":
            text = env._(
                "%(place)s %(pool)s shared by area over %(members)s units: "
                "× %(weight)s m² ÷ %(total)s m² = %(amount)s",
                **values,
            )
        elif basis["by"] == "unit" and values["weight"] == "1" and "factor" not in basis:
            text = env._(
                "%(place)s %(pool)s shared equally over %(members)s units = %(amount)s", **values
            )
        elif basis["by"] == "consumption":
            text = env._(
                "%(place)s %(pool)s shared by consumption over %(members)s units: "
                "× %(weight)s ÷ %(total)s = %(amount)s",
                **values,
            )
        elif basis["by"] == "persons":
            text = env._(
                "%(place)s %(pool)s shared by persons over %(members)s units: "
                "× %(weight)s ÷ %(total)s = %(amount)s",
                **values,
            )
        elif basis["by"] == "unit":
            text = env._(
                "%(place)s %(pool)s shared by unit over %(members)s units: "
                "× %(weight)s ÷ %(total)s = %(amount)s",
                **values,
            )
        else:
            text = env._(
                "%(place)s %(pool)s shared by coefficient over %(members)s units: "
                "× %(weight)s ÷ %(total)s = %(amount)s",
                **values,
            )
        return self._level(basis) + text + self._factor(basis) + self._source(basis)

    def _level(self, basis):
        """Say how the building came by its part of the whole."""
        level = basis.get("level")
        if not level:
            return ""
        values = {
            "place": level["place"],
            "pool": self.money(Decimal(level["pool"])),
            "weight": self.number(Decimal(level["weight"])),
            "total": self.number(Decimal(level["total"])),
            "buildings": level["buildings"],
        }
        by = {
            "area": self.env._(
                "%(place)s %(pool)s first by area over %(buildings)s buildings: × %(weight)s m² ÷ "
                "%(total)s m²",
                **values,
            ),
            "unit": self.env._(
                "%(place)s %(pool)s first by number of units over %(buildings)s buildings: × "
                "%(weight)s ÷ %(total)s",
                **values,
            ),
            "consumption": self.env._(
                "%(place)s %(pool)s first by building meters over %(buildings)s buildings: × "
                "%(weight)s ÷ %(total)s",
                **values,
            ),
        }[level["by"]]
        return by + self.separator

    def _factor(self, basis):
        if "factor" not in basis:
            return ""
        return self.env._(
            " (weight × %(factor)s: %(reason)s)",
            factor=self.number(Decimal(basis["factor"])),
            reason=basis["factor_reason"],
        )

    def _source(self, basis):
        if not basis.get("source"):
            return ""
        return self.env._("; the sum: %(origin)s", origin=basis["source"])
