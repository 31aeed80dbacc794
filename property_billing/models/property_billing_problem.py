from odoo import fields, models


class PropertyBillingProblem(models.Model):
    _name = "property.billing.problem"
    _description = "Billing Problem"
    _inherit = ["property.scoped"]
    _order = "run_id, severity_order, kind, unit_sort_key, id"

    run_id = fields.Many2one("property.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True)
    site_id = fields.Many2one("property.site", index="btree_not_null", ondelete="cascade")
    unit_id = fields.Many2one("property.unit", index="btree_not_null", ondelete="cascade")
    unit_sort_key = fields.Char(related="unit_id.sort_key", store=True, string="Unit Order")
    item_id = fields.Many2one("property.charge.item", index="btree_not_null", ondelete="cascade")
    meter_id = fields.Many2one("property.meter", index="btree_not_null", ondelete="cascade")
    kind = fields.Selection(
        [
            ("no_start", "No start of billing"),
            ("no_area", "Area missing"),
            ("no_tariff", "Tariff missing"),
            ("no_reading", "Reading missing"),
            ("no_payer", "Payer missing"),
            ("no_member", "Nobody to share with"),
            ("reading_fell", "Reading fell"),
            ("mixed_vat", "VAT changes"),
            ("tiers", "Tiers end too early"),
            ("no_meter", "Meter missing"),
            ("billed", "Already billed"),
            ("formula", "Formula not computable"),
            ("no_count", "Nothing to count"),
            ("missed", "Not billed in its time"),
            ("cut_month", "Part of a month"),
        ],
        required=True,
    )
    severity = fields.Selection(
        [("error", "Not billed"), ("warning", "Check"), ("info", "Note")],
        required=True,
        default="error",
    )
    severity_order = fields.Integer(default=1)
    message = fields.Text(required=True)
