from odoo import api, fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    unit_id = fields.Many2one("property.unit", index="btree_not_null", ondelete="restrict")
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.depends("unit_id", "invoice_ids.site_id")
    def _compute_site_id(self):
        for payment in self:
            sites = payment.unit_id.site_id or payment.sudo().invoice_ids.site_id
            payment.site_id = sites if len(sites) == 1 else payment.site_id

    def write(self, vals):
        """Override of `account`: nobody moves a payment to a site he does not see."""
        result = super().write(vals)
        if "unit_id" in vals or "site_id" in vals:
            self.check_access("write")
        return result

    def _property_scope_from(self, moves):
        """Give payments without a site the site, and the unit, of the bills they settle.

        :param moves: account.move, the bills
        """
        without = self.filtered(lambda payment: not payment.site_id)
        if without and len(moves.site_id) == 1:
            without.write({"site_id": moves.site_id.id})
        without = self.filtered(lambda payment: not payment.unit_id)
        if without and len(moves.unit_id) == 1:
            without.write({"unit_id": moves.unit_id.id})

    def _generate_move_vals(self, *args, **kwargs):
        """Override of `account` to scope the payment's entry like the payment."""
        values = super()._generate_move_vals(*args, **kwargs)
        return {**values, "site_id": self.site_id.id, "unit_id": self.unit_id.id}
