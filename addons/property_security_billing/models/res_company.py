from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    parking_partner_id = fields.Many2one(
        "res.partner",
        string="Parking Customers",
        ondelete="restrict",
        help="Whom the invoices of drivers without a name are addressed to; made on first use.",
    )
    parking_item_id = fields.Many2one(
        "property.charge.item",
        string="Item of Temporary Parking",
        check_company=True,
        ondelete="restrict",
        help="Charge item of areas that name none of their own; made on first use.",
    )

    def _parking_partner(self):
        """Return whom drivers' invoices are addressed to, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()  # a driver's phone sets up nothing but this
        if not company_sudo.parking_partner_id:
            env = self.with_context(lang=self._billing_lang()).env
            company_sudo.parking_partner_id = company_sudo.env["res.partner"].create(
                {"name": env._("Parking customers"), "company_id": self.id}
            )
        return company_sudo.parking_partner_id

    def _parking_item(self):
        """Return the charge item of temporary parking, created on first use."""
        self.ensure_one()
        company_sudo = self.sudo()
        if not company_sudo.parking_item_id:
            env = self.with_context(lang=self._billing_lang()).env
            # sudo: whoever takes money need not be allowed to make charge items
            items_sudo = self.env["property.charge.item"].sudo().with_company(self)
            company_sudo.parking_item_id = items_sudo.search(
                [("company_id", "=", self.id), ("code", "=", "LSTC")], limit=1
            ) or items_sudo.create(
                {
                    "name": env._("Temporary parking"),
                    "code": "LSTC",
                    "category": "parking",
                    "method": "one_off",
                    "company_id": self.id,
                    "sequence": 810,
                }
            )
        return company_sudo.parking_item_id
