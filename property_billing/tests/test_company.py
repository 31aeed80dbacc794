from datetime import date

from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestCompany(BillingCommon):
    def test_a_company_without_entries_gets_china_yuan_and_the_chart(self):
        fresh = self.env["res.company"].create(
            {"name": "Fresh", "country_id": self.env.ref("base.de").id}
        )
        fresh._billing_prepare_accounting()
        self.assertEqual(
            (fresh.country_id.code, fresh.currency_id.name, fresh.chart_template),
            ("CN", "CNY", "cn"),
        )

    def test_a_company_with_entries_keeps_its_chart(self):
        run = self.new_run(items=self.management)
        run.action_compute()
        run.action_post()
        chart = self.company.chart_template
        self.company.country_id = self.env.ref("base.de")
        self.company._billing_prepare_accounting()
        self.assertEqual(self.company.country_id.code, "DE")
        self.assertEqual(self.company.chart_template, chart)

    def test_journal_account_and_taxes_are_created_once(self):
        journal = self.company._billing_journal()
        self.assertEqual((journal.code, journal.type), ("WY", "sale"))
        self.assertEqual(self.company._billing_journal(), journal)
        account = self.company._billing_opening_account()
        self.assertEqual(account.account_type, "equity")
        self.assertEqual(self.company._billing_opening_account(), account)
        taxes = self.env["account.tax"]
        three = taxes._vat_tax(self.company, 3)
        self.assertEqual(taxes._vat_tax(self.company, 3), three)
        self.assertTrue(three.price_include)
        self.assertFalse(taxes._vat_tax(self.company, 0))

    def test_a_company_without_a_country_bills_with_chinese_vat(self):
        run = self.new_run(items=self.management)
        run.action_compute()
        run.action_post()
        self.company.write({"country_id": False, "account_fiscal_country_id": False})
        tax = self.env["account.tax"]._vat_tax(self.company, 7)
        self.assertEqual(tax.country_id.code, "CN")
        self.assertEqual(self.company.account_fiscal_country_id.code, "CN")
        self.assertEqual(self.env["account.tax"]._vat_tax(self.company, 7), tax)
        self.management.tariff_ids.tax_id = tax
        october = self.new_run(
            date_from=date(2026, 10, 1), date_to=date(2026, 10, 31), items=self.management
        )
        october.action_compute()
        october.action_post()
        self.assertEqual(set(october.charge_ids.mapped("state")), {"posted"})
