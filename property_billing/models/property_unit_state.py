"""In which state a unit was when: what shared costs of a past period go by."""

from odoo import api, fields, models


class PropertyUnitState(models.Model):
    _name = "property.unit.state"
    _description = "State of a Unit"
    _inherit = ["property.scoped"]
    _order = "unit_id, date_from desc, id desc"

    unit_id = fields.Many2one("property.unit", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        help="First day the unit was in this state.",
    )
    state = fields.Selection(
        selection=lambda self: (
            self.env["property.unit"]._fields["state"]._description_selection(self.env)
        ),
        required=True,
    )
    state_before = fields.Char(readonly=True, help="State before the first one on file.")
    user_id = fields.Many2one(
        "res.users", string="Entered by", default=lambda self: self.env.user, readonly=True
    )

    _one_a_day = models.Constraint(
        "UNIQUE(unit_id, date_from)",
        "This unit already has a state from that day. Change that one, or choose another day.",
    )

    @api.depends("unit_id.code", "date_from")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.unit_id.code or ''} {row.date_from or ''}".strip()

    @api.model_create_multi
    def create(self, vals_list):
        """Override to keep the state of the units today in step."""
        rows = super().create(vals_list)
        rows._sync(rows.unit_id)
        return rows

    def write(self, vals):
        """Override to keep the state of the units today in step, and on record."""
        before = {row: f"{row.date_from} {row.state}" for row in self}
        units = self.unit_id
        result = super().write(vals)
        for row in self if {"date_from", "state"} & vals.keys() else ():
            self.env["property.audit"]._log(
                "money",
                row.unit_id,
                before={"state": before[row]},
                after={"state": f"{row.date_from} {row.state}"},
            )
        self._sync(units | self.unit_id)
        return result

    def unlink(self):
        """Override to keep the state of the units today in step, and on record."""
        units = self.unit_id
        for row in self:
            self.env["property.audit"]._log(
                "money", row.unit_id, before={"state": f"{row.date_from} {row.state}"}, after={}
            )
        result = super().unlink()
        self._sync(units)
        return result

    @api.model
    def _sync(self, units):
        """Set the state of units to the one they have today by their dated states."""
        if self.env.context.get("property_state_recorded"):
            return
        today = fields.Date.context_today(self)
        for unit in units:
            # sudo: who may date a state may set it; the state follows from the dates
            unit_sudo = unit.sudo().with_context(property_state_recorded=True)
            known = unit_sudo.state_history_ids
            state = unit_sudo._property_states_on(today)[unit.id] if known else unit_sudo.state
            if unit_sudo.state != state:
                unit_sudo.state = state


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    state_history_ids = fields.One2many("property.unit.state", "unit_id", string="States")

    def write(self, vals):
        """Override to keep since when a unit is in its state; a context tells another day."""
        if "state" not in vals or self.env.context.get("property_state_recorded"):
            return super().write(vals)
        changed = {unit: unit.state for unit in self if unit.state != vals["state"]}
        result = super().write(vals)
        if changed:
            self._property_record_state(vals["state"], changed)
        return result

    def _property_record_state(self, state, changed):
        """Keep from which day units are in a state.

        :param dict changed: unit -> state it had
        """
        day = fields.Date.to_date(
            self.env.context.get("property_state_date")
        ) or fields.Date.context_today(self)
        # sudo: the history follows from the state, which the user may write
        states_sudo = (
            self.env["property.unit.state"].sudo().with_context(property_state_recorded=True)
        )
        rows = states_sudo.search([("unit_id", "in", [unit.id for unit in changed])])
        same_day = rows.filtered(lambda row: row.date_from == day)
        same_day.write({"state": state})
        states_sudo.create(
            [
                {
                    "unit_id": unit.id,
                    "date_from": day,
                    "state": state,
                    "state_before": False if unit.id in rows.unit_id.ids else before,
                    "user_id": self.env.uid,
                }
                for unit, before in changed.items()
                if unit.id not in same_day.unit_id.ids
            ]
        )

    def _property_states_on(self, day):
        """Return the state of each unit on a day: that of the last dated one by then.

        Before the first one on file it is the one that was left; with none, the one of today.

        :return: dict unit id -> state
        """
        # sudo: the history of units the reader sees
        rows = self.env["property.unit.state"].sudo().search([("unit_id", "in", self.ids)])
        result = {unit.id: unit.state for unit in self}
        for unit, own in rows.grouped("unit_id").items():
            past = own.filtered(lambda row: row.date_from <= day)
            first = own[-1]
            result[unit.id] = past[0].state if past else first.state_before or first.state
        return result
