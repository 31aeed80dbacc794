from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .common import BillingStaffCommon
from .late_fee_common import LateFeeMixin
from .test_billing_access_matrix import MATRIX

MODELS = (
    "property.late.fee.policy",
    "property.late.fee.rate",
    "property.late.fee.relief",
    "property.late.fee.run",
    "property.late.fee.waiver",
    "property.write.off",
    "property.campaign",
)


@tagged("post_install", "-at_install")
class TestLateFeeAccess(AccessMatrixMixin, LateFeeMixin, BillingStaffCommon):
    MATRIX = {model: MATRIX[model] for model in MODELS}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()
        far_item = cls.new_item("FWY", "fixed", 10.0, 6, site_id=cls.other_site.id)
        own = cls.world(cls.site, cls.management, cls.bill)
        cls.everywhere = cls.new_item("ALL", "fixed", 1.0, 6, site_id=False)
        foreign_bill = cls.bill.copy({"unit_id": cls.other_unit.id, "site_id": cls.other_site.id})
        far = cls.world(cls.other_site, far_item, foreign_bill)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, site, item, bill):
        policy = cls.env["property.late.fee.policy"].create(
            {
                "name": "Policy",
                "site_id": site.id,
                "rate_ids": [Command.create({"date_from": "2026-01-01", "rate": 0.0001})],
            }
        )
        request = {"site_id": site.id, "reason": "Reason", "bill_ids": [Command.set(bill.ids)]}
        return {
            "property.late.fee.policy": policy,
            "property.late.fee.rate": policy.rate_ids,
            "property.late.fee.relief": cls.env["property.late.fee.relief"].create(
                {"bill_id": bill.id, "amount": 1.0, "reason": "Reason"}
            ),
            "property.late.fee.run": cls.env["property.late.fee.run"].create(
                {"site_ids": [Command.set(site.ids)], "date": cls.day(32)}
            ),
            "property.late.fee.waiver": cls.env["property.late.fee.waiver"].create(request),
            "property.write.off": cls.env["property.write.off"].create(request),
            "property.campaign": cls.env["property.campaign"].create(
                {
                    "name": "Offer",
                    "site_id": site.id,
                    "date_to": "2099-12-31",
                    "item_ids": [Command.set(item.ids)],
                }
            ),
        }

    def test_each_model_has_the_agreed_site_rule(self):
        self.assert_site_scoped(*(model for model in MODELS if not model.endswith(".run")))

    def test_nobody_creates_such_records_on_a_foreign_site(self):
        values = {
            "property.late.fee.policy": {"name": "X", "site_id": self.other_site.id},
            "property.late.fee.run": {"site_ids": [Command.set(self.other_site.ids)]},
            "property.late.fee.waiver": {"site_id": self.other_site.id, "reason": "X"},
            "property.write.off": {"site_id": self.other_site.id, "reason": "X"},
            "property.campaign": {
                "name": "X",
                "site_id": self.other_site.id,
                "date_to": "2099-12-31",
                "item_ids": [Command.set(self.everywhere.ids)],
            },
        }
        for model, vals in values.items():
            for role in ("service", "cashier", "finance", "manager"):
                with self.subTest(f"{role} {model}"), self.assertRaises(AccessError):
                    self.env[model].with_user(self.users[role]).create(vals)

    def test_nobody_moves_an_own_request_to_a_foreign_site(self):
        for model in ("property.late.fee.policy", "property.late.fee.waiver", "property.write.off"):
            own = self.records[model][0].with_user(self.users["finance"])
            with self.subTest(model), self.assertRaises(AccessError):
                own.write({"site_id": self.other_site.id})
        run = self.records["property.late.fee.run"][0].with_user(self.users["finance"])
        with self.assertRaises(AccessError):
            run.site_ids = [Command.link(self.other_site.id)]

    def test_a_cashier_neither_approves_nor_posts(self):
        cashier = self.users["cashier"]
        waiver = self.records["property.late.fee.waiver"][0]
        waiver.date = self.day(32)
        waiver.with_user(self.users["finance"]).action_submit()
        for step in (
            lambda: waiver.with_user(cashier).action_approve(),
            lambda: self.records["property.late.fee.run"][0].with_user(cashier).action_post(),
            lambda: self.records["property.write.off"][0].with_user(cashier).action_submit(),
        ):
            with self.assertRaises(Exception) as caught:
                step()
            self.assertIn(type(caught.exception).__name__, ("AccessError", "UserError"))

    def test_an_offer_for_every_site_is_approved_by_the_director(self):
        offer = self.records["property.campaign"][0].copy({"site_id": False})
        offer.item_ids = self.everywhere
        offer.with_user(self.users["finance"]).action_submit()
        with self.assertRaises(UserError):
            offer.with_user(self.users["manager"]).action_approve()
        offer.with_user(self.users["director"]).action_approve()
        self.assertEqual(offer.approval_state, "approved")

    def test_a_portal_user_reaches_none_of_them(self):
        for model, (own, foreign) in self.records.items():
            with self.subTest(model):
                self.assert_operations(own, self.portal_user, "", "portal own")
                self.assert_operations(foreign, self.portal_user, "", "portal foreign")

    def test_a_site_manager_without_accounting_rights_runs_and_approves(self):
        run = self.records["property.late.fee.run"][0].with_user(self.users["manager"])
        run.action_preview()
        run.action_post()
        self.assertEqual(run.state, "posted")
        write_off = self.records["property.write.off"][0]
        write_off.legal_basis = "Judgment"
        self.approve(write_off)
        self.assertEqual(self.bill.amount_residual, 0)
