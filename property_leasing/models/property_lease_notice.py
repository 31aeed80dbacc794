from odoo import api, fields, models
from odoo.exceptions import UserError

#: What the tenant has said, and what became of it: nobody writes that by hand.
FIXED = frozenset(
    (
        *("lease_id", "partner_id", "kind", "given_on", "earliest_date", "date_to", "reason"),
        *("state", "answer", "amendment_id"),
    )
)


class PropertyLeaseNotice(models.Model):
    """The tenant says that he leaves: early, or at the end of the lease (退租通知)."""

    _name = "property.lease.notice"
    _description = "Notice of a Tenant"
    _inherit = ["property.scoped", "property.evidence", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    lease_id = fields.Many2one(
        "property.lease", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Tenant", required=True, readonly=True)
    site_id = fields.Many2one(related="lease_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="lease_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [("end", "End the lease early"), ("leave", "Not renew")], required=True, readonly=True
    )
    given_on = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    earliest_date = fields.Date(
        readonly=True, help="By the notice period of the lease, or its next break option."
    )
    date_to = fields.Date(
        string="Leaves on", required=True, readonly=True, tracking=True, help="Last day."
    )
    is_short = fields.Boolean(
        compute="_compute_is_short", store=True, help="Earlier than the notice period allows."
    )
    reason = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("given", "To confirm"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="given",
        readonly=True,
        tracking=True,
        index=True,
    )
    answer = fields.Char(readonly=True, tracking=True)
    amendment_id = fields.Many2one("property.lease.amendment", readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(lease_id) WHERE state = 'given'",
        "A notice of this lease waits to be confirmed. Answer that first.",
    )

    @api.depends("date_to", "earliest_date")
    def _compute_is_short(self):
        for notice in self:
            notice.is_short = bool(notice.earliest_date and notice.date_to < notice.earliest_date)

    @api.depends("lease_id.name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for notice in self:
            notice.display_name = f"{notice.lease_id.name or ''} {kinds.get(notice.kind, '')}"

    def write(self, vals):
        """Keep what the tenant has said, and what became of it."""
        if not self.env.su and not FIXED.isdisjoint(vals):
            raise UserError(
                self.env._("Confirm or refuse the notice: its state follows from that.")
            )
        return super().write(vals)

    @api.model
    def _give(self, lease, kind, day, reason):
        """Give notice for a tenant, today.

        :param lease: property.lease of the tenant, checked by whoever calls it
        :param kind: "end" or "leave"
        :param day: last day that is wished; ignored when he leaves at the end
        :raise UserError: when the lease does not run, or the day does not fit
        """
        today = fields.Date.context_today(self)
        if lease.state not in ("signed", "active", "ending"):
            raise UserError(self.env._("This lease is over. Nothing has to be said any more."))
        if lease.notice_ids.filtered(lambda one: one.state == "given"):
            raise UserError(
                self.env._("You have given notice already. Withdraw it to change the day.")
            )
        day = lease.date_to if kind == "leave" else day
        if not day or not max(today, lease.date_from) <= day <= lease.date_to:
            raise UserError(
                self.env._(
                    "Choose a day from today until the lease ends on %(end)s.", end=lease.date_to
                )
            )
        # sudo: tenants make no records; whoever calls this has checked that the lease is his
        notice_sudo = self.sudo().create(
            {
                "lease_id": lease.id,
                "partner_id": lease.partner_id.id,
                "kind": kind,
                "earliest_date": lease._notice_date(today),
                "date_to": day,
                "reason": reason,
            }
        )
        notice_sudo.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The tenant gives notice as of %(day)s", day=day),
            user_id=(lease.user_id or self.env.ref("base.user_root")).id,
        )
        return notice_sudo

    def action_confirm(self):
        """Confirm the notice; an early end becomes an amendment that somebody approves.

        :raise UserError: when it is answered already
        """
        self.check_access("write")
        for notice in self._lock_and_reread("state"):
            notice._expect_given()
            options = notice.lease_id._options_on("break", notice.date_to, notice.given_on)
            options = options.filtered(lambda one: one.holder != "landlord")
            amendment = self.env["property.lease.amendment"]
            if notice.kind == "end" and notice.date_to < notice.lease_id.date_to:
                amendment = amendment.create(
                    {
                        "lease_id": notice.lease_id.id,
                        "kind": "term",
                        "date_to": notice.date_to,
                        "penalty": sum(options.mapped("penalty")),
                        "reason": self.env._(
                            "Notice of the tenant of %(day)s: %(why)s",
                            day=notice.given_on,
                            why=notice.reason or "–",
                        ),
                    }
                )
            # sudo: a signed lease and a notice are closed; this is the step that follows
            options.sudo().taken_on = notice.given_on
            notice.sudo().write({"state": "confirmed", "amendment_id": amendment.id})
            notice.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def action_refuse(self):
        """Refuse the notice; the lease goes on."""
        self.check_access("write")
        for notice in self._lock_and_reread("state"):
            notice._expect_given()
            notice.sudo().state = "refused"  # sudo: nobody writes the state by hand
            notice.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        return True

    def _withdraw(self):
        """Take the notice back, by the tenant who gave it."""
        self.ensure_one()
        self._lock_and_reread("state")
        self._expect_given()
        self.sudo().state = "withdrawn"  # sudo: tenants write nothing
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])

    def _expect_given(self):
        if self.state != "given":
            raise UserError(self.env._("This notice is answered already. Reload the page."))

    def action_move_out(self):
        """Begin the move-out that follows from the notice."""
        self.ensure_one()
        action = self.lease_id.action_move_out()
        action["context"] = {
            **action["context"],
            "default_date": self.date_to,
            "default_notice_id": self.id,
        }
        return action


class PropertyLeaseAmendment(models.Model):
    _inherit = "property.lease.amendment"

    def _change_tenant(self, lease_sudo):
        """Extend: what the former tenant said of his going is over."""
        result = super()._change_tenant(lease_sudo)
        given_sudo = lease_sudo.notice_ids.filtered(lambda one: one.state == "given")
        given_sudo.state = "withdrawn"
        given_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        return result


class PropertyLease(models.Model):
    _inherit = "property.lease"

    notice_ids = fields.One2many("property.lease.notice", "lease_id", string="Notices")
