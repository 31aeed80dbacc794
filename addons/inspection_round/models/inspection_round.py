from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

from ..tools.checkin import coverage
from ..tools.scheduling import Occurrence

# What happened is told by check-ins and buttons; nobody writes it by hand.
FACTS = frozenset(
    {
        *("plan_id", "slot_at", "started_at", "finished_at", "is_cancelled", "cancel_reason"),
        *(
            "unsent_count",
            "is_announced",
            "checkpoint_ids",
            "required_count",
            "valid_count",
            "coverage",
        ),
        *("checkin_count", "flagged_count", "abnormal_count"),
    }
)


class InspectionRound(models.Model):
    """A route that has to be walked once, at a time."""

    _name = "inspection.round"
    _description = "Inspection Round"
    # planners name employees without rights on their files
    _inherit = ["hr.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "planned_at desc, id desc"
    _rec_names_search = ["route_id.name", "plan_id.name"]
    _mail_post_access = "read"  # who walks a round may say something about it

    route_id = fields.Many2one(
        "inspection.route", required=True, index=True, ondelete="restrict", check_company=True
    )
    plan_id = fields.Many2one(
        "inspection.plan", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    slot_at = fields.Datetime(string="Time by the Calendar", readonly=True, copy=False)
    kind = fields.Selection(related="route_id.kind", store=True, precompute=True)
    company_id = fields.Many2one(
        related="route_id.company_id", store=True, precompute=True, index=True
    )
    planned_at = fields.Datetime(
        string="Planned Start",
        required=True,
        index=True,
        default=fields.Datetime.now,
        tracking=True,
    )
    open_at = fields.Datetime(
        string="May Begin",
        required=True,
        compute="_compute_span",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    deadline_at = fields.Datetime(
        string="Deadline",
        required=True,
        index=True,
        compute="_compute_span",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    team_id = fields.Many2one("inspection.team", index=True, tracking=True, check_company=True)
    employee_ids = fields.Many2many(
        "hr.employee",
        string="Employees",
        check_company=True,
        help="Any of them may walk the round. Neither a team nor employees: any inspector may.",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Walked By",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="Who walks the round, or is expected to.",
    )
    started_at = fields.Datetime(string="Started", readonly=True, copy=False, tracking=True)
    finished_at = fields.Datetime(string="Finished", readonly=True, copy=False, tracking=True)
    is_cancelled = fields.Boolean(string="Cancelled", readonly=True, copy=False, tracking=True)
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    note = fields.Text()
    unsent_count = fields.Integer(
        string="Unsent at the End",
        readonly=True,
        copy=False,
        help="Entries that were still on the phone when the round was finished.",
    )
    checkpoint_ids = fields.Many2many(
        "inspection.checkpoint",
        string="Required Points",
        readonly=True,
        copy=False,
        help="The checkpoints of the route when the round began.",
    )
    checkin_ids = fields.One2many("inspection.checkin", "round_id", readonly=True)
    required_count = fields.Integer(string="Required", readonly=True, copy=False)
    valid_count = fields.Integer(
        string="Visited",
        compute="_compute_coverage",
        store=True,
        help="Required checkpoints with a valid check-in.",
    )
    coverage = fields.Float(
        compute="_compute_coverage",
        store=True,
        aggregator="avg",
        help="Share of the required checkpoints that have a valid check-in.",
    )
    # grows with every check-in: two devices of one round never judge beside each other, for the
    # second one to write it has to begin anew
    checkin_count = fields.Integer(string="Check-ins", compute="_compute_checkin_count", store=True)
    flagged_count = fields.Integer(string="Flagged", compute="_compute_flagged_count", store=True)
    abnormal_count = fields.Integer(
        string="Abnormal", compute="_compute_abnormal_count", store=True
    )
    missing_ids = fields.Many2many(
        "inspection.checkpoint", compute="_compute_missing_ids", string="Points Not Visited"
    )

    _slot_unique = models.UniqueIndex(
        "(plan_id, slot_at) WHERE plan_id IS NOT NULL AND slot_at IS NOT NULL",
        "The plan has a round at this time already.",
    )
    _times_in_order = models.Constraint(
        "CHECK (open_at <= planned_at AND planned_at <= deadline_at)",
        "A round may begin at its planned time at the latest, and ends after it.",
    )

    @api.depends("route_id.name", "planned_at")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        for one in self:
            moment = format_datetime(self.env, one.planned_at, dt_format="MM-dd HH:mm")
            one.display_name = f"{one.route_id.name or ''} {moment}".strip()

    @api.depends("planned_at")
    def _compute_span(self):
        """Keep the time around the planned start that the plan gives, else an hour after it."""
        for one in self:
            start = one.planned_at or fields.Datetime.now()
            plan = one.plan_id
            one.open_at = start - timedelta(minutes=plan.early_minutes)
            one.deadline_at = start + timedelta(minutes=plan.late_minutes or 60)

    @api.depends("checkpoint_ids", "checkin_ids.state", "checkin_ids.checkpoint_id")
    def _compute_coverage(self):
        for one in self:
            valid = one.checkin_ids.filtered(lambda checkin: checkin.state == "valid")
            required = set(one.checkpoint_ids.ids)
            one.valid_count, one.coverage = coverage(required, valid.checkpoint_id.ids)

    @api.depends("checkin_ids")
    def _compute_checkin_count(self):
        for one in self:
            one.checkin_count = len(one.checkin_ids)

    @api.depends("checkin_ids.state")
    def _compute_flagged_count(self):
        for one in self:
            open_states = ("flagged", "conflict")
            one.flagged_count = sum(line.state in open_states for line in one.checkin_ids)

    @api.depends("checkin_ids.abnormal_count")
    def _compute_abnormal_count(self):
        for one in self:
            one.abnormal_count = sum(one.checkin_ids.mapped("abnormal_count"))

    @api.depends("checkpoint_ids", "checkin_ids.state", "route_id.checkpoint_ids")
    def _compute_missing_ids(self):
        for one in self:
            valid = one.checkin_ids.filtered(lambda checkin: checkin.state == "valid")
            required = one.checkpoint_ids or one.route_id.checkpoint_ids
            one.missing_ids = required - valid.checkpoint_id

    @api.model
    def _fact_fields(self):
        """Return the names of fields that nobody writes by hand; extended by models."""
        return FACTS

    @api.model_create_multi
    def create(self, vals_list):
        """Count what a round requires; what happened is not written by hand.

        Not by a default of a caller's context either, whoever's rights create.
        """
        self._check_facts(vals_list)
        hidden = {f"default_{name}" for name in self._fact_fields()}
        kept = {key: value for key, value in self.env.context.items() if key not in hidden}
        rounds = super(InspectionRound, self.with_env(self.env(context=kept))).create(vals_list)
        uncounted_sudo = rounds.sudo().filtered(lambda one: not one.required_count)  # a fact
        counts = uncounted_sudo.route_id._required_counts()
        for route, mine_sudo in uncounted_sudo.grouped("route_id").items():
            mine_sudo.required_count = counts.get(route.id, 0)
        return rounds

    def write(self, vals):
        """Refuse to write by hand what happened."""
        self._check_facts([vals])
        if {"route_id", "planned_at", "open_at", "deadline_at"} & vals.keys():
            self._check_not_begun()
        return super().write(vals)

    @api.model
    def _check_facts(self, vals_list):
        facts = self._fact_fields()
        if not self.env.su and any(facts & vals.keys() for vals in vals_list):
            raise AccessError(
                self.env._(
                    "What happened on a round is told by its check-ins: use the buttons instead."
                )
            )

    def _check_not_begun(self):
        if not self.env.su and any(one.started_at or one.finished_at for one in self):
            raise UserError(self.env._("A round that has begun keeps its route and its times."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_walked(self):
        if any(one.started_at or one.checkin_ids for one in self):
            raise UserError(
                self.env._("A round with check-ins is evidence: cancel it instead of deleting it.")
            )

    def _key(self):
        """Return what a plan compares: itself, the route, and the times."""
        self.ensure_one()
        times = Occurrence(self.slot_at, self.planned_at, self.open_at, self.deadline_at)
        return self.plan_id.id, self.route_id.id, times

    def action_checkins(self):
        """Open the check-ins of these rounds."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inspection_round.inspection_checkin_action"
        )
        return {**action, "domain": [("round_id", "in", self.ids)], "context": {}}
