from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import payment_lane, payment_lane_orm, payment_lane_proof, payment_lane_sql
from ..models.payment_lane import PaymentLane, PaymentOrder
from .bank_common import BankCommon
from .invariants import broken, unbalanced

#: What the wizard of Odoo leaves to the reconciliation to scope, and we write at once.
SCOPE = (
    "move.unit_id",
    "move.site_id",
    "move.is_manually_modified",
    "lines.unit_id",
    "lines.site_id",
    "account_payment_register_move_line_rel.line_id",
)


@tagged("post_install", "-at_install")
class TestPaymentLane(BankCommon):
    def orders(self):
        return self.plain_orders("7.77")

    def lane(self, journal=None):
        journal = journal or self.bank
        return PaymentLane(self.env, journal, self.method(journal), self.day)

    @contextmanager
    def undone(self):
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

    def capture(self, paid, orders):
        self.env.flush_all()
        payments = self.env["account.payment"].browse([paid[order.key] for order in orders])
        return payment_lane_proof.capture(self.env, payments)

    def wizard(self, order):
        """Pay as a user does with Odoo's own wizard."""
        bills = self.env["account.move"].browse([bill for bill, _part in order.parts])
        values = {
            "payment_date": self.day,
            "journal_id": self.bank.id,
            "group_payment": True,
            "communication": order.memo,
            "amount": float(order.amount),
            "payment_method_line_id": self.method(self.bank).id,
        }
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move",
            active_ids=bills.ids,
            mail_create_nolog=True,
            tracking_disable=True,
        )
        return wizard.create(values)._create_payments()

    def test_everything_plain_goes_as_a_set(self):
        orders = self.orders()
        lane = self.lane()
        with patch.object(payment_lane_orm, "pay", wraps=payment_lane_orm.pay) as by_orm:
            paid, reasons = lane.pay(orders, least=0)
        self.assertEqual((len(paid), reasons), (len(orders), {}))
        self.assertFalse(by_orm.call_args.args[1], "the last call pays what was left to the ORM")
        self.assertGreater(lane.cells, 1000)
        self.assertFalse(broken(self.env))
        self.assertFalse(unbalanced(self.env, self.company, self.day))

    def assert_equal_to_the_wizard(self, orders):
        with self.undone():
            wizard = {order.key: self.wizard(order).id for order in orders}
            by_wizard = self.capture(wizard, orders)
        with self.undone():
            paid, reasons = self.lane().pay(orders, least=0)
            by_lane = self.capture(paid, orders)
        self.assertFalse(reasons)
        cells = 0
        for one, other in zip(by_wizard, by_lane, strict=True):
            found, count = payment_lane_proof.differences(one, other, SCOPE)
            self.assertEqual(found, [])
            cells += count
        self.assertGreater(cells, 5000)

    def test_a_set_equals_what_the_wizard_of_odoo_leaves(self):
        self.assert_equal_to_the_wizard(self.orders())

    def test_a_set_proved_with_few_bills_of_many_equals_what_the_wizard_leaves(self):
        orders = self.orders()
        self.patch(payment_lane, "SAMPLE_PARTS", 2)
        both_ways = patch.object(
            payment_lane_orm, "pay_in_order", wraps=payment_lane_orm.pay_in_order
        )
        with both_ways as by_orm:
            self.assert_equal_to_the_wizard(orders)
        made = [order for call in by_orm.call_args_list for order in call.args[1]]
        self.assertEqual({len(order.parts) for order in made}, {1, 2})
        in_part = orders[2].parts[-1]
        self.assertIn(in_part, [order.parts[-1] for order in made], "a bill settled in part stays")

    def undo(self, payments, how):
        """Take payments back in one of the ways Odoo has."""
        payments.invalidate_recordset()
        if how == "unreconcile":
            payments.move_id.line_ids.remove_move_reconcile()
        elif how == "partial":
            payments.move_id.line_ids.matched_debit_ids[:1].unlink()
        elif how == "draft and post":
            payments.action_draft()
            payments.action_post()
        elif how == "cancel":
            payments.action_draft()
            payments.action_cancel()
        elif how == "reverse":
            payments.move_id._reverse_moves(cancel=True)

    def test_afterwards_payments_live_on_like_those_of_the_wizard(self):
        orders = self.orders()[:4]
        for how in ("unreconcile", "partial", "draft and post", "cancel", "reverse"):
            found = []
            for is_set in (False, True):
                with self.undone():
                    if is_set:
                        paid, reasons = self.lane().pay(orders, least=0)
                        self.assertFalse(reasons)
                    else:
                        paid = {order.key: self.wizard(order).id for order in orders}
                    self.env.flush_all()
                    payments = self.env["account.payment"].browse(
                        [paid[order.key] for order in orders]
                    )
                    payments = payments.with_context(tracking_disable=True)
                    for payment in payments:
                        self.undo(payment, how)
                    found.append(self.after(payments, orders))
            with self.subTest(how):
                self.assertEqual(found[0], found[1])

    def after(self, payments, orders):
        """Return what is left of payments and their bills, without ids and numbers."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = []
        for payment, order in zip(payments, orders, strict=True):
            bills = self.env["account.move"].browse([bill for bill, _part in order.parts])
            owed = bills.line_ids.filtered(lambda line: line.display_type == "payment_term")
            rows.append(
                [
                    (payment.state, payment.amount, payment.is_reconciled, payment.memo),
                    sorted(
                        (line.debit, line.credit, line.amount_residual, line.reconciled)
                        for line in payment.move_id.line_ids
                    ),
                    payment.move_id.state,
                    [(bill.amount_residual, bill.payment_state) for bill in bills],
                    [(line.amount_residual, bool(line.matching_number)) for line in owed],
                    len(owed.matched_credit_ids),
                    bool(owed.full_reconcile_id),
                ]
            )
        return rows

    def test_a_payment_of_the_set_prints(self):
        order = self.order(self.homes[1], self.open_bills(self.homes[1]))
        paid, reasons = self.lane().pay([order], least=0)
        self.assertFalse(reasons)
        payment = self.env["account.payment"].browse(paid[order.key])
        self.assertEqual(payment.reconciled_invoices_count, 3)
        values = payment._get_payment_receipt_report_values()
        text = self.env["ir.qweb"]._render(
            "account.report_payment_receipt_document",
            {"o": payment, "lang": "en_US", "values": values},
        )
        for shown in (payment.name, *payment.reconciled_invoice_ids.mapped("name")):
            self.assertIn(shown, str(text))

    def test_recomputed_it_is_like_a_recomputed_payment_of_the_wizard(self):
        order = self.order(self.homes[1], self.open_bills(self.homes[1]))
        found = []
        for is_set in (False, True):
            with self.undone():
                if is_set:
                    paid, reasons = self.lane().pay([order], least=0)
                    self.assertFalse(reasons)
                else:
                    paid = {order.key: self.wizard(order).id}
                self.recompute(self.env["account.payment"].browse(paid[order.key]))
                found += self.capture(paid, [order])
        names, cells = payment_lane_proof.differences(*found, SCOPE)
        self.assertEqual(names, [])
        self.assertGreater(cells, 500)

    def recompute(self, payment):
        """Make Odoo compute what a payment leaves behind once more."""
        bills = payment.reconciled_invoice_ids
        names = {
            "account.payment": ("state", "is_matched", "is_reconciled", "name", "site_id"),
            "account.move": ("amount_residual", "amount_total", "payment_state", "name", "date"),
            "account.move.line": (
                "amount_residual",
                "amount_residual_currency",
                "reconciled",
                "balance",
                "debit",
                "credit",
                "partner_id",
            ),
            "account.partial.reconcile": ("max_date", "company_id"),
        }
        lines = payment.move_id.line_ids | bills.line_ids
        self.env.flush_all()
        self.env.invalidate_all()
        for records in (payment, payment.move_id | bills, lines, lines.matched_debit_ids):
            for name in names[records._name]:
                self.env.add_to_compute(records._fields[name], records)
        self.env.flush_all()

    # What is left to the ORM ------------------------------------------------------------------

    def reasons(self, orders, lane=None):
        paid, reasons = (lane or self.lane()).pay(orders, least=0)
        self.assertEqual(len(paid), len(orders), "everything is paid either way")
        self.assertFalse(broken(self.env))
        return list(reasons)

    def test_a_bill_settled_in_part_before_goes_the_ordinary_way(self):
        bills = self.open_bills(self.homes[0])
        self.pay(bills[0], 10.0)
        order = self.order(self.homes[0], bills)
        self.assertEqual(self.reasons([order]), ["Bill settled in part before"])
        self.assertEqual(set(bills.mapped("payment_state")), {"paid"})

    def test_money_left_over_goes_the_ordinary_way_and_stays_open(self):
        bills = self.open_bills(self.homes[0])
        order = self.order(self.homes[0], bills, Decimal(5000))
        self.assertEqual(self.reasons([order]), ["Money left over"])
        payment = self.env["account.payment"].search([("memo", "=", order.memo)])
        self.assertEqual(payment.amount, 5000)
        self.assertFalse(payment.is_reconciled)

    def test_a_bill_in_two_payments_goes_the_ordinary_way(self):
        bill = self.open_bills(self.homes[0])[:1]
        half = (Decimal(str(bill.amount_residual)) / 2).quantize(Decimal("0.01"))
        orders = [self.order(self.homes[0], bill, half, key=key) for key in (1, 2)]
        self.assertEqual(self.reasons(orders), ["Bill in two payments"])

    def test_a_bill_of_another_payer_goes_the_ordinary_way(self):
        order = self.order(self.homes[0], self.open_bills(self.homes[0]))
        child = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": order.partner_id, "type": "contact"}
        )
        order = PaymentOrder(**{**order.__dict__, "partner_id": child.id})
        self.assertEqual(self.reasons([order]), ["Payer and bills differ"])

    def test_a_journal_secured_by_hashes_goes_the_ordinary_way(self):
        self.bank.restrict_mode_hash_table = True
        order = self.order(self.homes[0], self.open_bills(self.homes[0]))
        self.assertEqual(self.reasons([order]), ["Journal secured by hashes"])

    def test_an_account_of_its_own_kind_goes_the_ordinary_way(self):
        self.method(self.bank).payment_account_id = self.bank.default_account_id
        order = self.order(self.homes[0], self.open_bills(self.homes[0]))
        self.assertEqual(self.reasons([order]), ["Payment method with an account of its own kind"])

    def test_an_unknown_module_sends_everything_the_ordinary_way(self):
        lane = self.lane()
        lane.unknown = ["account_of_somebody"]
        order = self.order(self.homes[0], self.open_bills(self.homes[0]))
        self.assertEqual(self.reasons([order], lane), ["Unknown modules take part in payments"])

    @mute_logger("odoo.addons.property_billing.models.posting_lane")
    def test_a_difference_sends_its_pattern_the_ordinary_way(self):
        orders = [self.order(home, self.open_bills(home)) for home in self.homes[:4]]
        real = payment_lane_sql.PAYMENT
        with patch.object(payment_lane_sql, "PAYMENT", {**real, "is_sent": "true"}):
            (reason,) = self.reasons(orders)
        self.assertEqual(reason, "Differs from Odoo's own in payment.is_sent")
        payments = self.env["account.payment"].search([("memo", "in", [o.memo for o in orders])])
        self.assertEqual(set(payments.mapped("is_sent")), {False})

    def test_the_census_knows_who_has_a_say(self):
        lane = self.lane()
        self.assertEqual(lane.unknown, [])
        self.assertIn("account.payment.action_post", lane.census["account_payment"])
        self.assertIn("account.partial.reconcile.create", lane.census["property_billing"])

    def test_numbers_go_on_where_others_left_off(self):
        self.lane().pay([self.order(self.homes[0], self.open_bills(self.homes[0]))])
        orders = [self.order(home, self.open_bills(home)) for home in self.homes[1:5]]
        paid, _reasons = self.lane().pay(orders, least=0)
        self.lane().pay([self.order(self.homes[6], self.open_bills(self.homes[6]))])
        moves = self.env["account.move"].search(
            [("journal_id", "=", self.bank.id), ("state", "=", "posted")]
        )
        self.assertEqual(sorted(moves.mapped("sequence_number")), [1, 2, 3, 4, 5, 6])
        self.assertFalse(moves.filtered("made_sequence_gap"))
        self.assertEqual(len(paid), 4)
