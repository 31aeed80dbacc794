from odoo import api, fields, models

from odoo.addons.property_base.tools.cipher import mask_phone, phone_digits


class PropertyIncidentPerson(models.Model):
    """Somebody who has to do with an incident: no more than a name, a role and a telephone."""

    _name = "property.incident.person"
    _description = "Person Involved in an Incident"
    _inherit = ["property.incident.part"]
    _order = "incident_id, id"

    name = fields.Char(required=True)
    role = fields.Selection(
        [
            ("victim", "Concerned"),
            ("party", "Other Party"),
            ("witness", "Witness"),
            ("contact", "Contact"),
        ],
        required=True,
        default="victim",
    )
    phone = fields.Char(copy=False)
    phone_masked = fields.Char(string="Phone (masked)", compute="_compute_phone_masked")
    note = fields.Char()

    @api.depends("phone")
    def _compute_phone_masked(self):
        for person in self:
            person.phone_masked = mask_phone(person.phone)

    def action_reveal_phone(self):
        """Show the telephone number, and log it."""
        self.ensure_one()
        self.check_access("read")
        self.env["property.audit"]._log("unmask", self, after={"field": "phone"})
        number = self.phone or ""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "sticky": True,
                "title": self.name,
                "message": "%s" if number else self.env._("No phone number is known."),
                "links": [{"label": number, "url": f"tel:{phone_digits(number)}"}]
                if number
                else [],
            },
        }
