from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .property_meter import METER_KINDS

#: Who needs to know prices: guards and engineers do not.
PRICE_GROUPS = ",".join(
    f"property_base.group_{role}" for role in ("service", "leasing", "cashier", "finance")
)

CATEGORIES = [
    ("management", "Management fee"),
    ("parking", "Parking"),
    ("water", "Water"),
    ("electricity", "Electricity"),
    ("gas", "Gas"),
    ("heat", "Heating"),
    ("allocation", "Shared cost"),
    ("other", "Other"),
]
METHODS = [
    ("area", "By area"),
    ("fixed", "Fixed per month"),
    ("metered", "Metered"),
    ("allocated", "Allocated"),
    ("formula", "Formula"),
    ("percent", "Percentage of other items"),
    ("one_off", "One-off"),
]
PAYER_ROLES = [
    ("owner", "Owner"),
    ("tenant", "Tenant, else owner"),
    ("developer", "Developer"),
    ("split", "Split by percent"),
]
BASES = [
    ("area", "By area"),
    ("unit", "Equally by unit"),
    ("consumption", "By consumption"),
    ("coefficient", "By coefficient"),
]


class PropertyChargeItem(models.Model):
    _name = "property.charge.item"
    _description = "Charge Item"
    _inherit = ["property.scoped", "property.audited", "mail.thread"]
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, copy=False, tracking=True)
    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Empty: the item applies to every site of the company.",
    )
    category = fields.Selection(CATEGORIES, required=True, default="other")
    method = fields.Selection(METHODS, required=True, default="fixed", tracking=True)
    payer_role = fields.Selection(
        PAYER_ROLES, required=True, default="owner", string="Payer", tracking=True
    )
    unit_type_ids = fields.Many2many(
        "property.unit.type",
        string="Applies to",
        help="Units of these types get this fee by themselves once handed over. "
        "Empty: metered items apply to the meters of their kind, others are set by hand.",
    )
    meter_kind = fields.Selection(METER_KINDS, help="Meters this item bills.")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        check_company=True,
        help="Gives the income account; created when left empty.",
    )
    proration = fields.Selection(
        [
            ("actual", "Days of the month"),
            ("days30", "30-day month"),
            ("full_month", "Whole months"),
            ("half_month", "Half months"),
        ],
        required=True,
        default="actual",
        help="How a partly covered month counts: covered days over the days of that month; over "
        "30; wholly; or half up to 15 days and wholly beyond.",
    )
    rounding_step = fields.Float(
        default=0.01, digits=(16, 2), required=True, help="Smallest amount on a bill, in yuan."
    )
    rounding_direction = fields.Selection(
        [("half_up", "Half up"), ("up", "Up"), ("down", "Down")], required=True, default="half_up"
    )
    allocation_basis = fields.Selection(BASES, default="area")
    tariff_ids = fields.One2many(
        "property.tariff", "item_id", string="Tariffs", copy=True, groups=PRICE_GROUPS
    )
    fee_ids = fields.One2many("property.fee", "item_id", string="Fees")
    fee_count = fields.Integer(compute="_compute_fee_count")
    price_text = fields.Char(
        string="Price Today", compute="_compute_price_text", groups=PRICE_GROUPS
    )
    active = fields.Boolean(default=True)
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )
    note = fields.Text(string="Notes")

    _code_unique = models.UniqueIndex(
        "(company_id, COALESCE(site_id, 0), code)",
        "This site already has a charge item with this code. Open that item or change the code.",
    )
    _rounding_step_positive = models.Constraint(
        "CHECK(rounding_step > 0)", "The rounding step must be positive, such as 0.01."
    )

    @api.depends("fee_ids")
    def _compute_fee_count(self):
        counts = dict(
            self.env["property.fee"]._read_group(
                [("item_id", "in", self.ids)], ["item_id"], ["__count"]
            )
        )
        for item in self:
            item.fee_count = counts.get(item._origin, 0)

    @api.depends("method", "tariff_ids.price", "tariff_ids.date_from", "tariff_ids.date_to")
    def _compute_price_text(self):
        today = fields.Date.context_today(self)
        for item in self:
            tariff = item.tariff_ids.filtered(
                lambda row: (
                    row.date_from
                    and row.date_from <= today
                    and (not row.date_to or row.date_to >= today)
                )
            )[:1]
            item.price_text = (
                self.env._("Actual cost, shared")
                if item.method == "allocated"
                else f"{tariff.price_text} %"
                if item.method == "percent" and tariff
                else tariff.price_text or False
            )

    @api.depends("code", "name", "site_id.name")
    @api.depends_context("property_item_with_site")
    def _compute_display_name(self):
        """Name the site too where items of several sites stand side by side."""
        with_site = self.env.context.get("property_item_with_site")
        for item in self:
            item.display_name = (
                f"{item.name} · {item.site_id.name}" if with_site and item.site_id else item.name
            )

    @api.constrains("site_id", "company_id")
    def _check_site_company(self):
        for item in self:
            if item.site_id and item.site_id.company_id != item.company_id:
                raise ValidationError(
                    self.env._(
                        "Item %(item)s and site %(site)s belong to different companies. "
                        "Choose a site of %(company)s.",
                        item=item.code,
                        site=item.site_id.name,
                        company=item.company_id.name,
                    )
                )

    @api.constrains("method", "meter_kind")
    def _check_meter_kind(self):
        for item in self:
            if item.method == "metered" and not item.meter_kind:
                raise ValidationError(
                    self.env._(
                        "Item %(item)s is metered: choose the kind of meter.", item=item.code
                    )
                )

    @api.model
    def _audit_fields(self):
        """Override: who pays what, and how it is rounded."""
        return [
            "name",
            "method",
            "payer_role",
            "unit_type_ids",
            "meter_kind",
            "proration",
            "rounding_step",
            "rounding_direction",
            "allocation_basis",
            "active",
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Create a product for every item that comes without one, then the standing fees."""
        vals_list = [dict(vals) for vals in vals_list]
        without = [vals for vals in vals_list if not vals.get("product_id")]
        if without:
            # sudo: finance may create items, and products only come with them
            products_sudo = self.env["product.product"].sudo()
            products = products_sudo.create([self._prepare_product_vals(vals) for vals in without])
            for vals, product in zip(without, products, strict=True):
                vals["product_id"] = product.id
        items = super().create(vals_list)
        items._sync_fees()
        return items

    def write(self, vals):
        """Follow a wider scope with the fees that are missing."""
        result = super().write(vals)
        if {"unit_type_ids", "method", "meter_kind", "site_id", "active"} & vals.keys():
            self._sync_fees()
        return result

    def copy_data(self, default=None):
        """Give a copied item its own code and product."""
        vals_list = super().copy_data(default)
        for item, vals in zip(self, vals_list, strict=True):
            vals.setdefault("code", self.env._("%(code)s copy", code=item.code))
            vals.pop("product_id", None)
        return vals_list

    def action_view_fees(self):
        """Open the fees of the item."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_fee_action"
        )
        action["domain"] = [("item_id", "=", self.id)]
        action["context"] = {"default_item_id": self.id}
        return action

    @api.model
    def _prepare_product_vals(self, vals):
        """Prepare the service product of an item."""
        return {
            "name": vals.get("name"),
            "default_code": vals.get("code"),
            "type": "service",
            "company_id": vals.get("company_id") or self.env.company.id,
            "sale_ok": True,
            "purchase_ok": False,
            "taxes_id": [(5, 0, 0)],
            "supplier_taxes_id": [(5, 0, 0)],
            "list_price": 0.0,
        }
