from odoo import api, fields, models


class PropertyTariffTier(models.Model):
    _name = "property.tariff.tier"
    _description = "Tariff Tier"
    _inherit = ["property.scoped", "property.audited"]
    _order = "tariff_id, qty_from, id"
    _audit_parent = "tariff_id"

    tariff_id = fields.Many2one("property.tariff", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="tariff_id.site_id", store=True, index="btree_not_null")
    company_id = fields.Many2one(related="tariff_id.company_id", store=True)
    qty_from = fields.Float(string="From Quantity", digits=(16, 3), help="Consumption per month.")
    qty_to = fields.Float(string="To Quantity", digits=(16, 3), help="Empty or 0: without limit.")
    price = fields.Float(digits=(16, 6), required=True)

    _price_not_negative = models.Constraint(
        "CHECK(price >= 0 AND qty_from >= 0)", "Tiers cannot be negative. Enter 0 or more."
    )

    @api.constrains("qty_from", "qty_to", "tariff_id")
    def _check_tiers(self):
        self.tariff_id._check_tiers()

    def _range_text(self):
        """Return the quantities of the tier: ``0–15``, or ``>25`` without limit."""
        self.ensure_one()
        return f"{self.qty_from:g}–{self.qty_to:g}" if self.qty_to else f">{self.qty_from:g}"
