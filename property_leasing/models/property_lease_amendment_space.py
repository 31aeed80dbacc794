"""Amendments that take a space more or give one back (扩租、缩租)."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import schedule
from .property_lease_line import PRICINGS


class PropertyLeaseAmendmentSpace(models.Model):
    """A space that a lease takes more, or gives back, from the day of an amendment on."""

    _name = "property.lease.amendment.space"
    _description = "Space by an Amendment"
    _inherit = ["property.lease.amendment.row"]
    _order = "amendment_id, action desc, id"

    action = fields.Selection(
        [("add", "Takes more"), ("remove", "Gives back")],
        string="Change",
        required=True,
        default="add",
    )
    unit_id = fields.Many2one(
        "property.unit",
        string="Space",
        required=True,
        ondelete="restrict",
        domain="[('site_id', '=', site_id), ('kind', '!=', 'public')]",
    )
    item_id = fields.Many2one(
        "property.charge.item",
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False)),"
        " ('method', '=', 'contract')]",
        compute="_compute_item_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    area = fields.Float(
        compute="_compute_area",
        store=True,
        readonly=False,
        precompute=True,
        digits=(16, 2),
        help="Let area in m².",
    )
    price = fields.Float(digits=(16, 4), aggregator=False)
    pricing = fields.Selection(PRICINGS, string="Priced", default="m2_day", required=True)
    tax_id = fields.Many2one(
        "account.tax",
        string="VAT",
        ondelete="restrict",
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent'),"
        " ('company_id', '=', company_id)]",
        compute="_compute_tax_id",
        store=True,
        readonly=False,
        precompute=True,
    )

    _space_once = models.Constraint(
        "UNIQUE(amendment_id, unit_id, item_id)", "The amendment names this space already."
    )
    _values_not_negative = models.Constraint(
        "CHECK(price >= 0 AND area >= 0)", "Price and area cannot be negative."
    )
    _values_limited = models.Constraint(
        "CHECK(price <= 100000000 AND area <= 10000000)",
        "A price is at most 100,000,000 and an area 10,000,000 m². Check the digits.",
    )

    @api.depends("action", "amendment_id.lease_id")
    def _compute_item_id(self):
        for row in self:
            company = row.lease_id.company_id
            if row.action == "remove":
                row.item_id = False
            else:
                row.item_id = row.item_id or (company and company._lease_item("contract"))

    @api.depends("unit_id")
    def _compute_area(self):
        for row in self:
            row.area = row.unit_id.area_billable or row.area

    @api.depends("item_id")
    def _compute_tax_id(self):
        """Propose the VAT that the lease charges on the item."""
        for row in self:
            own = row.lease_id.line_ids.filtered(lambda line, row=row: line.item_id == row.item_id)
            row.tax_id = own[:1].tax_id or row.tax_id

    @api.constrains("action", "price", "pricing", "area")
    def _check_values(self):
        for row in self:
            if row.action == "add" and row.pricing != "month" and not row.area:
                raise ValidationError(
                    self.env._(
                        "%(space)s is priced by area: enter the let area.", space=row.unit_id.code
                    )
                )

    def _prepare_line_vals(self):
        """Prepare the line of the lease."""
        self.ensure_one()
        return {
            "lease_id": self.lease_id.id,
            "unit_id": self.unit_id.id,
            "item_id": self.item_id.id,
            "area": self.area,
            "price": self.price,
            "pricing": self.pricing,
            "tax_id": self.tax_id.id,
            "date_from": self.amendment_id.date,
        }


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    space_ids = fields.One2many(
        "property.lease.amendment.space", "amendment_id", string="Spaces", copy=True
    )

    def _added(self):
        return self.space_ids.filtered(lambda row: row.action == "add")

    def _removed_units(self):
        return self.space_ids.filtered(lambda row: row.action == "remove").unit_id

    def _added_plan(self):
        """Work out the schedules of the spaces that are added, as ``_plan`` does of the others."""
        self.ensure_one()
        lease = self.lease_id
        if self.kind != "space" or not lease.date_from <= self.date <= lease.date_to:
            return []
        lines = self.env["property.lease.line"]
        added = [lines.new(row._prepare_line_vals()) for row in self._added()]
        before = lease._day_before()
        return [(line, schedule.amend([], line._terms(), before)) for line in added]

    def _check_spaces(self):
        """Refuse spaces that are not free, not let, or the last ones.

        :raise UserError: naming the space
        """
        lease = self.lease_id
        present = lease.line_ids.filtered(lambda line: line._is_let_on(self.date))
        self._check_removed(present)
        self._check_added(present)
        if not (present.unit_id - self._removed_units()) and not self._added():
            raise UserError(
                self.env._(
                    "Nothing would be left of %(lease)s. End it instead: choose another end.",
                    lease=lease.name,
                )
            )

    def _check_begun(self):
        """Refuse an end before a space that was added begins.

        :raise UserError: naming the space
        """
        later = self.lease_id.line_ids.filtered(
            lambda line: line.date_from and line.date_from > self.date_to
        )
        if later:
            raise UserError(
                self.env._(
                    "%(space)s begins on %(day)s only. Choose that day or a later end.",
                    space=later[0].unit_id.code,
                    day=later[0].date_from,
                )
            )

    def _check_removed(self, present):
        lease, removed = self.lease_id, self._removed_units()
        for unit in removed - present.unit_id:
            raise UserError(
                self.env._(
                    "%(space)s is not let by %(lease)s on that day. Choose one of its spaces.",
                    space=unit.code,
                    lease=lease.name,
                )
            )
        given_back = present.filtered(lambda line: line.unit_id in removed)
        if any((line.date_from or lease.date_from) >= self.date for line in given_back):
            raise UserError(
                self.env._("A space is given back after its first day at the earliest.")
            )

    def _check_added(self, present):
        lease, added = self.lease_id, self._added().unit_id
        if added.site_id - lease.site_id:
            raise UserError(
                self.env._("The spaces must all belong to %(site)s.", site=lease.site_id.name)
            )
        for unit in added & present.unit_id:
            raise UserError(self.env._("%(space)s is let by this lease already.", space=unit.code))
        if added:
            lease._check_free(self.date, lease.date_to, added)

    def _change_spaces(self, lease_sudo):
        """End the lines of spaces that are given back; make those of the new ones, with fees."""
        day_before = fields.Date.subtract(self.date, days=1)
        removed = self._removed_units()
        ended_sudo = lease_sudo.line_ids.filtered(
            lambda line: line.unit_id in removed and line._is_let_on(self.date)
        )
        ended_sudo.date_to = day_before
        ended_sudo.fee_id.date_to = day_before
        occupied_sudo = lease_sudo.occupancy_ids.filtered(
            lambda one: one.unit_id in removed and (not one.date_to or one.date_to >= self.date)
        )
        # who was to have it later on never does
        later_sudo = occupied_sudo.filtered(lambda one: one.date_from >= self.date)
        later_sudo.unlink()
        (occupied_sudo - later_sudo).date_to = day_before
        lines_sudo = self.env["property.lease.line"].sudo()
        added_sudo = lines_sudo.create([row._prepare_line_vals() for row in self._added()])
        lease_sudo._create_fees(added_sudo)
        units = added_sudo.unit_id
        for first, last, tenant in lease_sudo._tenant_times(self.date):
            lease_sudo.occupancy_ids |= lease_sudo._create_occupancies(
                tenant, first, units, dict.fromkeys(units, last)
            )
        # sudo: a second person has approved; schedule and bills follow from that
        rows_sudo = self.env["property.lease.instalment"].sudo()
        for line_sudo in added_sudo:
            rows_sudo.create(line_sudo._prepare_instalments(schedule.schedule(line_sudo._terms())))
