from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import BillingStaffCommon


@tagged("post_install", "-at_install")
class TestPersonalDataOfPayers(BillingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        run = cls.new_run(items=cls.management)
        run.action_compute()
        run.action_post()
        cls.bill = run.charge_ids.filtered(lambda charge: charge.unit_id == cls.unit).move_id
        rows = cls.owner_row | cls.tenant_row | cls.child_row
        rows.write({"date_to": date(2026, 9, 30)})

    def erase(self):
        self.owner.with_user(self.users["manager"]).action_anonymise()

    def test_a_person_with_an_open_bill_is_not_erased(self):
        with self.assertRaisesRegex(UserError, "owes .*300.00.* on open bills"):
            self.erase()
        self.assertFalse(self.owner.is_anonymised)

    def test_a_person_with_a_partly_paid_bill_is_not_erased(self):
        self.pay(self.bill, amount=299.99)
        with self.assertRaisesRegex(UserError, "0.01"):
            self.erase()

    def test_a_person_who_paid_too_much_is_not_erased(self):
        self.pay(self.bill, amount=310.0)
        with self.assertRaisesRegex(UserError, "open credit of .*10.00"):
            self.erase()

    def test_bills_of_a_site_the_manager_does_not_see_count(self):
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET site_id = %s WHERE move_id = %s",
                self.other_site.id,
                self.bill.id,
            )
        )
        with self.assertRaisesRegex(UserError, "open bills"):
            self.erase()

    def test_a_person_whose_account_is_settled_is_erased_and_the_bill_stays(self):
        self.pay(self.bill)
        self.erase()
        self.assertTrue(self.owner.is_anonymised)
        self.assertEqual(self.bill.partner_id, self.owner)
        self.assertEqual(self.bill.amount_total, 300.0)
