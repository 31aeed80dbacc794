"""Incidents for tests: a kind with two steps, on the site of the staff and on a foreign one."""

from odoo.fields import Command

from odoo.addons.property_base.tests.common import PropertyStaffCommon


class IncidentCommon(PropertyStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.incidents = cls.env["property.incident"]
        cls.kind = cls.env["property.incident.type"].create(
            {
                "name": "Test kind",
                "severity": "2",
                "step_ids": [
                    Command.create({"name": "Look", "is_required": True, "sequence": 1}),
                    Command.create({"name": "Tell", "sequence": 2}),
                ],
            }
        )

    @classmethod
    def new_incident(cls, **vals):
        """Report an incident on the site of the staff."""
        return cls.incidents.create(
            {
                "name": "Broken glass",
                "type_id": cls.kind.id,
                "site_id": cls.site.id,
                "place": "Gate",
                **vals,
            }
        )

    def do_steps(self, incident):
        incident.step_ids.filtered("is_required").action_done()

    def told(self, incident, user):
        """Return the activities by which a user was told of an incident."""
        return incident.activity_ids.filtered(lambda one: one.user_id == user)

    def assert_other_company_sees_nothing(self):
        """Check that a director of another company finds none of ``self.records``."""
        company = self.env["res.company"].create({"name": "Other Company"})
        director = self.new_staff("other.director", self.new_job("director"))
        director.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        for model, (own, _foreign) in self.records.items():
            with self.subTest(model):
                found = self.env[model].with_user(director).search([("id", "in", own.ids)])
                self.assertFalse(found)
