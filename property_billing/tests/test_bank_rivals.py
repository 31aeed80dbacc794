"""Batches at work at the same moment, on real connections: money is booked once."""

from datetime import date
from uuid import uuid4

from odoo.sql_db import db_connect
from odoo.tests import tagged

from . import test_counter_concurrency
from .bank_common import BankMixin

DAY = date(2026, 11, 20)


@tagged("post_install", "-at_install")
class TestBankRivals(test_counter_concurrency.TestCounterRivals):
    """The world of the counter's rivals, with a mandate and a batch the bank has answered."""

    def _commit_world(self, env):
        result = super()._commit_world(env)
        owner = env["res.partner"].browse(self.owner_id)
        account = env["res.partner.bank"].create(
            {"acc_number": uuid4().hex, "partner_id": owner.id}
        )
        env["property.bank.mandate"].create(
            {
                "name": uuid4().hex[:12],
                "site_id": self.site_id,
                "partner_id": owner.id,
                "bank_account_id": account.id,
                "date_from": date(2026, 1, 1),
            }
        ).action_activate()
        bank = env["account.journal"].create(
            {"name": "Rival Bank", "code": uuid4().hex[:5].upper(), "type": "bank"}
        )
        self.bank_id = bank.id
        accounts = bank.default_account_id
        self.made[:0] = [("account_journal", bank.ids), ("account_account", accounts.ids)]
        env.flush_all()
        return result

    def _answered(self, env):
        batch = env["property.bank.collection"].create(
            {"site_id": self.site_id, "journal_id": self.bank_id, "date": DAY}
        )
        batch.action_collect()
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
        def work(env, _index):
            batch = env["property.bank.collection"].create(
                {"site_id": self.site_id, "journal_id": self.bank_id, "date": DAY}
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


for _name in vars(test_counter_concurrency.TestCounterRivals):
    if _name.startswith("test_"):
        setattr(TestBankRivals, _name, None)  # the cashiers' own tests run in their own file
