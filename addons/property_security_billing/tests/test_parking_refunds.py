from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingRefunds(ParkingMoneyCommon):
    """What is given back is asked for, approved by another, credited and paid."""

    def setUp(self):
        super().setUp()
        self.stay = self.arrive()
        self.leave("2026-02-02 10:30")
        self.payment = self.collect(self.stay, "2026-02-02 10:33", 15)

    def ask(self, amount, payment=None, user="cashier", **vals):
        refund = (
            self.env["property.parking.refund"]
            .with_user(self.users[user])
            .create(
                {
                    "payment_id": (payment or self.payment).id,
                    "amount": amount,
                    "date": "2026-02-03",
                    "reason": "Gate was broken",
                    **vals,
                }
            )
        )
        refund.action_submit()
        return refund

    def approve(self, refund, user="finance"):
        refund.with_user(self.users[user]).action_approve()
        return refund.sudo()

    def pay_out(self, refund, user="cashier"):
        refund.with_user(self.users[user]).action_pay_out()
        return refund.sudo()

    def test_a_part_is_credited_with_its_vat_and_paid_back(self):
        refund = self.approve(self.ask(5))
        note = refund.move_id
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 5))
        self.assertAlmostEqual(note.amount_tax, 0.41)
        self.assertEqual((refund.way, refund.payout_state), ("cash", "to_pay"))
        self.pay_out(refund)
        self.assertEqual(refund.payout_state, "done")
        self.assertEqual(note.amount_residual, 0)
        self.assertEqual(refund.account_payment_id.amount, 5)
        self.assertEqual((self.payment.amount_refunded, self.payment.amount_net), (5, 10))
        self.assertEqual((self.payment.state, self.ledger("asset_receivable")), ("booked", 0))
        self.assertTrue(self.stay.is_settled)

    def test_all_of_it_back_frees_the_stay_to_be_voided(self):
        self.approve(self.ask(15))
        self.assertEqual((self.payment.state, self.payment.amount_net), ("refunded", 0))
        self.assertFalse(self.stay.is_settled)
        self.stay.with_user(self.users["manager"]).action_void()
        self.assertEqual(self.stay.state, "void")

    def test_nobody_approves_his_own_request_and_never_more_than_was_paid(self):
        with self.assertRaises(UserError):
            self.ask(16)
        own = self.ask(5, user="finance")
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.approve(own)
        first, second = self.ask(10), self.ask(10)
        self.approve(first)
        with self.assertRaisesRegex(UserError, "Only"):
            self.approve(second)

    def test_a_cashier_asks_but_does_not_approve_and_a_guard_sees_nothing(self):
        refund = self.ask(5, user="manager")
        with self.assertRaises(UserError):
            self.approve(refund, user="cashier")
        with self.assertRaises(AccessError):
            refund.with_user(self.users["guard"]).read(["amount"])
        with self.assertRaises(AccessError):
            self.ask(1, user="guard")

    def test_what_was_paid_twice_goes_back_without_a_credit_note(self):
        stay = self.arrive("2026-02-03 08:00", "苏E77777")
        for _phone in range(2):
            tx = self.new_transaction(stay, 10, "2026-02-03 09:59")
            self.arrive_money(tx, "2026-02-03 10:00")
        twice = stay.payment_ids.filtered("amount_excess")
        self.assertEqual(twice.action_refund()["context"]["default_amount"], 10)
        journal = self.pos.journal_id.id
        refund = self.approve(self.ask(10, payment=twice, journal_id=journal))
        self.assertEqual((refund.way, refund.payout_state), ("transfer", "done"))
        self.assertFalse(refund.move_id)
        self.assertEqual((twice.state, twice.amount_net), ("refunded", 0))
        self.assertEqual(self.ledger("asset_receivable"), 0)
        self.assertEqual(stay.amount_paid, 10)
