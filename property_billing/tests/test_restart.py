"""Crashes and rivals: whatever dies, and whoever else bills, nothing is billed twice."""

import threading
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger
from psycopg2 import OperationalError

from ..models import property_billing_run, property_billing_run_queue
from .common import BillingCommon
from .rivals_common import RivalsMixin


class PowerCut(BaseException):
    """What kill -9 looks like from inside: nothing after it runs."""


@tagged("post_install", "-at_install")
class TestRestart(BillingCommon):
    def setUp(self):
        super().setUp()
        self.units = self.env["property.unit"]
        for floor in range(1, 6):
            unit = self.new_unit(f"{floor}02", entrance="2", floor=floor)
            self.occupy(unit, self.owner, "owner", date(2025, 1, 1))
            self.units |= unit

    def _queued(self):
        run = self.new_run(items=self.management)
        run.action_compute()
        run.state = "posting"
        self.env.flush_all()
        return run

    def test_a_power_cut_inside_a_batch_leaves_neither_bill_nor_mark(self):
        run = self._queued()
        before = self.env["account.move"].search_count([])

        def cut(*args):
            raise PowerCut

        with (
            self.assertRaises(PowerCut),
            self.env.cr.savepoint(),
            patch.object(type(run.charge_ids), "_link_moves", cut),
        ):
            run._process_batch()
        self.env.invalidate_all()
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(set(run.charge_ids.mapped("state")), {"draft"})
        run._process_batch()
        self.assertEqual(set(run.charge_ids.mapped("state")), {"posted"})

    def test_a_restart_goes_on_where_the_last_batch_was_committed(self):
        run = self._queued()
        run.charge_ids[:3]._post()
        first = run.charge_ids.move_id
        self.assertEqual(run.posted_count, 3)
        while run.state == "posting":
            run._process_batch()
        self.assertEqual(run.state, "posted")
        self.assertEqual(len(run.charge_ids.move_id), 7)
        self.assertLessEqual(first, run.charge_ids.move_id)
        self.assertEqual(len(self.env["account.move"].search([("billing_run_id", "=", run.id)])), 7)

    def test_an_interrupted_run_can_also_be_posted_or_undone_by_hand(self):
        run = self._queued()
        run.charge_ids[:3]._post()
        run.action_post()
        self.assertEqual((run.state, len(run.charge_ids.move_id)), ("posted", 7))
        run.action_undo()
        self.assertEqual(set(run.charge_ids.mapped("state")), {"cancelled"})

    def test_the_cron_works_off_queued_runs_in_batches(self):
        run = self._queued()
        commits = []
        with patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda self_, processed=0, **kw: commits.append(processed) or 60.0,
        ):
            self.env["property.billing.run"]._cron_process_runs()
            self.assertEqual(run.state, "posted")
            run.state = "undoing"
            self.env["property.billing.run"]._cron_process_runs()
        self.assertEqual(run.state, "undone")
        self.assertIn(7, commits)

    @mute_logger("odoo.addons.property_billing.models.property_background")
    def test_an_error_stops_a_queued_run_and_is_written_on_it(self):
        run = self._queued()

        reason = "Item WYF has no account"

        def fail(charges):
            raise UserError(reason)

        with (
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda self_, *a, **kw: 60.0
            ),
            patch.object(type(run.charge_ids), "_post", fail),
        ):
            self.env["property.billing.run"]._cron_process_runs()
        self.assertEqual(run.state, "computed")
        self.assertEqual(run.error_message, reason)

    def test_large_runs_are_queued_by_the_buttons(self):
        run = self.new_run(items=self.management)
        with patch.object(property_billing_run_queue, "QUEUE_ABOVE", 2):
            run.action_queue_compute()
            self.assertEqual(run.state, "computing")
            run._process_batch()
            self.assertEqual(run.state, "computed")
            run.action_queue_post()
            self.assertEqual(run.state, "posting")
        run = self.new_run(items=self.parking)
        run.action_queue_compute()
        self.assertEqual(run.state, "computed")

    @mute_logger("odoo.sql_db")
    def test_a_rival_that_billed_meanwhile_is_a_clear_message(self):
        run = self.new_run(items=self.management)
        facts = property_billing_run.BillingFacts
        rival = self.new_run(items=self.management)
        rival.action_compute()
        # The rival committed after this run looked: it sees nothing billed.
        with (
            patch.object(facts, "billed", lambda *args: {}),
            patch.object(facts, "_billed_time", lambda *args: {}),
            self.assertRaisesRegex(UserError, "Compute again"),
        ):
            run.action_compute()
        run.action_compute()
        self.assertFalse(run.charge_ids)


@tagged("post_install", "-at_install")
class TestRivals(RivalsMixin, BaseCase):
    """Two transactions at once on real connections, on rows that are committed and removed."""

    def setUp(self):
        super().setUp()
        self.connect()
        with self._env() as env:
            self._commit_world(env)
        self.addCleanup(self._remove_world)

    def _commit_world(self, env):
        company = env.company
        site = env["property.site"].create({"name": "Rivals", "code": "RIVALS"})
        building = env["property.building"].create({"site_id": site.id, "code": "1", "name": "1"})
        unit = env["property.unit"].create(
            {
                "site_id": site.id,
                "building_id": building.id,
                "room": "101",
                "type_id": env.ref("property_base.unit_type_residence").id,
                "area_gross": 50.0,
                "handover_date": date(2026, 1, 1),
            }
        )
        owner = env["res.partner"].create({"name": "Rival Owner"})
        occupancy = env["property.occupancy"].create(
            {
                "unit_id": unit.id,
                "partner_id": owner.id,
                "role": "owner",
                "date_from": date(2026, 1, 1),
            }
        )
        item = env["property.charge.item"].create(
            {
                "code": "RIVAL",
                "name": "Rival",
                "method": "area",
                "site_id": site.id,
                "company_id": company.id,
                "unit_type_ids": [(6, 0, unit.type_id.ids)],
                "tariff_ids": [(0, 0, {"date_from": date(2026, 1, 1), "price": 2.0})],
            }
        )
        runs = env["property.billing.run"].create(
            [
                {
                    "site_ids": [(6, 0, site.ids)],
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2026, 9, 30),
                }
            ]
            * 20
        )
        self.run_ids = runs.ids
        self.world = [
            ("property.billing.run", runs.ids),
            ("property.fee", item.fee_ids.ids),
            ("property.charge.item", item.ids),
            ("product.product", item.product_id.ids),
            ("property.occupancy", occupancy.ids),
            ("property.unit", unit.ids),
            ("property.building", building.ids),
            ("property.site", site.ids),
            ("res.partner", owner.ids),
        ]

    def _remove_world(self):
        with self._env() as env:
            for model, ids in self.world:
                env[model].browse(ids).unlink()

    def test_two_runs_computed_at_once_bill_once(self):
        outcome = {}

        def compute(run):
            try:
                run.action_compute()
            except UserError as error:
                outcome["error"] = str(error)

        with self._env() as env, self._env() as rival_env, mute_logger("odoo.sql_db"):
            rival_env.cr.execute("SELECT pg_backend_pid()")
            pid = rival_env.cr.fetchone()[0]
            rival = rival_env["property.billing.run"].browse(self.run_ids[1])
            first = env["property.billing.run"].browse(self.run_ids[0])
            first.action_compute()
            env.flush_all()
            thread = threading.Thread(target=compute, args=(rival,))
            thread.start()
            self._wait_until_blocked(pid)
            env.cr.commit()
            thread.join(60)
            rival_env.cr.rollback()
            self.assertEqual(len(first.charge_ids), 1)
        self.assertIn("error", outcome)
        with self._env() as env:
            second = env["property.billing.run"].browse(self.run_ids[1])
            self.assertFalse(second.charge_ids)
            second.action_compute()
            self.assertFalse(second.charge_ids)
            self.assertEqual(second.problem_ids.mapped("kind"), ["billed"])

    def test_twenty_runs_computed_at_once_bill_once(self):
        outcomes = []
        start = threading.Barrier(len(self.run_ids))

        def compute(run_id):
            with self._env() as env:
                start.wait(60)
                try:
                    env["property.billing.run"].browse(run_id).action_compute()
                    env.cr.commit()
                    outcomes.append("done")
                except (UserError, OperationalError) as error:
                    env.cr.rollback()
                    outcomes.append(type(error).__name__)

        with mute_logger("odoo.sql_db"):
            threads = [threading.Thread(target=compute, args=(one,)) for one in self.run_ids]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        self.assertEqual(len(outcomes), len(self.run_ids))
        with self._env() as env:
            charges = env["property.billing.run"].browse(self.run_ids).charge_ids
            self.assertEqual(len(charges), 1, outcomes)
        self.assertIn("done", outcomes)

    def test_a_run_another_session_works_on_is_refused_not_waited_for(self):
        with self._env() as env, self._env() as other:
            env["property.billing.run"].browse(self.run_ids[0]).action_compute()
            with self.assertRaises(UserError):
                other["property.billing.run"].browse(self.run_ids[0]).action_compute()
            other.cr.rollback()
            env.cr.rollback()
