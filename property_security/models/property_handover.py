from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .incident_words import OPEN_STATES

#: What only giving and taking change.
BY_SIGNING = frozenset(
    (
        "state",
        "previous_id",
        "start_at",
        "end_at",
        "given_uid",
        "taken_at",
        "taken_uid",
        "is_disputed",
        "dispute_note",
        "incident_ids",
    )
)


class PropertyHandover(models.Model):
    """A post that goes from one guard to the next: what is open, what is there, both signed."""

    _name = "property.handover"
    _description = "Hand-over"
    _inherit = ["property.incident.scoped", "mail.thread", "mail.activity.mixin"]
    _order = "end_at desc, id desc"
    _rec_name = "post_id"

    post_id = fields.Many2one(
        "property.handover.post", required=True, index=True, ondelete="restrict"
    )
    site_id = fields.Many2one(related="post_id.site_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="post_id.company_id", store=True, precompute=True)
    state = fields.Selection(
        [("draft", "Being Written"), ("given", "To Be Signed"), ("taken", "Signed by Both")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    from_employee_id = fields.Many2one(
        "hr.employee",
        string="Handed Over By",
        required=True,
        default=lambda self: self.env.user.employee_id,
        ondelete="restrict",
        tracking=True,
    )
    to_employee_id = fields.Many2one(
        "hr.employee", string="Taken Over By", ondelete="restrict", tracking=True
    )
    previous_id = fields.Many2one(
        "property.handover", string="Hand-over Before", readonly=True, copy=False
    )
    start_at = fields.Datetime(
        string="Shift From", readonly=True, copy=False, help="The end of the hand-over before."
    )
    end_at = fields.Datetime(string="Shift Until", readonly=True, copy=False, index=True)
    given_uid = fields.Many2one(
        "res.users", string="Handed Over By User", readonly=True, copy=False
    )
    taken_at = fields.Datetime(string="Signed", readonly=True, copy=False)
    taken_uid = fields.Many2one("res.users", string="Signed By", readonly=True, copy=False)
    note = fields.Text(string="To Be Continued", help="Open matters, visitors expected, orders.")
    incident_ids = fields.Many2many(
        "property.incident", string="Open Incidents", readonly=True, copy=False
    )
    incident_count = fields.Integer(compute="_compute_counts", string="Number of Incidents")
    item_ids = fields.One2many("property.handover.item", "handover_id", string="Equipment")
    short_count = fields.Integer(string="Missing Items", compute="_compute_counts")
    is_disputed = fields.Boolean(string="Not Agreed", readonly=True, copy=False, tracking=True)
    dispute_note = fields.Char(string="Objection", readonly=True, copy=False, tracking=True)
    is_other_giver = fields.Boolean(
        string="Given by Somebody Else",
        compute="_compute_is_other_giver",
        store=True,
        help="Who handed over is not who had taken over before.",
    )

    _one_draft = models.UniqueIndex(
        "(post_id) WHERE state = 'draft'", "A hand-over of this post is being written already."
    )
    _one_next = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL", "This hand-over is followed by another one."
    )
    _one_first = models.UniqueIndex(
        "(post_id) WHERE previous_id IS NULL AND state <> 'draft'",
        "The post was handed over already. Reload the page.",
    )
    _signed_whole = models.Constraint(
        "CHECK(state = 'draft' OR (end_at > start_at AND to_employee_id IS NOT NULL"
        " AND to_employee_id <> from_employee_id))",
        "A hand-over goes from one guard to another and ends a shift that had begun.",
    )

    @api.depends("item_ids.is_short", "incident_ids")
    def _compute_counts(self):
        for handover in self:
            handover.short_count = len(handover.item_ids.filtered("is_short"))
            handover.incident_count = len(handover.incident_ids)

    @api.depends("previous_id", "from_employee_id")
    def _compute_is_other_giver(self):
        for handover in self:
            before = handover.previous_id.to_employee_id
            handover.is_other_giver = bool(before) and before != handover.from_employee_id

    @api.depends("post_id.name", "end_at")
    def _compute_display_name(self):
        for handover in self:
            name = handover.post_id.name or ""
            if handover.end_at:
                zone = handover.with_context(tz=handover.site_id.tz)
                at = fields.Datetime.context_timestamp(zone, handover.end_at)
                name = f"{name} {at:%Y-%m-%d %H:%M}"
            handover.display_name = name

    # CRUD -------------------------------------------------------------------------------------

    @api.model
    def _method_fields(self):
        """Override: what signing writes."""
        return super()._method_fields() | BY_SIGNING

    @api.model_create_multi
    def create(self, vals_list):
        """List the equipment of the post, to be counted."""
        self._check_by_signing(vals_list)
        posts = self.env["property.handover.post"]
        for vals in vals_list:
            post = posts.browse(vals.get("post_id"))
            vals.setdefault(
                "item_ids",
                [
                    (
                        0,
                        0,
                        {
                            "post_item_id": item.id,
                            "name": item.name,
                            "expected": item.expected,
                            "sequence": item.sequence,
                        },
                    )
                    for item in post.item_ids
                ],
            )
        return super().create(vals_list)

    def write(self, vals):
        """Keep what was signed."""
        self._check_by_signing([vals])
        if not self.env.su and any(one.state != "draft" for one in self):
            raise UserError(
                self.env._("This hand-over is signed: it stays as it is. Write a note below.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(one.state != "draft" for one in self):
            raise UserError(self.env._("Signed hand-overs are kept: the chain must have no gap."))

    @api.model
    def _check_by_signing(self, vals_list):
        if not self.env.su and any(not BY_SIGNING.isdisjoint(vals) for vals in vals_list):
            raise UserError(self.env._("Use the buttons: hand over, take over."))

    # Signing ----------------------------------------------------------------------------------

    def action_give(self):
        """Hand over: the guard who leaves signs."""
        self._give(fields.Datetime.now())
        return True

    def action_take(self):
        """Take over: the guard who comes signs."""
        self._take(fields.Datetime.now())
        return True

    def action_dispute(self):
        """Ask what is not as it was said, and take over."""
        self.ensure_one()
        self._check_may_take()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Over With an Objection"),
            "res_model": "property.handover.objection",
            "view_mode": "form",
            "target": "new",
            "context": {"default_handover_id": self.id},
        }

    def _give(self, at):
        """Hand over at a moment; the shift began where the hand-over before ended.

        :param datetime at: naive UTC
        :raise UserError: when something is missing
        """
        self.ensure_one()
        self.check_access("write")
        # one at a time at each post, so that the chain has no fork; the post is locked only
        self.post_id.sudo()._lock_and_reread("active")
        self._lock_and_reread("state")
        self._check_may_give()
        # sudo: the chain of the post, whoever may see it; the fields of signing are no one's
        handover_sudo = self.sudo()
        last_sudo = handover_sudo.post_id._last_handovers().get(handover_sudo.post_id)
        begin = last_sudo.end_at if last_sudo else None
        if begin and at <= begin:
            raise UserError(
                self.env._(
                    "The post was handed over later than that: at %(at)s. Reload the page.",
                    at=last_sudo.display_name,
                )
            )
        handover_sudo.write(
            {
                "state": "given",
                "previous_id": last_sudo and last_sudo.id,
                "start_at": begin or at - timedelta(hours=self.post_id.shift_hours),
                "end_at": at,
                "given_uid": self.env.uid,
                "incident_ids": [(6, 0, handover_sudo._open_incidents().ids)],
            }
        )
        handover_sudo.flush_recordset()  # the database has a say: it lets no chain fork
        handover_sudo._ask_signature()
        handover_sudo.post_id.activity_ids.filtered("automated").action_feedback()

    def _check_may_give(self):
        if self.state != "draft":
            raise UserError(self.env._("This hand-over was given already. Reload the page."))
        if not self.to_employee_id:
            raise UserError(self.env._("Choose who takes over."))
        if self.to_employee_id == self.from_employee_id:
            raise UserError(self.env._("Choose somebody else: nobody hands over to himself."))
        if not self._is_by(self.from_employee_id):
            raise AccessError(
                self.env._("%(guard)s hands over.", guard=self.from_employee_id.sudo().name)
            )
        unchecked = self.item_ids.filtered(lambda item: not item.is_counted)
        if unchecked:
            raise UserError(
                self.env._(
                    "Count these first: %(items)s", items=", ".join(unchecked.mapped("name"))
                )
            )

    def _is_by(self, employee):
        """Say whether the user is that guard, or a manager who does it for him."""
        return (
            self.env.su
            or employee == self.env.user.employee_id
            or self.env.user.has_group("property_base.group_manager")
        )

    def _open_incidents(self):
        """Return the incidents of the site that are open now."""
        return self.env["property.incident"].search(
            [("site_id", "=", self.site_id.id), ("state", "in", OPEN_STATES)]
        )

    def _ask_signature(self):
        user = self.to_employee_id.user_id
        if user:
            self.with_context(lang=user.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Take over: %(post)s", post=self.display_name),
            )

    def _take(self, at, objection=""):
        """Sign a hand-over that was given; what is not agreed is written down.

        :param datetime at: naive UTC
        :param str objection: what is not as it was said
        """
        self.ensure_one()
        self._lock_and_reread("state")
        self._check_may_take()
        objection = (objection or "").strip()
        # sudo: signed hand-overs are written by no one in another way
        handover_sudo = self.sudo()
        handover_sudo.write(
            {
                "state": "taken",
                "taken_at": max(at, self.end_at),
                "taken_uid": self.env.uid,
                "is_disputed": bool(objection),
                "dispute_note": objection[:500] or False,
            }
        )
        handover_sudo.activity_ids.filtered("automated").action_feedback()

    def _check_may_take(self):
        self.check_access("write")
        if self.state != "given":
            raise UserError(self.env._("There is nothing to sign here. Reload the page."))
        if not self._is_by(self.to_employee_id):
            raise AccessError(
                self.env._("%(guard)s takes over.", guard=self.to_employee_id.sudo().name)
            )
