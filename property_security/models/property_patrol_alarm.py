from odoo import api, fields, models
from odoo.exceptions import AccessError

ACTIVITY = "property_security.mail_activity_patrol_alarm"


class PropertyPatrolAlarm(models.Model):
    """That a patrol, or a point of one, is missed; told once to whoever leads the shift."""

    _name = "property.patrol.alarm"
    _description = "Patrol Alarm"
    _inherit = ["property.patrol.scoped", "mail.thread"]
    _order = "raised_at desc, id desc"
    _mail_post_access = "read"  # a leader may say what he did about it

    round_id = fields.Many2one(
        "inspection.round",
        string="Patrol",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    checkpoint_id = fields.Many2one(
        "inspection.checkpoint",
        string="Point",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: nobody has begun the patrol.",
    )
    kind = fields.Selection(
        [("round", "Patrol Not Begun"), ("point", "Point Missed")], required=True, readonly=True
    )
    route_id = fields.Many2one(related="round_id.route_id", store=True, index=True)
    site_id = fields.Many2one(related="round_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="round_id.company_id", store=True, index=True)
    shift_id = fields.Many2one(related="round_id.shift_id", store=True)
    planned_at = fields.Datetime(related="round_id.planned_at", store=True)
    deadline_at = fields.Datetime(related="round_id.deadline_at")
    leader_ids = fields.Many2many("hr.employee", string="Shift Leader", readonly=True)
    raised_at = fields.Datetime(string="Raised", required=True, readonly=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("acknowledged", "Acknowledged"), ("explained", "Explained")],
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
        help="Explained: a phone or wand told late that it was walked, or it was cancelled.",
    )
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, tracking=True)
    acknowledged_at = fields.Datetime(string="Acknowledged On", readonly=True)
    escalated_at = fields.Datetime(string="Manager Told", readonly=True, tracking=True)
    explained_at = fields.Datetime(string="Explained On", readonly=True)
    walked_at = fields.Datetime(
        string="Walked", readonly=True, help="When it was walked after all, as was told late."
    )

    _once = models.UniqueIndex(
        "(round_id, COALESCE(checkpoint_id, 0))", "This miss has raised its alarm already."
    )

    @api.depends("round_id.display_name", "checkpoint_id.name", "kind")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alarm in self:
            what = alarm.checkpoint_id.name or kinds.get(alarm.kind)
            alarm.display_name = f"{alarm.round_id.display_name}: {what}"

    @api.model
    def _prepare_vals(self, one, point):
        """Return the values of the alarm about a miss.

        :param one: inspection.round
        :param point: id of a checkpoint, 0 for the whole patrol
        """
        return {
            "round_id": one.id,
            "checkpoint_id": point or False,
            "kind": "point" if point else "round",
            "raised_at": fields.Datetime.now(),
            "leader_ids": [fields.Command.set(one._alarm_leaders().ids)],
        }

    def action_acknowledge(self):
        """Note that the user takes care of it: the shift leader, or a manager."""
        self.check_access("read")
        is_planner = self.env.user.has_group("inspection_round.group_planner")
        for alarm_sudo in self.sudo():  # nobody writes alarms by hand; who may is checked here
            if not is_planner and self.env.user not in alarm_sudo.leader_ids.user_id:
                raise AccessError(
                    self.env._("Only the shift leader or a manager may acknowledge this alarm.")
                )
        self.sudo().filtered(lambda alarm: alarm.state == "open").write(
            {
                "state": "acknowledged",
                "acknowledged_by_id": self.env.uid,
                "acknowledged_at": fields.Datetime.now(),
            }
        )
        self._clear_activities()
        return True

    def _explain(self):
        """Take alarms back: what they said is missed was walked or cancelled; they stay."""
        now = fields.Datetime.now()
        for alarm in self:
            one = alarm.round_id
            visits = one.checkin_ids.filtered(
                lambda checkin, point=alarm.checkpoint_id: (
                    checkin.state == "valid" and checkin.checkpoint_id == point
                )
            )
            times = visits.mapped("checked_at") if alarm.checkpoint_id else [one.started_at]
            alarm.write(
                {
                    "state": "explained",
                    "explained_at": now,
                    "walked_at": min(filter(None, times), default=False),
                }
            )
        self._clear_activities()

    def _reopen(self):
        """Open alarms again: what explained them was rejected."""
        self.write(
            {
                "state": "open",
                "raised_at": fields.Datetime.now(),
                "acknowledged_by_id": False,
                "acknowledged_at": False,
                "escalated_at": False,
                "explained_at": False,
                "walked_at": False,
            }
        )

    def _clear_activities(self):
        """Take the reminders away from patrols that have no open alarm any more."""
        rounds_sudo = self.sudo().round_id  # reminders of leaders and managers alike
        rounds_sudo.invalidate_recordset(["open_alarm_count"])
        rounds_sudo.filtered(lambda one: not one.open_alarm_count).activity_unlink([ACTIVITY])
