from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .property_lease import MOST_DAYS

KINDS = [
    ("rent", "Price or area"),
    ("space", "Spaces: one more, or one less"),
    ("rent_free", "Rent-free days"),
    ("turnover", "Turnover rent"),
    ("term", "Other end: early termination or renewal"),
    ("tenant", "Other tenant"),
]


class PropertyLeaseAmendment(models.Model):
    """A dated change of a signed lease: what was billed stays, the future is derived anew."""

    _name = "property.lease.amendment"
    _description = "Amendment of a Lease"
    _property_own_limits = frozenset({"date_to"})
    _inherit = ["property.approval", "property.evidence"]
    _order = "lease_id, number, id"

    lease_id = fields.Many2one(
        "property.lease",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('signed_date', '!=', False)]",
        tracking=True,
    )
    number = fields.Integer(readonly=True, copy=False, aggregator=False)
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, string="Changes", required=True, default="rent", tracking=True)
    date = fields.Date(
        string="From",
        required=True,
        tracking=True,
        default=fields.Date.context_today,
        help="First day of the other price, percentages, tenant or rent-free days.",
    )
    line_ids = fields.One2many(
        "property.lease.amendment.line", "amendment_id", string="Prices", copy=True
    )
    free_to = fields.Date(string="Rent-free until", tracking=True, help="Last day, inclusive.")
    date_to = fields.Date(
        string="Lease Ends on", tracking=True, help="Last day of the lease from now on."
    )
    old_date_to = fields.Date(string="Ended on", readonly=True, copy=False)
    penalty = fields.Monetary(
        tracking=True, help="Charged to the tenant on approval, VAT included; 0 for none."
    )
    item_id = fields.Many2one(
        "property.charge.item",
        string="Charged as",
        ondelete="restrict",
        domain="[('method', '=', 'one_off'), ('company_id', '=', company_id),"
        " ('site_id', 'in', (site_id, False))]",
        compute="_compute_item_id",
        store=True,
        readonly=False,
        precompute=True,
        help="One-off item of the penalty, and of what is owed for days billed already.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="New Tenant", ondelete="restrict", tracking=True
    )
    old_partner_id = fields.Many2one("res.partner", string="Tenant", readonly=True, copy=False)
    reason = fields.Text(required=True, tracking=True)
    charge_ids = fields.Many2many("property.charge", string="Charged", readonly=True, copy=False)
    changes = fields.Json(string="Changed Instalments", readonly=True, copy=False)
    changes_html = fields.Html(compute="_compute_changes_html", string="Schedule")
    amount_billed_difference = fields.Monetary(
        compute="_compute_changes_html",
        string="For Billed Days",
        help="Credited or charged on approval, VAT included.",
    )
    amount_future_difference = fields.Monetary(
        compute="_compute_changes_html", string="For Later Days", help="VAT included."
    )

    _penalty_not_negative = models.Constraint(
        "CHECK(penalty >= 0)", "A penalty cannot be negative. Enter 0 for none."
    )
    _number_unique = models.Constraint(
        "UNIQUE(lease_id, number)", "Another amendment has this number. Try again."
    )

    @api.depends("lease_id")
    def _compute_item_id(self):
        for amendment in self:
            company = amendment.lease_id.company_id
            known = amendment.item_id
            amendment.item_id = known or (company and company._lease_item("one_off"))

    @api.depends("lease_id.name", "number")
    def _compute_display_name(self):
        for amendment in self:
            amendment.display_name = self.env._(
                "%(lease)s, amendment %(number)s",
                lease=amendment.lease_id.name or "",
                number=amendment.number or "",
            )

    @api.constrains("lease_id")
    def _check_lease(self):
        if any(not amendment.lease_id.signed_date for amendment in self):
            raise ValidationError(
                self.env._("Only a signed lease is amended. Edit the lease itself instead.")
            )

    @api.onchange("lease_id", "kind")
    def _onchange_kind(self):
        """Propose the rent in force on the day, to be changed."""
        if self.kind == "rent" and self.lease_id and not self.line_ids:
            self.line_ids = [
                (0, 0, {"lease_line_id": line.id, **line._in_force_on(self.date)})
                for line in self.lease_id._origin.line_ids
                if not line.date_to
            ]

    @api.model_create_multi
    def create(self, vals_list):
        """Number the amendments of each lease."""
        amendments = super().create(vals_list)
        for lease, own in amendments.grouped("lease_id").items():
            last = max(self.sudo().search([("lease_id", "=", lease.id)]).mapped("number"))
            for number, amendment in enumerate(own, start=last + 1):
                # sudo: numbers are given, not written
                amendment.sudo().write(
                    {
                        "number": number,
                        "old_partner_id": lease.partner_id.id,
                        "old_date_to": lease.date_to,
                    }
                )
        return amendments

    @api.depends(
        "approval_state",
        "kind",
        "date",
        "date_to",
        "free_to",
        "line_ids.price",
        "line_ids.area",
        "space_ids",
        "space_ids.action",
        "space_ids.unit_id",
        "space_ids.price",
        "space_ids.area",
        "space_ids.pricing",
        "lease_id",
    )
    def _compute_changes_html(self):
        for amendment in self:
            rows = amendment.changes or (amendment._changes() if amendment._is_complete() else [])
            billed = sum(row["after"] - row["before"] for row in rows if row["is_billed"])
            total = sum(row["after"] - row["before"] for row in rows)
            amendment.amount_billed_difference = billed
            amendment.amount_future_difference = total - billed
            amendment.changes_html = self.env["ir.qweb"]._render(
                "property_leasing.amendment_changes", {"amendment": amendment, "rows": rows}
            )

    def _is_complete(self):
        """Tell whether the change can be worked out."""
        self.ensure_one()
        if not self.lease_id or not self.date:
            return False
        return {
            "rent": bool(self.line_ids),
            "space": bool(self.space_ids) and all(row.unit_id for row in self.space_ids),
            "rent_free": bool(self.free_to and self.free_to >= self.date),
            "term": bool(
                self.date_to and self.date_to >= self.lease_id.date_from and not self._is_too_long()
            ),
            "tenant": bool(self.partner_id),
        }[self.kind]

    def _is_too_long(self):
        """Tell whether the lease would run longer than the law allows."""
        return bool(self.date_to) and (self.date_to - self.lease_id.date_from).days >= MOST_DAYS


class PropertyLeaseAmendmentLine(models.Model):
    """The price and area of a space from the day of an amendment on."""

    _name = "property.lease.amendment.line"
    _description = "Price by an Amendment"
    _inherit = ["property.lease.amendment.row"]
    _order = "amendment_id, id"

    lease_line_id = fields.Many2one(
        "property.lease.line",
        string="Space",
        required=True,
        ondelete="restrict",
        domain="[('lease_id', '=', lease_id), ('date_to', '=', False)]",
    )
    price = fields.Float(required=True, digits=(16, 4), aggregator=False)
    area = fields.Float(required=True, digits=(16, 2), help="Let area in m².")

    _line_once = models.Constraint(
        "UNIQUE(amendment_id, lease_line_id)", "The amendment changes this space already."
    )
    _values_not_negative = models.Constraint(
        "CHECK(price >= 0 AND area >= 0)", "Price and area cannot be negative."
    )
    _values_limited = models.Constraint(
        "CHECK(price <= 100000000 AND area <= 10000000)",
        "A price is at most 100,000,000 and an area 10,000,000 m². Check the digits.",
    )
