"""Two companies let space in one database: each is billed and reported by itself."""

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, LeasingStaffCommon

REPORTS = ("rent.roll", "report.arrears", "report.forecast")


@tagged("post_install", "-at_install")
class TestLeaseMultiCompany(LeasingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.lease = cls.sign(cls.new_lease())
        cls.bill("2026-07-01", "2026-07-31")
        cls.second = cls.env["res.company"].create({"name": "Second Company"})
        cls.env.ref("base.user_admin").company_ids |= cls.second
        cls.env.user.company_ids |= cls.second
        cls.director = cls.users["director"]
        cls.director.company_ids |= cls.second
        cls.second_lease = cls.let_in(cls.second)

    @classmethod
    def let_in(cls, company):
        """Let and bill a shop of another company."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        company = company.with_env(env)
        company._billing_prepare_accounting()
        site = env["property.site"].create(
            {"name": "Second Mall", "code": "TSTC", "company_id": company.id}
        )
        building = env["property.building"].create({"site_id": site.id, "code": "1", "name": "1栋"})
        unit = env["property.unit"].create(
            {
                "site_id": site.id,
                "building_id": building.id,
                "room": "C01",
                "type_id": cls.type_shop.id,
                "area_gross": 20.0,
            }
        )
        rent = company._lease_item("contract")
        line = {"unit_id": unit.id, "item_id": rent.id, "price": 700.0, "pricing": "month"}
        lease = env["property.lease"].create(
            {
                "site_id": site.id,
                "partner_id": cls.baker.id,
                "date_from": "2026-07-01",
                "date_to": "2027-06-30",
                "cadence": "1",
                "line_ids": [(0, 0, line)],
            }
        )
        lease.action_submit()
        if lease.approval_state == "submitted":
            lease.with_user(env.ref("base.user_admin")).with_company(company).action_approve()
        lease.action_sign()
        run = env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, site.ids)],
                "item_ids": [(6, 0, rent.ids)],
                "date_from": "2026-07-01",
                "date_to": "2026-07-31",
                "company_id": company.id,
            }
        )
        run.action_compute()
        run.action_post()
        return lease

    def leases_of(self, report, companies):
        rows = (
            self.env[f"property.lease.{report}"]
            .with_user(self.director)
            .with_context(allowed_company_ids=companies.ids)
            .search([("lease_id", "in", (self.lease | self.second_lease).ids)])
        )
        return rows.lease_id

    def test_reports_show_the_companies_that_are_chosen(self):
        for report in REPORTS:
            for companies, wanted in (
                (self.company, self.lease),
                (self.second, self.second_lease),
                (self.company | self.second, self.lease | self.second_lease),
            ):
                with self.subTest(f"{report} {companies.mapped('name')}"):
                    self.assertEqual(self.leases_of(report, companies), wanted)

    def test_the_page_of_a_company_has_its_figures_alone(self):
        data = (
            self.env["property.lease.overview"]
            .with_user(self.director)
            .with_context(allowed_company_ids=self.second.ids)
            .get_overview()
        )
        self.assertEqual((data["figures"]["count"], data["figures"]["rent"]), (1, 700))
        self.assertEqual(data["arrears"]["total"], 700)
        self.assertEqual((data["month"]["billed"], data["forecast"][1]["rent"]), (700, 700))

    def test_bills_belong_to_the_company_of_the_lease(self):
        bill = self.second_lease.line_ids.fee_id.charge_ids.move_id
        self.assertEqual((bill.company_id, bill.amount_total), (self.second, 700))
        self.assertEqual(bill.charge_item_id.company_id, self.second)

    def test_a_lease_takes_no_space_of_another_company(self):
        lease = self.new_lease(
            self.shop_2, lines=[{"unit_id": self.second_lease.line_ids.unit_id.id}]
        )
        with self.assertRaisesRegex(UserError, "must all belong to Test Garden"):
            lease.action_submit()
