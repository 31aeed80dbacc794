from odoo.tests import tagged

from odoo.addons.property_billing.tests.common import BillingStaffCommon


@tagged("post_install", "-at_install")
class TestCounterCards(BillingStaffCommon):
    def found(self, text):
        counter = self.env["property.counter"].with_user(self.users["cashier"])
        return [row["id"] for row in counter.search_households(text)]

    def card(self, number, site, **vals):
        return self.env["property.gate.card"].create(
            {"number": number, "site_id": site.id, "partner_id": self.owner.id, **vals}
        )

    def test_a_household_is_found_by_the_card_somebody_holds_out(self):
        self.card("7A03F1C2", self.site)
        self.assertEqual(self.found("7A03F1C2")[:1], [self.unit.id])
        self.assertEqual(self.found("7A03 F1C2")[:1], [self.unit.id])
        self.assertEqual(self.found("7A03F1C3"), [])

    def test_a_card_of_a_foreign_site_or_one_withdrawn_finds_nobody(self):
        self.card("0900112233", self.other_site)
        self.card("0900112244", self.site, active=False)
        self.assertEqual((self.found("0900112233"), self.found("0900112244")), ([], []))
