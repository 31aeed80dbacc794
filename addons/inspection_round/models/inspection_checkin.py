from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

METHODS = [
    ("nfc", "NFC Tag"),
    ("qr", "QR Label"),
    ("ble", "Bluetooth Beacon"),
    ("reader", "Patrol Reader"),
    ("manual", "By Hand"),
]
TAKEN = ("valid", "flagged")


class InspectionCheckin(models.Model):
    """That somebody was at a checkpoint, as a device tells it. Nobody writes or deletes it."""

    _name = "inspection.checkin"
    _description = "Inspection Check-in"
    _order = "checked_at desc, id desc"

    uuid = fields.Char(
        string="Number", required=True, readonly=True, help="Given by the device; it comes once."
    )
    digest = fields.Char(
        string="Sum of the Content",
        required=True,
        readonly=True,
        help="SHA-256: tells the same again from something else under the same number.",
    )
    conflict_of_id = fields.Many2one(
        "inspection.checkin",
        string="In Conflict With",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Came first under the same number, with other content.",
    )
    round_id = fields.Many2one(
        "inspection.round", required=True, readonly=True, index=True, ondelete="restrict"
    )
    route_id = fields.Many2one(related="round_id.route_id", store=True, precompute=True, index=True)
    kind = fields.Selection(related="round_id.kind", store=True, precompute=True)
    company_id = fields.Many2one(
        related="round_id.company_id", store=True, precompute=True, index=True
    )
    checkpoint_id = fields.Many2one(
        "inspection.checkpoint", required=True, readonly=True, index=True, ondelete="restrict"
    )
    employee_id = fields.Many2one(
        "hr.employee", required=True, readonly=True, index=True, ondelete="restrict"
    )
    checked_at = fields.Datetime(
        string="Time",
        required=True,
        readonly=True,
        index=True,
        help="By the clock of the device, its error taken out.",
    )
    device_at = fields.Datetime(string="Time of the Device", required=True, readonly=True)
    received_at = fields.Datetime(string="Received", required=True, readonly=True)
    clock_skew = fields.Integer(
        string="Clock Error",
        readonly=True,
        aggregator=None,
        help="Seconds by which the clock of the device was ahead when it sent.",
    )
    method = fields.Selection(METHODS, required=True, readonly=True)
    has_fix = fields.Boolean(string="Position Known", readonly=True)
    latitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    longitude = fields.Float(digits=(10, 7), readonly=True, aggregator=None)
    accuracy = fields.Float(readonly=True, aggregator=None, help="Metres, as the device says.")
    distance = fields.Integer(
        readonly=True, aggregator="avg", help="Metres from the position of the checkpoint."
    )
    device = fields.Char(readonly=True, help="Number of the phone or reader.")
    note = fields.Text(readonly=True)
    flag_ids = fields.Many2many("inspection.flag", string="Flags", readonly=True)
    photo_ids = fields.One2many("inspection.photo", "checkin_id", readonly=True, string="Photos")
    result_ids = fields.One2many("inspection.result", "checkin_id", readonly=True, string="Results")
    abnormal_count = fields.Integer(
        string="Abnormal", compute="_compute_abnormal_count", store=True
    )
    decision = fields.Selection([("accepted", "Accepted"), ("rejected", "Rejected")], readonly=True)
    decision_reason = fields.Char(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    state = fields.Selection(
        [
            ("flagged", "Flagged"),
            ("valid", "Valid"),
            ("conflict", "In Conflict"),
            ("rejected", "Rejected"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        help="Valid ones count. What is flagged or in conflict waits for a planner's decision.",
    )

    _uuid_unique = models.UniqueIndex(
        "(uuid) WHERE conflict_of_id IS NULL", "This check-in was taken already."
    )
    _content_unique = models.UniqueIndex("(uuid, digest)", "This check-in was taken already.")

    @api.depends("checkpoint_id.name", "checked_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for checkin in self:
            checkin.display_name = checkin.checkpoint_id.name

    @api.depends("result_ids.is_abnormal", "state")
    def _compute_abnormal_count(self):
        for checkin in self:
            results = checkin.result_ids if checkin.state in TAKEN else ()
            checkin.abnormal_count = sum(result.is_abnormal for result in results)

    @api.depends("flag_ids", "decision", "conflict_of_id")
    def _compute_state(self):
        decided = {"accepted": "valid", "rejected": "rejected"}
        for checkin in self:
            if checkin.decision:
                checkin.state = decided[checkin.decision]
            elif checkin.conflict_of_id:
                checkin.state = "conflict"
            else:
                is_faulty = any(checkin.flag_ids.mapped("is_fault"))
                checkin.state = "flagged" if is_faulty else "valid"

    def action_accept(self):
        """Ask why these check-ins count although they are flagged."""
        return self._ask("accepted")

    def action_reject(self):
        """Ask why these check-ins do not count."""
        return self._ask("rejected")

    def _ask(self, decision):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inspection_round.inspection_checkin_review_action"
        )
        context = {"default_checkin_ids": self.ids, "default_decision": decision}
        return {**action, "context": context}

    def _decide(self, decision, reason):
        """Decide whether these check-ins count, and say so on their rounds.

        :param decision: accepted or rejected
        :param reason: text for people
        """
        self._check_planner()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why, for whoever asks later."))
        waiting = self.filtered(lambda checkin: checkin.state == "conflict")
        # check-ins are evidence: nobody has the right to write them by hand
        self.sudo().write(
            {
                "decision": decision,
                "decision_reason": reason.strip(),
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        names = dict(self._fields["decision"]._description_selection(self.env))
        for one, checkins in self.grouped("round_id").items():
            one.message_post(
                body=self.env._(
                    "%(decision)s: %(points)s. %(reason)s",
                    decision=names[decision],
                    points=", ".join(checkins.checkpoint_id.mapped("name")),
                    reason=reason.strip(),
                )
            )
        if decision == "accepted":
            waiting._settle()

    def _check_planner(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("inspection_round.group_planner"):
            raise AccessError(self.env._("Only planners of inspections may do this. Ask one."))
