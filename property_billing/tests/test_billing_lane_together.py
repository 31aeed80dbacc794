"""A run posted over several connections: whatever dies and whoever is in the way."""

import threading
from contextlib import contextmanager
from datetime import date

import psycopg2
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..models import (
    billing_lane,
    billing_lane_together,
    property_billing_run_queue,
    property_charge_post,
)
from .lane_rivals_common import LAST, QUIET, UNITS, LaneRivalsCommon

CHUNK = 6  # of 24 charges: one chunk alone, then three at once


@tagged("post_install", "-at_install")
class TestBillingLaneTogether(LaneRivalsCommon, BaseCase):
    def setUp(self):
        super().setUp()
        for module in (property_billing_run_queue, property_charge_post):
            self.patch(module, "LANE_CHUNK", CHUNK)
        self.helped = []
        original = billing_lane.BillingLane._post_for_caller

        def spy(lane, part, before):
            self.helped.append(part["charges"])
            return original(lane, part, before)

        self.patch(billing_lane.BillingLane, "_post_for_caller", spy)

    def _queued(self, **site):
        """Make a site and a run of it that waits for the job.

        :return: id of the run
        """
        with self._env() as env:
            run = self._computed(env, *self._site(env, **site))
            run.sudo().state = "posting"
            return run.id

    def _numbers(self, run_id):
        with self._env() as env:
            bills = env["account.move"].search([("billing_run_id", "=", run_id)])
            return sorted(bills.mapped("sequence_number"))

    def _assert_whole(self, run_id):
        self._assert_billed_once([run_id])
        with self._env() as env:
            run = env["property.billing.run"].browse(run_id)
            self.assertEqual((run.fast_count, run.orm_count), (UNITS, 0), run.lane_note)
            self.assertTrue(all(run.charge_ids.payer_id.mapped("customer_rank")))

    def test_each_part_is_posted_by_its_own_connection_and_the_numbers_follow_each_other(self):
        run_id = self._queued()
        self._work_off(run_id, connections=3)
        self.assertEqual([len(part) for part in self.helped], [CHUNK, CHUNK])
        self._assert_whole(run_id)

    def test_the_first_chunk_is_small_because_the_helpers_wait_for_what_it_proves(self):
        for module in (property_billing_run_queue, property_charge_post):
            self.patch(module, "FIRST_CHUNK", 2)
        run_id = self._queued()
        with self._env() as env:
            run, lanes, posted = (
                env["property.billing.run"].browse(run_id),
                billing_lane.Lanes(3),
                [],
            )
            while run.state == "posting":
                run._process_batch(lanes)
                env.cr.commit()
                env.invalidate_all()
                posted.append(run.posted_count)
        self.assertEqual(posted[:2], [2, 2 + 3 * CHUNK])
        self._assert_whole(run_id)

    def test_the_job_takes_as_many_connections_as_the_parameter_says(self):
        run_id = self._queued()
        with self._env() as env:
            parameters = env["ir.config_parameter"].sudo()
            for text, count in (("1", 1), ("3", 3), ("99", billing_lane_together.MOST), ("0", 1)):
                parameters.set_param(billing_lane_together.PARAMETER, text)
                self.assertEqual(billing_lane_together.connections(env), count)
            parameters.set_param(billing_lane_together.PARAMETER, "3")
            step = env["property.billing.run"].browse(run_id)._new_step()
            self.assertEqual(step.args[0].connections, 3)
            env.cr.rollback()

    def test_a_helper_that_is_cut_off_takes_those_after_it_along_and_the_run_goes_on(self):
        # the helpers insert in any order, but become valid in that of their numbers
        for place, kept in ((0, CHUNK), (1, 2 * CHUNK)):
            with self.subTest(helper=place):
                run_id = self._queued()
                with mute_logger(*QUIET), self._cut_helper(place) as seen, self._env() as env:
                    run = env["property.billing.run"].browse(run_id)
                    lanes = billing_lane.Lanes(3)
                    for _step in range(2):
                        run._process_batch(lanes)
                        env.cr.commit()
                    self.assertEqual(lanes.width, 1)
                self.assertTrue(seen)
                self.assertEqual(self._numbers(run_id), list(range(1, kept + 1)))
                self._work_off(run_id, connections=3)
                self._assert_whole(run_id)

    @contextmanager
    def _cut_helper(self, place):
        """Cut the connection of the helper with these numbers when its rows are inserted."""
        original, seen = billing_lane.BillingLane._insert_rows, []

        def insert(lane, count):
            lane.cr.execute("SELECT min(number) FROM property_lane_number")
            is_helper = threading.current_thread() is not threading.main_thread()
            if is_helper and lane.cr.fetchone()[0] == (place + 1) * CHUNK + 1:
                seen.append(place)
                pid = lane.cr.connection.info.backend_pid
                with db_connect(self.database).cursor() as cr:
                    cr.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            return original(lane, count)

        billing_lane.BillingLane._insert_rows = insert
        try:
            yield seen
        finally:
            billing_lane.BillingLane._insert_rows = original

    def test_a_caller_that_is_cut_off_leaves_what_its_helpers_posted_and_the_run_counts_them(self):
        run_id = self._queued()
        # once for the chunk that is posted alone; then when the helpers are through
        with (
            mute_logger(*QUIET),
            self._cut_at("_rank", 2),
            self.assertRaises((psycopg2.OperationalError, psycopg2.InterfaceError)),
        ):
            self._work_off(run_id, connections=3)
        self.assertEqual(self._numbers(run_id), list(range(1, 3 * CHUNK + 1)))
        with self._env() as env:
            run = env["property.billing.run"].browse(run_id)
            self.assertEqual(run.fast_count, CHUNK)
            self.assertEqual(run.posted_count, 3 * CHUNK)
        self._work_off(run_id, connections=3)
        self._assert_whole(run_id)

    def test_somebody_who_takes_a_number_meanwhile_is_waited_for_and_nothing_is_left_out(self):
        self.patch(billing_lane_together, "PATIENCE", "200ms")
        run_id = self._queued()
        with self._env() as env:
            run, lanes = env["property.billing.run"].browse(run_id), billing_lane.Lanes(3)
            run._process_batch(lanes)
            env.cr.commit()
            with self._env() as other, mute_logger(*QUIET):
                bill = self._bill_by_hand(other, run_id)
                self.assertEqual(bill.sequence_number, CHUNK + 1)
                other.flush_all()
                self.assertEqual(run._process_batch(lanes), 0)
                env.cr.commit()
                self.assertEqual(lanes.width, 1)
                hand_id = bill.id
        with mute_logger(*QUIET):
            self._work_off(run_id, connections=3)
        self.assertEqual(
            self._numbers(run_id), [*range(1, CHUNK + 1), *range(CHUNK + 2, UNITS + 2)]
        )
        with self._env() as env:
            self.assertEqual(env["account.move"].browse(hand_id).state, "posted")
            self.assertEqual(env["property.billing.run"].browse(run_id).fast_count, UNITS)

    def _bill_by_hand(self, env, run_id):
        """Post an invoice in the journal of a run's site, as a person does.

        :return: the invoice, not committed
        """
        site = env["property.billing.run"].browse(run_id).site_ids
        partner = env["property.charge"].search([("run_id", "=", run_id)], limit=1).payer_id
        bill = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": site.billing_journal_id.id,
                "site_id": site.id,
                "partner_id": partner.id,
                "invoice_date": LAST,
                "invoice_line_ids": [
                    (0, 0, {"name": "By hand", "price_unit": 12.0, "tax_ids": [(5, 0, 0)]})
                ],
            }
        )
        bill.action_post()
        return bill

    def test_two_runs_on_one_journal_over_several_connections_leave_no_gap(self):
        with self._env() as env:
            site, items = self._site(env, items=2)
            site._billing_journal()
            run_ids = [self._computed(env, site, item).id for item in items]
            env["property.billing.run"].browse(run_ids).sudo().write({"state": "posting"})
        gate, failures = threading.Barrier(2), []

        def post(run_id):
            gate.wait(60)
            # a server tries again what met a rival
            for _attempt in range(20):
                try:
                    self._work_off(run_id, connections=2)
                    break
                except psycopg2.OperationalError as error:
                    failures.append(error)

        threads = [threading.Thread(target=post, args=(run_id,)) for run_id in run_ids]
        with mute_logger(*QUIET):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(self.PATIENCE)
        # the samples of one may meet numbers of the other: that chunk goes through the ORM
        self._assert_billed_once(run_ids, least_fast=len(run_ids) * (UNITS - CHUNK))

    def test_bills_of_payers_who_left_money_are_made_by_the_caller_that_uses_it(self):
        run_id = self._queued()
        with self._env() as env:
            charges = env["property.charge"].search([("run_id", "=", run_id)], order="id")
            last = charges[-1]
            journal = env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
            )
            prepayment = env["property.prepayment"]._receive(
                last.unit_id, last.payer_id, 5.0, journal, date=date(2026, 8, 1)
            )
            last_id = last.id
            self.made.setdefault("account_move", []).extend(prepayment.payment_id.move_id.ids)
        self._work_off(run_id, connections=3)
        self.assertTrue(self.helped)
        self.assertNotIn(last_id, {one for part in self.helped for one in part})
        self._assert_whole(run_id)
        with self._env() as env:
            bill = env["property.charge"].browse(last_id).move_id
            self.assertAlmostEqual(bill.amount_total - bill.amount_residual, 5.0)

    def test_bills_that_are_not_plain_are_left_for_a_step_of_their_own(self):
        with self._env() as env:
            run = self._computed(env, *self._site(env))
            odd = run.charge_ids.sorted("id")[-2:]
            env.cr.execute(
                "UPDATE property_charge SET amount = -amount, explanation = '' WHERE id = ANY(%s)",
                [odd.ids],
            )
            env.cr.execute(
                "UPDATE property_charge SET amount = -amount WHERE id = ANY(%s)", [odd.ids]
            )
            run.sudo().state = "posting"
            run_id = run.id
        self._work_off(run_id, connections=3)
        self.assertTrue(self.helped)
        with self._env() as env:
            run = env["property.billing.run"].browse(run_id)
            self.assertEqual((run.fast_count, run.orm_count), (UNITS - 2, 2), run.lane_note)
            self.assertEqual(set(run.charge_ids.mapped("state")), {"posted"})
        self.assertEqual(self._numbers(run_id), list(range(1, UNITS + 1)))
