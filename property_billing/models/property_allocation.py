from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .property_charge_item import BASES as ITEM_BASES

BASES = [
    *(row for row in ITEM_BASES if row[0] != "persons"),
    ("persons", "By persons"),
]
LEVELS = [
    ("area", "By area"),
    ("unit", "By number of units"),
    ("consumption", "By building meters"),
]
FROZEN_FIELDS = {
    "amount",
    "date_from",
    "date_to",
    "item_id",
    "building_id",
    "entrance",
    "zone_id",
    "excluded_unit_ids",
    "vacancy_factor",
    "basis",
    "building_basis",
    "source",
    "master_meter_id",
    "price",
    "source_line_ids",
}


class PropertyAllocation(models.Model):
    _name = "property.allocation"
    _description = "Shared Cost"
    _inherit = ["property.scoped", "mail.thread"]
    _order = "date_to desc, site_id, building_id, id"

    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    building_id = fields.Many2one(
        "property.building",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        help="Empty: shared by the whole site.",
    )
    entrance = fields.Char(help="Only this entrance (单元) of the building; empty: all of them.")
    zone_id = fields.Many2one(
        "property.zone",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        help="A named set of units, such as those of one lift, instead of a building.",
    )
    excluded_unit_ids = fields.Many2many(
        "property.unit",
        string="Left Out",
        domain="[('site_id', '=', site_id)]",
        help="Units that bear no part of this cost. Standing exceptions are kept by unit and date.",
    )
    vacancy_factor = fields.Float(
        default=1.0,
        digits=(16, 4),
        tracking=True,
        aggregator=False,
        help="Factor on the weight of units that were vacant on the last day of the period: 0.5 "
        "halves it, 0 leaves them out.",
    )
    item_id = fields.Many2one(
        "property.charge.item",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('method', '=', 'allocated'), ('company_id', '=', company_id),"
        " ('site_id', 'in', (site_id, False))]",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    amount = fields.Monetary(required=True, tracking=True, help="Total to share, VAT included.")
    basis = fields.Selection(
        BASES, compute="_compute_basis", store=True, readonly=False, required=True, precompute=True
    )
    building_basis = fields.Selection(
        LEVELS,
        string="First by Building",
        help="Split the sum over the buildings first, then each building's part over its units. "
        "Empty: over all units at once.",
    )
    note = fields.Char()
    is_billed = fields.Boolean(compute="_compute_is_billed")
    import_id = fields.Many2one(
        "property.import", index="btree_not_null", ondelete="set null", copy=False, readonly=True
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A period cannot end before it starts. Correct one of the two dates.",
    )
    _vacancy_factor_range = models.Constraint(
        "CHECK(vacancy_factor >= 0 AND vacancy_factor <= 1)",
        "The factor for vacant units must be between 0 and 1.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "The amount to share cannot be negative. Enter 0 or more."
    )

    @api.depends("item_id")
    def _compute_basis(self):
        for allocation in self:
            allocation.basis = allocation.basis or allocation.item_id.allocation_basis or "area"

    def _compute_is_billed(self):
        billed = self._billed_ids()
        for allocation in self:
            allocation.is_billed = allocation.id in billed

    @api.depends("item_id", "building_id", "entrance", "zone_id", "site_id", "date_to")
    def _compute_display_name(self):
        for pool in self:
            place = pool._place()
            pool.display_name = f"{place} {pool.item_id.name or ''} {pool.date_to or ''}".strip()

    @api.constrains("site_id", "building_id", "entrance", "zone_id", "excluded_unit_ids")
    def _check_place(self):
        for pool in self:
            if pool.zone_id and (pool.building_id or pool.entrance):
                raise ValidationError(self.env._("Choose either a zone or a building, not both."))
            if pool.entrance and not pool.building_id:
                raise ValidationError(self.env._("Choose the building of the entrance."))
            if (pool.zone_id.site_id | pool.excluded_unit_ids.site_id) - pool.site_id:
                raise ValidationError(
                    self.env._(
                        "The zone and the units left out must belong to %(site)s.",
                        site=pool.site_id.name,
                    )
                )

    @api.constrains("site_id", "building_id", "item_id")
    def _check_scope(self):
        for pool in self:
            if pool.building_id and pool.building_id.site_id != pool.site_id:
                raise ValidationError(
                    self.env._(
                        "%(building)s is not a building of %(site)s. Choose one of the site.",
                        building=pool.building_id.name,
                        site=pool.site_id.name,
                    )
                )
            if pool.item_id.method != "allocated" or (
                pool.item_id.site_id and pool.item_id.site_id != pool.site_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(item)s is no shared cost of %(site)s. Choose an allocated item.",
                        item=pool.item_id.name,
                        site=pool.site_id.name,
                    )
                )

    def write(self, vals):
        """Refuse to change a pool that was shared out."""
        if FROZEN_FIELDS & vals.keys():
            self._check_not_billed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def _place(self):
        """Name who shares the cost: the zone, the entrance, the building or the site."""
        self.ensure_one()
        if self.zone_id:
            return self.zone_id.name
        place = self.building_id.name or self.site_id.name or ""
        if self.entrance:
            return self.env._(
                "%(building)s entrance %(entrance)s", building=place, entrance=self.entrance
            )
        return place

    def _billed_ids(self):
        """Return the ids of the pools that posted charges stand on."""
        groups = (
            self.env["property.charge"]
            .sudo()
            ._read_group(
                [("allocation_id", "in", self.ids), ("state", "=", "posted")], ["allocation_id"]
            )
        )
        return {allocation.id for (allocation,) in groups}

    def _check_not_billed(self):
        billed = self._billed_ids()
        for pool in self:
            if pool.id in billed:
                raise UserError(
                    self.env._(
                        "%(pool)s is already billed. Undo its billing run first.",
                        pool=pool.display_name,
                    )
                )
