from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .balances_common import BalancesCommon
from .portal_common import PortalBillsCommon

PAGE = "/my/bills/prepaid"


@tagged("post_install", "-at_install")
class TestPrepaymentPortal(HttpCase, BalancesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prepayment = cls.receive(321.0)
        cls.deposit = cls.take_deposit(1234.0)
        cls.buyers = cls.receive(77.0, unit=cls.unit, payer=cls.buyer)
        cls.new_portal_user(cls.tenant, "portal.tenant")

    def test_people_see_their_own_money_and_what_became_of_it(self):
        self.authenticate("portal.owner", "portal.owner")
        page = self.url_open(PAGE).text
        self.assertIn("321.00", page)
        self.assertIn("1,234.00", page)
        self.assertIn(self.prepayment.name, page)
        self.assertNotIn(self.buyers.name, page)

    def test_the_household_does_not_see_the_money_of_another_payer(self):
        self.authenticate("portal.tenant", "portal.tenant")
        page = self.url_open(PAGE).text
        self.assertNotIn(self.prepayment.name, page)
        self.assertNotIn("321.00", page)
        for url in (
            f"/my/bills/prepaid/prepayment/{self.prepayment.id}/pdf",
            f"/my/bills/prepaid/deposit/{self.deposit.id}/pdf",
            f"/my/bills/prepaid/prepayment/{2**40}/pdf",
            f"/my/bills/prepaid/users/{self.prepayment.id}/pdf",
        ):
            with self.subTest(url):
                self.assertEqual(self.url_open(url).status_code, 404)

    def use(self, prepayment):
        return self.url_open(
            f"{PAGE}/{prepayment.id}/use",
            data={"csrf_token": Request.csrf_token(self)},
            allow_redirects=False,
        )

    def test_an_owner_pays_open_bills_with_a_prepayment_once(self):
        self.authenticate("portal.owner", "portal.owner")
        self.bill()
        late = self.receive(5.0)
        before = sum(late._open_bills().mapped("amount_residual"))
        self.assertGreater(before, 5)
        self.assertIn(f"{PAGE}/{late.id}/use", self.url_open(PAGE).text)
        self.assertIn("o_property_usable_prepaid", self.url_open("/my/bills").text)
        for word in ("yes", "no"):
            self.assertTrue(self.use(late).headers["Location"].endswith(f"used={word}"))
        self.env.invalidate_all()
        left = sum(late._open_bills().mapped("amount_residual"))
        self.assertAlmostEqual(before - left, 5.0)
        self.assertEqual(late.amount_left, 0)
        self.assertNotIn(f"{PAGE}/{late.id}/use", self.url_open(PAGE).text)

    def test_nobody_uses_the_prepayment_of_another(self):
        self.authenticate("portal.tenant", "portal.tenant")
        self.assertEqual(self.use(self.prepayment).status_code, 404)
        self.assertEqual(self.prepayment.amount_left, 321.0)

    def test_the_pages_need_a_login(self):
        answer = self.url_open("/my/bills/prepaid", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)

    def test_the_statement_renders_as_html(self):
        html = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.report_prepayment", self.prepayment.ids
        )[0]
        self.assertIn(b"321.00", html)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.report_deposit", self.deposit.ids
        )[0]
        self.assertIn(b"1,234.00", html)


@tagged("post_install", "-at_install")
class TestAdvanceOfTransaction(PortalBillsCommon):
    def test_what_the_bills_no_longer_owe_becomes_a_prepayment(self):
        transaction = self.new_transaction(self.owner, self.bill | self.space_bill)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=self.bill.ids)
            .create({"amount": 150.0})
        )
        wizard._create_payments()
        transaction._set_done()
        transaction._post_process()
        prepayment = self.env["property.prepayment"].search(
            [("partner_id", "=", self.owner.id), ("unit_id", "=", self.unit.id)]
        )
        self.assertEqual((prepayment.amount, prepayment.amount_left), (150.0, 150.0))
        self.assertEqual(self.receivable(self.owner), -150.0)
        self.assertEqual(prepayment.payment_id, transaction.payment_id)

    def test_a_payment_without_rest_makes_none(self):
        transaction = self.new_transaction(self.owner, self.bill)
        transaction._set_done()
        transaction._post_process()
        self.assertFalse(
            self.env["property.prepayment"].search([("partner_id", "=", self.owner.id)])
        )
