"""Late fees of a household that changes hands: they are the seller's, as the late bills are."""

from datetime import date

from odoo.tests import tagged

from .test_settlement import SettlementCommon

AUGUST = {"date_from": date(2026, 8, 1), "date_to": date(2026, 8, 31)}


@tagged("post_install", "-at_install")
class TestSettlementLateFees(SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.management.late_fee_policy_id = cls.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "legal_basis": "Clause 7",
                "rate_ids": [(0, 0, {"date_from": "2020-01-01", "rate": 0.0005})],
            }
        )

    def test_late_fees_billed_in_the_month_of_the_sale_do_not_hold_it_up(self):
        late = self.bill(self.management, **AUGUST)._property_crystallise_late_fees()
        self.assertIn(self.unit, late.unit_id)
        settlement = self.transfer(day=date(2026, 9, 25))
        settlement.with_user(self.users["finance"]).action_bill()
        self.assertTrue(settlement.billed_at)
        self.assertNotIn("late_fee", settlement.run_ids.item_ids.mapped("category"))

    def test_late_fees_on_the_sellers_bills_stay_his_however_often_they_are_looked_at(self):
        bill = self.bill_of(self.bill(self.management, **AUGUST), self.unit, self.management)
        settlement = self.transfer(day=date(2026, 9, 1))
        # what is late only grows on days of the buyer
        late = bill._property_crystallise_late_fees()
        self.assertGreaterEqual(late.property_charge_id.date_from, settlement.date)
        for _time in range(2):
            settlement.with_user(self.users["finance"]).action_bill()
        fees = bill.late_fee_move_ids.filtered(lambda move: move.state == "posted")
        self.assertEqual(fees.partner_id, settlement.seller_id)
        self.assertFalse(settlement.charge_ids.filtered("late_fee_bill_id"))
