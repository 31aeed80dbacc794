from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

ROLES = [
    ("owner", "Owner"),
    ("co_owner", "Co-owner"),
    ("tenant", "Tenant"),
    ("family", "Family member"),
    ("agent", "Agent"),
]
#: What pages of the portal ask of occupancies, read together with finding them.
PORTAL_FIELDS = (
    *("unit_id", "site_id", "partner_id", "role", "is_primary"),
    *("date_from", "date_to", "may_see_bills"),
)


class PropertyOccupancy(models.Model):
    _name = "property.occupancy"
    _description = "Occupancy"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "unit_id, date_from desc, role_order, id"
    _mail_post_access = "read"

    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    role = fields.Selection(ROLES, required=True, default="owner", tracking=True, index=True)
    role_order = fields.Integer(compute="_compute_role_order", store=True, precompute=True)
    is_primary = fields.Boolean(
        string="Primary",
        tracking=True,
        help="The one owner, or the one tenant, who is billed. Owners always are.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(
        string="Until", tracking=True, help="Last day, inclusive; empty while it lasts."
    )
    may_see_bills = fields.Boolean(
        compute="_compute_may_see_bills",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="This person sees and may pay the unit's bills in the portal.",
    )
    is_current = fields.Boolean(compute="_compute_is_current", search="_search_is_current")
    partner_phone_masked = fields.Char(related="partner_id.phone_masked", string="Phone")
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )
    note = fields.Char(groups="base.group_user")

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A person cannot leave before moving in. Correct one of the two dates.",
    )
    _owner_is_primary = models.Constraint(
        "CHECK(role != 'owner' OR is_primary)",
        "The owner is always the primary one. Use the role co-owner for further owners.",
    )
    _owner_exclusive = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (role = 'owner')",
        "This unit already has an owner in that period. "
        "End the earlier ownership first, or use the transfer wizard.",
    )
    _tenant_exclusive = models.Constraint(
        "EXCLUDE USING gist (unit_id WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (role = 'tenant' AND is_primary)",
        "This unit already has a primary tenant in that period. "
        "End the earlier tenancy first, or enter this tenant as not primary.",
    )

    @api.depends("role")
    def _compute_role_order(self):
        order = {role: index for index, (role, _label) in enumerate(ROLES)}
        for occupancy in self:
            occupancy.role_order = order.get(occupancy.role, len(order))

    @api.depends("role")
    def _compute_may_see_bills(self):
        for occupancy in self:
            occupancy.may_see_bills = occupancy.role in ("owner", "tenant")

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for occupancy in self:
            occupancy.is_current = bool(occupancy.date_from) and (
                occupancy.date_from <= today <= (occupancy.date_to or date.max)
            )

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        current = self._domain_current()
        return (current if True in value else Domain.FALSE) | (
            ~current if False in value else Domain.FALSE
        )

    @api.depends("partner_id.name", "unit_id.code", "role")
    def _compute_display_name(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        for occupancy in self:
            occupancy.display_name = " · ".join(
                part
                for part in (
                    occupancy.unit_id.code,
                    occupancy.partner_id.name,
                    labels.get(occupancy.role),
                )
                if part
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Find people of a household the way a household is found."""
        if operator not in ("ilike", "like") or not isinstance(value, str) or not value.strip():
            return Domain("unit_id.code", operator, value) | Domain(
                "partner_id.name", operator, value
            )
        units = self.env["property.unit"]
        text = value.strip()
        people = units._property_people_domain(text)
        return people | Domain("unit_id", "any", units._property_household_domain(text))

    @api.model
    def _domain_current(self, day=None):
        """Return the domain of the occupancies that hold on a day.

        :param date day: the day; today in the user's time zone when left out
        """
        day = day or fields.Date.context_today(self)
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Make owners primary, and a tenant where no other primary tenant overlaps."""
        self._set_primary(vals_list)
        self.env["res.partner"]._property_check_readable(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Keep the primary flag in step with the role."""
        self.env["res.partner"]._property_check_readable([vals])
        if "role" in vals and "is_primary" not in vals:
            vals = {**vals, "is_primary": vals["role"] == "owner"}
            if vals["role"] == "tenant":
                vals.pop("is_primary")
        return super().write(vals)

    def unlink(self):
        """Log what a deletion takes away: it changes who paid in the past."""
        if not self.env.context.get("property_import"):
            for occupancy in self:
                self.env["property.audit"]._log(
                    "personal_data",
                    occupancy,
                    before=occupancy._prepare_audit_values(),
                    after={"action": "delete"},
                )
        return super().unlink()

    def _prepare_audit_values(self):
        """Return the facts of an occupancy without the name of the person."""
        return {
            "unit": self.unit_id.code,
            "person": f"#{self.partner_id.id}",
            "role": self.role,
            "date_from": self.date_from,
            "date_to": self.date_to,
        }

    @api.model
    def _set_primary(self, vals_list):
        tenants = [
            vals
            for vals in vals_list
            if vals.get("role") == "tenant" and "is_primary" not in vals and vals.get("unit_id")
        ]
        default_role = self.default_get(["role"]).get("role")
        for vals in vals_list:
            role = vals.get("role", default_role)
            if role == "owner":
                vals["is_primary"] = True
            elif role != "tenant":
                vals["is_primary"] = False
        if not tenants:
            return
        spans = {}
        for other in self.sudo().search(
            [
                ("unit_id", "in", [vals["unit_id"] for vals in tenants]),
                ("role", "=", "tenant"),
                ("is_primary", "=", True),
            ]
        ):
            spans.setdefault(other.unit_id.id, []).append((other.date_from, other.date_to))
        for vals in vals_list:
            if vals.get("role") != "tenant" or not vals.get("unit_id"):
                continue
            start = fields.Date.to_date(vals.get("date_from")) or fields.Date.context_today(self)
            end = fields.Date.to_date(vals.get("date_to")) or date.max
            taken = spans.setdefault(vals["unit_id"], [])
            if "is_primary" not in vals:
                vals["is_primary"] = not any(
                    other_start <= end and start <= (other_end or date.max)
                    for other_start, other_end in taken
                )
            if vals["is_primary"]:
                taken.append((start, end))

    def action_reveal_phone(self):
        """Show the person's telephone number to a member of staff, and log it."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_reveal_phone()
