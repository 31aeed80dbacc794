from odoo import api, fields, models

from ..tools.schedule import month_rent, price_on

PRICINGS = [
    ("m2_day", "Per m² and day"),
    ("m2_month", "Per m² and month"),
    ("month", "Per month"),
]


class PropertyLeaseLine(models.Model):
    """What a lease charges for one space: rent, or another item by contract."""

    _name = "property.lease.line"
    _description = "Space of a Lease"
    _inherit = ["property.lease.term"]
    _order = "lease_id, sequence, id"

    sequence = fields.Integer(default=10)
    unit_id = fields.Many2one(
        "property.unit",
        string="Space",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('site_id', '=', site_id), ('kind', '!=', 'public')]",
    )
    item_id = fields.Many2one(
        "property.charge.item",
        required=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False)),"
        " ('method', '=', 'contract')]",
        compute="_compute_item_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_rent = fields.Boolean(compute="_compute_is_rent", help="Steps and rent-free days apply.")
    area = fields.Float(
        compute="_compute_area",
        store=True,
        readonly=False,
        precompute=True,
        digits=(16, 2),
        help="Let area in m².",
    )
    price = fields.Float(required=True, digits=(16, 4), aggregator=False)
    pricing = fields.Selection(PRICINGS, string="Priced", required=True, default="m2_day")
    tax_id = fields.Many2one(
        "account.tax",
        string="VAT",
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent'),"
        " ('company_id', '=', company_id)]",
        compute="_compute_tax_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    rate_ids = fields.One2many("property.lease.rate", "line_id", string="Later Prices")
    fee_id = fields.Many2one(
        "property.fee", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    instalment_ids = fields.One2many("property.lease.instalment", "line_id", string="Instalments")
    extra_ids = fields.Many2many(
        "property.charge",
        string="Charged since",
        readonly=True,
        copy=False,
        help="What amendments charged on top of the bills.",
    )

    date_from = fields.Date(
        string="From",
        readonly=True,
        copy=False,
        help="First day of a space that an amendment added; empty: that of the lease.",
    )
    date_to = fields.Date(
        string="Until",
        readonly=True,
        copy=False,
        help="Last day of a space that an amendment gave back; empty: that of the lease.",
    )

    _unit_item_once = models.UniqueIndex(
        "(lease_id, unit_id, item_id) WHERE date_to IS NULL",
        "The lease charges this item for this space already. Change that row.",
    )
    _values_not_negative = models.Constraint(
        "CHECK(price >= 0 AND area >= 0)", "Price and area cannot be negative."
    )
    _values_limited = models.Constraint(
        "CHECK(price <= 100000000 AND area <= 10000000)",
        "A price is at most 100,000,000 and an area 10,000,000 m². Check the digits.",
    )

    @api.depends("lease_id.company_id")
    def _compute_item_id(self):
        """Propose the rent of the company that lets the space."""
        for line in self:
            company = line.lease_id.company_id or self.env.company
            if line.item_id.company_id != company:
                line.item_id = company._lease_item("contract")

    @api.depends("item_id.category")
    def _compute_is_rent(self):
        for line in self:
            line.is_rent = line.item_id.category == "rent"

    @api.depends("unit_id")
    def _compute_area(self):
        for line in self:
            line.area = line.unit_id.area_billable or line.area

    @api.depends("item_id")
    def _compute_tax_id(self):
        """Propose the VAT of the item's latest tariff."""
        for line in self:
            # sudo: whoever may let the space may know at which rate it is taxed
            line.tax_id = line.item_id.sudo().tariff_ids[:1].tax_id or line.tax_id

    @api.depends("unit_id.code", "item_id.name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.unit_id.code or ''} {line.item_id.name or ''}".strip()

    def _is_let_on(self, day):
        """Tell whether the space belongs to the lease on a day."""
        self.ensure_one()
        lease = self.lease_id
        return self._first_day() <= day <= min(filter(None, (self.date_to, lease.date_to)))

    def _first_day(self):
        """Return the first day on which the lease has the space."""
        self.ensure_one()
        return self.date_from or self.lease_id.date_from

    def _last_day(self):
        """Return the last day on which the lease has the space; none without lines."""
        ends = [min(filter(None, (line.date_to, line.lease_id.date_to))) for line in self]
        return max(ends, default=None)

    def _in_force_on(self, day):
        """Return price and area in force on a day, steps and amendments counted.

        :param day: date; the first day of the space if empty or earlier
        :return: dict ``price``, ``area``
        """
        self.ensure_one()
        terms = self._terms()
        rate, price = price_on(terms, max(day or terms.start, terms.start))
        return {"price": float(price), "area": float(rate.area)}

    def _rent_on(self, day):
        """Return the rent of a month at the price in force on a day, rent-free days or not.

        :return: Decimal, VAT included or not as the lease says
        """
        self.ensure_one()
        terms = self._terms()
        rate, price = price_on(terms, max(day, terms.start))
        return month_rent(terms, price, rate.area)


class PropertyLeaseRate(models.Model):
    """Another price or area from a day on, as an amendment says."""

    _name = "property.lease.rate"
    _description = "Later Price of a Space"
    _inherit = ["property.lease.term"]
    _order = "line_id, date_from, id"

    lease_id = fields.Many2one(
        related="line_id.lease_id", store=True, precompute=True, required=False
    )
    line_id = fields.Many2one("property.lease.line", required=True, index=True, ondelete="cascade")
    date_from = fields.Date(string="From", required=True)
    price = fields.Float(required=True, digits=(16, 4), aggregator=False)
    area = fields.Float(required=True, digits=(16, 2), help="Let area in m².")
    amendment_id = fields.Many2one(
        "property.lease.amendment", required=True, index=True, ondelete="restrict"
    )

    _values_not_negative = models.Constraint(
        "CHECK(price >= 0 AND area >= 0)", "Price and area cannot be negative."
    )
    _values_limited = models.Constraint(
        "CHECK(price <= 100000000 AND area <= 10000000)",
        "A price is at most 100,000,000 and an area 10,000,000 m². Check the digits.",
    )
