from datetime import timedelta

from odoo import api, fields, models

from ..tools.patrol_alarm import Patrol, misses

BATCH = 100
TELLING = timedelta(minutes=5)  # a phone back in the network has told everything by then
#: What decides whether something is missed, besides check-ins.
WATCHED = frozenset(("planned_at", "deadline_at", "started_at", "finished_at", "is_cancelled"))


class InspectionRound(models.Model):
    """What patrols miss becomes alarms, one for each miss, as soon as it is known."""

    _inherit = "inspection.round"

    alarm_ids = fields.One2many("property.patrol.alarm", "round_id", string="Alarms")
    open_alarm_count = fields.Integer(
        compute="_compute_open_alarm_count", compute_sudo=True, string="Open Alarms"
    )
    is_alarm_settled = fields.Boolean(
        readonly=True,
        copy=False,
        help="The deadline has passed and all alarms were raised; the job need not look again.",
    )

    _alarm_waiting = models.Index(
        "(planned_at) WHERE kind = 'patrol' AND is_alarm_settled IS NOT TRUE"
        " AND is_cancelled IS NOT TRUE"
    )

    @api.depends("alarm_ids.state")
    def _compute_open_alarm_count(self):
        for one in self:
            one.open_alarm_count = sum(alarm.state == "open" for alarm in one.alarm_ids)

    @api.model
    def _fact_fields(self):
        """Override of `inspection_round`: a patrol is settled when its alarms are raised."""
        return super()._fact_fields() | {"is_alarm_settled"}

    def write(self, vals):
        """Let alarms follow when what happened on a patrol, or its time, changes.

        Who finishes a patrol has told all of it, unless his phone says that more will come.
        """
        result = super().write(vals)
        if WATCHED & vals.keys():
            self._follow_alarms()
        if vals.get("finished_at") and not vals.get("unsent_count"):
            self._raise_alarms()
        return result

    @api.model
    def _cron_patrol_alarm(self):
        """Tell shift leaders what is missed, and managers what nobody acknowledged.

        What is missed follows from the patrols alone, so a job that was down catches up, and one
        that runs again finds nothing new.
        """
        cron, now = self.env["ir.cron"], fields.Datetime.now()
        waiting = self.search(
            [
                ("kind", "=", "patrol"),
                ("is_cancelled", "=", False),
                ("is_alarm_settled", "=", False),
                ("planned_at", "<=", now),
            ],
            order="planned_at, id",
        )
        cron._commit_progress(remaining=len(waiting))
        for start in range(0, len(waiting), BATCH):
            part = waiting[start : start + BATCH]
            mine = part.try_lock_for_update(allow_referencing=True)
            mine.filtered(lambda one, now=now: not one._is_being_told(now))._raise_alarms()
            if not cron._commit_progress(len(part)):
                return
        self.env["property.patrol.alarm"]._escalate()

    def _follow_alarms(self):
        """Take back alarms of what turns out to be walked; open those again that were right.

        Nothing new is raised here: a phone that was offline tells one point after the other. The
        job looks at these patrols again.
        """
        patrols_sudo = self.sudo().filtered(lambda one: one.kind == "patrol")  # facts, not wishes
        gone_sudo = again_sudo = patrols_sudo.alarm_ids.browse()
        for one_sudo in patrols_sudo.filtered("alarm_ids"):
            missed = one_sudo._misses()
            for alarm_sudo in one_sudo.alarm_ids:
                is_missed = (alarm_sudo.checkpoint_id.id or 0) in missed
                if is_missed and alarm_sudo.state == "explained":
                    again_sudo |= alarm_sudo
                elif not is_missed and alarm_sudo.state != "explained":
                    gone_sudo |= alarm_sudo
        gone_sudo._explain()
        again_sudo._reopen()
        again_sudo._alert()
        patrols_sudo.filtered("is_alarm_settled").write({"is_alarm_settled": False})

    def _raise_alarms(self):
        """Raise an alarm for each miss that has none."""
        now = fields.Datetime.now()
        alarms_sudo = self.env["property.patrol.alarm"].sudo()  # raised by facts
        patrols_sudo = self.sudo().filtered(lambda one: one.kind == "patrol")
        vals_list = [
            alarms_sudo._prepare_vals(one_sudo, point)
            for one_sudo in patrols_sudo
            for point in sorted(one_sudo._misses())
            if point not in [alarm.checkpoint_id.id or 0 for alarm in one_sudo.alarm_ids]
        ]
        alarms_sudo.create(vals_list)._alert()
        over_sudo = patrols_sudo.filtered(lambda one: one.deadline_at <= now - one._alarm_delay())
        over_sudo.write({"is_alarm_settled": True})

    def _is_being_told(self, now):
        """Say whether a phone that was offline is telling right now what happened."""
        self.ensure_one()
        return any(
            now - checkin.received_at < TELLING < checkin.received_at - checkin.checked_at
            for checkin in self.checkin_ids
        )

    def _misses(self):
        """Return what the patrol has missed by now: ids of points, or 0 for all of it."""
        self.ensure_one()
        minutes = self.site_id.patrol_alarm_minutes
        return misses(self._patrol(), minutes, fields.Datetime.now() - self._alarm_delay())

    def _alarm_delay(self):
        """Return how long it takes until what happened may be known here."""
        self.ensure_one()
        return timedelta(hours=self.route_id.wand_hours)

    def _patrol(self):
        """Return what is known of a patrol as the kernel reads it."""
        self.ensure_one()
        required = self.checkpoint_ids or self.route_id.checkpoint_ids
        visited = self.checkin_ids.filtered(lambda checkin: checkin.state == "valid")
        return Patrol(
            self.planned_at,
            self.deadline_at,
            self.started_at or None,
            (not self.unsent_count and self.finished_at) or None,  # else more will come
            frozenset(required.ids),
            frozenset(visited.checkpoint_id.ids),
            self.is_cancelled,
        )

    def _alarm_leaders(self):
        """Return who led when a patrol was due: of its own shift, else of those of the site."""
        self.ensure_one()
        shifts_sudo = self.env["property.patrol.shift"].sudo()  # the answer is for the alarm
        shifts = self.shift_id or shifts_sudo.search([("site_id", "=", self.site_id.id)])
        return shifts.sudo()._leaders(self.planned_at) or self.sudo().shift_id.leader_id

    def action_alarms(self):
        """Open the alarms of these patrols."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security.property_patrol_alarm_action"
        )
        return {**action, "domain": [("round_id", "in", self.ids)], "context": {}}
