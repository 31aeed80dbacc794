from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .property_charge_item import PAYER_ROLES


class PropertyFee(models.Model):
    _name = "property.fee"
    _description = "Fee"
    _inherit = ["property.scoped", "property.audited", "mail.thread"]
    _order = "site_id, unit_sort_key, item_id, id"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade", tracking=True
    )
    unit_sort_key = fields.Char(related="unit_id.sort_key", store=True, string="Unit Order")
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="unit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    item_id = fields.Many2one(
        "property.charge.item",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
    )
    method = fields.Selection(related="item_id.method", store=True)
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day, inclusive; empty while it lasts."
    )
    payer_role = fields.Selection(
        PAYER_ROLES,
        string="Payer",
        compute="_compute_payer_role",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    meter_id = fields.Many2one(
        "property.meter", index="btree_not_null", ondelete="cascade", tracking=True
    )
    allocation_id = fields.Many2one(
        "property.allocation", index="btree_not_null", ondelete="cascade"
    )
    quantity = fields.Float(
        default=1.0,
        digits=(16, 4),
        tracking=True,
        aggregator=False,
        help="Factor on the area or the fixed price (0.6 for a vacancy discount); the coefficient "
        "for costs shared by coefficient.",
    )
    price = fields.Float(
        digits=(16, 6), tracking=True, aggregator=False, help="Own price; 0 uses the tariff."
    )
    subject_key = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=False,
        help="Tells fees of one item and unit apart that may stand side by side, such as those of "
        "two parking cards.",
    )
    is_automatic = fields.Boolean(
        readonly=True, copy=False, help="Created from the scope of the charge item."
    )
    active = fields.Boolean(default=True)
    charge_ids = fields.One2many("property.charge", "fee_id", string="Charges")
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )
    note = fields.Char()

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, item_id WITH =, (COALESCE(meter_id, 0)) WITH =,"
        " (COALESCE(subject_key, 0)) WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (active AND method <> 'one_off')",
        "This unit already has this fee in that period. End the earlier one first.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A fee cannot end before it starts. Correct one of the two dates.",
    )
    _amounts_not_negative = models.Constraint(
        "CHECK(quantity >= 0 AND price >= 0)", "Quantity and price cannot be negative."
    )

    @api.depends("item_id")
    def _compute_payer_role(self):
        for fee in self:
            fee.payer_role = fee.item_id.payer_role or "owner"

    @api.depends("unit_id.code", "item_id.name")
    def _compute_display_name(self):
        for fee in self:
            fee.display_name = f"{fee.unit_id.code or ''} {fee.item_id.name or ''}".strip()

    @api.constrains("unit_id", "item_id", "meter_id")
    def _check_scope(self):
        for fee in self:
            item, unit = fee.item_id, fee.unit_id
            if item.company_id != unit.company_id or (
                item.site_id and item.site_id != unit.site_id
            ):
                raise ValidationError(
                    self.env._(
                        "Item %(item)s does not belong to the site of unit %(unit)s. "
                        "Choose an item of %(site)s.",
                        item=item.name,
                        unit=unit.code,
                        site=unit.site_id.name,
                    )
                )
            if fee.meter_id and fee.meter_id.site_id != unit.site_id:
                raise ValidationError(
                    self.env._(
                        "Meter %(meter)s belongs to another site than unit %(unit)s.",
                        meter=fee.meter_id.code,
                        unit=unit.code,
                    )
                )

    @api.model
    def _audit_fields(self):
        """Override: what makes it cost other than its item says."""
        return ["item_id", "price", "quantity"]

    def _log_change(self, before, after):
        """Override: fees that cost what their item says come and go without an entry."""
        told = before or after
        if not (before and after) and (told["price"], told["quantity"]) == ("0", "1"):
            return self.env["property.audit"]
        return super()._log_change(before, after)

    @api.model_create_multi
    def create(self, vals_list):
        """Let a fee ended in the same transaction reach the database before its successor."""
        self.flush_model(["date_from", "date_to", "active"])
        return super().create(vals_list)
