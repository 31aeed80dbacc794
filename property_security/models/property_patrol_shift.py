import pytz
from odoo import api, fields, models

from ..tools.patrol_roster import Hours, minutes_of, shift_day

#: What decides who is on duty; rounds that are planned follow a change of it.
HOURS = frozenset(("hour_from", "hour_to", "leader_id", "sequence", "active"))


class PropertyPatrolShift(models.Model):
    """Hours in which guards of the roster are on duty, under a leader."""

    _name = "property.patrol.shift"
    _description = "Patrol Shift"
    _inherit = ["property.patrol.scoped", "mail.thread"]
    _order = "site_id, sequence, hour_from, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    site_id = fields.Many2one(
        "property.site", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    hour_from = fields.Float(
        string="Begins", required=True, default=8.0, tracking=True, help="Local time of the site."
    )
    hour_to = fields.Float(
        string="Ends",
        required=True,
        default=20.0,
        tracking=True,
        help="Local time of the site; not later than the beginning: on the next day.",
    )
    leader_id = fields.Many2one(
        "hr.employee",
        string="Shift Leader",
        check_company=True,
        tracking=True,
        help="Is told of missed rounds, unless the roster names who leads on that day.",
    )
    duty_ids = fields.One2many("property.patrol.duty", "shift_id", string="Roster")
    is_running = fields.Boolean(compute="_compute_now", compute_sudo=True, string="Now")
    on_duty_ids = fields.Many2many(
        "hr.employee", compute="_compute_now", compute_sudo=True, string="On Duty Now"
    )

    _hours_valid = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24)",
        "The hours of a shift are times of the day, from 00:00 to 24:00.",
    )
    _name_unique = models.UniqueIndex(
        "(site_id, name) WHERE active", "The site has a shift of this name already."
    )

    @api.depends(
        *("hour_from", "hour_to", "site_id.tz", "leader_id", "active"),
        *("duty_ids.employee_id", "duty_ids.date_from", "duty_ids.date_to"),
        *("duty_ids.days_on", "duty_ids.days_off", "duty_ids.is_leader"),
    )
    def _compute_now(self):
        now = fields.Datetime.now()
        for shift in self:
            shift.is_running = bool(shift._day_at(now))
            shift.on_duty_ids = shift._crew(now)

    def write(self, vals):
        """Give planned rounds to whom the changed hours name."""
        result = super().write(vals)
        if HOURS & vals.keys():
            self._give_rounds()
        return result

    def _day_at(self, at):
        """Return the local day on which the shift that runs at a moment began, or None.

        :param at: naive UTC datetime
        """
        self.ensure_one()
        zone = pytz.timezone(self.site_id.tz or "UTC")
        local = pytz.utc.localize(at).astimezone(zone)
        return shift_day(Hours(minutes_of(self.hour_from), minutes_of(self.hour_to)), local)

    def _running(self, at):
        """Return those of these shifts that are running at a moment."""
        return self.filtered(lambda shift: shift.active and shift._day_at(at))

    def _crew(self, at):
        """Return who is on duty at a moment: the guards of the roster, and who leads them.

        :param at: naive UTC datetime
        :return: hr.employee
        """
        return self._on_duty(at).employee_id | self._leaders(at)

    def _leaders(self, at):
        """Return who leads at a moment: the roster's leaders of the day, else those of the shift.

        :param at: naive UTC datetime
        :return: hr.employee
        """
        leaders = self.env["hr.employee"]
        for shift_sudo in self.sudo()._running(at):  # rosters and employees are not for everybody
            named = shift_sudo._on_duty(at).filtered("is_leader").employee_id
            leaders |= named or shift_sudo.leader_id
        return leaders.sudo(self.env.su)

    def _on_duty(self, at):
        """Return the lines of the roster that are on duty at a moment, in superuser mode."""
        duties_sudo = self.env["property.patrol.duty"].sudo()  # see _leaders
        for shift_sudo in self.sudo()._running(at):
            day = shift_sudo._day_at(at)
            duties_sudo |= shift_sudo.duty_ids.filtered(lambda duty, day=day: duty._is_on(day))
        return duties_sudo

    def _give_rounds(self):
        """Give the rounds to come to whom the roster names now."""
        plans_sudo = self.env["inspection.plan"].sudo()  # follows from the roster
        plans_sudo.search([("shift_ids", "in", self.ids)])._reassign()
