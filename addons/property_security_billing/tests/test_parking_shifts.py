"""Lane money is counted with the cashier's shift: what is in the drawer is what was taken."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingShifts(ParkingMoneyCommon):
    def take(self, number, tender=None):
        stay = self.arrive(plate=f"苏E{number:05d}")
        self.leave("2026-02-02 10:30", stay.plate)
        return self.collect(stay, "2026-02-02 10:33", 15, tender=tender)

    def figures(self, shift):
        return {one["method"]: (one["expected"], one["count"]) for one in shift._figures()}

    def refund(self, payment, amount):
        refund = (
            self.env["property.parking.refund"]
            .with_user(self.users["cashier"])
            .create({"payment_id": payment.id, "amount": amount, "reason": "Gate was broken"})
        )
        refund.action_submit()
        refund.with_user(self.users["finance"]).action_approve()
        return refund

    def test_nobody_takes_money_without_an_open_shift_on_that_site(self):
        stay = self.arrive()
        stay = stay.with_user(self.users["cashier"])
        with self.assertRaisesRegex(UserError, "Open your shift"):
            stay._take_at_lane(self.cash, 15, "no-shift")
        self.env["property.cashier.shift"].with_user(self.users["director"])._open(self.other_site)
        with self.assertRaisesRegex(UserError, "Open your shift"):
            stay.with_user(self.users["director"])._take_at_lane(self.cash, 15, "other-site")
        self.assertFalse(stay.sudo().payment_ids)

    def test_cash_and_slips_of_the_lane_are_expected_at_handing_over(self):
        shift = self.open_shift(amount_float=100)
        for payment in (self.take(1), self.take(2), self.take(3, self.pos)):
            self.assertEqual(payment.shift_id, shift)
        self.assertEqual(self.figures(shift), {self.cash: (130, 2), self.pos: (15, 1)})
        self.assertEqual((shift.amount_parking, shift.amount_received), (45, 45))

    def test_a_drawer_that_is_short_has_to_be_explained_and_the_report_names_the_lane(self):
        shift = self.open_shift(amount_float=100)
        self.take(1)
        with self.assertRaisesRegex(UserError, "115"):
            shift._close({"100": 1}, {}, {})
        shift._close({"100": 1, "10": 1, "5": 1}, {}, {})
        self.assertEqual((shift.state, shift.amount_difference), ("closed", 0))
        report = shift._report()
        self.assertEqual((report["received"], report["taking_count"]), (15, 1))
        self.assertEqual([row["amount"] for row in report["parking"]], [15])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.report_cashier_shift", shift.ids
        )[0]
        self.assertIn(self.area.name, html.decode())
        self.assertIn("Parking Fees", html.decode())
        self.assertNotIn("Charge item", html.decode(), "nothing was collected at the counter")

    def test_a_closed_shift_takes_no_more_money_and_pays_none_out(self):
        shift = self.open_shift(amount_float=100)
        refund = self.refund(self.take(1), 5)
        shift._close({"100": 1, "10": 1, "5": 1}, {}, {})
        stay = self.arrive(plate="苏E00009").with_user(self.users["cashier"])
        with self.assertRaisesRegex(UserError, "Open your shift"):
            stay._take_at_lane(self.cash, 15, "late")
        with self.assertRaisesRegex(UserError, "Open your shift"):
            refund.action_pay_out()
        self.assertEqual(refund.payout_state, "to_pay")

    def test_cash_given_back_leaves_the_drawer_of_the_shift_that_paid_it(self):
        shift = self.open_shift(amount_float=100)
        refund = self.refund(self.take(1), 5)
        self.assertEqual(self.figures(shift)[self.cash], (115, 1))
        refund.action_pay_out()
        self.assertEqual((refund.payout_state, refund.shift_id), ("done", shift))
        self.assertEqual(self.figures(shift)[self.cash], (110, 2))
        self.assertEqual([row["amount"] for row in shift._report()["parking_refunds"]], [5])
        with self.assertRaisesRegex(UserError, "not possible now"):
            refund.action_pay_out()
        self.assertEqual(self.figures(shift)[self.cash], (110, 2))

    def test_an_empty_drawer_pays_nothing_out(self):
        shift = self.open_shift(amount_float=0)
        refund = self.refund(self.take(1), 15)
        bank = self.pos.journal_id
        shift._deposit(10.0, bank)
        with self.assertRaisesRegex(UserError, "drawer"):
            refund.action_pay_out()
        self.assertEqual(refund.payout_state, "to_pay")

    def test_lane_cash_can_be_taken_to_the_bank(self):
        shift = self.open_shift(amount_float=0)
        self.take(1)
        shift._deposit(15.0, self.pos.journal_id)
        self.assertEqual(self.figures(shift)[self.cash], (0, 1))
        with self.assertRaisesRegex(UserError, "drawer"):
            shift._deposit(1.0, self.pos.journal_id)

    def test_only_a_cashier_pays_cash_out(self):
        refund = self.refund(self.take(1), 5)
        for role in ("finance", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                refund.with_user(self.users[role]).action_pay_out()

    def test_booked_takings_are_not_taken_back_to_draft(self):
        payment = self.take(1)
        with self.assertRaisesRegex(UserError, "Refund"):
            payment.account_payment_id.action_draft()
        for move in (payment.move_id, payment.account_payment_id.move_id):
            with self.assertRaisesRegex(UserError, "Refund"):
                move.button_draft()
