"""Batches at work at the same moment, on real connections: money is booked once."""

from datetime import date
from uuid import uuid4

from odoo.sql_db import db_connect
from odoo.tests import BaseCase, common, tagged

from . import test_counter_concurrency
from .bank_common import BankMixin

DAY = date(2026, 11, 20)


@tagged("post_install", "-at_install")
class TestBankRivals(BaseCase):
    """The household of the counter's rivals, with a mandate and a batch the bank answers."""

    def setUp(self):
        super().setUp()
        cashiers = test_counter_concurrency.TestCounterRivals
        self.rivals = cashiers("test_two_cashiers_on_one_household_take_its_money_once")
        self.rivals.database = common.get_db_name()
        self._env, self._race = self.rivals._env, self.rivals._race
        with self._env() as env:
            self.rivals._commit_world(env)
            self._commit_bank(env)
        self.site_id, self.bill_ids = self.rivals.site_id, self.rivals.bill_ids
        self.addCleanup(self._remove_world)

    def _commit_bank(self, env):
        owner_id, site_id = self.rivals.owner_id, self.rivals.site_id
        account = env["res.partner.bank"].create(
            {"acc_number": uuid4().hex, "partner_id": owner_id}
        )
        env["property.bank.mandate"].create(
            {
                "name": uuid4().hex[:12],
                "site_id": site_id,
                "partner_id": owner_id,
                "bank_account_id": account.id,
                "date_from": date(2026, 1, 1),
            }
        ).action_activate()
        bank = env["account.journal"].create(
            {"name": "Rival Bank", "code": uuid4().hex[:5].upper(), "type": "bank"}
        )
        self.bank_id = bank.id
        self.rivals.made[:0] = [("account_journal", bank.ids)]
        env.flush_all()

    def _answered(self, env):
        batch = env["property.bank.collection"].create(
            {
                "site_id": self.site_id,
                "journal_id": self.bank_id,
                "date": DAY,
                "date_due": date(2026, 12, 31),
            }
        )
        batch.action_collect()
        batch.action_export_csv()
        batch._import_results("a.csv", BankMixin.as_csv(BankMixin.answer_rows(batch)))
        env.cr.commit()
        return batch.id

    def _remove_world(self):
        with db_connect(self.rivals.database).cursor() as cr:
            cr.execute("SELECT id FROM property_bank_collection WHERE site_id = %s", [self.site_id])
            self.rivals._purge(cr, "property_bank_collection", [row[0] for row in cr.fetchall()])
        self.rivals._remove_world()

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
        def work(env, _index):
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

        results = self._race(3, work)
        self.assertEqual(len([one for one in results if isinstance(one, int)]), 1, results)

    def test_a_cashier_and_the_bank_at_the_same_moment_lose_no_money(self):
        with self._env() as env:
            batch_id = self._answered(env)

        def work(env, index):
            if index:
                return self.rivals._collect(env)
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
