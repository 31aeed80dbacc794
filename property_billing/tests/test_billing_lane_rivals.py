"""Runs posted at the same time on real connections, and one whose connection is cut."""

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch
from uuid import uuid4

import psycopg2
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..models import (
    billing_lane,
    billing_lane_keys,
    property_billing_run_queue,
    property_charge_post,
)
from .rivals_common import RivalsMixin
from .test_billing_lane_keys import grant

UNITS, RUNS = 24, 20
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
QUIET = ("odoo.sql_db", "odoo.service.model", "odoo.addons.property_billing.models.billing_lane")


@tagged("post_install", "-at_install")
class TestBillingLaneRivals(RivalsMixin, BaseCase):
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

    def _assert_billed_once(self, run_ids):
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
            self.assertEqual(sum(runs.mapped("fast_count")), len(charges))

    def test_two_people_who_post_the_same_run_post_it_once(self):
        with self._env() as env:
            run_id = self._computed(env, *self._site(env)).id
        results = self._race([run_id, run_id])
        self.assertEqual(len([one for one in results if one is True]), 1, results)
        self._assert_billed_once([run_id])

    def test_two_runs_on_one_journal_at_once_share_its_numbers_without_a_gap(self):
        with self._env() as env:
            site, items = self._site(env, items=2)
            site._billing_journal()
            run_ids = [self._computed(env, site, item).id for item in items]
        self.assertEqual(self._race(run_ids), [True, True])
        self._assert_billed_once(run_ids)

    def test_twenty_runs_at_once_all_end_and_make_their_journals_too(self):
        with self._env() as env:
            run_ids = [self._computed(env, *self._site(env, units=2)).id for _n in range(RUNS)]
        self.assertEqual(self._race(run_ids), [True] * RUNS)
        self._assert_billed_once(run_ids)
        with self._env() as env:
            sites = env["property.site"].browse(self.site_ids)
            self.assertEqual(len(sites.billing_journal_id), RUNS)

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

    def _work_off(self, run_id):
        """Post a queued run, a chunk a transaction, as the job does."""
        with self._env() as env:
            run, lanes = env["property.billing.run"].browse(run_id), billing_lane.Lanes()
            while run.state == "posting":
                run._process_batch(lanes)
                env.cr.commit()
                env.invalidate_all()

    def test_a_chunk_whose_connection_is_cut_is_gone_whole_and_the_next_attempt_ends_the_run(self):
        self.patch(property_billing_run_queue, "LANE_CHUNK", 10)
        self.patch(property_charge_post, "LANE_CHUNK", 10)
        # the compared bills are the first call; then a call a chunk
        for step, call in (("_insert_rows", 3), ("_posted", 3)):
            with self.subTest(step=step):
                with self._env() as env:
                    run = self._computed(env, *self._site(env))
                    run_id, run.sudo().state = run.id, "posting"
                with (
                    mute_logger(*QUIET),
                    self._cut_at(step, call) as calls,
                    self.assertRaises((psycopg2.OperationalError, psycopg2.InterfaceError)),
                ):
                    self._work_off(run_id)
                self.assertEqual(len(calls), call)
                with self._env() as env:
                    charges = env["property.billing.run"].browse(run_id).charge_ids
                    states = charges.sorted("id").mapped("state")
                    self.assertEqual(states, ["posted"] * 10 + ["draft"] * (UNITS - 10))
                    moves = env["account.move"].search([("billing_run_id", "=", run_id)])
                    self.assertEqual(moves, charges.move_id)
                    self.assertEqual(len(moves), 10)
                self._work_off(run_id)
                self._assert_billed_once([run_id])

    # Keys as sets -----------------------------------------------------------------------------

    def test_who_deletes_what_the_rows_refer_to_waits_or_makes_the_rows_fail(self):
        with self._env() as env:
            self.env = env
            grant(self)
            del self.env  # else assertRaises opens savepoints on it
            parameters = env["ir.config_parameter"]
            parameters.set_param(billing_lane_keys.PARAMETER, "True")
            terms = env["account.incoterms"].create(
                [{"name": "Rival", "code": f"R{number}"} for number in range(2)]
            )
            run_id = self._computed(env, *self._site(env)).id
            ids = terms.ids
        self.addCleanup(self._forget, ids)
        for incoterm_id, is_first in zip(ids, (True, False), strict=True):
            with self.subTest(deleted_first=is_first), self._env() as env:
                self._refer_to(env, run_id, incoterm_id, is_first)

    def _forget(self, ids):
        with self._env() as env:
            env["ir.config_parameter"].set_param(billing_lane_keys.PARAMETER, False)
            env["account.incoterms"].browse(ids).exists().unlink()

    def _refer_to(self, env, run_id, incoterm_id, is_first):
        """Post bills that refer to an incoterm which another connection deletes."""
        run = env["property.billing.run"].browse(run_id)
        run._lock()
        charges = run.charge_ids
        lane = billing_lane.BillingLane(env, run.company_id, run.site_ids)
        self.assertTrue(lane.keys_as_sets)
        lane._stage(charges)
        lane._gate()
        lane._prove(charges)
        values = {**billing_lane.billing_lane_sql.MOVE, "invoice_incoterm_id": str(incoterm_id)}
        with (
            patch.object(billing_lane.billing_lane_sql, "MOVE", values),
            db_connect(self.database).cursor() as other,
            mute_logger(*QUIET),
        ):
            other.execute("SET LOCAL lock_timeout = '200ms'")
            delete = ("DELETE FROM account_incoterms WHERE id = %s", [incoterm_id])
            if is_first:
                other.execute(*delete)
                env.cr.execute("SET LOCAL lock_timeout = '200ms'")
                with self.assertRaises(psycopg2.errors.LockNotAvailable), env.cr.savepoint():
                    lane._insert(lane._numbers())
                other.commit()
                with self.assertRaises(psycopg2.errors.SerializationFailure):
                    lane._insert(lane._numbers())
            else:
                lane._insert(lane._numbers())
                with self.assertRaises(psycopg2.errors.LockNotAvailable):
                    other.execute(*delete)
                other.rollback()
        env.cr.rollback()
