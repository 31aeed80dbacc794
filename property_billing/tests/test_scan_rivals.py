"""Paying by scan on real connections: whoever notices the money first books it, and only once."""

from types import SimpleNamespace
from uuid import uuid4

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from .portal_common import PortalBillsCommon
from .test_counter_concurrency import CounterRivalsMixin

TOTAL = 200.0


@tagged("post_install", "-at_install")
class TestScanRivals(CounterRivalsMixin, BaseCase):
    def _commit_world(self, env):
        others = env["payment.provider"].search([("state", "!=", "disabled")])
        states = {provider.id: provider.state for provider in others}
        result = super()._commit_world(env)
        maker = SimpleNamespace(env=env, company=env.company)
        provider = PortalBillsCommon.new_provider.__func__(maker)
        site = env["property.site"].browse(self.site_id)
        methods = env["property.tender.method"]._for_site(site)
        wechat = methods.filtered(lambda one: one.kind == "wechat")
        wechat.provider_id = provider
        self.wechat_id, self.provider_id = wechat.id, provider.id
        ways = env["account.payment.method"].search([("code", "=", provider.code)])
        self.made += [
            ("payment_provider", provider.ids),
            ("ir_ui_view", provider.redirect_form_view_id.ids),
            ("account_payment_method", ways.ids),
        ]
        env.cr.commit()
        self.addCleanup(self._enable_again, states)
        return result

    def _enable_again(self, states):
        with self._env() as env:
            for provider_id, state in states.items():
                env["payment.provider"].browse(provider_id).state = state
            env.cr.commit()

    def _ask(self, env, token=None):
        spec = {
            "unit_id": self.unit_id,
            "bill_ids": self.bill_ids,
            "late_fees": False,
            "tenders": [{"method_id": self.wechat_id, "amount": ""}],
        }
        shown = env["property.counter"].scan_start(spec, token or str(uuid4()))
        return env["property.scan.payment"].browse(shown["id"])

    def _transaction(self, env, scan):
        provider = env["payment.provider"].browse(self.provider_id)
        return env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids.id,
                "reference": f"{scan.name}-{uuid4().hex[:6]}",
                "amount": scan.amount,
                "currency_id": scan.currency_id.id,
                "partner_id": scan.partner_id.id,
                "operation": "online_direct",
                **scan._transaction_vals(),
            }
        )

    def _paid(self):
        """Let a payer scan the code; the provider has just said that the money is there.

        :return: ids of the payment by scan and of the transaction
        """
        with self._env() as env:
            scan = self._ask(env)
            transaction = self._transaction(env, scan)
            transaction._set_done()
            env.cr.commit()
            return scan.id, transaction.id

    def _money(self):
        """Return (left of the bills, taken in all, kept in advance, number of takings)."""
        with self._env() as env:
            bills = env["account.move"].browse(self.bill_ids)
            takings = env["property.collection"].search([("site_id", "=", self.site_id)])
            payments = env["account.payment"].search([("partner_id", "=", self.owner_id)])
            kept = env["property.prepayment"].search([("unit_id", "=", self.unit_id)])
            return (
                sum(bills.mapped("amount_residual")),
                sum(payments.mapped("amount")),
                sum(kept.mapped("amount_left")),
                len(takings),
            )

    def test_two_counters_asking_at_once_show_one_code(self):
        results = self._race(2, lambda env, _index: self._ask(env))
        self.assertEqual(sorted(type(one).__name__ for one in results), ["int", "str"])
        with self._env() as env:
            held = env["property.scan.payment.line"].search(
                [("move_id", "in", self.bill_ids), ("is_held", "=", True)]
            )
            self.assertEqual(len(held), len(self.bill_ids))

    def test_the_provider_the_screen_and_the_job_book_the_money_once(self):
        scan_id, transaction_id = self._paid()

        def work(env, index):
            scan = env["property.scan.payment"].browse(scan_id)
            if index % 2:
                env["payment.transaction"].browse(transaction_id)._post_process()
            else:
                scan._catch_up()
            return scan

        self._race(6, work)
        self.assertEqual(self._money(), (0, TOTAL, 0, 1))
        with self._env() as env:
            self.assertEqual(env["property.scan.payment"].browse(scan_id).state, "done")

    @mute_logger("odoo.addons.property_billing.models.property_scan_payment_money")
    def test_cash_and_scanned_money_at_once_settle_the_bills_once_and_lose_nothing(self):
        scan_id, transaction_id = self._paid()

        def work(env, index):
            if index:
                return self._collect(env, shift=True)
            env["payment.transaction"].browse(transaction_id)._post_process()
            return env["property.scan.payment"].browse(scan_id)

        results = self._race(2, work)
        cash = sum(isinstance(one, int) for one in results) - 1
        left, taken, kept, _takings = self._money()
        self.assertEqual((left, taken, kept), (0, TOTAL * (1 + cash), TOTAL * cash))
