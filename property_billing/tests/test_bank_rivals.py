"""Batches at work at the same moment, on real connections: money is booked once."""

from datetime import date
from uuid import uuid4

from odoo.sql_db import db_connect
from odoo.tests import BaseCase, tagged

from .bank_common import BankMixin
from .test_counter_concurrency import CounterRivalsMixin

DAY = date(2026, 11, 20)


@tagged("post_install", "-at_install")
class TestBankRivals(CounterRivalsMixin, BaseCase):
    """The household of the counter's rivals, with a mandate and a batch the bank answers."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            self._commit_bank(env)

    def _commit_bank(self, env):
        account = env["res.partner.bank"].create(
            {"acc_number": uuid4().hex, "partner_id": self.owner_id}
        )
        env["property.bank.mandate"].create(
            {
                "name": uuid4().hex[:12],
                "site_id": self.site_id,
                "partner_id": self.owner_id,
                "bank_account_id": account.id,
                "date_from": date(2026, 1, 1),
            }
        ).action_activate()
        bank = env["account.journal"].create(
            {"name": "Rival Bank", "code": uuid4().hex[:5].upper(), "type": "bank"}
        )
        self.bank_id = bank.id
        self.made[:0] = [("account_journal", bank.ids)]
        env.flush_all()

    def _collected(self, env):
        batch = env["property.bank.collection"].create(
            {
                "site_id": self.site_id,
                "journal_id": self.bank_id,
                "date": DAY,
                "date_due": date(2026, 12, 31),
            }
        )
        batch.action_collect()
        return batch

    def _answered(self, env):
        batch = self._collected(env)
        batch.action_export_csv()
        batch._import_results("a.csv", BankMixin.as_csv(BankMixin.answer_rows(batch)))
        env.cr.commit()
        return batch.id

    def _remove_world(self):
        with db_connect(self.database).cursor() as cr:
            cr.execute("SELECT id FROM property_bank_collection WHERE site_id = %s", [self.site_id])
            self._purge(cr, "property_bank_collection", [row[0] for row in cr.fetchall()])
        return super()._remove_world()

    def _payments(self, env):
        return env["account.payment"].search([("site_id", "=", self.site_id)])

    def test_two_who_post_one_batch_book_it_once(self):
        with self._env() as env:
            batch_id = self._answered(env)

        def work(env, _index):
            batch = env["property.bank.collection"].browse(batch_id)
            batch.action_post()
            return batch

        results = self._race(2, work)
        self.assertEqual([type(one) for one in sorted(results, key=str)], [int, str], results)
        with self._env() as env:
            self.assertEqual(self._payments(env).mapped("amount"), [200])
            batch = env["property.bank.collection"].browse(batch_id)
            self.assertEqual((batch.state, batch.amount_surplus), ("done", 0))

    def test_two_batches_never_ask_for_one_bill(self):
        results = self._race(3, lambda env, _index: self._collected(env))
        self.assertEqual(len([one for one in results if isinstance(one, int)]), 1, results)

    def test_a_cashier_and_the_bank_at_the_same_moment_lose_no_money(self):
        with self._env() as env:
            batch_id = self._answered(env)

        def work(env, index):
            if index:
                return self._collect(env)
            batch = env["property.bank.collection"].browse(batch_id)
            batch.action_post()
            return batch

        self._race(2, work)
        with self._env() as env:
            batch = env["property.bank.collection"].browse(batch_id)
            bills = env["account.move"].browse(self.bill_ids)
            self.assertEqual(bills.mapped("amount_residual"), [0, 0])
            self.assertEqual(batch.state, "done")
            taken = sum(self._payments(env).mapped("amount"))
            self.assertEqual(taken, 200 + batch.amount_surplus)
            kept = env["property.prepayment"].search([("site_id", "=", self.site_id)])
            self.assertEqual(sum(kept.mapped("amount_left")), batch.amount_surplus)
