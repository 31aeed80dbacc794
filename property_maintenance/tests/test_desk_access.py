from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestDeskAccess(AccessMatrixMixin, DeskCommon):
    """Who does what with quotations; nobody writes them by hand."""

    MATRIX = {
        "property.request.quotation": {
            "service": "r",
            "cashier": "r",
            "finance": "r",
            "engineer": "r",
            "guard": "",
            "leasing": "",
            "manager": "r",
            "director": "r",
        },
        "property.request.quotation.answer": {
            "service": "rwcu",
            "cashier": "",
            "finance": "",
            "engineer": "",
            "guard": "",
            "leasing": "",
            "manager": "rwcu",
            "director": "rwcu",
        },
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        foreign = cls.new_request(
            unit_id=cls.other_unit.id, site_id=cls.other_site.id, contact_id=cls.other_owner.id
        )
        cls.env["property.request.line"].create(
            {"request_id": foreign.id, "name": "X", "price_unit": 5, "is_chargeable": True}
        )
        foreign.action_send_quotation()
        cls.own = cls.quote(cls.new_request())
        cls.records = {"property.request.quotation": (cls.own, foreign.quotation_id)}

    def test_quotations_are_limited_to_sites(self):
        self.assert_site_scoped("property.request.quotation")

    def test_residents_reach_quotations_by_the_page_alone(self):
        for name in ("property.request.quotation", "property.request.quotation.answer"):
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.portal_user).search([])
        with self.assertRaises(AccessError):
            self.own.with_user(self.portal_user).read(["amount"])

    def test_only_those_who_may_change_the_request_quote(self):
        one = self.own.request_id
        for role in ("guard", "cashier", "finance"):
            with self.assertRaises(AccessError):
                one.with_user(self.users[role]).action_withdraw_quotation()
        with self.assertRaises(AccessError):
            one.with_user(self.portal_user).action_withdraw_quotation()
        self.assertEqual(self.own.state, "sent")
        one.with_user(self.users["service"]).action_withdraw_quotation()
        self.assertEqual(self.own.state, "withdrawn")
