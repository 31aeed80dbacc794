"""What a billing run knows of shared costs beyond the pools themselves."""

from collections import defaultdict


class PoolFacts:
    """The part of ``billing_facts`` about pools."""

    def _read_pool_facts(self):
        self.pool_problems = self.pools._take_amount(raise_missing=False)
        self._zone_units = {}
        self._states = {}
        self._exceptions = defaultdict(list)
        self._building_names = {}
        if not self.pools:
            return
        for row in self.env["property.allocation.exception"].search_read(
            [
                ("site_id", "in", self.pools.site_id.ids),
                ("item_id", "in", [False, *self.pools.item_id.ids]),
                ("date_from", "<=", self.date_to),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", min(self.pools.mapped("date_to"))),
            ],
            ["unit_id", "item_id", "date_from", "date_to", "factor", "reason"],
            load=None,
        ):
            self._exceptions[row["unit_id"]].append(row)
        buildings = self.env["property.building"].with_context(active_test=False)
        self._building_names = {
            building.id: building.name
            for building in buildings.search([("site_id", "in", self.pools.site_id.ids)])
        }

    def exception(self, unit_id, pool):
        """Return the exception of a unit on the pool's last day; one for its item goes first."""
        found = [
            row
            for row in self._exceptions.get(unit_id, ())
            if row["item_id"] in (False, pool.item_id.id)
            and row["date_from"] <= pool.date_to
            and (not row["date_to"] or row["date_to"] >= pool.date_to)
        ]
        return max(found, key=lambda row: bool(row["item_id"])) if found else None

    def state_on(self, unit_id, day):
        """Return the state a unit had on a day."""
        if day not in self._states:
            self._states[day] = self.unit_records._property_states_on(day)
        return self._states[day][unit_id]

    def zone_units(self, zone):
        """Return the ids of the units of a zone."""
        if zone not in self._zone_units:
            units = self.env["property.unit"].with_context(active_test=False)
            self._zone_units[zone] = set(units.search(zone._unit_domain()).ids)
        return self._zone_units[zone]

    def building_name(self, building_id):
        """Return the name of a building, nothing for none."""
        return self._building_names.get(building_id)
