from odoo import api, fields, models


class PropertyReceipt(models.Model):
    """One paper that says what was received, from whom and for what (收据)."""

    _name = "property.receipt"
    _description = "Receipt"
    _inherit = ["property.scoped"]
    _order = "id desc"

    name = fields.Char(string="Number", readonly=True, copy=False)
    site_id = fields.Many2one("property.site", index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    payment_ids = fields.Many2many("account.payment", string="Payments", readonly=True)

    @api.model
    def _issue(self, payments, merged=True):
        """Give payments a receipt with the next number of the book in use.

        :param payments: posted account.payment of one site
        :param merged: one receipt for all; else one an item
        :return: the receipts
        """
        company = payments.company_id[:1]
        return self.sudo().create(
            {
                "company_id": company.id,
                "site_id": payments.site_id[:1].id,
                "payment_ids": [(6, 0, payments.ids)],
            }
        )
