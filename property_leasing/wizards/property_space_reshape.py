from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..models.property_lease_line import PRICINGS


class PropertySpaceReshape(models.TransientModel):
    """Join spaces into one, or divide one into several, from a day on.

    The old units stay with everything that happened to them; new units stand beside them.
    """

    _name = "property.space.reshape"
    _description = "Join or Divide Spaces"

    space_ids = fields.Many2many("property.space", string="Spaces", required=True)
    site_id = fields.Many2one("property.site", compute="_compute_kind")
    kind = fields.Selection([("merge", "Join"), ("split", "Divide")], compute="_compute_kind")
    date = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="First day of the new spaces.",
    )
    line_ids = fields.One2many(
        "property.space.reshape.line",
        "reshape_id",
        string="New Spaces",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    area_before = fields.Float(compute="_compute_areas", digits=(16, 2), string="Area before")
    area_after = fields.Float(compute="_compute_areas", digits=(16, 2), string="Area after")
    is_different = fields.Boolean(compute="_compute_areas")
    note = fields.Char(
        string="Why the Areas Differ", help="Such as a corridor that becomes part of the shop."
    )

    @api.depends("space_ids")
    def _compute_kind(self):
        for wizard in self:
            wizard.site_id = wizard.space_ids.site_id[:1]
            wizard.kind = "merge" if len(wizard.space_ids) > 1 else "split"

    @api.depends("space_ids")
    def _compute_line_ids(self):
        """Propose the new spaces: their sum for one, halves for two."""
        for wizard in self:
            spaces = wizard.space_ids
            if not spaces or wizard.line_ids:
                continue
            first = spaces[0]
            same = {"price": first.price, "pricing": first.pricing, "trade": first.trade}
            if len(spaces) > 1:
                rooms = "-".join(space.unit_id.room or space.unit_id.code for space in spaces)
                rows = [{"room": rooms, "area": sum(spaces.mapped("area")), **same}]
            else:
                room, half = first.unit_id.room or first.unit_id.code, round(first.area / 2, 2)
                rows = [
                    {"room": f"{room}A", "area": half, **same},
                    {"room": f"{room}B", "area": round(first.area - half, 2), **same},
                ]
            wizard.line_ids = [(5, 0, 0)] + [(0, 0, row) for row in rows]

    @api.depends("space_ids", "line_ids.area")
    def _compute_areas(self):
        for wizard in self:
            wizard.area_before = sum(wizard.space_ids.mapped("area"))
            wizard.area_after = sum(wizard.line_ids.mapped("area"))
            wizard.is_different = abs(wizard.area_before - wizard.area_after) > 0.005

    def action_confirm(self):
        """Make the new units and spaces, and end the old ones.

        :raise UserError: when a space is let, reserved, billed or not there on the day
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group("property_base.group_manager"):
            raise AccessError(self.env._("A site manager joins and divides spaces."))
        spaces = self.space_ids
        spaces.check_access("write")
        spaces._lock_and_reread("date_to", "reserved_until")
        self._check_lines()
        self._check_spaces()
        self._check_fees()
        units = self._create_units()
        # sudo: the history is not written by hand; the role was checked
        change_sudo = (
            self.env["property.space.change"]
            .sudo()
            .create(
                {
                    "site_id": self.site_id.id,
                    "kind": self.kind,
                    "date": self.date,
                    "area_before": self.area_before,
                    "area_after": self.area_after,
                    "note": self.note,
                }
            )
        )
        new = self._create_spaces(units, change_sudo)
        self._end(change_sudo)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Spaces"),
            "res_model": "property.space",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", new.ids)],
        }

    # What must hold ----------------------------------------------------------------------------

    def _check_lines(self):
        spaces, lines = self.space_ids, self.line_ids
        if len(spaces.building_id) > 1 or len(spaces.site_id) > 1:
            raise UserError(self.env._("Choose spaces of one building."))
        if (len(spaces) > 1 and len(lines) != 1) or (len(spaces) == 1 and len(lines) < 2):
            raise UserError(
                self.env._("Several spaces become one, or one becomes several. Correct the rows.")
            )
        if any(not line.room or line.area <= 0 for line in lines):
            raise UserError(self.env._("Enter number and area of every new space."))
        if self.is_different and not (self.note or "").strip():
            raise UserError(
                self.env._(
                    "%(before)s m² become %(after)s m²: say why the areas differ.",
                    before=f"{self.area_before:.2f}",
                    after=f"{self.area_after:.2f}",
                )
            )

    def _check_spaces(self):
        spaces, day = self.space_ids, self.date
        before = fields.Date.subtract(day, days=1)
        for space in spaces:
            if space.date_to or (space.date_from and space.date_from > before):
                raise UserError(
                    self.env._(
                        "%(space)s is not there on that day. Choose another day or space.",
                        space=space.display_name,
                    )
                )
            if space.reserved_until and space.reserved_until >= day:
                raise UserError(
                    self.env._(
                        "%(space)s is reserved until %(until)s. Release it first.",
                        space=space.display_name,
                        until=space.reserved_until,
                    )
                )
        self._check_leases()

    def _check_leases(self):
        # sudo: a space is taken whether or not the user sees by whom
        taken_sudo = (
            self.env["property.lease.line"]
            .sudo()
            .search(
                Domain("unit_id", "in", self.space_ids.unit_id.ids)
                & Domain("lease_id.date_to", ">=", self.date)
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date))
                & Domain("lease_id.approval_state", "in", ("submitted", "approved")),
                limit=1,
            )
        )
        tenants_sudo = (
            self.env["property.occupancy"]
            .sudo()
            .search(
                Domain("unit_id", "in", self.space_ids.unit_id.ids)
                & Domain("role", "=", "tenant")
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date)),
                limit=1,
            )
        )
        unit = taken_sudo.unit_id or tenants_sudo.unit_id
        if unit:
            raise UserError(
                self.env._(
                    "%(unit)s is let on that day. Choose a day after the lease, or change the "
                    "lease first.",
                    unit=unit.code,
                )
            )

    def _open_fees(self):
        # sudo: what is charged of a unit ends with it
        return (
            self.env["property.fee"]
            .sudo()
            .search(
                Domain("unit_id", "in", self.space_ids.unit_id.ids)
                & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date))
                & Domain("method", "!=", "one_off")
            )
        )

    def _check_fees(self):
        billed_sudo = (
            self.env["property.charge"]
            .sudo()
            .search(
                Domain("fee_id", "in", self._open_fees().ids)
                & Domain("state", "not in", ("cancelled", "reversed"))
                & Domain("date_to", ">=", self.date),
                order="date_to desc",
                limit=1,
            )
        )
        if billed_sudo:
            raise UserError(
                self.env._(
                    "%(unit)s is billed until %(day)s. Choose a later day, or undo those bills.",
                    unit=billed_sudo.unit_id.code,
                    day=billed_sudo.date_to,
                )
            )

    # What is done ------------------------------------------------------------------------------

    def _create_units(self):
        first = self.space_ids[0].unit_id
        units = self.env["property.unit"].create(
            [
                {
                    "site_id": first.site_id.id,
                    "building_id": first.building_id.id,
                    "entrance": first.entrance,
                    "floor": first.floor,
                    "room": line.room,
                    "type_id": first.type_id.id,
                    "area_gross": line.area,
                    "handover_date": first.handover_date and self.date,
                    "state": "vacant",
                }
                for line in self.line_ids
            ]
        )
        owners = first.occupancy_ids.filtered(
            lambda one: (
                one.role in ("owner", "co_owner")
                and one.date_from <= self.date
                and (not one.date_to or one.date_to >= self.date)
            )
        )
        self.env["property.occupancy"].create(
            [
                {
                    "unit_id": unit.id,
                    "partner_id": owner.partner_id.id,
                    "role": owner.role,
                    "date_from": self.date,
                    "date_to": owner.date_to,
                }
                for unit in units
                for owner in owners
            ]
        )
        return units

    def _create_spaces(self, units, change):
        first = self.space_ids[0]
        return self.env["property.space"].create(
            [
                {
                    "unit_id": unit.id,
                    "price": line.price,
                    "pricing": line.pricing,
                    "trade": line.trade or first.trade,
                    "date_from": self.date,
                    "made_by_id": change.id,
                }
                for unit, line in zip(units, self.line_ids, strict=True)
            ]
        )

    def _end(self, change):
        last = fields.Date.subtract(self.date, days=1)
        for fee_sudo in self._open_fees():
            if fee_sudo.date_from > last:
                fee_sudo.active = False
            else:
                fee_sudo.date_to = last
        self.space_ids.write({"date_to": last, "ended_by_id": change.id})
        if self.date <= fields.Date.context_today(self):
            self.space_ids.unit_id.state = "closed"


class PropertySpaceReshapeLine(models.TransientModel):
    """A new space."""

    _name = "property.space.reshape.line"
    _description = "New Space"

    reshape_id = fields.Many2one("property.space.reshape", required=True, ondelete="cascade")
    room = fields.Char(string="Number", required=True)
    area = fields.Float(required=True, digits=(16, 2), help="In m².")
    price = fields.Float(string="Asking Rent", digits=(16, 4))
    pricing = fields.Selection(PRICINGS, string="Priced", required=True, default="m2_day")
    trade = fields.Char(string="Suits")
