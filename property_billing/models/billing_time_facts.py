"""What time-based fees need to know besides: cycles, counts, payers' shares, reliefs."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from dateutil.relativedelta import relativedelta
from odoo.fields import Domain

from ..tools import periods
from ..tools.rounding import to_decimal

TIME_METHODS = ("area", "fixed", "formula")
RESIDENT_ROLES = ("owner", "co_owner", "tenant", "family")
OWNER_ROLES = ("owner", "co_owner")


class Assumptions:
    """What a trial computation takes for granted instead of what is stored."""

    def __init__(self, units=None, ignored=(), reliefs=(), prices=None, is_blank=False):
        """Keep what differs from the stored facts.

        :param units: ids of the units to look at; all when left out
        :param ignored: ids of charges that count as not billed
        :param reliefs: property.relief that count as approved
        :param is_blank: whether nothing counts as billed
        :param prices: dict item id -> list of (first day, last day or None, price facts)
        """
        self.units = units
        self.ignored = list(ignored)
        self.reliefs = reliefs
        self.prices = prices or {}
        self.is_blank = is_blank


class TimeFacts:
    """The part of the facts that time-based fees are billed on; see ``billing_facts``."""

    # Periods ----------------------------------------------------------------------------------

    def cycle(self, fee, item):
        """Return (months, anchor day or None for the calendar, timing) of a fee."""
        length = fee["cycle_months"] or item["cycle_months"] or 1
        timing = fee["cycle_timing"] or item["cycle_timing"]
        if (fee["cycle_anchor"] or item["cycle_anchor"]) == "calendar":
            return length, None, timing
        unit = self.units[fee["unit_id"]]
        return (
            length,
            unit["handover_date"] or unit["billing_date_from"] or fee["date_from"],
            timing,
        )

    def lookback_domain(self):
        """Return the domain of the ended fees that may still have unbilled days."""
        first = self.catch_up_first or self.date_from - relativedelta(months=24)
        return Domain("method", "in", (*TIME_METHODS, "one_off")) & Domain("date_to", ">=", first)

    @cached_property
    def catch_up_first(self):
        """Return the first day missed periods are billed from, or None."""
        if not self.run.catch_up:
            return None
        return self.run.catch_up_from or date(1950, 1, 1)

    @cached_property
    def billed_days(self):
        """Return dict fee id -> list of (part, first day, last day, run name) billed elsewhere."""
        if self.assumptions.is_blank:
            return {}
        cycles = {
            fee["id"]: self.cycle(fee, self.items[fee["item_id"]])
            for fee in self.fees
            if fee["method"] in TIME_METHODS
        }
        longest = max((length for length, _anchor, _timing in cycles.values()), default=1)
        first = self.catch_up_first or self.date_from - relativedelta(months=longest)
        last = self.date_to + relativedelta(months=longest)
        of_cycles = [fee_id for fee_id, (length, _a, _t) in cycles.items() if length > 1]
        return self._billed_time(first, last, of_cycles)

    def _billed_time(self, first, last, fee_ids):
        self.env["property.charge"].flush_model()
        self.env.cr.execute(
            """
            SELECT charge.fee_id, charge.share, charge.date_from, charge.date_to, run.name
              FROM property_charge charge
         LEFT JOIN property_billing_run run ON run.id = charge.run_id
             WHERE charge.site_id = ANY(%(sites)s) AND charge.item_id = ANY(%(items)s)
               AND charge.state NOT IN ('cancelled', 'reversed')
               AND charge.run_id IS DISTINCT FROM %(run)s
               AND charge.id <> ALL(%(ignored)s)
               AND (charge.fee_id = ANY(%(fees)s)
                    OR charge.date_to >= %(first)s AND charge.date_from <= %(last)s)
             ORDER BY charge.date_from, charge.id
            """,
            {
                "sites": self.site_ids,
                "items": list(self.items),
                "run": self.run_id,
                "ignored": self.assumptions.ignored,
                "fees": fee_ids,
                "first": first,
                "last": last,
            },
        )
        rows = defaultdict(list)
        for fee_id, share, date_from, date_to, name in self.env.cr.fetchall():
            rows[fee_id].append((share, date_from, date_to, name))
        return rows

    def due_spans(self, fee, item):
        """List what a fee owes in this run: (first day, last day, whether it is missed)."""
        length, anchor, timing = self.cycle(fee, item)
        start, end = fee["date_from"], fee["date_to"] or None
        missed_from = self._missed_from(fee, length)
        spans = []
        if missed_from and missed_from < self.date_from:
            spans += [
                (*span, True)
                for span in periods.due_spans(
                    anchor or periods.CALENDAR,
                    length,
                    timing,
                    missed_from,
                    self.date_from - relativedelta(days=1),
                    max(start, self.catch_up_first or start),
                    end,
                )
            ]
        if length == 1 and not anchor:
            first = max(self.date_from, start)
            last = min(self.date_to, end) if end else self.date_to
            return spans + ([(first, last, False)] if first <= last else [])
        return spans + [
            (*span, False)
            for span in periods.due_spans(
                anchor or periods.CALENDAR, length, timing, self.date_from, self.date_to, start, end
            )
        ]

    def _missed_from(self, fee, length):
        """Return the day from which missed periods are looked for, or None.

        Cycles of several months are always caught up, from the first day the fee was ever billed.
        """
        if self.catch_up_first:
            return max(self.catch_up_first, fee["date_from"])
        if length > 1 and (rows := self.billed_days.get(fee["id"])):
            return rows[0][1]
        return None

    # Payers -----------------------------------------------------------------------------------

    @cached_property
    def fee_shares(self):
        """Return (dict fee id -> rows, dict item id -> rows) of (percent, role, partner id)."""
        by_fee, by_item = defaultdict(list), defaultdict(list)
        for row in self.env["property.fee.share"].search(
            Domain("fee_id", "in", [fee["id"] for fee in self.fees if fee["payer_role"] == "split"])
            | Domain("item_id", "in", list(self.items))
        ):
            facts = (to_decimal(row.percent), row.payer_role, row.partner_id.id)
            (by_fee[row.fee_id.id] if row.fee_id else by_item[row.item_id.id]).append(facts)
        return by_fee, by_item

    def shares_of(self, fee):
        """Return the parts of a fee: list of (percent, role, partner id)."""
        if fee["payer_role"] != "split":
            return [(100, fee["payer_role"], False)]
        by_fee, by_item = self.fee_shares
        return by_fee.get(fee["id"]) or by_item.get(fee["item_id"]) or [(100, "owner", False)]

    def developer(self, unit_id):
        """Return the partner id of the developer of a unit, or False."""
        return self._developers.get(unit_id) or False

    @cached_property
    def _developers(self):
        return {unit.id: unit._property_developer().id for unit in self.unit_records}

    # Counts -----------------------------------------------------------------------------------

    def count(self, what, fee, day):
        """Count people, spaces or vehicles of a unit on a day.

        The fee's own number stands for what the item counts, and for people in a formula.
        """
        if fee["count_own"] and (fee["method"] != "formula" or what == "person"):
            return fee["count_own"]
        rows = self._counted(what).get(fee["unit_id"], ())
        there = [row for row in rows if row[0] <= day and (not row[1] or row[1] >= day)]
        if what == "person" and any(role == "tenant" for _a, _b, role, _who in there):
            there = [row for row in there if row[2] not in OWNER_ROLES]
        return len({who for _first, _last, _role, who in there})

    def _counted(self, what):
        if what not in self._counts:
            read = {"person": self._residents, "space": self._spaces, "vehicle": self._vehicles}
            rows = defaultdict(list)
            for unit_id, first, last, role, who in read[what]():
                rows[unit_id].append((first or date.min, last, role, who))
            self._counts[what] = rows
        return self._counts[what]

    def _residents(self):
        rows = self.env["property.occupancy"].search_read(
            [("unit_id", "in", self.unit_records.ids), ("role", "in", RESIDENT_ROLES)],
            ["unit_id", "partner_id", "role", "date_from", "date_to"],
            load=None,
        )
        for row in rows:
            yield row["unit_id"], row["date_from"], row["date_to"], row["role"], row["partner_id"]

    def _spaces(self):
        spaces = self.env["property.unit"].search_read(
            [("parent_id", "in", self.unit_records.ids), ("kind", "=", "parking")],
            ["parent_id", "billing_date_from", "handover_date", "billing_date_to"],
            load=None,
        )
        for row in spaces:
            start = row["billing_date_from"] or row["handover_date"]
            yield row["parent_id"], start, row["billing_date_to"], "", row["id"]

    def _vehicles(self):
        vehicles = self.env["property.vehicle"].with_context(active_test=False)
        for row in vehicles.search_read(
            Domain("unit_id", "in", self.unit_records.ids)
            & (Domain("active", "=", True) | Domain("date_to", "!=", False)),
            ["unit_id", "date_from", "date_to"],
            load=None,
        ):
            yield row["unit_id"], row["date_from"], row["date_to"], "", row["id"]

    def formula_values(self, fee):
        """Return the dated-free variables of a formula for a fee, as text."""
        unit = self.units[fee["unit_id"]]
        return {
            "area_gross": str(to_decimal(unit["area_gross"])),
            "area_net": str(to_decimal(unit["area_net"])),
            "area_billable": str(to_decimal(unit["area_billable"])),
            "floor_number": str(unit["floor"]),
            "units_building": str(self._building_sizes.get(unit["building_id"], 0)),
        }

    @cached_property
    def _building_sizes(self):
        groups = self.env["property.unit"]._read_group(
            [
                ("building_id", "in", self.unit_records.building_id.ids),
                ("kind", "in", ("residence", "shop", "office")),
            ],
            ["building_id"],
            ["__count"],
        )
        return {building.id: count for building, count in groups}

    # Relief -----------------------------------------------------------------------------------

    @cached_property
    def _reliefs(self):
        """Return the approved reliefs that may touch the run: dict unit id -> (relief, items)."""
        reliefs = self.env["property.relief"].search(
            [("site_id", "in", self.site_ids), ("approval_state", "=", "approved")]
        )
        if self.assumptions.reliefs:
            reliefs |= self.assumptions.reliefs
        found = defaultdict(list)
        for relief in reliefs.sorted("id"):
            items = frozenset(relief.item_ids.ids)
            for unit_id in relief.unit_ids.ids:
                found[unit_id].append((relief, items))
        return found

    def reliefs_of(self, fee, first, last):
        """Return what a charge freezes of the reliefs that touch its days."""
        return [
            relief._prepare_relief_facts()
            for relief, items in self._reliefs.get(fee["unit_id"], ())
            if (not items or fee["item_id"] in items)
            and relief.date_from <= last
            and (not relief.date_to or relief.date_to >= first)
        ]
