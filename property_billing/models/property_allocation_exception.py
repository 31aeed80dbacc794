from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PropertyAllocationException(models.Model):
    """A unit that bears no share, or a reduced one, of shared costs for some time."""

    _name = "property.allocation.exception"
    _description = "Exception from Shared Costs"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "site_id, unit_id, date_from desc, id"

    unit_id = fields.Many2one(
        "property.unit", required=True, index=True, ondelete="cascade", tracking=True
    )
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    item_id = fields.Many2one(
        "property.charge.item",
        index="btree_not_null",
        ondelete="cascade",
        tracking=True,
        domain="[('method', '=', 'allocated'), ('company_id', '=', company_id),"
        " ('site_id', 'in', (site_id, False))]",
        help="Empty: every shared cost.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day, inclusive; empty while it lasts."
    )
    factor = fields.Float(
        default=0.0,
        digits=(16, 4),
        tracking=True,
        aggregator=False,
        help="Factor on the share of the unit: 0 leaves it out, 0.5 halves it.",
    )
    reason = fields.Char(
        required=True, tracking=True, help="Shown on the bill, such as ground floor or vacant."
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "An exception cannot end before it starts. Correct one of the two dates.",
    )
    _factor_range = models.Constraint(
        "CHECK(factor >= 0 AND factor <= 10)", "The factor must be between 0 and 10."
    )
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, (COALESCE(item_id, 0)) WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&)",
        "This unit already has an exception for that item and time. End the earlier one first.",
    )

    @api.depends("unit_id.code", "item_id.name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.unit_id.code or ''} {row.item_id.name or ''}".strip()

    @api.constrains("unit_id", "item_id")
    def _check_item(self):
        for row in self:
            item = row.item_id
            if item and (
                item.method != "allocated"
                or item.company_id != row.company_id
                or (item.site_id and item.site_id != row.site_id)
            ):
                raise ValidationError(
                    self.env._(
                        "%(item)s is no shared cost of %(site)s. Choose an allocated item.",
                        item=item.name,
                        site=row.site_id.name,
                    )
                )
