"""Who sees the evidence, and that nobody writes it."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .field_common import FieldCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
MATRIX = {
    "field.entry": {"nobody": "", "inspector": "", "planner": "r", "manager": "r"},
    "field.head": {"nobody": "", "inspector": "", "planner": "r", "manager": "r"},
    "field.device": {"nobody": "", "inspector": "", "planner": "r", "manager": "rw"},
}


@tagged("post_install", "-at_install")
class TestFieldAccess(FieldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _employee, planner = cls.new_employee("Qian", "group_planner")
        nobody = cls.env["res.users"].create({"name": "Sun", "login": "field.sun"})
        cls.users = {
            "nobody": nobody,
            "inspector": cls.user,
            "planner": planner,
            "manager": cls.manager,
        }

    def records(self):
        """Make a record of each model, of the own company and of a foreign one."""
        company = self.env["res.company"].create({"name": "Foreign"})
        own = self.new_entries({"name": "own"})
        self.other.sudo().company_id = company
        foreign = self.new_entries({"name": "foreign"}, employee=self.other)
        heads = [
            self.env["field.head"].create(
                {
                    "company_id": entry.company_id.id,
                    "date": "2026-03-01",
                    "last_sequence": 1,
                    "chain_hash": entry.chain_hash,
                }
            )
            for entry in (own, foreign)
        ]
        device = self.env["field.device"].search([("uuid", "=", self.phone.uuid)])
        other = device.copy({"uuid": "00000000-0000-4000-8000-000000000009"})
        other.company_id = company
        return {
            "field.entry": (own, foreign),
            "field.head": heads,
            "field.device": (device, other),
        }

    def test_each_role_does_what_the_table_says_in_its_own_company_only(self):
        records = self.records()
        for model, roles in MATRIX.items():
            own, foreign = records[model]
            for role, letters in roles.items():
                for letter, operation in OPERATIONS.items():
                    with self.subTest(f"{role} {operation} {model}"):
                        user = self.users[role]
                        self.assertEqual(
                            own.with_user(user).has_access(operation), letter in letters
                        )
                        self.assertFalse(foreign.with_user(user).has_access(operation))

    def test_an_inspector_deals_with_no_entry_and_reads_no_chain(self):
        entry = self.new_entries({"name": "x"}, state="refused")
        with self.assertRaises(AccessError):
            entry.with_user(self.user).action_handle()
        with self.assertRaises(AccessError):
            self.env["field.check"].with_user(self.user).action_check()

    def test_a_planner_deals_with_an_entry(self):
        entry = self.new_entries({"name": "x"}, state="refused").with_user(self.users["planner"])
        self.assertTrue(entry.is_open)
        self.assertEqual(entry.search([("is_open", "=", True)]), entry)
        entry.action_handle()
        self.assertEqual(entry.handled_by_id, self.users["planner"])
        self.assertFalse(entry.search([("is_open", "=", True)]))

    def test_an_entry_without_a_record_says_so(self):
        with self.assertRaisesRegex(UserError, "Nothing was made"):
            self.new_entries({"name": "x"}).with_user(self.manager).action_open_record()
