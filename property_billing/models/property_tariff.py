from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.rounding import to_decimal
from ..tools.tiers import check_tiers


class PropertyTariff(models.Model):
    _name = "property.tariff"
    _description = "Tariff"
    _inherit = ["property.scoped", "property.audited"]
    _order = "item_id, date_from desc, id"

    item_id = fields.Many2one("property.charge.item", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="item_id.site_id", store=True, index="btree_not_null")
    company_id = fields.Many2one(related="item_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", help="Last day, inclusive; empty while it lasts.")
    price = fields.Float(
        digits=(16, 6),
        help="Per m² and month, per month, or per unit of consumption. Ignored with tiers.",
    )
    tier_ids = fields.One2many("property.tariff.tier", "tariff_id", string="Tiers", copy=True)
    price_include = fields.Boolean(
        string="VAT included", default=True, help="Unset: VAT is added on top of the price."
    )
    tax_id = fields.Many2one(
        "account.tax",
        string="VAT",
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent'),"
        " ('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    price_text = fields.Char(compute="_compute_price_text", string="Price Table")
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (item_id WITH =, daterange(date_from, date_to, '[]') WITH &&)",
        "Two tariffs of an item overlap. End the earlier one the day before the later starts.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A tariff cannot end before it starts. Correct one of the two dates.",
    )
    _price_not_negative = models.Constraint(
        "CHECK(price >= 0)", "A price cannot be negative. Enter 0 or more."
    )

    @api.depends("price", "tier_ids.qty_from", "tier_ids.qty_to", "tier_ids.price")
    def _compute_price_text(self):
        for tariff in self:
            tariff.price_text = (
                "; ".join(f"{tier._range_text()}: {tier.price:g}" for tier in tariff.tier_ids)
                or f"{tariff.price:g}"
            )

    @api.depends("item_id", "date_from")
    def _compute_display_name(self):
        for tariff in self:
            tariff.display_name = f"{tariff.item_id.name} {tariff.date_from or ''}".strip()

    @api.constrains("tier_ids")
    def _check_tiers(self):
        for tariff in self:
            if tariff.tier_ids and (problem := check_tiers(tariff._tier_values())):
                raise ValidationError(tariff._tier_message(problem))

    @api.model_create_multi
    def create(self, vals_list):
        """Show the VAT of new prices on the products too."""
        # An earlier tariff ended in the same transaction must reach the database first.
        self.flush_model(["date_from", "date_to"])
        tariffs = super().create(vals_list)
        tariffs._apply_tax_to_products()
        return tariffs

    def write(self, vals):
        """Show another VAT on the products too."""
        result = super().write(vals)
        if "tax_id" in vals:
            self._apply_tax_to_products()
        return result

    def _tier_values(self):
        self.ensure_one()
        return [
            (
                to_decimal(tier.qty_from),
                to_decimal(tier.qty_to) if tier.qty_to else None,
                to_decimal(tier.price),
            )
            for tier in self.tier_ids
        ]

    def _tier_message(self, problem):
        name = self.display_name
        return {
            "gap": self.env._(
                "%(tariff)s: the tiers leave a gap. Start each where the last ends.", tariff=name
            ),
            "overlap": self.env._(
                "%(tariff)s: two tiers overlap. Start each where the last ends.", tariff=name
            ),
            "empty": self.env._(
                "%(tariff)s: a tier ends before it starts. Correct its limits.", tariff=name
            ),
            "closed": self.env._("%(tariff)s: leave the end of the last tier empty.", tariff=name),
        }[problem]

    def _audit_values(self):
        """Override: the price as a whole, with its tiers."""
        self.ensure_one()
        return {
            "item": self.item_id.code,
            "date_from": str(self.date_from or ""),
            "date_to": str(self.date_to or ""),
            "price": self.price_text,
            "vat": f"{self.tax_id.amount:g}" if self.tax_id else "",
            "price_include": self.price_include,
        }

    def _log_change(self, before, after):
        """Override: people look for prices at the item."""
        return self.env["property.audit"]._log("money", self.item_id, before=before, after=after)

    def _apply_tax_to_products(self):
        """Show an item's VAT on its product too, so that hand-made invoices agree with runs."""
        for tax, tariffs in self.filtered("tax_id").grouped("tax_id").items():
            products_sudo = tariffs.item_id.product_id.sudo().filtered(
                lambda product, tax=tax: product.taxes_id != tax
            )
            if products_sudo:
                products_sudo.write({"taxes_id": [(6, 0, tax.ids)]})

    def _prepare_price_facts(self):
        """Return what a charge freezes of the tariff: plain text and numbers."""
        self.ensure_one()
        return {
            "price": str(to_decimal(self.price)),
            "tiers": [
                [str(low), str(high) if high is not None else None, str(price)]
                for low, high, price in self._tier_values()
            ],
            "price_include": self.price_include,
            "rate": f"{self.tax_id.amount:g}" if self.tax_id else "",
            "tariff_id": self.id,
        }
