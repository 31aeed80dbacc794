from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ParkingMoneyCommon

HOME = "浙A8K888"


@tagged("post_install", "-at_install")
class TestParkingBalance(ParkingMoneyCommon):
    """Who has agreed to it pays from his prepaid balance, once for a stay, without stopping."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle._set_auto_pay(cls.owner, True)

    def keep(self, amount, item=None, payer=None):
        return self.env["property.prepayment"]._receive(
            self.unit,
            payer or self.owner,
            amount,
            self.cash.journal_id,
            item=item,
            date="2026-01-05",
        )

    def test_the_fee_is_taken_at_the_exit_and_the_car_does_not_stop(self):
        money = self.keep(100)
        stay = self.arrive(plate=HOME)
        out = self.leave("2026-02-02 10:30", HOME)
        self.assertEqual((out.action, stay.state, stay.is_settled), ("open", "left", True))
        payment = stay.payment_ids
        self.assertEqual(
            (payment.method, payment.amount, payment.partner_id), ("balance", 15, self.owner)
        )
        invoice = payment.move_id
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (15, 0))
        self.assertEqual((invoice.partner_id, invoice.unit_id), (self.owner, self.unit))
        self.assertEqual(money.amount_left, 85)
        self.assertFalse(payment.account_payment_id)

    def test_money_earmarked_for_something_else_is_not_touched(self):
        other = self.item.copy({"code": "ANDERS", "name": "Other"})
        self.keep(100, item=other)
        stay = self.arrive(plate=HOME)
        self.assertEqual(self.leave("2026-02-02 10:30", HOME).action, "pay")
        self.keep(100, item=self.item)
        self.assertEqual(self.leave("2026-02-02 10:40", HOME).action, "open")
        self.assertEqual((stay.state, stay.amount_paid), ("left", 15))

    def test_where_the_balance_is_too_small_the_driver_pays_by_phone(self):
        money = self.keep(14)
        stay = self.arrive(plate=HOME)
        held = self.leave("2026-02-02 10:30", HOME)
        self.assertEqual((held.action, money.amount_left), ("pay", 14))
        self.collect(stay, "2026-02-02 10:31", 15)
        self.assertEqual((stay.state, money.amount_left), ("left", 14))

    def test_it_is_taken_once_for_a_stay(self):
        money = self.keep(100)
        stay = self.arrive(plate=HOME)
        passage = self.leave("2026-02-02 10:30", HOME)
        self.assertFalse(stay._pay_from_balance(passage))
        self.assertEqual((len(stay.payment_ids), money.amount_left), (1, 85))

    def test_a_day_s_summary_leaves_it_an_invoice_of_its_own(self):
        self.area.booking = "daily"
        self.keep(100)
        stay = self.arrive(plate=HOME)
        self.leave("2026-02-02 10:30", HOME)
        self.assertEqual(
            (stay.payment_ids.state, stay.payment_ids.move_id.partner_id), ("booked", self.owner)
        )

    def test_nobody_pays_without_having_agreed_and_the_word_is_dated_and_taken_back(self):
        self.assertTrue(self.vehicle.auto_pay_at)
        self.vehicle._set_auto_pay(self.owner, False)
        self.assertFalse(self.vehicle.auto_pay_at)
        self.keep(100)
        self.arrive(plate=HOME)
        self.assertEqual(self.leave("2026-02-02 10:30", HOME).action, "pay")
        with self.assertRaises(UserError):
            self.vehicle._set_auto_pay(self.tenant, True)

    def test_a_car_that_changes_hands_no_longer_pays(self):
        self.vehicle.partner_id = self.buyer
        self.assertFalse(self.vehicle.auto_pay_partner_id)

    def test_an_erased_person_has_agreed_to_nothing_and_asked_for_nothing(self):
        requests = self.env["property.vehicle.request"]
        requests._ask(self.unit, self.owner, "add", "浙B12345")
        self.owner._property_erase()
        self.assertFalse(self.vehicle.auto_pay_partner_id)
        self.assertFalse(requests.search([("partner_id", "=", self.owner.id)]))

    def test_a_refund_goes_back_to_the_balance(self):
        self.keep(15)
        stay = self.arrive(plate=HOME)
        self.leave("2026-02-02 10:30", HOME)
        refund = (
            self.env["property.parking.refund"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "payment_id": stay.payment_ids.id,
                    "amount": 15,
                    "date": "2026-02-03",
                    "reason": "Broken gate",
                }
            )
        )
        refund.action_submit()
        refund.with_user(self.users["finance"]).action_approve()
        kept = self.env["property.prepayment"]._open(self.unit, self.owner)
        self.assertEqual(sum(kept.mapped("amount_left")), 15)
        self.assertFalse(refund.sudo().account_payment_id)


@tagged("post_install", "-at_install")
class TestPlateRequests(ParkingMoneyCommon):
    def ask(self, plate="浙B12345", kind="add"):
        return self.env["property.vehicle.request"]._ask(self.unit, self.owner, kind, plate)

    def test_the_desk_confirms_a_plate_and_it_belongs_to_the_household(self):
        request = self.ask("浙b·12345")
        with self.assertRaises(AccessError):
            request.with_user(self.users["guard"]).action_confirm()
        request.with_user(self.users["service"]).action_confirm()
        vehicle = self.env["property.vehicle"].search([("plate", "=", "浙B12345")])
        self.assertEqual((vehicle.unit_id, vehicle.partner_id), (self.unit, self.owner))
        self.assertEqual(request.state, "done")
        with self.assertRaises(UserError):
            request.with_user(self.users["service"]).action_confirm()
        self.ask(kind="remove").with_user(self.users["service"]).action_confirm()
        self.assertFalse(vehicle.active)

    def test_a_plate_of_somebody_else_is_not_given_away(self):
        self.env["property.vehicle"].create({"plate": "浙B12345", "unit_id": self.unit_2.id})
        request = self.ask()
        with self.assertRaisesRegex(UserError, "registered"):
            request.with_user(self.users["service"]).action_confirm()
        request.with_user(self.users["service"]).reason = "It belongs to a neighbour"
        request.with_user(self.users["service"]).action_refuse()
        self.assertEqual(request.state, "refused")

    def test_what_makes_no_sense_is_refused_at_once(self):
        self.ask()
        for plate, kind in (
            ("浙B12345", "add"),
            ("abc", "add"),
            ("浙A8K888", "add"),
            ("浙C12345", "remove"),
        ):
            with self.subTest(plate=plate, kind=kind), self.assertRaises(UserError):
                self.ask(plate, kind)
