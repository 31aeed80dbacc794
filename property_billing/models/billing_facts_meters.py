"""What a billing run knows of meters: successions, readings, earlier bills, persons."""

from collections import defaultdict

from odoo.fields import Domain

from ..tools.metering import DAY, pick_readings, pick_segments
from ..tools.tiers import tier_year
from .property_meter_reading import TRUSTED

METER_FIELDS = [
    "code",
    "unit_id",
    "building_id",
    "kind",
    "multiplier",
    "digits",
    "initial_reading",
    "install_date",
    "point_id",
    "master_id",
]


class MeterFacts:
    """The part of ``billing_facts`` about metering, fetched in a fixed number of queries."""

    def _read_metering(self):
        self.meters = self._read_meters()
        self.successions = self._group_successions()
        self.held = defaultdict(list)
        self.readings = self._read_readings()
        self.open_estimates = self._read_open_estimates()
        self._years, self._persons = {}, {}
        self._first_billed = None

    def _read_meters(self):
        kinds = {
            self.items[pool.item_id.id]["meter_kind"]
            for pool in self.pools
            if "consumption" in (pool.basis, pool.building_basis)
        }
        wanted = Domain("id", "in", [fee["meter_id"] for fee in self.fees if fee["meter_id"]])
        if kinds - {False}:
            wanted |= Domain("site_id", "in", self.site_ids) & Domain(
                "kind", "in", list(kinds - {False})
            )
        masters = self.pools.filtered(lambda pool: pool.source == "meters").master_meter_id
        wanted |= Domain("id", "in", masters.ids) | Domain("master_id", "in", masters.ids)
        meters = self.env["property.meter"].with_context(active_test=False)
        rows = {row["id"]: row for row in meters.search_read(wanted, METER_FIELDS, load=None)}
        # Only meters that were replaced, or replace others, have relatives to fetch.
        points = {row["point_id"] for row in rows.values() if row["point_id"]}
        if points:
            related = Domain("id", "in", points) | Domain("point_id", "in", points)
            related &= Domain("id", "not in", list(rows))
            rows.update(
                {row["id"]: row for row in meters.search_read(related, METER_FIELDS, load=None)}
            )
        return rows

    def _group_successions(self):
        """Return dict metering point -> ids of its meters, oldest first."""
        points = defaultdict(list)
        for meter_id, meter in self.meters.items():
            points[meter["point_id"] or meter_id].append(meter_id)
        for point, ids in points.items():
            # the first of all may have no date of installation; the others always have one
            ids.sort(
                key=lambda one, point=point: (
                    one != point,
                    str(self.meters[one]["install_date"] or ""),
                    one,
                )
            )
        return points

    def _read_readings(self):
        """Return dict meter id -> sorted (day, value, id, estimated), the initial one included."""
        rows = defaultdict(list)
        for row in self.env["property.meter.reading"].search_read(
            [
                ("meter_id", "in", list(self.meters)),
                ("date", "<=", self.date_to),
                ("state", "!=", "rejected"),
            ],
            ["meter_id", "date", "value", "state", "is_estimated"],
            order="meter_id, date",
            load=None,
        ):
            point = (row["date"], row["value"], row["id"], row["is_estimated"])
            known = rows if row["state"] in TRUSTED else self.held
            known[row["meter_id"]].append(point)
        for meter_id, meter in self.meters.items():
            readings = rows[meter_id]
            first = readings[0][0] if readings else None
            start = meter["install_date"]
            if start and (first is None or start < first):
                readings.insert(0, (start, meter["initial_reading"], False, False))
            elif not start and first:
                readings.insert(0, (first - DAY, meter["initial_reading"], False, False))
        return rows

    def _read_open_estimates(self):
        """Return dict fee id -> charges billed on estimates since its last real reading.

        Each is a dict of the charge's values, in order of time.
        """
        self.env["property.charge"].flush_model()
        self.env.cr.execute(
            """
            SELECT charge.fee_id, charge.id, charge.date_from, charge.date_to, charge.payer_id,
                   charge.basis, charge.state
              FROM property_charge charge
             WHERE charge.is_estimated AND charge.state NOT IN ('cancelled', 'reversed')
               AND charge.site_id = ANY(%(sites)s)
               AND charge.run_id IS DISTINCT FROM %(run)s
               AND charge.id <> ALL(%(ignored)s) AND charge.date_to < %(last)s
               AND NOT EXISTS (
                   SELECT 1 FROM property_charge later
                    WHERE later.fee_id = charge.fee_id AND NOT later.is_estimated
                      AND later.state NOT IN ('cancelled', 'reversed')
                      AND later.run_id IS DISTINCT FROM %(run)s
                      AND later.id <> ALL(%(ignored)s)
                      AND later.date_from > charge.date_to AND later.date_to <= %(last)s
               )
          ORDER BY charge.fee_id, charge.date_from
            """,
            {
                "sites": self.site_ids,
                "run": self.run_id,
                "ignored": self.assumptions.ignored,
                "last": self.date_to,
            },
        )
        rows = defaultdict(list)
        for fee_id, charge_id, first, last, payer, basis, state in self.env.cr.fetchall():
            rows[fee_id].append(
                {
                    "id": charge_id,
                    "from": first,
                    "to": last,
                    "payer": payer,
                    "basis": basis,
                    "state": state,
                }
            )
        return rows

    def closing(self, meter_id):
        """Return the opening and closing reading of one meter, or None when it was not read."""
        return pick_readings(self.readings[meter_id], self.date_from, self.date_to)

    def succession(self, meter_id):
        """Return the ids of the meters that measured where this one does, oldest first."""
        return self.successions[self.meters[meter_id]["point_id"] or meter_id]

    def segments(self, meter_id, opened=None):
        """Return list of (meter id, opening, closing) of the period, or None when not read."""
        meters = [(one, self.readings[one]) for one in self.succession(meter_id)]
        return pick_segments(meters, self.date_from, self.date_to, opened)

    def held_reading(self, meter_id, after):
        """Return (day, value) of a reading held for review after a day, or None."""
        held = [
            row[:2]
            for one in self.succession(meter_id)
            for row in self.held.get(one, ())
            if row[0] > after
        ]
        return max(held) if held else None

    def used_in_year(self, fee_id, day, month):
        """Return what live bills of the year of the tiers counted before a day.

        :param date day: closing day of the bill at hand
        :param int month: month the tiers start anew
        :return: (first day of the year, Decimal, list of (charge id, quantity))
        """
        first, _last = tier_year(day, month)
        if first not in self._years:
            self._years[first] = self._read_year(first)
        rows = [row for row in self._years[first].get(fee_id, ()) if row[2] < day]
        return first, sum(row[1] for row in rows), [row[:2] for row in rows]

    def _read_year(self, first):
        fees = [fee["id"] for fee in self.fees if fee["meter_id"]]
        self.env.cr.execute(
            """
            SELECT fee_id, id, quantity::numeric(20, 4), date_to FROM property_charge
             WHERE fee_id = ANY(%s) AND date_to >= %s AND date_to <= %s
               AND state NOT IN ('cancelled', 'reversed') AND run_id IS DISTINCT FROM %s
               AND id <> ALL(%s)
               AND NOT COALESCE(is_opening, FALSE)
             ORDER BY date_to, id
            """,
            [fees, first, self.date_to, self.run_id, self.assumptions.ignored],
        )
        rows = defaultdict(list)
        for fee_id, charge_id, quantity, day in self.env.cr.fetchall():
            rows[fee_id].append((charge_id, quantity, day))
        return rows

    def is_billed_by(self, fee_id, day):
        """Tell whether a metered fee was already being billed on a day.

        What flowed before that is of the time before this system: nobody knows over which months.
        """
        if self._first_billed is None:
            rows = self.env["property.charge"]._read_group(
                [
                    ("fee_id", "in", [fee["id"] for fee in self.fees if fee["meter_id"]]),
                    ("state", "not in", ("draft", "cancelled", "reversed")),
                    ("is_opening", "=", False),
                ],
                ["fee_id"],
                ["date_to:min"],
            )
            self._first_billed = {fee.id: first for fee, first in rows}
        first = self._first_billed.get(fee_id)
        return bool(first) and first <= day

    def persons(self, unit_id, day):
        """Return how many people live in a unit on a day: its tenants and family, or its owners."""
        if day not in self._persons:
            self._persons[day] = self.unit_records._property_persons_on(day)
        return self._persons[day].get(unit_id, 0)
