from odoo import fields, models


class InspectionRoute(models.Model):
    """Checkpoints in their order."""

    _name = "inspection.route"
    _description = "Inspection Route"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    kind = fields.Selection(
        [("general", "General")], required=True, default="general", index=True, tracking=True
    )
    is_strict = fields.Boolean(
        string="Strict Order",
        tracking=True,
        help="The checkpoints have to be visited in their order; otherwise a check-in is flagged.",
    )
    minutes = fields.Integer(
        string="Minutes between Points",
        help="Expected minutes from one checkpoint to the next. Who needs less than half of them is"
        " flagged as too fast. 0: any time will do. A checkpoint may say otherwise.",
    )
    instructions = fields.Text(translate=True)
    checkpoint_ids = fields.One2many("inspection.checkpoint", "route_id", copy=True)
    checkpoint_count = fields.Integer(compute="_compute_checkpoint_count", string="Checkpoints")
    plan_ids = fields.One2many("inspection.plan", "route_id")
    plan_count = fields.Integer(compute="_compute_plan_count", string="Plans")
    round_count = fields.Integer(compute="_compute_round_count", string="Rounds")

    _minutes_positive = models.Constraint(
        "CHECK (minutes >= 0)", "The minutes between points cannot be negative."
    )

    def _compute_checkpoint_count(self):
        self._count("inspection.checkpoint", "checkpoint_count")

    def _compute_plan_count(self):
        self._count("inspection.plan", "plan_count")

    def _compute_round_count(self):
        self._count("inspection.round", "round_count")

    def _count(self, model, field):
        groups = self.env[model]._read_group(
            [("route_id", "in", self.ids)], ["route_id"], ["__count"]
        )
        counts = {route.id: count for route, count in groups}
        for route in self:
            route[field] = counts.get(route._origin.id, 0)

    def copy_data(self, default=None):
        """Name copies so that they are told from their original."""
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for route, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=route.name)
        return vals_list

    def write(self, vals):
        """Stop the plans of a route that is archived."""
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            self.plan_ids.write({"active": False})
        return result

    def action_rounds(self):
        """Open the rounds of these routes."""
        return self._open("inspection_round.inspection_round_action")

    def action_plans(self):
        """Open the plans of these routes."""
        return self._open("inspection_round.inspection_plan_action")

    def _open(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        context = {"default_route_id": self.id} if len(self) == 1 else {}
        return {**action, "domain": [("route_id", "in", self.ids)], "context": context}

    def _required_counts(self):
        """Return how many checkpoints a round of each route has to visit: {id: number}."""
        groups = self.env["inspection.checkpoint"]._read_group(
            [("route_id", "in", self.ids)], ["route_id"], ["__count"]
        )
        return {route.id: count for route, count in groups}

    def _count_required(self):
        """Let rounds that are not begun require the checkpoints that there are now."""
        counts = self._required_counts()
        rounds_sudo = self.env["inspection.round"].sudo()  # a fact that nobody writes
        waiting_sudo = rounds_sudo.search(
            [
                ("route_id", "in", self.ids),
                ("started_at", "=", False),
                ("deadline_at", ">", fields.Datetime.now()),
            ]
        )
        for route, mine_sudo in waiting_sudo.grouped("route_id").items():
            mine_sudo.write({"required_count": counts.get(route.id, 0)})
