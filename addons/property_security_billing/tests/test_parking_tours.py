from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.property_billing.tests.common import BillingMixin

from .common import ParkingMoneyCommon, free_limits


@tagged("post_install", "-at_install")
class TestParkingTours(ParkingMoneyCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def demo_provider(self):
        """Return the provider of `payment_demo` for the company of the test."""
        if self.env["ir.module.module"]._get("payment_demo").state != "installed":
            self.skipTest("payment_demo is not installed")
        providers = self.env["payment.provider"].search([("code", "=", "demo")])
        provider = providers.filtered(lambda one: one.company_id == self.company)[:1]
        provider = provider or providers[0].copy({"company_id": self.company.id})
        provider.write({"state": "test", "is_published": True})
        provider.journal_id = provider.journal_id or self.provider.journal_id
        return provider

    def test_a_driver_pays_on_a_phone_before_he_leaves(self):
        self.provider.state = "disabled"
        self.demo_provider()
        self.tariff.line_ids.block_price = 40
        free_limits(self)
        stay = self.inside()
        self.start_tour(f"/parking/pay/{self.area.id}", "property_parking_pay", timeout=120)
        self.assertEqual((stay.amount_paid, stay.payment_ids.method), (40, "online"))
        self.assertEqual(stay.payment_ids.move_id.amount_residual, 0)
        self.assertEqual(stay.payment_ids.invoice_request_ids.phone, "13812345678")

    def test_an_owner_renews_his_card_on_a_phone(self):
        self.provider.state = "disabled"
        self.demo_provider()
        item = BillingMixin.new_item.__func__(
            type(self), "YK", "fixed", 300.0, 9, category="parking"
        )
        self.area.card_item_id = item
        today = fields.Date.today()
        card = self.new_card(
            self.vehicle,
            unit_id=self.unit.id,
            partner_id=self.owner.id,
            date_from=fields.Date.subtract(today, days=20),
            date_to=today,
        )
        login = self.portal_user.login
        self.start_tour("/my/vehicles", "property_parking_renew", login=login, timeout=120)
        first = fields.Date.add(today, days=1)
        last = fields.Date.subtract(fields.Date.add(first, months=3), days=1)
        self.assertEqual(card.date_to, last)
        self.assertEqual(card.fee_id.charge_ids.move_id.amount_residual, 0)
