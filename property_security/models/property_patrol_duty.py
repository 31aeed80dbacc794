from odoo import api, fields, models

from ..tools.patrol_roster import Duty, is_on


class PropertyPatrolDuty(models.Model):
    """That a guard has duty on a shift, for some days, with days off in turn."""

    _name = "property.patrol.duty"
    _description = "Roster of Guards"
    _inherit = ["property.patrol.scoped"]
    _order = "shift_id, date_from desc, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    shift_id = fields.Many2one(
        "property.patrol.shift", required=True, index=True, ondelete="cascade", check_company=True
    )
    site_id = fields.Many2one(related="shift_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="shift_id.company_id", store=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Guard", required=True, index=True, check_company=True
    )
    is_leader = fields.Boolean(
        string="Leads", help="Is told of missed rounds on these days instead of the shift's leader."
    )
    date_from = fields.Date(
        string="First Day", required=True, default=fields.Date.context_today, index=True
    )
    date_to = fields.Date(string="Last Day", help="Inclusive; empty: until further notice.")
    days_on = fields.Integer(required=True, default=1, help="Days of duty before the days off.")
    days_off = fields.Integer(default=0, help="Days off after them, counted from the first day.")

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The last day cannot be before the first one.",
    )
    _days_valid = models.Constraint(
        "CHECK (days_on BETWEEN 1 AND 31 AND days_off BETWEEN 0 AND 31)",
        "A guard has duty on 1 to 31 days and is off on 0 to 31.",
    )
    _once = models.Constraint(
        "EXCLUDE USING gist (shift_id WITH =, employee_id WITH =,"
        " daterange(date_from, date_to, '[]') WITH &&)",
        "The guard is on the roster of this shift on some of these days already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give planned rounds to whom the roster names now.

        Who was taken off in the same screen is off before somebody is put on.
        """
        self.flush_model(["shift_id", "employee_id", "date_from", "date_to"])
        duties = super().create(vals_list)
        duties.shift_id._give_rounds()
        return duties

    def write(self, vals):
        """Give planned rounds to whom the roster names now."""
        shifts = self.shift_id
        result = super().write(vals)
        (shifts | self.shift_id)._give_rounds()
        return result

    def unlink(self):
        """Give planned rounds to whom the roster still names."""
        shifts = self.shift_id
        result = super().unlink()
        shifts._give_rounds()
        return result

    def _is_on(self, day):
        """Tell whether the guard has duty on the shift that begins on a day."""
        self.ensure_one()
        duty = Duty(self.date_from, self.date_to or None, self.days_on, self.days_off)
        return is_on(duty, day)
