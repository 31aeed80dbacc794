from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from odoo.addons.property_billing.tests.common import BillingMixin
from odoo.addons.property_maintenance.tests.desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestBilling(BillingMixin, DeskCommon):
    """What a resident accepted is billed once, when the work is done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_billing()
        cls.one = cls.new_request(request_category_id=cls.paid_category.id)

    def accept(self, one, price=80.0):
        quotation = self.quote(one, price)
        quotation.with_user(self.portal_user)._answer("accepted", "portal")
        return quotation

    def reopen_and_cancel(self, one):
        service = one.with_user(self.users["service"])
        service.action_reopen("Not wanted")
        service.action_cancel("Not wanted")

    def test_accepted_and_done_work_is_one_posted_bill_of_the_resident(self):
        quotation = self.accept(self.one)
        self.assertFalse(quotation.charge_id)
        self.bring_to(self.one, "done")
        charge = quotation.charge_id
        self.assertEqual((charge.state, charge.amount), ("posted", 80))
        self.assertEqual((charge.unit_id, charge.payer_id), (self.unit, self.owner))
        bill = charge.move_id
        self.assertEqual((bill.state, bill.amount_total), ("posted", 80))
        self.assertEqual((bill.partner_id, bill.unit_id), (self.owner, self.unit))
        self.assertEqual(bill.charge_item_id, self.company.maintenance_item_id)
        self.assertIn(quotation.name, charge.explanation)
        self.assertIn("Tap", charge.explanation)
        self.assertFalse(charge._underivable())

    def test_work_that_nobody_accepted_is_not_billed(self):
        waiting = self.quote(self.one)
        self.bring_to(self.one, "done")
        self.assertFalse(waiting.charge_ids)
        declined = self.new_request()
        quotation = self.quote(declined)
        quotation.with_user(self.portal_user)._answer("declined", "portal", "No")
        self.bring_to(declined, "done")
        self.assertFalse(quotation.charge_ids)

    def test_an_answer_after_the_work_is_billed_at_once(self):
        quotation = self.quote(self.one)
        self.bring_to(self.one, "done")
        quotation.with_user(self.portal_user)._answer("accepted", "portal")
        self.assertEqual(quotation.charge_id.state, "posted")

    def test_every_accepted_quotation_is_a_bill_of_its_own(self):
        first, second = self.accept(self.one), self.accept(self.one, price=20)
        self.bring_to(self.one, "done")
        bills = (first | second).charge_id.move_id
        self.assertEqual(sorted(bills.mapped("amount_total")), [20, 80])

    def test_nothing_is_billed_twice(self):
        quotation = self.accept(self.one)
        self.bring_to(self.one, "done")
        charge = quotation.charge_id
        quotation.sudo()._bill()
        self.one.with_user(self.users["service"]).action_reopen("Drips")
        self.bring_to(self.one, "done")
        self.env["property.request.quotation"]._cron_bill()
        self.assertEqual(quotation.charge_ids, charge)
        with self.assertRaises(UserError):
            quotation.with_user(self.users["finance"]).action_bill()

    def test_the_database_itself_refuses_a_second_bill(self):
        quotation = self.accept(self.one)
        self.bring_to(self.one, "done")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            quotation.sudo()._charge()
            self.env.flush_all()

    def test_cancelling_takes_an_unpaid_bill_back(self):
        quotation = self.accept(self.one)
        self.bring_to(self.one, "done")
        charge = quotation.charge_id
        self.reopen_and_cancel(self.one)
        self.assertEqual((charge.state, charge.move_id.state), ("cancelled", "cancel"))
        self.assertFalse(quotation.charge_id)

    def test_cancelling_credits_a_paid_bill(self):
        quotation = self.accept(self.one)
        self.bring_to(self.one, "done")
        charge = quotation.charge_id
        self.pay(charge.move_id)
        self.reopen_and_cancel(self.one)
        self.assertEqual((charge.state, charge.move_id.state), ("reversed", "posted"))

    def test_a_category_names_its_own_item(self):
        item = self.new_item("KS", "one_off", 0.0, 6, name="Locksmith")
        self.paid_category.write({"company_id": self.company.id, "charge_item_id": item.id})
        quotation = self.accept(self.one, price=106)
        self.bring_to(self.one, "done")
        bill = quotation.charge_id.move_id
        self.assertEqual((bill.charge_item_id, bill.amount_total), (item, 106))
        self.assertAlmostEqual(bill.amount_tax, 6)

    def test_a_bill_that_cannot_be_made_does_not_stop_the_work_and_is_made_later(self):
        quotation = self.accept(self.one)
        model = self.env.registry["property.request.quotation"]
        with patch.object(model, "_charge_item", side_effect=UserError("Nothing is set up.")):
            self.bring_to(self.one, "done")
            self.assertEqual(self.one.step, "done")
            self.assertEqual(quotation.billing_problem, "Nothing is set up.")
            with self.assertRaises(UserError):
                quotation.with_user(self.users["finance"]).action_bill()
        self.assertIn(quotation, quotation.search([("is_to_bill", "=", True)]))
        quotation.with_user(self.users["finance"]).action_bill()
        self.assertEqual((quotation.charge_id.state, quotation.billing_problem), ("posted", False))

    def test_only_finance_and_managers_bill_by_hand(self):
        quotation = self.accept(self.one)
        for role in ("engineer", "service", "guard", "cashier"):
            with self.assertRaises(AccessError):
                quotation.with_user(self.users[role]).action_bill()


@tagged("post_install", "-at_install")
class TestBillInThePortal(BillingMixin, DeskCommon, HttpCase):
    def test_the_resident_finds_the_bill_with_its_explanation(self):
        self.set_up_billing()
        one = self.new_request(request_category_id=self.paid_category.id)
        quotation = self.quote(one)
        quotation.with_user(self.portal_user)._answer("accepted", "portal")
        self.bring_to(one, "done")
        self.authenticate("portal.owner", "portal.owner")
        self.assertIn('href="/my/bills"', self.url_open(f"/my/requests/{one.id}").text)
        page = self.url_open("/my/bills").text
        self.assertIn(quotation.name, page)
        self.assertIn("80.00", page)
