from odoo.tests import tagged

from odoo.addons.property_security.tests.common import utc

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingOnline(ParkingMoneyCommon):
    """Money from a provider arrives once, late, twice or for nothing; all of it is in the books."""

    def test_a_driver_pays_on_the_phone_and_the_barrier_opens(self):
        stay = self.arrive()
        held = self.leave("2026-02-02 10:30")
        tx = self.arrive_money(
            self.new_transaction(stay, 15, "2026-02-02 10:30"), "2026-02-02 10:32"
        )
        self.assertEqual((held.action, stay.state, stay.is_settled), ("open", "left", True))
        payment = stay.payment_ids
        self.assertEqual((payment.method, payment.transaction_id), ("online", tx))
        self.assertEqual(payment.account_payment_id, tx.payment_id)
        self.assertEqual((payment.move_id.amount_total, payment.move_id.amount_residual), (15, 0))
        self.assertFalse(payment.lane_id)

    def test_the_provider_s_message_twice_is_one_payment(self):
        stay = self.arrive()
        tx = self.new_transaction(stay, 10, "2026-02-02 10:00")
        for at in ("2026-02-02 10:01", "2026-02-02 10:02"):
            self.arrive_money(tx, at)
        tx._parking_receive({})
        self.assertEqual(len(stay.payment_ids), 1)
        self.assertEqual(self.ledger("asset_receivable"), 0)

    def test_a_message_that_takes_minutes_pays_the_fee_the_driver_saw(self):
        stay = self.arrive()
        self.arrive_money(self.new_transaction(stay, 10, "2026-02-02 09:59"), "2026-02-02 10:03")
        self.assertEqual(self.leave("2026-02-02 10:10").action, "open")
        self.assertEqual((stay.amount_paid, stay.payment_ids.amount_excess), (10, 0))

    def test_two_phones_that_pay_the_same_stay_pay_it_once_and_the_other_is_noted(self):
        stay = self.arrive()
        first, second = (self.new_transaction(stay, 10, "2026-02-02 09:59") for _phone in range(2))
        self.arrive_money(first, "2026-02-02 10:00")
        self.arrive_money(second, "2026-02-02 10:01")
        self.assertEqual(stay.amount_paid, 10)
        twice = stay.payment_ids.filtered("amount_excess")
        self.assertEqual((twice.transaction_id, twice.amount, twice.amount_excess), (second, 0, 10))
        self.assertFalse(twice.move_id)
        self.assertEqual(self.ledger("asset_receivable"), -10)

    def test_money_for_a_payment_that_was_given_up_is_taken_all_the_same(self):
        stay = self.arrive()
        tx = self.new_transaction(stay, 10, "2026-02-02 10:00")
        tx._set_canceled()
        self.arrive_money(tx, "2026-02-02 10:02")
        self.assertEqual((tx.state, stay.amount_paid), ("done", 10))

    def test_money_of_a_provider_that_was_switched_off_meanwhile_is_booked(self):
        stay = self.arrive()
        tx = self.new_transaction(stay, 10, "2026-02-02 10:00")
        self.provider.state = "disabled"
        self.arrive_money(tx, "2026-02-02 10:02")
        self.assertEqual((stay.amount_paid, stay.payment_ids.state), (10, "booked"))
        self.assertEqual(stay.payment_ids.account_payment_id.journal_id.type, "bank")
        self.assertEqual(self.ledger("asset_receivable"), 0)

    def test_money_after_the_car_has_left_pays_what_is_still_due(self):
        stay = self.arrive()
        tx = self.new_transaction(stay, 15, "2026-02-02 10:30")
        self.leave("2026-02-02 10:31", source="manual")
        self.assertEqual(stay.amount_open, 15)
        self.arrive_money(tx, "2026-02-02 10:40")
        self.assertEqual((stay.amount_open, stay.is_settled), (0, True))
        self.assertEqual(stay.payment_ids.quoted_at, utc("2026-02-02 10:30"))
