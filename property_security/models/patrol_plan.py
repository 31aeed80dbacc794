from odoo import api, fields, models
from odoo.fields import Command


class InspectionPlan(models.Model):
    """Rounds of patrols go to those who are on duty when they start."""

    _inherit = "inspection.plan"

    shift_ids = fields.Many2many(
        "property.patrol.shift",
        string="Shifts",
        domain="[('site_id', '=', site_id), ('site_id', '!=', False)]",
        help="Each round goes to those of these shifts who are on duty when it starts. Empty: to"
        " the team or the employees.",
    )

    @api.onchange("route_id")
    def _onchange_route_id(self):
        site = self.route_id.site_id
        if self.route_id.kind == "patrol" and site and not self.team_id and not self.employee_ids:
            self.tz = site.tz
            self.shift_ids = self.env["property.patrol.shift"].search([("site_id", "=", site.id)])

    def write(self, vals):
        """Give planned rounds to whom the chosen shifts name."""
        result = super().write(vals)
        if "shift_ids" in vals:
            self._reassign()
        return result

    def _prepare_rounds_vals(self, due, required):
        """Override of `inspection_round`: each round has the guards of its own hour."""
        vals_list = super()._prepare_rounds_vals(due, required)
        if self.shift_ids:
            for vals in vals_list:
                vals.update(self._prepare_duty_vals(vals["planned_at"]))
        return vals_list

    def _prepare_assignment_vals(self):
        """Override of `inspection_round`: what a plan says of itself names no shift."""
        return {**super()._prepare_assignment_vals(), "shift_id": False}

    def _prepare_duty_vals(self, at):
        """Return who walks a round of these shifts; a guard who is alone is expected to.

        :param at: naive UTC datetime of the planned start
        """
        self.ensure_one()
        shifts_sudo = self.sudo().shift_ids  # inspectors do not read rosters, rounds follow them
        crew_sudo = shifts_sudo._crew(at)
        return {
            "team_id": False,
            "shift_id": shifts_sudo._running(at).sorted()[:1].id,
            "employee_ids": [Command.set(sorted(crew_sudo.ids))],
            "employee_id": crew_sudo.id if len(crew_sudo) == 1 else False,
        }

    def _reassign(self):
        """Override of `inspection_round`: rounds of shifts follow the roster."""
        by_shift = self.filtered("shift_ids")
        result = super(InspectionPlan, self - by_shift)._reassign()
        for plan, rounds_sudo in by_shift._untouched().grouped("plan_id").items():
            wanted = {one.id: plan._prepare_duty_vals(one.planned_at) for one in rounds_sudo}
            for same_sudo in rounds_sudo.grouped(lambda one, by=wanted: str(by[one.id])).values():
                same_sudo.write(wanted[same_sudo[0].id])
        return result
