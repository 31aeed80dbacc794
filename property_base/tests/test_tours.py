from odoo.tests import HttpCase, tagged

from . import import_books
from .common import PropertyCommon

UNITS = "/odoo/action-property_base.property_unit_action"


@tagged("post_install", "-at_install")
class TestTours(HttpCase, PropertyCommon):
    def staff(self, role):
        return self.new_staff(f"tour.{role}", self.new_job(role), self.site)

    def test_service_finds_a_household_by_the_end_of_a_phone_number(self):
        user = self.staff("service")
        self.start_tour(UNITS, "property_find_household", login=user.login)
        entry = self.env["property.audit"].search([("event", "=", "unmask")], limit=1)
        self.assertEqual((entry.user_id, entry.res_id), (user, self.owner.id))

    def test_service_changes_a_masked_phone_number(self):
        user = self.staff("service")
        people = "/odoo/action-property_base.res_partner_resident_action"
        self.start_tour(people, "property_change_phone", login=user.login)
        self.assertEqual(self.owner.phone_digits, "13899998888")
        entry = self.env["property.audit"].search([("event", "=", "unmask")], limit=1)
        self.assertEqual((entry.user_id, entry.reason), (user, "edit"))

    def test_service_transfers_a_household_to_a_new_owner(self):
        user = self.staff("service")
        self.start_tour(UNITS, "property_transfer_ownership", login=user.login)
        self.assertTrue(self.owner_row.date_to)
        self.assertTrue(self.child_row.date_to)
        self.assertFalse(self.tenant_row.date_to)
        owners = self.unit.occupancy_ids.filtered(lambda row: row.role == "owner")
        self.assertEqual(owners.partner_id, self.owner | self.buyer)

    def test_a_manager_imports_the_good_rows_of_a_workbook(self):
        user = self.staff("manager")
        book = import_books.small_ledger(self.site.name)
        book["房产"][5][1] = "坏"
        self.env["ir.attachment"].create(
            {
                "name": "ledger.xlsx",
                "url": "/property_base/tests/ledger.xlsx",
                "raw": import_books.workbook(book),
                "public": True,
            }
        )
        self.start_tour(
            "/odoo/action-property_base.property_import_action",
            "property_import_workbook",
            login=user.login,
        )
        imp = self.env["property.import"].search([], limit=1)
        self.assertEqual((imp.state, imp.site_id, imp.create_uid), ("imported", self.site, user))
        codes = self.site.unit_ids.mapped("code")
        self.assertNotIn("1-1-101", codes)
        self.assertIn("1-1-102", codes)
