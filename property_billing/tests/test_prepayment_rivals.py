"""Two sessions that want the same money at once, on real connections."""

import threading
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .rivals_common import RivalsMixin


@tagged("post_install", "-at_install")
class TestPrepaymentRivals(RivalsMixin, BaseCase):
    CONTEXT = {"tracking_disable": True}

    def setUp(self):
        super().setUp()
        self.connect()
        with self._env() as env:
            self._commit_world(env)
        self.addCleanup(self._remove_world)

    def _commit_world(self, env):
        env.company._billing_prepare_accounting()
        site = env["property.site"].create({"name": "Money Rivals", "code": "MRIVALS"})
        unit = env["property.unit"].create(
            {
                "site_id": site.id,
                "code": "R-1",
                "type_id": env.ref("property_base.unit_type_parking_underground").id,
            }
        )
        payer = env["res.partner"].create({"name": "Money Rival"})
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
        )
        prepayment = env["property.prepayment"]._receive(
            unit, payer, 100.0, journal, date=date(2026, 9, 1)
        )
        self.prepayment_id, self.journal_id = prepayment.id, journal.id
        self.world = [
            ("property.unit", unit.ids),
            ("property.site", site.ids),
            ("res.partner", payer.ids),
        ]
        self.partner_id = payer.id

    def _remove_world(self):
        with self._env() as env:
            env.cr.execute(
                """
                DELETE FROM account_partial_reconcile WHERE debit_move_id IN
                    (SELECT id FROM account_move_line WHERE partner_id = %(id)s);
                DELETE FROM property_prepayment WHERE partner_id = %(id)s;
                UPDATE account_move SET origin_payment_id = NULL WHERE partner_id = %(id)s;
                UPDATE account_payment SET move_id = NULL WHERE partner_id = %(id)s;
                DELETE FROM account_move WHERE partner_id = %(id)s;
                DELETE FROM account_payment WHERE partner_id = %(id)s;
                """,
                {"id": self.partner_id},
            )
            for model, ids in self.world:
                env[model].browse(ids).unlink()

    def _refund(self, env):
        prepayment = env["property.prepayment"].browse(self.prepayment_id)
        prepayment._refund(100.0, env["account.journal"].browse(self.journal_id))
        env.flush_all()

    def test_the_same_money_is_never_paid_back_twice(self):
        outcome = {}

        def pay_back(env):
            try:
                self._refund(env)
            except SerializationFailure as error:
                outcome["error"] = error

        with self._env() as env, self._env() as rival_env, mute_logger("odoo.sql_db"):
            rival_env.cr.execute("SELECT pg_backend_pid()")
            pid = rival_env.cr.fetchone()[0]
            self._refund(env)
            thread = threading.Thread(target=pay_back, args=(rival_env,))
            thread.start()
            self._wait_until_blocked(pid)
            env.cr.commit()
            thread.join(60)
            rival_env.cr.rollback()
        # the request is retried, and then sees that nothing is left
        self.assertIn("error", outcome)
        with self._env() as env:
            with self.assertRaisesRegex(UserError, "less than"):
                self._refund(env(context={**env.context, "lang": "en_US"}))
            payments = env["account.payment"].search([("partner_id", "=", self.partner_id)])
            self.assertEqual(sorted(payments.mapped("payment_type")), ["inbound", "outbound"])
