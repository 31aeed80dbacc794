from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    maintenance_item_id = fields.Many2one(
        "property.charge.item",
        string="Item of Chargeable Work",
        check_company=True,
        help="Charge item of accepted quotations; created on first use.",
    )

    def _maintenance_item(self):
        """Return the charge item of chargeable work, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()
        if not company_sudo.maintenance_item_id:
            env = self.with_context(lang=self._billing_lang()).env
            # sudo: whoever finishes work need not be allowed to make charge items
            items_sudo = self.env["property.charge.item"].sudo().with_company(self)
            company_sudo.maintenance_item_id = items_sudo.search(
                [("company_id", "=", self.id), ("code", "=", "YCWX")], limit=1
            ) or items_sudo.create(
                {
                    "name": env._("Paid repairs"),
                    "code": "YCWX",
                    "category": "other",
                    "method": "one_off",
                    "payer_role": "tenant",
                    "company_id": self.id,
                    "sequence": 800,
                }
            )
        return self.env["property.charge.item"].browse(company_sudo.maintenance_item_id.id)
