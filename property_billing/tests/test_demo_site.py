from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..demo import advance, arrears, balances, builder, charging, decisions, metering
from ..demo.behaviour import Habits
from ..demo.ledger import Plan, build_ledger, month_starts

TODAY = date(2026, 11, 23)
TINY = Plan(
    site_name="演示测试中心",
    months=2,
    office_floors=2,
    rooms_per_floor=3,
    shops=3,
    garage_spaces=2,
    yard_spaces=1,
    unsold=1,
    handovers=0,
    owner_changes=1,
    new_tenants=1,
    leaving_tenants=1,
    vacant=1,
    arrears=1,
)


@tagged("post_install", "-at_install")
class TestDemoSite(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "演示测试物业", "country_id": cls.env.ref("base.cn").id}
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}, su=True
        )
        filename, content = build_ledger(7, TODAY, TINY)
        cls.demo = builder.DemoSite(
            name=TINY.site_name,
            filename=filename,
            content=content,
            months=tuple(month_starts(TODAY, TINY.months)),
            habits=Habits(paid=(0.7, 1.0), opening=1.0),
            values={"kind": "mixed"},
            owner_login="demo-test-owner",
        )
        builder.enable_payments(cls.env, cls.company.with_env(cls.env))
        cls.site = builder.build(cls.env, cls.company.with_env(cls.env), [cls.demo], TODAY)

    def test_the_generated_ledger_has_no_faults(self):
        job = self.env["property.import"].search([("site_id", "=", self.site.id)])
        self.assertEqual(job.state, "imported")
        self.assertFalse(job.issue_ids.filtered(lambda issue: issue.severity == "error"))

    def test_every_month_is_billed_and_paid_through_the_bank(self):
        runs = self.env["property.billing.run"].search([("site_ids", "in", self.site.ids)])
        self.assertEqual(runs.mapped("state"), ["posted"] * 2)
        bills = self.env["account.move"].search(
            [("site_id", "=", self.site.id), ("move_type", "=", "out_invoice")]
        )
        paid = bills.filtered(lambda bill: bill.amount_residual < bill.amount_total)
        self.assertTrue(paid)
        self.assertLess(len(paid), len(bills))
        partials = paid.line_ids.matched_credit_ids
        self.assertEqual(set(partials.credit_move_id.journal_id.mapped("type")), {"bank"})
        self.assertLessEqual(max(partials.credit_move_id.mapped("date")), TODAY)
        self.assertEqual(partials.credit_move_id.site_id, self.site)

    def test_the_owner_account_has_paid_and_open_bills(self):
        user = self.env["res.users"].search([("login", "=", "demo-test-owner")])
        self.assertTrue(user.share)
        bills = self.env["account.move"].search(
            [
                ("partner_id", "=", user.partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("is_opening", "=", False),
            ]
        )
        months = month_starts(TODAY, 2)
        by_month = bills.grouped(lambda bill: bill.period_to.replace(day=1))
        self.assertFalse(any(by_month[months[0]].mapped("amount_residual")))
        self.assertTrue(all(by_month[months[1]].mapped("amount_residual")))

    def test_building_again_changes_nothing(self):
        before = self.env["account.move"].search_count([])
        again = builder.build(self.env, self.company.with_env(self.env), [self.demo], TODAY)
        self.assertEqual(again, self.site)
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_the_month_at_the_office_is_told(self):
        balances.keep(self.env, self.site, TODAY)
        charging.build(self.env, self.site, TODAY)
        metering.install(self.env, self.site, TODAY)
        advance.bill_quarter(self.env, self.site, TODAY)
        arrears.chase(self.env, self.site, TODAY)
        runs = self.env["property.dunning.run"].search([("site_id", "=", self.site.id)])
        self.assertEqual(runs.mapped("state"), ["prepared"])

    def test_a_home_measured_again_is_to_be_billed_again(self):
        decisions.measure_again(self.env, self.site)
        rerate = self.env["property.rerate"].search([("site_id", "=", self.site.id)])
        self.assertEqual(rerate.approval_state, "submitted")
        self.assertEqual(len(rerate.line_ids), 1)
        self.assertLess(rerate.amount_difference, 0)

    def test_demo_data_is_refused_outside_demo_loading(self):
        with self.assertRaises(AccessError):
            self.env["property.demo"]._build()
