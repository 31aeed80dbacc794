from odoo import models


class PropertySite(models.Model):
    _inherit = "property.site"

    def _next_equipment_numbers(self, count):
        """Return the next numbers for equipment of the site, as text of four or more digits.

        :param count: how many numbers are needed
        """
        self.ensure_one()
        code = f"property.equipment.{self.id}"
        # sudo: who registers equipment need not manage sequences
        sequences_sudo = self.env["ir.sequence"].sudo()
        sequence = sequences_sudo.search([("code", "=", code)], limit=1)
        if not sequence:
            sequence = sequences_sudo.create(
                {
                    "name": f"{self.name} {self.code}",
                    "code": code,
                    "padding": 4,
                    "company_id": self.company_id.id,
                }
            )
        return [sequence.next_by_id() for _number in range(count)]
