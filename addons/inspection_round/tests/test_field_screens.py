"""Whoever is no inspector may use the field app for the other things in it."""

from odoo import Command
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestFieldScreens(TransactionCase):
    def data(self, group):
        """Collect what the phone of an employee with a role keeps."""
        user = self.env["res.users"].create(
            {
                "name": "Wang",
                "login": "field.screens",
                "group_ids": [Command.set(self.env.ref(group).ids)],
            }
        )
        vals = {"name": "Wang", "user_id": user.id, "company_id": user.company_id.id}
        employee = self.env["hr.employee"].create(vals).with_user(user)
        return self.env["field.app"].with_user(user)._data(employee)

    def test_an_inspector_has_rounds(self):
        found = self.data("inspection_round.group_inspector")
        self.assertIn("rounds", [screen["key"] for screen in found["screens"]])
        self.assertEqual(found["data"]["rounds"], {"rounds": []})

    def test_who_walks_no_rounds_still_has_the_app(self):
        found = self.data("base.group_user")
        self.assertNotIn("rounds", found["data"])
        self.assertEqual(found["employee"]["name"], "Wang")
