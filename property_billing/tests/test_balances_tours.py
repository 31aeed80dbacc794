from datetime import date

from odoo.tests import HttpCase, tagged

from .balances_common import BalancesCommon


@tagged("post_install", "-at_install")
class TestBalancesTours(HttpCase, BalancesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.cash.with_context(lang=lang).name = "Till"
        (cls.owner | cls.buyer).email = False

    def test_a_prepayment_is_taken_and_a_run_uses_it(self):
        self.start_tour("/odoo", "property_prepayment_receive", login="staff.cashier", timeout=120)
        prepayment = self.env["property.prepayment"].search([("unit_id", "=", self.unit.id)])
        self.assertEqual(prepayment.create_uid, self.users["cashier"])
        self.bill(self.management)
        self.start_tour("/odoo", "property_prepayment_applied", login="staff.cashier", timeout=120)

    def test_a_deposit_is_taken_deducted_from_and_paid_back(self):
        self.start_tour("/odoo", "property_deposit_cashier", login="staff.cashier", timeout=120)
        self.start_tour("/odoo", "property_deposit_finance", login="staff.finance", timeout=120)
        deposit = self.env["property.deposit"].search([("unit_id", "=", self.unit.id)])
        self.assertEqual(deposit.amount_left, 1650.0)
        request = deposit.request_ids.filtered(lambda one: one.approval_state == "submitted")
        request.with_user(self.users["manager"]).action_approve()
        deposit.invalidate_recordset()
        self.assertEqual((deposit.amount_left, deposit.state), (0.0, "closed"))

    def test_a_household_is_transferred_and_settled_on_one_screen(self):
        self.bill(self.management, date_from=date(2026, 9, 1), date_to=date(2026, 9, 30))
        self.tenant_row.date_from = date(2026, 3, 1)
        url = f"/odoo/property.unit/{self.unit.id}"
        self.start_tour(url, "property_settlement", login="staff.manager", timeout=120)
        settlement = self.env["property.settlement"].search([("unit_id", "=", self.unit.id)])
        self.assertEqual(settlement.approval_state, "submitted")
        settlement.with_user(self.users["finance"]).action_approve()
        settlement.with_user(self.users["cashier"]).action_certificate()
        self.assertTrue(settlement.certificate_number)
