from datetime import date

from odoo.tests import tagged

from .common import PropertyCommon


@tagged("post_install", "-at_install")
class TestSearch(PropertyCommon):
    def find(self, text):
        return self.env["property.unit"].search(
            [("display_name", "ilike", text), ("site_id", "in", (self.site | self.other_site).ids)]
        )

    def test_a_household_is_found_by_room_code(self):
        for text in (
            "3-1-1502",
            "3-1502",
            "1502",
            "３－１－１５０２",
            " 3-1-1502 ",
            "3栋1单元1502室",
        ):
            with self.subTest(text):
                self.assertEqual(self.find(text), self.unit)

    def test_a_household_is_found_by_the_name_of_anybody_in_it(self):
        for text in ("Owner Li", "Tenant Wu", "child"):
            with self.subTest(text):
                self.assertEqual(self.find(text), self.unit)

    def test_a_household_is_found_by_phone_or_its_tail(self):
        for text in ("13800001111", "138 0000 1111", "1111", "001111"):
            with self.subTest(text):
                self.assertIn(self.unit, self.find(text))
        self.assertFalse(self.find("0000111"))

    def test_a_household_is_found_by_plate_however_written(self):
        for text in ("浙A8K888", "浙a·8k888", "8K888", "A 8K888"):
            with self.subTest(text):
                self.assertEqual(self.find(text), self.unit)

    def test_people_who_left_do_not_find_the_household(self):
        self.tenant_row.date_to = date(2026, 3, 31)
        self.assertFalse(self.find("Tenant Wu"))

    def test_special_characters_find_nothing_and_break_nothing(self):
        for text in ("%", "_", "'; --", "\\", "----", "栋单元"):
            with self.subTest(text):
                self.find(text)

    def test_people_are_found_by_phone_tail_and_room(self):
        partners = self.env["res.partner"]
        self.assertIn(self.owner, partners.search([("display_name", "ilike", "00001111")]))
        found = partners.search([("display_name", "ilike", "3-1-1502")])
        self.assertEqual(found, self.owner | self.tenant | self.child)

    def test_occupancies_and_vehicles_are_found_the_same_way(self):
        rows = self.env["property.occupancy"].search([("display_name", "ilike", "3-1502")])
        self.assertEqual(
            rows.filtered(lambda row: row.site_id == self.site),
            self.owner_row | self.tenant_row | self.child_row,
        )
        vehicles = self.env["property.vehicle"]
        self.assertEqual(vehicles.search([("display_name", "ilike", "浙A·8K")]), self.vehicle)
