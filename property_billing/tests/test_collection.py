"""Taking money: what is settled, with what, exactly once; and taking it back."""

from datetime import date
from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .counter_common import CounterCommon, D


@tagged("post_install", "-at_install")
class TestCollection(CounterCommon):
    def residuals(self):
        bills = self.bill | self.space_bill | self.tenant_bill
        bills.invalidate_recordset(["amount_residual", "payment_state"])
        return bills.mapped("amount_residual")

    def test_cash_with_change_settles_the_bills_of_two_payers(self):
        taking = self.collect(
            [(self.bill, "200.50"), (self.space_bill, "150"), (self.tenant_bill, "60")],
            [("cash", "500")],
        )
        self.assertEqual(self.residuals(), [0, 0, 0])
        self.assertEqual((taking.amount, taking.amount_received), (410.50, 410.50))
        self.assertEqual(taking.amount_change, 89.50)
        self.assertEqual(
            {one.partner_id: one.amount for one in taking.payment_ids},
            {self.owner: 350.50, self.tenant: 60.00},
        )
        self.assertEqual(self.receivable(self.owner), 0)
        self.assertEqual(self.receivable(self.tenant), 0)
        self.assertEqual(taking.receipt_ids.payment_ids, taking.payment_ids)
        self.assertEqual(taking.shift_id, self.shift)
        self.assertEqual(taking.payment_ids.site_id, self.site)

    def test_cash_is_in_the_drawer_at_once(self):
        taking = self.collect([(self.bill, "200.50")], [("cash", "200.50")])
        drawer = self.methods["cash"].journal_id.default_account_id
        line = taking.payment_ids.move_id.line_ids.filtered(lambda one: one.account_id == drawer)
        self.assertEqual(line.debit, 200.50)
        self.assertEqual(taking.payment_ids.state, "paid")

    def test_several_tenders_make_one_payment_each(self):
        taking = self.collect(
            [(self.bill, "200.50"), (self.space_bill, "150")],
            [("pos", "300"), ("wechat", "30.50"), ("cash", "20")],
        )
        self.assertEqual(self.residuals(), [0, 0, 60])
        self.assertEqual(sorted(taking.payment_ids.mapped("amount")), [20, 30.50, 300])
        self.assertEqual(
            {one.method_id.kind: one.amount for one in taking.tender_ids},
            {"pos": 300, "wechat": 30.50, "cash": 20},
        )
        self.assertIn("REF", taking.payment_ids[0].memo)

    def test_parts_of_several_bills_are_settled_exactly(self):
        taking = self.collect(
            [(self.bill, "100.25"), (self.space_bill, "70.01"), (self.tenant_bill, "60")],
            [("cash", "230.26")],
        )
        self.assertEqual(self.residuals(), [100.25, 79.99, 0])
        self.assertEqual(sum(taking.line_ids.mapped("amount")), 230.26)
        self.assertEqual(len(taking.payment_ids), 3)

    def test_the_same_token_never_takes_money_twice(self):
        token = str(uuid4())
        first = self.collect([(self.bill, "200.50")], [("cash", "200.50")], token=token)
        again = self.collect([(self.bill, "200.50")], [("cash", "200.50")], token=token)
        self.assertEqual(first, again)
        self.assertEqual(len(first.payment_ids), 1)
        with self.assertRaisesRegex(UserError, "finished already"):
            self.collect(
                [(self.bill, "200.50")], [("cash", "200.50")], token=token, user=self.finance
            )

    def test_a_bill_somebody_else_settled_meanwhile_is_refused(self):
        self.collect([(self.bill, "100")], [("cash", "100")])
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            self.collect([(self.bill, "200.50")], [("cash", "200.50")])
        with self.assertRaisesRegex(UserError, "changed meanwhile"):
            self.collect(
                [(self.bill, "50")],
                [("cash", "50")],
                expected={self.bill: (D("200.50"), D(0))},
            )
        self.assertEqual(self.residuals()[0], 100.50)

    def test_a_late_fee_becomes_a_bill_and_is_paid_with_its_bill(self):
        with self.late_fees({self.bill: "3.21"}):
            taking = self.collect(
                [(self.bill, "200.50")],
                [("cash", "203.71")],
                late_fees={self.bill: D("3.21")},
                expected={self.bill: (D("200.50"), D("3.21"))},
            )
        fee = self.env["account.move"].search([("late_fee_bill_id", "=", self.bill.id)])
        self.assertEqual((fee.amount_total, fee.amount_residual), (3.21, 0))
        self.assertEqual(taking.amount, 203.71)
        self.assertEqual(taking.line_ids.move_id, self.bill | fee)

    def test_a_late_fee_that_grew_is_refused(self):
        with self.late_fees({self.bill: "3.21"}), self.assertRaisesRegex(UserError, "changed"):
            self.collect(
                [(self.bill, "200.50")],
                [("cash", "203.61")],
                late_fees={self.bill: D("3.11")},
                expected={self.bill: (D("200.50"), D("3.11"))},
            )

    def test_a_prepayment_pays_and_money_the_rest(self):
        prepayment = self.prepay(self.owner, 220.00)
        taking = self.collect(
            [(self.bill, "200.50"), (self.space_bill, "150")],
            [("prepayment", "220"), ("cash", "130.50")],
        )
        self.assertEqual(self.residuals(), [0, 0, 60])
        prepayment.invalidate_recordset(["amount_left"])
        self.assertEqual(prepayment.amount_left, 0)
        self.assertEqual((taking.amount_used, taking.amount_received), (220, 130.50))

    def test_part_of_a_prepayment_is_used_exactly(self):
        prepayment = self.prepay(self.owner, 500.00)
        self.collect([(self.bill, "200.50")], [("prepayment", "50"), ("cash", "150.50")])
        prepayment.invalidate_recordset(["amount_left"])
        self.assertEqual((self.residuals()[0], prepayment.amount_left), (0, 450))

    def test_a_prepayment_that_would_pay_more_than_told_is_refused(self):
        self.prepay(self.owner, 500.00)
        with self.assertRaisesRegex(UserError, "in part only"):
            self.collect([(self.bill, "100")], [("prepayment", "100")])
        self.assertEqual(self.residuals()[0], 200.50)

    def test_a_prepayment_is_only_used_for_its_payer_and_item(self):
        self.prepay(self.tenant, 500.00)
        self.prepay(self.owner, 500.00, item=self.parking)
        with self.assertRaisesRegex(UserError, "can be used"):
            self.collect([(self.bill, "200.50")], [("prepayment", "200.50")])
        self.collect([(self.space_bill, "150")], [("prepayment", "150")])
        self.assertEqual(self.residuals(), [200.50, 0, 60])

    def test_what_is_paid_ahead_stays_with_the_payer(self):
        taking = self.collect(
            [(self.bill, "200.50")],
            [("cash", "1000"), ("pos", "100.50")],
            advances=[
                {
                    "unit": self.unit,
                    "payer": self.owner,
                    "item": None,
                    "amount": D("600"),
                    "note": "2 months",
                }
            ],
        )
        kept = taking.line_ids.prepayment_id
        self.assertEqual(sum(kept.mapped("amount_left")), 600)
        self.assertEqual(taking.amount_received, 800.50)
        self.assertEqual(taking.amount_change, 300)
        self.assertEqual(sum(taking.payment_ids.mapped("amount")), 800.50)
        self.assertEqual(self.residuals()[0], 0)

    def test_bad_input_is_refused_with_what_to_do(self):
        cases = (
            ([], [("cash", "10")], "Choose at least one bill"),
            ([(self.bill, "200.50")], [("cash", "100")], "is missing"),
            ([(self.bill, "200.50")], [("pos", "300")], "only cash can be changed"),
            ([(self.bill, "200.51")], [("cash", "300")], "changed meanwhile"),
            ([(self.bill, "-1")], [("cash", "1")], "changed meanwhile"),
            ([(self.bill, "100")], [("cash", "-1"), ("pos", "101")], "positive"),
        )
        for bills, tenders, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self.collect(bills, tenders)
        self.assertEqual(self.residuals(), [200.50, 150, 60])
        self.assertFalse(self.env["property.collection"].search([("shift_id", "=", self.shift.id)]))

    def test_a_method_that_needs_a_reference_asks_for_it(self):
        method = self.methods["cheque"]
        self.assertTrue(method.needs_reference)
        with self.assertRaisesRegex(UserError, "number of the slip"):
            self.env["property.collection"].with_user(self.cashier)._collect(
                [(self.bill, D("200.50"))], [{"method": method, "amount": D("200.50")}]
            )

    def test_bills_of_a_foreign_site_are_out_of_reach(self):
        other = self.other_unit
        foreign = self.new_bill(other, self.other_owner, 10.0)
        with self.assertRaises(AccessError):
            self.collect([(foreign, "10")], [("cash", "10")])
        with self.assertRaisesRegex(UserError, "one site at a time"):
            self.env["property.collection"]._collect(
                [(self.bill, D("1")), (foreign, D("1"))],
                [{"method": self.methods["cash"], "amount": D("2")}],
            )

    def test_roles_without_payments_take_no_money(self):
        for role in ("service", "engineer"):
            user = self.new_staff(f"counter.{role}", self.new_job(role), self.site)
            with self.subTest(role), self.assertRaises(AccessError):
                self.collect([(self.bill, "10")], [("cash", "10")], user=user)

    def test_taking_many_bills_needs_few_queries_a_bill(self):
        def taking(count):
            bills = self.env["account.move"].concat(
                *(self.new_bill(self.unit, self.owner, 10.0 + i) for i in range(count))
            )
            pairs = [(bill, str(bill.amount_residual)) for bill in bills]
            total = str(sum(bills.mapped("amount_residual")))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.collect(pairs, [("cash", total)])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        taking(1)
        few, many = taking(2), taking(22)
        self.assertLess((many - few) / 20, 9)

    # === Undo ===

    def test_undoing_opens_the_bills_again_and_cancels_the_payments(self):
        taking = self.collect([(self.bill, "200.50"), (self.tenant_bill, "60")], [("cash", "300")])
        taking._undo("Wrong household")
        self.assertEqual(self.residuals(), [200.50, 150, 60])
        self.assertEqual(set(taking.payment_ids.mapped("state")), {"canceled"})
        self.assertEqual(set(taking.payment_ids.move_id.mapped("state")), {"cancel"})
        self.assertEqual((taking.state, taking.undo_reason), ("undone", "Wrong household"))
        self.assertEqual(taking.undone_by_id, self.cashier)
        self.assertEqual(self.receivable(self.owner), 350.50)
        entry = self.env["property.audit"].search(
            [("model", "=", "property.collection"), ("res_id", "=", taking.id)], limit=1
        )
        self.assertEqual((entry.reason, entry.user_id), ("Wrong household", self.cashier))
        self.collect([(self.bill, "200.50")], [("pos", "200.50")])
        self.assertEqual(self.residuals()[0], 0)

    def test_undoing_gives_prepayments_back(self):
        prepayment = self.prepay(self.owner, 220.00)
        older = self.new_bill(self.unit, self.owner, 20.0, month=8)
        self.collect([(older, "20")], [("prepayment", "20")])
        taking = self.collect([(self.bill, "200.50")], [("prepayment", "200"), ("cash", "0.50")])
        taking._undo("Pays in cash after all")
        prepayment.invalidate_recordset(["amount_left"])
        self.assertEqual((prepayment.amount_left, self.residuals()[0]), (200, 200.50))
        self.assertEqual(older.amount_residual, 0)

    def test_an_undo_needs_a_reason_an_open_shift_and_the_right_person(self):
        taking = self.collect([(self.bill, "200.50")], [("cash", "200.50")])
        with self.assertRaisesRegex(UserError, "Say why"):
            taking._undo(" ")
        colleague = self.new_staff("counter.other", self.new_job("cashier"), self.site)
        with self.assertRaisesRegex(UserError, "took this money"):
            taking.with_user(colleague)._undo("Not mine")
        self.shift._close({"100": 4, "0.5": 1}, {}, {})
        with self.assertRaisesRegex(UserError, "is closed"):
            taking._undo("Too late")
        self.assertEqual(taking.state, "done")

    def test_finance_may_undo_and_nobody_twice(self):
        taking = self.collect([(self.bill, "200.50")], [("cash", "200.50")])
        taking.with_user(self.finance)._undo("Asked by the cashier")
        with self.assertRaisesRegex(UserError, "undone already"):
            taking._undo("Again")

    def test_a_used_advance_is_not_undone(self):
        taking = self.collect(
            [],
            [("cash", "300")],
            advances=[{"unit": self.unit, "payer": self.owner, "item": None, "amount": D("300")}],
        )
        self.collect([(self.bill, "200.50")], [("prepayment", "200.50")])
        with self.assertRaisesRegex(UserError, "used already"):
            taking._undo("Changed his mind")

    def test_payments_of_the_counter_are_not_cancelled_behind_it(self):
        taking = self.collect([(self.bill, "200.50")], [("cash", "200.50")])
        payment = taking.payment_ids.with_user(self.finance)
        for method in ("action_draft", "action_cancel", "unlink"):
            with self.subTest(method), self.assertRaisesRegex(UserError, "Undo that taking"):
                getattr(payment.with_context(property_counter_undo=True), method)()
        with self.assertRaisesRegex(UserError, "Undo that taking"):
            payment.move_id.button_draft()
        self.assertFalse(payment.move_id.show_reset_to_draft_button)

    def test_what_was_taken_cannot_be_edited_or_deleted(self):
        taking = self.collect([(self.bill, "200.50")], [("cash", "200.50")])
        with self.assertRaises(AccessError):
            taking.write({"amount": 1})
        with self.assertRaises(AccessError):
            taking.with_user(self.finance).write({"state": "undone"})
        with self.assertRaises(UserError):
            taking.sudo().unlink()
        self.assertEqual(taking.date, date.today())
