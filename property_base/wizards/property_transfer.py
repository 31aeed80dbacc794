from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyTransfer(models.TransientModel):
    _name = "property.transfer"
    _description = "Transfer, Move-in or Move-out"

    kind = fields.Selection(
        [
            ("transfer", "Transfer of ownership"),
            ("move_in", "Move-in"),
            ("move_out", "Move-out"),
        ],
        required=True,
        default="transfer",
    )
    unit_id = fields.Many2one("property.unit", required=True, domain="[('kind', '!=', 'public')]")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Transfer and move-in: the first day of the new person. "
        "Move-out: the last day of the leaving person.",
    )
    partner_id = fields.Many2one("res.partner", string="New Person")
    role = fields.Selection(
        [
            ("owner", "Owner"),
            ("co_owner", "Co-owner"),
            ("tenant", "Tenant"),
            ("family", "Family member"),
            ("agent", "Agent"),
        ],
        default="tenant",
    )
    may_see_bills = fields.Boolean(
        compute="_compute_may_see_bills",
        store=True,
        readonly=False,
    )
    co_owner_ids = fields.Many2many("res.partner", string="New Co-owners")
    leave_ids = fields.Many2many(
        "property.occupancy",
        string="Also Leaving",
        compute="_compute_leave_ids",
        store=True,
        readonly=False,
        help="People of the household who leave with the old owner.",
    )
    space_ids = fields.Many2many(
        "property.unit",
        string="Parking Spaces Included",
        compute="_compute_leave_ids",
        store=True,
        readonly=False,
        help="Spaces with an owner of their own that go to the new owner as well.",
    )
    effect = fields.Text(compute="_compute_effect", string="What Will Change")
    problem = fields.Text(compute="_compute_effect")

    @api.depends("role", "kind")
    def _compute_may_see_bills(self):
        for wizard in self:
            wizard.may_see_bills = wizard.kind == "transfer" or wizard.role in ("owner", "tenant")

    @api.depends("kind", "unit_id", "date")
    def _compute_leave_ids(self):
        for wizard in self:
            leaving = self.env["property.occupancy"]
            spaces = self.env["property.unit"]
            if wizard.kind == "transfer" and wizard.unit_id and wizard.date:
                present = wizard._present(wizard._last_day())
                leaving = present.filtered(lambda row: row.role in ("co_owner", "family", "agent"))
                owner = present.filtered(lambda row: row.role == "owner")
                spaces = wizard.unit_id.child_ids.filtered(
                    lambda space, owner=owner: (
                        owner and space.owner_id == owner.partner_id and space.occupancy_ids
                    )
                )
            wizard.leave_ids = leaving
            wizard.space_ids = spaces

    @api.depends(
        "kind", "unit_id", "date", "partner_id", "role", "co_owner_ids", "leave_ids", "space_ids"
    )
    def _compute_effect(self):
        for wizard in self:
            problems = wizard._problems()
            wizard.problem = "\n".join(problems) or False
            wizard.effect = False if problems else "\n".join(wizard._effects())

    def action_confirm(self):
        """End and create the occupancies as shown.

        :raise UserError: when the dates or people do not fit
        """
        self.ensure_one()
        (self.unit_id | self.space_ids).check_access("read")
        (self.unit_id | self.space_ids).lock_for_update()
        if problems := self._problems():
            raise UserError("\n".join(problems))
        if self.kind == "transfer":
            self._do_transfer()
        elif self.kind == "move_in":
            self._do_move_in()
        else:
            self._do_move_out()
        self.env.flush_all()
        return {"type": "ir.actions.act_window_close"}

    def _last_day(self):
        """Return the last day of those who leave."""
        return self.date if self.kind == "move_out" else self.date - timedelta(days=1)

    def _present(self, day, units=None):
        """Return the occupancies of the unit that hold on a day."""
        occupancies = self.env["property.occupancy"]
        units = self.unit_id if units is None else units
        return occupancies.search(
            occupancies._domain_current(day) & Domain("unit_id", "in", units._origin.ids)
        )

    def _problems(self):
        """Return the sentences that say why the wizard cannot be confirmed."""
        self.ensure_one()
        if not (self.unit_id and self.date):
            return [self.env._("Choose the unit and the date.")]
        if self.kind == "transfer":
            return self._transfer_problems()
        if self.kind == "move_in":
            return self._move_in_problems()
        return self._move_out_problems()

    def _transfer_problems(self):
        problems = []
        if not self.partner_id:
            return [self.env._("Choose the new owner.")]
        owners = self.env["property.occupancy"].search(
            [("unit_id", "in", (self.unit_id | self.space_ids)._origin.ids), ("role", "=", "owner")]
        )
        for owner in owners:
            names = {
                "unit": owner.unit_id.code,
                "owner": owner.partner_id.name,
                "date": fields.Date.to_string(owner.date_from),
            }
            if owner.date_from >= self.date:
                problems.append(
                    self.env._(
                        "%(owner)s already owns %(unit)s from %(date)s. "
                        "Choose a later date, or correct that ownership first.",
                        **names,
                    )
                )
            elif owner.partner_id == self.partner_id and (
                not owner.date_to or owner.date_to >= self._last_day()
            ):
                problems.append(
                    self.env._(
                        "%(owner)s is the owner of %(unit)s already. Choose another person.",
                        **names,
                    )
                )
        if self.partner_id in self.co_owner_ids:
            problems.append(
                self.env._("The new owner cannot be a co-owner as well. Remove one of the two.")
            )
        problems += self._leaving_problems()
        return problems

    def _move_in_problems(self):
        if not self.partner_id or not self.role:
            return [self.env._("Choose the person who moves in and the role.")]
        others = self.env["property.occupancy"].search(
            [
                ("unit_id", "=", self.unit_id._origin.id),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", self.date),
            ]
        )
        same = others.filtered(
            lambda row: row.partner_id == self.partner_id and row.role == self.role
        )
        if same:
            return [
                self.env._(
                    "%(person)s already has this role in %(unit)s. Choose another role or person.",
                    person=self.partner_id.name,
                    unit=self.unit_id.code,
                )
            ]
        owner = others.filtered(lambda row: row.role == "owner")[:1]
        if self.role == "owner" and owner:
            return [
                self.env._(
                    "%(unit)s belongs to %(owner)s. Use a transfer of ownership instead.",
                    unit=self.unit_id.code,
                    owner=owner.partner_id.name,
                )
            ]
        return []

    def _move_out_problems(self):
        if not self.leave_ids:
            return [self.env._("Choose who moves out.")]
        if self.leave_ids.filtered(lambda row: row.role == "owner"):
            return [
                self.env._(
                    "An owner does not move out. Use a transfer of ownership to end the ownership."
                )
            ]
        return self._leaving_problems()

    def _leaving_problems(self):
        problems = []
        for row in self.leave_ids:
            if row.unit_id != self.unit_id:
                problems.append(
                    self.env._(
                        "%(person)s does not belong to this unit. Remove that line.",
                        person=row.partner_id.name,
                    )
                )
            elif row.date_from > self._last_day():
                problems.append(
                    self.env._(
                        "%(person)s only came on %(date)s and cannot leave before. "
                        "Choose a later date or remove that line.",
                        person=row.partner_id.name,
                        date=fields.Date.to_string(row.date_from),
                    )
                )
            elif row.date_to and row.date_to < self._last_day():
                problems.append(
                    self.env._(
                        "%(person)s already left on %(date)s. Remove that line.",
                        person=row.partner_id.name,
                        date=fields.Date.to_string(row.date_to),
                    )
                )
        return problems

    def _ending(self):
        """Return the occupancies that the wizard ends."""
        if self.kind == "move_in":
            return self.leave_ids.browse()
        ending = self.leave_ids
        if self.kind == "transfer":
            ending |= self._present(self._last_day(), self.unit_id | self.space_ids).filtered(
                lambda row: row.role == "owner"
            )
        return ending

    def _effects(self):
        """Return one sentence for each occupancy that will end or begin."""
        lines = [
            self.env._(
                "%(unit)s: %(person)s (%(role)s) until %(date)s",
                unit=row.unit_id.code,
                person=row.partner_id.name,
                role=self._role_label(row.role),
                date=fields.Date.to_string(self._last_day()),
            )
            for row in self._ending()
        ]
        for vals in self._prepare_new_vals():
            lines.append(
                self.env._(
                    "%(unit)s: %(person)s (%(role)s) from %(date)s",
                    unit=self.env["property.unit"].browse(vals["unit_id"]).code,
                    person=self.env["res.partner"].browse(vals["partner_id"]).name,
                    role=self._role_label(vals["role"]),
                    date=fields.Date.to_string(self.date),
                )
            )
        return lines

    def _role_label(self, role):
        occupancies = self.env["property.occupancy"]
        return dict(occupancies._fields["role"]._description_selection(self.env))[role]

    def _prepare_new_vals(self):
        """Return the values of the occupancies that the wizard creates."""
        if self.kind == "move_out":
            return []
        common = {"date_from": self.date}
        unit = self.unit_id._origin
        partner = self.partner_id._origin
        if self.kind == "move_in":
            return [
                {
                    **common,
                    "unit_id": unit.id,
                    "partner_id": partner.id,
                    "role": self.role,
                    "may_see_bills": self.may_see_bills,
                }
            ]
        owners = [
            {**common, "unit_id": one.id, "partner_id": partner.id, "role": "owner"}
            for one in unit | self.space_ids._origin
        ]
        return owners + [
            {**common, "unit_id": unit.id, "partner_id": person.id, "role": "co_owner"}
            for person in self.co_owner_ids._origin
        ]

    def _do_transfer(self):
        self._end_and_begin()
        if self.unit_id.state == "unsold":
            self._dated_unit().state = "delivered"
        self.unit_id.message_post(
            body=self.env._("Ownership transferred on %(date)s.", date=self.date)
        )

    def _do_move_in(self):
        self._end_and_begin()
        if self.role == "tenant" and self.unit_id.state in ("delivered", "vacant", "occupied"):
            self._dated_unit().state = "leased"
        elif self.unit_id.state in ("delivered", "vacant"):
            self._dated_unit().state = "occupied"

    def _do_move_out(self):
        self._end_and_begin()
        remaining = self._present(self.date + timedelta(days=1))
        if self.unit_id.state == "leased" and "tenant" not in remaining.mapped("role"):
            self._dated_unit(1).state = "vacant"

    def _dated_unit(self, days=0):
        """Return the unit, telling from which day its state changes."""
        day = self.date + timedelta(days=days)
        return self.unit_id.with_context(property_state_date=day)

    def _end_and_begin(self):
        self._ending().write({"date_to": self._last_day()})
        # The database compares periods row by row: the old ones must be shorter first.
        self.env.flush_all()
        self.env["property.occupancy"].create(self._prepare_new_vals())
