from datetime import timedelta

from odoo import api, fields, models

from ..tools.scheduling import occurrences
from .inspection_plan import CALENDAR

# What a phone was given may come back from it: rounds that open within this time are not deleted.
FIELD_HORIZON = timedelta(days=1)
MOST_DAYS = 400  # as far ahead as a plan may make its rounds
ASSIGNMENT = frozenset({"team_id", "employee_ids"})


class InspectionPlan(models.Model):
    _inherit = "inspection.plan"

    made_until = fields.Datetime(string="Rounds Made Until", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Make the rounds of the next days at once."""
        plans = super().create(vals_list)
        plans._generate()
        return plans

    def write(self, vals):
        """Replace future rounds that nobody has begun when the calendar changes."""
        result = super().write(vals)
        if (CALENDAR | {"ahead_days"}) & vals.keys():
            self.flush_recordset()  # the table refuses days that would take for ever to plan
        if CALENDAR & vals.keys():
            self._replace()
        if ASSIGNMENT & vals.keys():
            self._reassign()
        if "ahead_days" in vals:
            self._generate()
        return result

    def unlink(self):
        """Withdraw future rounds that nobody has begun."""
        self._withdraw(self._untouched())
        return super().unlink()

    def action_generate(self):
        """Make the rounds of the next days."""
        self.check_access("write")
        self._generate()
        return True

    @api.model
    def _cron_generate(self):
        """Make the rounds of the next days of all plans; made again they are the same."""
        self.search([("route_id.active", "=", True)])._generate()

    def _generate(self, until=None):
        """Make the rounds that are due from now on and not there yet, in one batch.

        A round whose deadline has passed is not made: nobody could walk it any more.

        :param until: naive UTC datetime up to which rounds are made at least; None: the days
            ahead of each plan
        :return: the new rounds
        """
        due = self._due(until)
        known = self._known_slots(due)
        plans = self.browse(due)
        # a round is made by its plan alone, and inspectors may not make any
        rounds_sudo = self.env["inspection.round"].sudo()
        required = plans.route_id._required_counts()
        vals_list = [
            vals
            for plan in plans
            for vals in plan._prepare_rounds_vals(
                [one for one in due[plan.id] if one.slot not in known.get(plan.id, ())],
                required.get(plan.route_id.id, 0),
            )
        ]
        for end, mine in plans.grouped(lambda plan: plan._end(until)).items():
            mine.sudo().made_until = end  # a fact, also where an inspector cannot write the plan
        return rounds_sudo.with_context(tracking_disable=True).create(vals_list).sudo(False)

    def _end(self, until=None):
        """Return up to when rounds are made: never less far than before."""
        self.ensure_one()
        end = until or _now() + timedelta(days=self.ahead_days)
        furthest = _now() + timedelta(days=MOST_DAYS)
        return max(end, min(self.made_until or end, furthest))

    def _known_slots(self, due):
        """Return the slots that have a round already: {id of plan: set of datetime}."""
        slots = [one.slot for found in due.values() for one in found]
        if not slots:
            return {}
        rounds_sudo = self.env["inspection.round"].sudo()  # whoever may see them
        groups = rounds_sudo._read_group(
            [("plan_id", "in", list(due)), ("slot_at", ">=", min(slots))],
            ["plan_id"],
            ["slot_at:array_agg"],
        )
        return {plan.id: set(found) for plan, found in groups}

    def _due(self, until=None):
        """List what is due from now on: {id of plan: [Occurrence]}."""
        now = _now()
        due = {}
        for plan in self.filtered(lambda plan: plan.active and plan.route_id.active):
            end = plan._end(until)
            start = now - timedelta(minutes=plan.window_minutes + plan.late_minutes)
            found = occurrences(plan._schedule(), start, end)
            due[plan.id] = [one for one in found if one.deadline > now]
        return due

    def _prepare_rounds_vals(self, due, required):
        """Return the values of the rounds of a plan.

        :param due: list of Occurrence
        :param required: number of checkpoints of the route
        """
        self.ensure_one()
        common = {
            "plan_id": self.id,
            "route_id": self.route_id.id,
            "required_count": required,
            **self._prepare_assignment_vals(),
        }
        return [
            {
                **common,
                "slot_at": one.slot,
                "planned_at": one.planned,
                "open_at": one.opens,
                "deadline_at": one.deadline,
            }
            for one in due
        ]

    def _prepare_assignment_vals(self):
        """Return who may walk the rounds; a single employee is expected to."""
        self.ensure_one()
        only = self.employee_ids.id if len(self.employee_ids) == 1 else False
        return {
            "team_id": self.team_id.id,
            "employee_ids": [fields.Command.set(self.employee_ids.ids)],
            "employee_id": only,
        }

    def _untouched(self):
        """Return the rounds that open in the future and that nobody has begun or cancelled."""
        rounds_sudo = self.env["inspection.round"].sudo()  # whoever may see them
        return rounds_sudo.search(
            [
                ("plan_id", "in", self.ids),
                ("open_at", ">", _now()),
                ("started_at", "=", False),
                ("finished_at", "=", False),
                ("is_cancelled", "=", False),
            ]
        )

    def _replace(self):
        """Make the future rounds those that the changed calendar wants."""
        untouched_sudo = self._untouched()
        due = self._due()
        wanted = {
            (plan.id, plan.route_id.id, one) for plan in self.browse(due) for one in due[plan.id]
        }
        self._withdraw(untouched_sudo.filtered(lambda one: one._key() not in wanted))
        self._generate()

    def _withdraw(self, rounds_sudo):
        """Take back rounds: those that no phone can know are deleted, others cancelled."""
        near_sudo = rounds_sudo.filtered(lambda one: one.open_at <= _now() + FIELD_HORIZON)
        near_sudo.write(
            {
                "is_cancelled": True,
                "cancel_reason": self.env._("The plan has changed."),
                "slot_at": False,
            }
        )
        (rounds_sudo - near_sudo).unlink()

    def _reassign(self):
        """Give the future rounds to those whom the plan names now."""
        for plan, rounds_sudo in self._untouched().grouped("plan_id").items():
            rounds_sudo.write(plan._prepare_assignment_vals())


def _now():
    return fields.Datetime.now()
