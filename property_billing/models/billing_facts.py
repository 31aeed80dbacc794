"""Everything a billing run needs to know, fetched in a fixed number of queries."""

from collections import defaultdict
from datetime import timedelta

from odoo.fields import Domain

from ..tools.metering import pick_readings
from ..tools.rounding import to_decimal

DAY = timedelta(days=1)


class BillingFacts:
    """Read-only facts of one run: fees, units, tariffs, meters, pools, payers, billed days."""

    def __init__(self, run, items):
        self.env = run.env
        self.run = run
        self.date_from, self.date_to = run.date_from, run.date_to
        self.items = {
            row["id"]: row
            for row in items.read(
                [
                    "code",
                    "name",
                    "method",
                    "payer_role",
                    "meter_kind",
                    "proration",
                    "rounding_step",
                    "rounding_direction",
                    "unit_type_ids",
                ],
                load=None,
            )
        }
        self.tariffs = self._read_tariffs(items)
        self.fees = self._read_fees(items)
        self.pools = self._read_pools(items)
        units = (
            self.env["property.unit"]
            .with_context(active_test=False)
            .browse({fee["unit_id"] for fee in self.fees})
        )
        self.units = {
            row["id"]: row
            for row in units.read(
                ["code", "area_billable", "building_id", "site_id", "sort_key", "company_id"],
                load=None,
            )
        }
        self.unit_records = units
        self._timelines = {}
        self._payers = {}
        self.meters = self._read_meters()
        self.readings = self._read_readings()

    def _read_tariffs(self, items):
        rows = defaultdict(list)
        tariffs = self.env["property.tariff"].search([("item_id", "in", items.ids)])
        for tariff in tariffs:
            company = tariff.item_id.company_id
            facts = tariff._prepare_price_facts()
            facts["tax_id"] = tariff.tax_id._as_included(company).id
            rows[tariff.item_id.id].append((tariff.date_from, tariff.date_to or None, facts))
        return rows

    def _read_fees(self, items):
        domain = (
            Domain("site_id", "in", self.run.site_ids.ids)
            & Domain("item_id", "in", items.ids)
            & Domain("date_from", "<=", self.date_to)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date_from))
        )
        return self.env["property.fee"].search_read(
            domain,
            [
                "unit_id",
                "item_id",
                "site_id",
                "date_from",
                "date_to",
                "payer_role",
                "meter_id",
                "quantity",
                "price",
                "method",
            ],
            order="site_id, unit_sort_key, item_id, id",
            load=None,
        )

    def _read_pools(self, items):
        return self.env["property.allocation"].search(
            [
                ("site_id", "in", self.run.site_ids.ids),
                ("item_id", "in", items.ids),
                ("date_to", ">=", self.date_from),
                ("date_to", "<=", self.date_to),
            ],
            order="site_id, date_to, building_id, id",
        )

    def _read_meters(self):
        kinds = {
            self.items[pool.item_id.id]["meter_kind"]
            for pool in self.pools
            if pool.basis == "consumption"
        }
        domain = Domain("id", "in", [fee["meter_id"] for fee in self.fees if fee["meter_id"]])
        if kinds - {False}:
            domain |= Domain("site_id", "in", self.run.site_ids.ids) & Domain(
                "kind", "in", list(kinds - {False})
            )
        rows = (
            self.env["property.meter"]
            .with_context(active_test=False)
            .search_read(
                domain,
                [
                    "code",
                    "unit_id",
                    "kind",
                    "multiplier",
                    "digits",
                    "initial_reading",
                    "install_date",
                ],
                load=None,
            )
        )
        return {row["id"]: row for row in rows}

    def _read_readings(self):
        """Return dict meter id -> sorted (day, value): the readings and the initial one."""
        rows = defaultdict(list)
        for row in self.env["property.meter.reading"].search_read(
            [("meter_id", "in", list(self.meters)), ("date", "<=", self.date_to)],
            ["meter_id", "date", "value"],
            order="meter_id, date",
            load=None,
        ):
            rows[row["meter_id"]].append((row["date"], row["value"]))
        for meter_id, meter in self.meters.items():
            readings = rows[meter_id]
            first = readings[0][0] if readings else None
            start = meter["install_date"]
            if start and (first is None or start < first):
                readings.insert(0, (start, meter["initial_reading"]))
            elif not start and first:
                readings.insert(0, (first - DAY, meter["initial_reading"]))
        return rows

    def closing(self, meter_id):
        """Return the opening and closing reading of the period, or None when it was not read."""
        return pick_readings(self.readings[meter_id], self.date_from, self.date_to)

    def timeline(self, role, unit_id):
        """Return the payers of a unit over the period: list of (partner id, from, to)."""
        if role not in self._timelines:
            found = self.unit_records._property_timeline(role, self.date_from, self.date_to)
            self._timelines[role] = {
                key: [(partner.id, first, last) for partner, first, last in segments]
                for key, segments in found.items()
            }
        return self._timelines[role].get(unit_id) or []

    def payer_on(self, role, unit_id, day):
        """Return the partner id who pays for a unit on a day, or False."""
        key = (role, day)
        if key not in self._payers:
            found = self.unit_records._property_payer_on(role, day)
            self._payers[key] = {unit: partner.id for unit, partner in found.items() if partner}
        return self._payers[key].get(unit_id) or False

    def billed(self, first, last):
        """Return dict (fee id, share) -> list of (from, to, run name) billed outside this run."""
        self.env["property.charge"].flush_model()
        self.env.cr.execute(
            """
            SELECT charge.fee_id, charge.share, charge.date_from, charge.date_to, run.name
              FROM property_charge charge
         LEFT JOIN property_billing_run run ON run.id = charge.run_id
             WHERE charge.site_id = ANY(%s) AND charge.item_id = ANY(%s)
               AND charge.state NOT IN ('cancelled', 'reversed')
               AND charge.run_id IS DISTINCT FROM %s
               AND charge.date_to >= %s AND charge.date_from <= %s
            """,
            [self.run.site_ids.ids, list(self.items), self.run.id, first, last],
        )
        rows = defaultdict(list)
        for fee_id, share, date_from, date_to, name in self.env.cr.fetchall():
            rows[fee_id, share].append((date_from, date_to, name))
        return rows

    def rounding(self, item):
        """Return the rounding facts a charge freezes."""
        return {
            "step": str(to_decimal(item["rounding_step"])),
            "direction": item["rounding_direction"],
        }
