from datetime import timedelta

from odoo import api, fields, models

from ..tools.rounding import to_decimal


class PropertyPriceChangeLine(models.Model):
    _name = "property.price.change.line"
    _description = "Price Change: Item"
    _inherit = ["property.by.methods"]
    _order = "change_id, id"

    change_id = fields.Many2one(
        "property.price.change", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="change_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="change_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_id = fields.Many2one("property.charge.item", required=True, ondelete="cascade")
    tariff_id = fields.Many2one("property.tariff", required=True, ondelete="cascade")
    price_text = fields.Char(related="tariff_id.price_text", string="Old Price")
    price_new = fields.Float(string="New Price", digits=(16, 6))
    tier_text = fields.Char(string="Tiers", readonly=True)
    unit_count = fields.Integer(string="Units", readonly=True)
    amount_effect = fields.Monetary(string="Effect a Month", readonly=True)

    _price_not_negative = models.Constraint(
        "CHECK(price_new >= 0)", "A price cannot be negative. Enter 0 or more."
    )

    @api.model
    def _method_fields(self):
        """Override: the preview."""
        return super()._method_fields() | {"unit_count", "amount_effect"}

    def write(self, vals):
        """Keep the prices of a submitted change."""
        if not self.env.su:
            for change in self.change_id:
                change._approval_expect("draft", "refused")
        return super().write(vals)

    def _is_changed(self):
        """Tell whether the line changes a price."""
        self.ensure_one()
        if self.tariff_id.tier_ids:
            change = self.change_id
            return any(
                change._new_price(tier.price) != to_decimal(tier.price)
                for tier in self.tariff_id.tier_ids
            )
        return to_decimal(self.price_new) != to_decimal(self.tariff_id.price)

    def _new_facts(self, facts):
        """Return the price facts of the tariff after the change."""
        return {
            **facts,
            "price": str(to_decimal(self.price_new)),
            "tiers": [
                [low, high, str(self.change_id._new_price(price))]
                for low, high, price in facts["tiers"]
            ],
        }

    def _apply(self):
        """End the tariff the day before and start one with the new price."""
        self.ensure_one()
        change, old = self.change_id, self.tariff_id
        values = {
            "item_id": old.item_id.id,
            "date_from": change.date_from,
            "date_to": old.date_to,
            "price": self.price_new,
            "price_include": old.price_include,
            "tax_id": old.tax_id.id,
            **old._prepare_tier_copy(),
            "tier_ids": [
                (
                    0,
                    0,
                    {
                        "qty_from": tier.qty_from,
                        "qty_to": tier.qty_to,
                        "price": float(change._new_price(tier.price)),
                    },
                )
                for tier in old.tier_ids
            ],
        }
        old.write({"date_to": change.date_from - timedelta(days=1)})
        old.create([values])
