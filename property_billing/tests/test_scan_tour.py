from odoo.tests import HttpCase, tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestScanTour(HttpCase, CounterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.new_staff("tour.scan", cls.new_job("cashier"), cls.site)
        cls.tour_shift = cls.env["property.cashier.shift"].with_user(cls.user)._open(cls.site, 0)

    def demo_provider(self):
        """Return the provider of `payment_demo` for the company of the test."""
        if self.env["ir.module.module"]._get("payment_demo").state != "installed":
            self.skipTest("payment_demo is not installed")
        providers = self.env["payment.provider"].search([("code", "=", "demo")])
        provider = providers.filtered(lambda one: one.company_id == self.company)[:1]
        provider = provider or providers[0].copy({"company_id": self.company.id})
        provider.write({"state": "test", "is_published": True})
        return provider

    def test_a_payer_scans_the_code_on_the_counter(self):
        self.methods["wechat"].provider_id = self.demo_provider()
        login = self.user.login
        self.start_tour("/odoo/counter", "property_scan_given_up", login=login, timeout=120)
        scans = self.env["property.scan.payment"].search([("user_id", "=", self.user.id)])
        self.assertEqual(scans.mapped("state"), ["waiting", "cancelled"])
        scan = scans[0]
        self.start_tour(f"/property/pay/{scan.access_token}", "property_scan_payer", timeout=120)
        self.assertEqual(scan.state, "done")
        taking = scan.collection_id
        self.assertEqual((taking.user_id, taking.amount), (self.user, 410.5))
        self.assertEqual(taking.tender_ids.transaction_id.provider_code, "demo")
        bills = self.bill | self.space_bill | self.tenant_bill
        self.assertEqual(set(bills.mapped("amount_residual")), {0})

    def test_money_that_arrived_while_the_screen_was_away_is_taken_and_printed(self):
        provider = self.demo_provider()
        self.methods["wechat"].provider_id = provider
        counter = self.counter(self.user)
        shown = counter.scan_start(self.spec(tenders=(("wechat", ""),)), "tour-token-1234567890")
        scan = self.env["property.scan.payment"].browse(shown["id"])
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "reference": scan.name,
                "amount": scan.amount,
                "currency_id": self.currency.id,
                "partner_id": scan.partner_id.id,
                "operation": "online_direct",
                **scan._transaction_vals(),
            }
        )
        transaction._process("demo", {"reference": scan.name, "simulated_state": "pending"})
        transaction._process("demo", {"reference": scan.name, "simulated_state": "done"})
        self.start_tour(
            "/odoo/counter", "property_scan_arrives", login=self.user.login, timeout=120
        )
        self.assertEqual(scan.state, "done")

    def test_finance_signs_the_cashiers_shift_off(self):
        self.take(self.spec(), user=self.user)
        self.counter(self.user).close_shift({"100": 4, "10": 1, "0.5": 1}, {}, {})
        action = self.env.ref("property_billing.property_cashier_shift_action")
        url = f"/odoo/action-{action.id}/{self.tour_shift.id}"
        self.start_tour(url, "property_shift_signed_off", login=self.finance.login, timeout=120)
        self.assertEqual(
            (self.tour_shift.state, self.tour_shift.signed_by_id), ("signed", self.finance)
        )
