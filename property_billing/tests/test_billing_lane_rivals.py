"""Runs posted at the same time on real connections, and one whose connection is cut."""

from unittest.mock import patch

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
from .lane_rivals_common import QUIET, UNITS, LaneRivalsCommon
from .test_billing_lane_keys import grant

RUNS = 20


@tagged("post_install", "-at_install")
class TestBillingLaneRivals(LaneRivalsCommon, BaseCase):
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
