from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .balances_common import BalancesCommon
from .test_billing_access_matrix import MATRIX


@tagged("post_install", "-at_install")
class TestPrepaymentAccess(AccessMatrixMixin, BalancesCommon):
    MATRIX = {
        name: MATRIX[name]
        for name in ("property.prepayment", "property.deposit", "property.refund")
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own, far = (
            cls.world(unit, payer)
            for unit, payer in ((cls.unit, cls.owner), (cls.other_unit, cls.other_owner))
        )
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, unit, payer):
        prepayment = cls.receive(100.0, unit=unit, payer=payer)
        return {
            "property.prepayment": prepayment,
            "property.deposit": cls.take_deposit(unit=unit, payer=payer),
            "property.refund": cls.env["property.refund"].create(
                {"prepayment_id": prepayment.id, "amount": 1.0, "reason": "x"}
            ),
        }

    def test_models_have_the_site_rule(self):
        self.assert_site_scoped(
            "property.prepayment",
            "property.deposit",
            "property.deposit.type",
            "property.refund",
            "property.adjustment",
            "property.settlement",
        )

    def test_nobody_asks_about_money_of_a_foreign_site(self):
        far = self.records["property.prepayment"][1]
        own = self.records["property.refund"][0].with_user(self.users["finance"])
        with self.assertRaises(AccessError):
            self.env["property.refund"].with_user(self.users["finance"]).create(
                {"prepayment_id": far.id, "amount": 1.0, "reason": "x"}
            )
        with self.assertRaises(AccessError):
            own.write({"prepayment_id": far.id})

    def test_the_state_is_not_written_by_hand(self):
        own = self.records["property.refund"][0].with_user(self.users["cashier"])
        with self.assertRaises(UserError):
            own.write({"approval_state": "approved"})

    def test_cashiers_do_not_take_money_for_a_foreign_site(self):
        wizard = (
            self.env["property.prepayment.receive"]
            .with_user(self.users["cashier"])
            .create(
                {
                    "unit_id": self.unit.id,
                    "partner_id": self.owner.id,
                    "amount": 10.0,
                    "journal_id": self.cash.id,
                }
            )
        )
        wizard.sudo().unit_id = self.other_unit
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    def test_a_portal_user_reaches_no_record(self):
        for own, _far in self.records.values():
            self.assert_operations(own, self.portal_user, "", "portal")
