"""Paying by scan at the counter: one taking, whatever the provider and other people do."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .scan_common import ScanCommon

TRANSACTION_LOG = "odoo.addons.payment.models.payment_transaction"


@tagged("post_install", "-at_install")
class TestScanPayment(ScanCommon):
    def state(self, scan, user=None):
        return self.counter(user).scan_state(scan.id)

    # The ordinary way --------------------------------------------------------------------------

    def test_scanned_money_becomes_one_taking_like_money_typed_in(self):
        scan = self.ask()
        self.assertEqual((scan.state, scan.amount), ("waiting", 410.5))
        self.assertEqual(self.residuals(), [200.5, 150, 60], "nothing is settled by asking")
        transaction = self.pay(scan)
        shown = self.state(scan)
        taking = scan.collection_id
        self.assertEqual((shown["state"], shown["taken"]["id"]), ("done", taking.id))
        self.assertTrue(shown["taken"]["print_url"])
        self.assertEqual(self.residuals(), [0, 0, 0])
        self.assertEqual((taking.amount, taking.user_id), (410.5, self.cashier))
        self.assertEqual(taking.shift_id, self.shift)
        self.assertEqual(taking.payment_ids.payment_transaction_id, transaction)
        self.assertEqual(taking.payment_ids.journal_id, self.provider.journal_id)
        self.assertEqual(taking.payment_ids.collector_id, self.cashier)
        self.assertEqual(taking.tender_ids.transaction_id, transaction)
        self.assertEqual(taking.tender_ids.reference, transaction.provider_reference)
        self.assertIn(transaction.payment_id, taking.payment_ids)
        self.assertEqual(sum(taking.payment_ids.mapped("amount")), 410.5)
        self.assertEqual(len(taking.receipt_ids), 1)

    def test_late_fees_and_books_are_those_of_a_manual_taking(self):
        results = []
        for kind in ("bank", "wechat"):
            with self.env.cr.savepoint() as savepoint, self.late_fees({self.bill: "3.21"}):
                spec_tenders = ((kind, ""),)
                if kind == "bank":
                    taken = self.take(self.spec(tenders=spec_tenders))
                    taking = self.env["property.collection"].browse(taken["id"])
                else:
                    scan = self.ask(spec_tenders)
                    self.pay(scan)
                    self.state(scan)
                    taking = scan.collection_id
                results.append(
                    [
                        (line.kind, line.partner_id.id, line.unit_id.id, line.amount)
                        for line in taking.line_ids
                    ]
                    + [(one.partner_id.id, one.amount) for one in taking.payment_ids]
                    + self.residuals()
                )
                savepoint.rollback()
        self.assertEqual(*results)
        self.assertIn(("bill", self.owner.id, self.unit.id, 3.21), results[0])

    def test_cash_pays_what_is_not_scanned(self):
        scan = self.ask((("wechat", "300"), ("cash", "120")))
        self.assertEqual(scan.amount, 300)
        self.pay(scan)
        self.state(scan)
        taking = scan.collection_id
        tenders = {one.kind: one.amount for one in taking.tender_ids}
        self.assertEqual(tenders, {"wechat": 300, "cash": 110.5})
        self.assertEqual(taking.amount_change, 9.5)
        self.assertEqual(self.residuals(), [0, 0, 0])
        scanned = taking.payment_ids.filtered("payment_transaction_id")
        self.assertEqual(sum(scanned.mapped("amount")), 300)

    def test_an_amount_in_advance_is_kept_with_its_transaction(self):
        scan = self.ask(amount="500", tenders=(("wechat", "500"),))
        self.pay(scan)
        self.state(scan)
        self.assertEqual(self.residuals(), [0, 0, 0])
        self.assertEqual(self.kept(), 89.5)
        kept = scan.collection_id.line_ids.prepayment_id
        self.assertTrue(kept.payment_id.payment_transaction_id)

    def test_the_shift_counts_scanned_money_with_the_providers_number(self):
        scan = self.ask()
        transaction = self.pay(scan)
        self.state(scan)
        figure = {one["method"]: one for one in self.shift._figures()}[self.wechat]
        self.assertEqual((figure["expected"], figure["count"]), (410.5, 1))
        rows = self.shift._report()["scanned"]
        self.assertEqual(
            [(row["reference"], row["amount"]) for row in rows],
            [(transaction.provider_reference, 410.5)],
        )
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.action_report_cashier_shift", self.shift.ids
        )
        self.assertIn(transaction.provider_reference, html.decode())

    # What providers do -------------------------------------------------------------------------

    def test_pending_money_counts_when_it_is_done(self):
        scan = self.ask()
        transaction = self.pay(scan, "pending")
        self.assertEqual(
            (self.state(scan)["state"], self.state(scan)["step"]), ("waiting", "pending")
        )
        with self.assertRaisesRegex(UserError, "on its way"):
            self.counter().scan_cancel(scan.id)
        scan.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assertEqual(self.state(scan)["state"], "waiting", "money on its way does not expire")
        self.notify(transaction, "done")
        self.assertEqual(self.state(scan)["state"], "done")

    def test_an_error_leaves_the_code_to_try_again(self):
        scan = self.ask()
        self.pay(scan, "error")
        shown = self.state(scan)
        self.assertEqual((shown["state"], shown["step"]), ("waiting", "error"))
        self.assertEqual(shown["message"], "no money")
        self.pay(scan)
        self.assertEqual(self.state(scan)["state"], "done")
        self.assertEqual(self.residuals(), [0, 0, 0])

    def test_a_repeated_notification_takes_nothing_twice(self):
        scan = self.ask()
        transaction = self.pay(scan)
        transaction._post_process()
        with mute_logger(TRANSACTION_LOG):
            self.notify(transaction, "done")
        transaction._post_process()
        self.state(scan)
        takings = self.env["property.collection"].search([("unit_id", "=", self.unit.id)])
        self.assertEqual(takings, scan.collection_id)
        self.assertEqual(self.kept(), 0)

    def test_the_cron_books_what_no_screen_waits_for(self):
        scan = self.ask()
        transaction = self.pay(scan)
        with patch.object(self.env.cr, "commit"):
            transaction._cron_post_process()
        self.assertEqual((scan.state, scan.collection_id.user_id), ("done", self.cashier))

    def test_money_paid_twice_is_kept_once_more(self):
        scan = self.ask()
        first, second = self.pay(scan, "draft"), self.pay(scan, "draft")
        self.notify(first, "done")
        self.state(scan)
        self.assertEqual(second.state, "cancel")
        self.notify(second, "done")
        second._post_process()
        self.assertEqual(self.kept(), 410.5)
        self.assertIn("410.5", scan.note)
        self.assertEqual(scan.state, "done")
        self.assertEqual(len(scan.payment_ids.collection_id), 2)

    # Giving up, and money that comes all the same -----------------------------------------------

    def test_giving_up_frees_the_bills_and_stops_the_transaction(self):
        scan = self.ask()
        transaction = self.pay(scan, "draft")
        self.assertEqual(self.bill._property_in_progress(), self.bill)
        shown = self.counter().scan_cancel(scan.id)
        self.assertEqual((shown["state"], transaction.state), ("cancelled", "cancel"))
        self.assertFalse(self.bill._property_in_progress())
        self.take(self.spec())
        self.assertEqual(self.residuals(), [0, 0, 0])

    def test_money_after_giving_up_settles_the_open_bills_with_a_note(self):
        scan = self.ask()
        transaction = self.pay(scan, "draft")
        self.counter().scan_cancel(scan.id)
        self.notify(transaction, "done")
        transaction._post_process()
        self.assertEqual(self.residuals(), [0, 0, 0])
        self.assertEqual((scan.state, scan.is_note_open), ("kept", True))
        self.assertIn(scan.collection_id.name, scan.note)
        self.assertEqual([one["id"] for one in self.counter().start()["notes"]], scan.ids)
        self.counter().scan_read_note(scan.id)
        self.assertEqual(self.counter().start()["notes"], [])
        self.assertTrue(scan.note, "the note stays on the payment")

    def test_money_after_cash_was_taken_instead_is_a_prepayment(self):
        scan = self.ask()
        transaction = self.pay(scan, "draft")
        self.counter().scan_cancel(scan.id)
        self.take(self.spec())
        self.notify(transaction, "done")
        transaction._post_process()
        self.assertEqual(self.kept(), 410.5)
        self.assertEqual(scan.collection_id.shift_id, self.shift)
        self.assertIn("410.5", scan.note)

    def test_a_bill_settled_meanwhile_leaves_its_money_in_advance(self):
        scan = self.ask()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.bill.ids
        ).create({})._create_payments()
        self.pay(scan)
        shown = self.state(scan)
        self.assertEqual(shown["state"], "kept")
        self.assertEqual(self.residuals(), [0, 0, 0])
        self.assertEqual(self.kept(), 200.5)
        self.assertEqual(scan.collection_id.amount, 410.5)

    def test_cash_beside_money_that_came_late_is_not_booked(self):
        scan = self.ask((("wechat", "300"), ("cash", "120")))
        transaction = self.pay(scan, "draft")
        self.counter().scan_cancel(scan.id)
        self.notify(transaction, "done")
        transaction._post_process()
        self.assertEqual(sum(self.residuals()), 110.5)
        self.assertEqual(scan.collection_id.tender_ids.mapped("kind"), ["wechat"])
        self.assertIn("check the rest", scan.note)

    def test_money_after_the_shift_was_closed_is_never_lost(self):
        scan = self.ask()
        transaction = self.pay(scan, "draft")
        self.counter().scan_cancel(scan.id)
        self.counter().close_shift({"100": 2}, {}, {})
        self.notify(transaction, "done")
        transaction._post_process()
        self.assertEqual(self.residuals(), [0, 0, 0])
        self.assertFalse(scan.collection_id)
        self.assertEqual(sum(scan.payment_ids.mapped("amount")), 410.5)
        self.assertEqual((scan.state, scan.is_note_open), ("kept", True))

    def test_money_in_advance_after_the_shift_is_kept_for_the_household(self):
        scan = self.ask(bills=self.env["account.move"], amount="88", tenders=(("wechat", "88"),))
        transaction = self.pay(scan, "draft")
        self.counter().scan_cancel(scan.id)
        self.counter().close_shift({"100": 2}, {}, {})
        self.notify(transaction, "done")
        transaction._post_process()
        self.assertEqual(self.kept(), 88)

    def test_a_code_nobody_pays_expires_by_itself(self):
        scan = self.ask()
        transaction = self.pay(scan, "draft")
        scan.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *a, **k: 0):
            self.env["property.scan.payment"]._cron_catch_up()
        self.assertEqual((scan.state, transaction.state), ("expired", "cancel"))
        self.assertFalse(self.bill._property_in_progress())

    # Two cashiers ------------------------------------------------------------------------------

    def test_another_cashier_neither_takes_nor_asks_for_the_same_bills(self):
        other = self.new_staff("scan.other", self.new_job("cashier"), self.site)
        self.env["property.cashier.shift"].with_user(other)._open(self.site, 0)
        scan = self.ask()
        with self.assertRaisesRegex(UserError, self.cashier.name):
            self.take(self.spec(), user=other)
        with self.assertRaisesRegex(UserError, self.cashier.name):
            self.ask(user=other)
        with self.assertRaisesRegex(UserError, self.cashier.name):
            self.counter(other).scan_cancel(scan.id)
        scan.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.ask(user=other).user_id, other)
        self.assertEqual(scan.state, "expired")

    def test_two_codes_never_hold_one_bill(self):
        scan = self.ask()
        with self.assertRaisesRegex(UserError, "Another counter"):
            self.env["property.scan.payment.line"]._create_holds(
                [{"scan_id": scan.id, "move_id": self.bill.id, "amount": 1}]
            )

    def test_the_portal_waits_while_a_code_holds_the_bill(self):
        self.ask()
        with self.assertRaisesRegex(UserError, "being processed"):
            self.env["account.move"]._property_payable_sudo(self.bill.ids, self.owner)

    # Bad input ---------------------------------------------------------------------------------

    def test_scanned_money_is_never_typed_in(self):
        with self.assertRaisesRegex(UserError, "scan"):
            self.take(self.spec(tenders=(("wechat", ""),)))
        self.assertEqual(self.residuals(), [200.5, 150, 60])

    def test_without_a_provider_it_is_recorded_by_hand(self):
        self.provider.state = "disabled"
        self.take(self.spec(tenders=(("wechat", ""),)))
        self.assertEqual(self.residuals(), [0, 0, 0])

    def test_the_same_token_shows_the_same_code(self):
        token = str(uuid4())
        spec = self.spec(tenders=(("wechat", ""),))
        first, second = (self.counter().scan_start(spec, token) for _turn in range(2))
        self.assertEqual(first["id"], second["id"])
        self.assertTrue(first["qr"].startswith("data:image/"))

    def test_nobody_is_asked_for_money_that_does_not_fit(self):
        for tenders, message in (
            ((("wechat", "100"),), "missing"),
            ((("wechat", "500"),), "more than due"),
            ((("cash", ""),), "by scan"),
        ):
            with self.subTest(tenders=tenders), self.assertRaisesRegex(UserError, message):
                self.ask(tenders)
        with self.assertRaisesRegex(UserError, "sum has changed"):
            self.ask(due="1.00")
        self.provider.maximum_amount = 100
        with self.assertRaisesRegex(UserError, "does not take"):
            self.ask()
        self.assertFalse(self.env["property.scan.payment"].search([("unit_id", "=", self.unit.id)]))

    def test_only_fitting_methods_are_linked_to_a_provider(self):
        with self.assertRaisesRegex(ValidationError, "kind"):
            self.methods["pos"].provider_id = self.provider
        company = self.env["res.company"].create({"name": "Other"})
        provider = self.provider.copy({"company_id": company.id})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.wechat.provider_id = provider

    def test_a_shift_is_not_closed_while_a_payer_pays(self):
        scan = self.ask()
        with self.assertRaisesRegex(UserError, "by scan"):
            self.counter().close_shift({"100": 2}, {}, {})
        self.counter().scan_cancel(scan.id)
        self.counter().close_shift({"100": 2}, {}, {})
        self.assertEqual(self.shift.state, "closed")

    def test_a_taking_paid_by_scan_is_refunded_not_undone(self):
        scan = self.ask()
        self.pay(scan)
        self.state(scan)
        with self.assertRaisesRegex(UserError, "provider"):
            self.counter().undo(scan.collection_id.id, "wrong household")
        shown = self.counter().last_takings()
        self.assertEqual([one["can_undo"] for one in shown], [False])

    def test_a_payment_by_scan_stays_on_file(self):
        with self.assertRaises(UserError):
            self.ask().unlink()
