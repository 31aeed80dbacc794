"""Runs that really lie in the database: sites, runs and bills are committed and taken away."""

from contextlib import contextmanager
from datetime import date
from uuid import uuid4

from odoo.sql_db import db_connect

from ..models import billing_lane, property_charge_post
from .rivals_common import RivalsMixin

UNITS = 24
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
QUIET = (
    *("odoo.sql_db", "odoo.service.model"),
    *(
        f"odoo.addons.property_billing.models.{name}"
        for name in ("billing_lane", "billing_lane_together")
    ),
)


class LaneRivalsCommon(RivalsMixin):
    """For a `BaseCase`: sites of households whose runs are posted by several connections."""

    CONTEXT = {"lang": "en_US"}
    QUIET = QUIET
    PATIENCE = 300

    def setUp(self):
        super().setUp()
        self.patch(property_charge_post, "LANE_FROM", 0)
        self.connect()
        self.site_ids, self.made = [], {}
        self.addCleanup(self._remove_world)
        with self._env() as env:
            env["res.company"].browse(env.company.id)._billing_prepare_accounting()
            self.company_id = env.company.id

    # World ------------------------------------------------------------------------------------

    def _site(self, env, units=UNITS, items=1):
        """Make a site with a household in every unit; what is made is remembered.

        :return: (site, items)
        """
        site = env["property.site"].create({"name": "Lane Rivals", "code": uuid4().hex[:8]})
        kind = env.ref("property_base.unit_type_residence")
        homes = env["property.unit"].create(
            [
                {
                    "site_id": site.id,
                    "code": f"R-{number}",
                    "type_id": kind.id,
                    "area_gross": 50.0 + number,
                    "handover_date": date(2020, 1, 1),
                }
                for number in range(units)
            ]
        )
        owners = env["res.partner"].create([{"name": f"Rival {n}"} for n in range(units)])
        env["property.occupancy"].create(
            [
                {"unit_id": u.id, "partner_id": o.id, "role": "owner", "date_from": "2025-01-01"}
                for u, o in zip(homes, owners, strict=True)
            ]
        )
        found = env["property.charge.item"].create(
            [
                {
                    "code": uuid4().hex[:8],
                    "name": f"Rival Fee {number}",
                    "method": "area",
                    "site_id": site.id,
                    "company_id": env.company.id,
                    "unit_type_ids": [(6, 0, kind.ids)],
                    "tariff_ids": [(0, 0, {"date_from": date(2020, 1, 1), "price": 2.35})],
                }
                for number in range(items)
            ]
        )
        self.site_ids.append(site.id)
        for table, records in (
            ("property_site", site),
            ("product_product", found.product_id),
            ("product_template", found.product_id.product_tmpl_id),
            ("res_partner", owners),
        ):
            self.made.setdefault(table, []).extend(records.ids)
        return site, found

    def _computed(self, env, site, items):
        run = env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, site.ids)],
                "item_ids": [(6, 0, items.ids)],
                "date_from": FIRST,
                "date_to": LAST,
            }
        )
        run.action_compute()
        return run

    def _remove_world(self):
        """Take the rows away again, with whatever refers to them; the tables refuse to unlink."""
        with db_connect(self.database).cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '60s'")
            cr.execute("SELECT id FROM account_move WHERE site_id = ANY(%s)", [self.site_ids])
            self._purge(cr, "account_move", [row[0] for row in cr.fetchall()])
            cr.execute(
                "SELECT DISTINCT billing_journal_id FROM property_site WHERE id = ANY(%s)"
                " AND billing_journal_id IS NOT NULL",
                [self.site_ids],
            )
            journals = [row[0] for row in cr.fetchall()]
            cr.execute(
                "SELECT DISTINCT property_billing_run_id"
                " FROM property_billing_run_property_site_rel WHERE property_site_id = ANY(%s)",
                [self.site_ids],
            )
            runs = [row[0] for row in cr.fetchall()]
            for table, ids in {**self.made, "property_billing_run": runs}.items():
                self._purge(cr, table, ids)
            self._purge(cr, "account_journal", journals)

    # Races ------------------------------------------------------------------------------------

    def _race(self, run_ids):
        """Post runs in threads that start together, the way the server runs requests.

        :return: list of results: True, or the message of a refusal
        """

        def begin(env, index):
            run = env["property.billing.run"].browse(run_ids[index])
            run.mapped("charge_ids.amount")
            return run.action_post

        return self._together(len(run_ids), begin)

    def _assert_billed_once(self, run_ids, least_fast=None):
        """Every charge has one bill of its amount; the numbers of each journal have no gap."""
        with self._env() as env:
            runs = env["property.billing.run"].browse(run_ids)
            self.assertEqual(set(runs.mapped("state")), {"posted"})
            charges = runs.charge_ids
            self.assertEqual(set(charges.mapped("state")), {"posted"})
            moves = env["account.move"].search([("billing_run_id", "in", run_ids)])
            self.assertEqual(len(moves), len(charges))
            self.assertEqual(moves.property_charge_id, charges)
            for charge in charges:
                self.assertEqual(charge.move_id.amount_total, charge.amount)
                self.assertEqual(charge.move_id.state, "posted")
            for journal, bills in moves.grouped("journal_id").items():
                numbers = sorted(bills.mapped("sequence_number"))
                self.assertEqual(numbers, list(range(1, len(bills) + 1)), journal.code)
            self.assertFalse(any(moves.mapped("made_sequence_gap")))
            fast, ordinary = (sum(runs.mapped(name)) for name in ("fast_count", "orm_count"))
            self.assertEqual(fast + ordinary, len(charges))
            least = len(charges) if least_fast is None else least_fast
            self.assertGreaterEqual(fast, least, runs.mapped("lane_note"))

    # Cut off ----------------------------------------------------------------------------------

    @contextmanager
    def _cut_at(self, step, call):
        """End the connection to the database before a step of the lane, at the given call."""
        original, calls = getattr(billing_lane.BillingLane, step), []

        def cut(lane, *args):
            calls.append(1)
            if len(calls) == call:
                pid = lane.cr.connection.info.backend_pid
                with db_connect(self.database).cursor() as cr:
                    cr.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
                    self.assertTrue(cr.fetchone()[0])
            return original(lane, *args)

        setattr(billing_lane.BillingLane, step, cut)
        try:
            yield calls
        finally:
            setattr(billing_lane.BillingLane, step, original)

    def _work_off(self, run_id, connections=1):
        """Post a queued run, a chunk a transaction, as the job does."""
        with self._env() as env:
            run = env["property.billing.run"].browse(run_id)
            lanes = billing_lane.Lanes(connections)
            while run.state == "posting":
                run._process_batch(lanes)
                env.cr.commit()
                env.invalidate_all()
