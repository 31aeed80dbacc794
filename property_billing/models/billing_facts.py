"""Everything a billing run needs to know, fetched in a fixed number of queries."""

from collections import defaultdict
from datetime import date

from odoo.fields import Domain

from ..tools.rounding import to_decimal
from .billing_cuts import BillingCuts
from .billing_facts_meters import MeterFacts
from .billing_facts_pools import PoolFacts
from .billing_one_off import OneOffFacts
from .billing_time_facts import Assumptions, TimeFacts


class BillingFacts(TimeFacts, OneOffFacts, MeterFacts, PoolFacts, BillingCuts):
    """Read-only facts of one run: fees, units, tariffs, meters, pools, payers, billed days."""

    def __init__(self, run, items, assumptions=None, sites=None):
        self.env = run.env
        self.run = run
        self.site_ids = (sites or run.site_ids).ids
        self.assumptions = assumptions or Assumptions()
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
                    "base",
                    "formula",
                    "cycle_months",
                    "cycle_anchor",
                    "cycle_timing",
                    "developer_pays",
                    "developer_percent",
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
        units.check_access("read")
        self.units = {
            row["id"]: row
            for row in self._rows(
                units._search(Domain("id", "in", units.ids)),
                [
                    "code",
                    "area_billable",
                    "area_gross",
                    "area_net",
                    "handover_date",
                    "billing_date_from",
                    "building_id",
                    "entrance",
                    "floor",
                    "state",
                    "site_id",
                    "sort_key",
                    "company_id",
                ],
                units,
            )
        }
        self.unit_records = units
        self._timelines = {}
        self._payers = {}
        self._counts = {}
        self._read_metering()
        self._read_pool_facts()

    @property
    def run_id(self):
        """Return the id of the run; 0 of a trial, for a charge without a run is outside it too."""
        return self.run._origin.id or 0

    def _read_tariffs(self, items):
        rows = defaultdict(list)
        tariffs = self.env["property.tariff"].search([("item_id", "in", items.ids)])
        for tariff in tariffs:
            company = tariff.item_id.company_id
            facts = tariff._prepare_price_facts()
            facts["tax_id"] = tariff.tax_id._as_included(company).id
            rows[tariff.item_id.id].append((tariff.date_from, tariff.date_to or None, facts))
        rows.update(self.assumptions.prices)
        return rows

    def _read_fees(self, items):
        domain = (
            Domain("site_id", "in", self.site_ids)
            & Domain("item_id", "in", items.ids)
            & Domain("date_from", "<=", self.date_to)
            & (
                Domain("date_to", "=", False)
                | Domain("date_to", ">=", self.date_from)
                | self.lookback_domain()
            )
        )
        if self.assumptions.units is not None:
            domain &= Domain("unit_id", "in", self.assumptions.units)
        fees = self.env["property.fee"]
        return self._rows(
            fees._search(domain, order="site_id, unit_sort_key, item_id, id"),
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
                "tier_persons",
                "cycle_months",
                "cycle_anchor",
                "cycle_timing",
                "count_own",
            ],
            fees,
        )

    def _rows(self, query, names, model):
        """Fetch records as ``search_read`` would, without records: a run has some ten thousand.

        :param query: what ``model._search`` returned, rules applied
        :param names: stored fields
        :return: list of dicts with ``id``; what is empty is 0 or False
        """
        fields = [model._fields[name] for name in ("id", *names)]
        columns = [model._field_to_sql(query.table, field.name, query) for field in fields]
        keys = [field.name for field in fields]
        empty = [0 if field.type in ("integer", "float", "monetary") else False for field in fields]
        return [
            {
                key: none if value is None else value
                for key, value, none in zip(keys, row, empty, strict=True)
            }
            for row in self.env.execute_query(query.select(*columns))
        ]

    def _read_pools(self, items):
        return self.env["property.allocation"].search(
            [
                ("site_id", "in", self.site_ids),
                ("item_id", "in", items.ids),
                ("date_to", ">=", self.date_from),
                ("date_to", "<=", self.date_to),
            ],
            order="site_id, date_to, building_id, id",
        )

    def timeline(self, role, unit_id):
        """Return the payers of a unit over all of time: list of (partner id, from, to)."""
        if role not in self._timelines:
            found = self.unit_records._property_timeline(role, date.min, date.max)
            self._timelines[role] = {
                key: [(partner.id, first, last) for partner, first, last in segments]
                for key, segments in found.items()
            }
        return self._timelines[role].get(unit_id) or []

    def payer_on(self, role, unit_id, day):
        """Return the partner id who pays for a unit on a day, or False."""
        if role == "developer":
            return self.developer(unit_id)
        key = (role, day)
        if key not in self._payers:
            found = self.unit_records._property_payer_on(role, day)
            self._payers[key] = {unit: partner.id for unit, partner in found.items() if partner}
        return self._payers[key].get(unit_id) or False

    def billed(self, first, last):
        """Return dict (fee id, share) -> list of (from, to, name) billed outside this run.

        The name is that of the run, else of the bill; opening arrears have none.
        """
        if self.assumptions.is_blank:
            return {}
        self.env["property.charge"].flush_model()
        self.env.cr.execute(
            """
            SELECT charge.fee_id, charge.share, charge.date_from, charge.date_to,
                   CASE WHEN NOT charge.is_opening THEN COALESCE(run.name, bill.name) END
              FROM property_charge charge
         LEFT JOIN property_billing_run run ON run.id = charge.run_id
         LEFT JOIN account_move bill ON bill.id = charge.move_id AND charge.run_id IS NULL
             WHERE charge.site_id = ANY(%s) AND charge.item_id = ANY(%s)
               AND charge.state NOT IN ('cancelled', 'reversed')
               AND charge.run_id IS DISTINCT FROM %s
               AND charge.id <> ALL(%s)
               AND charge.date_to >= %s AND charge.date_from <= %s
          ORDER BY charge.date_from, charge.id
            """,
            [
                self.site_ids,
                list(self.items),
                self.run_id,
                self.assumptions.ignored,
                first,
                last,
            ],
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
