from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

OWN_FIELDS = frozenset(
    (
        "approval_state",
        "requested_by_id",
        "requested_at",
        "decided_by_id",
        "decided_at",
        "impact_text",
    )
)
CHECKER_GROUPS = ("property_base.group_finance", "property_base.group_manager")


class PropertyApproval(models.AbstractModel):
    """Something one person asks for and another approves, with its effect shown before (经办复核).

    A model that inherits it says what it does in three hooks: ``_approval_impact``,
    ``_check_request`` and ``_on_approved``. Once submitted, the request cannot be edited.
    """

    _name = "property.approval"
    _description = "Request with Approval"
    _inherit = ["property.scoped", "mail.thread", "mail.activity.mixin"]

    approval_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Waiting for Approval"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        string="Approval",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    requested_by_id = fields.Many2one(
        "res.users", string="Requested by", readonly=True, copy=False, tracking=True
    )
    requested_at = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        "res.users", string="Decided by", readonly=True, copy=False, tracking=True
    )
    decided_at = fields.Datetime(readonly=True, copy=False)
    decision_note = fields.Char(string="Reason of the Decision", copy=False, tracking=True)
    impact_text = fields.Char(
        string="Effect",
        readonly=True,
        copy=False,
        tracking=True,
        help="What approving will do, as the requester saw it: number of bills and amount.",
    )

    # What a request must say ------------------------------------------------------------------

    def _approval_impact(self):
        """Tell what approving does now.

        :return: (number of bills or records, amount in the company's currency, signed)
        """
        raise NotImplementedError

    def _check_request(self):
        """Raise a UserError when the request cannot be submitted as it is."""

    def _on_approved(self):
        """Do what was asked for; called once, after the approval is written."""

    def _approval_currency(self):
        """Return the currency of the effect."""
        return self.company_id.currency_id

    def _approval_free_fields(self):
        """Return the names of fields that may change after the request is submitted; a hook."""
        return {"decision_note", "message_follower_ids", "activity_ids"}

    # Steps ------------------------------------------------------------------------------------

    def action_submit(self):
        """Ask for approval; the effect is shown and frozen.

        :raise UserError: when the request is not a draft or not complete
        """
        self.check_access("write")
        for request in self._approval_lock():
            request._approval_expect("draft", "refused")
            request._check_request()
            request.sudo().write(
                {
                    "approval_state": "submitted",
                    "requested_by_id": self.env.uid,
                    "requested_at": fields.Datetime.now(),
                    "decided_by_id": False,
                    "decided_at": False,
                    "decision_note": False,
                    "impact_text": request._approval_effect(),
                }
            )
        return True

    def action_approve(self):
        """Approve what somebody else asked for, and do it.

        :raise UserError: when the requester approves, or the effect is not what was submitted
        """
        self._check_checker()
        for request in self._approval_lock():
            request._approval_expect("submitted")
            if request.requested_by_id == self.env.user:
                raise UserError(
                    self.env._("Somebody else must approve this: you asked for it yourself.")
                )
            request._check_request()
            effect = request._approval_effect()
            if effect != request.impact_text:
                raise UserError(
                    self.env._(
                        "The effect has changed since this was submitted: it was %(before)s and is "
                        "now %(now)s. Refuse it and have it submitted again.",
                        before=request.impact_text,
                        now=effect,
                    )
                )
            request._approval_decide("approved")
            request._on_approved()
        return True

    def action_refuse(self):
        """Refuse what was asked for; the requester may correct and submit it again."""
        self._check_checker()
        for request in self._approval_lock():
            request._approval_expect("submitted")
            request._approval_decide("refused")
        return True

    def action_cancel_request(self):
        """Withdraw one's request before it is approved."""
        self.check_access("write")
        for request in self._approval_lock():
            request._approval_expect("draft", "submitted", "refused")
            request._approval_decide("cancelled")
        return True

    # Guards -----------------------------------------------------------------------------------

    @api.model
    def _method_fields(self):
        """Override: the steps of the approval."""
        return super()._method_fields() | OWN_FIELDS

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a request that claims to be decided already."""
        if not self.env.su and any(OWN_FIELDS & vals.keys() for vals in vals_list):
            self._refuse_own_fields()
        return super().create(vals_list)

    def write(self, vals):
        """Keep a submitted request as it was when its effect was shown."""
        if not self.env.su:
            if OWN_FIELDS & vals.keys():
                self._refuse_own_fields()
            if vals.keys() - self._approval_free_fields() and any(
                request.approval_state not in ("draft", "refused") for request in self
            ):
                raise UserError(
                    self.env._(
                        "A submitted request cannot be edited. Have it refused or cancel it, then "
                        "make a new one."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if any(request.approval_state not in ("draft", "cancelled") for request in self):
            raise UserError(self.env._("A submitted request stays on file. Cancel it instead."))

    def _refuse_own_fields(self):
        raise UserError(
            self.env._("Submit, approve or refuse the request: its state follows from that.")
        )

    def _check_checker(self):
        """Raise unless the user may approve: finance or a manager who may write the request."""
        self.check_access("write")
        if not self.env.su and not any(self.env.user.has_group(name) for name in CHECKER_GROUPS):
            raise UserError(self.env._("Finance or a site manager approves this."))

    def _approval_lock(self):
        if len(self.try_lock_for_update()) < len(self):
            raise UserError(self.env._("This request is being worked on. Try again in a moment."))
        self.invalidate_recordset()
        return self

    def _approval_expect(self, *states):
        self.ensure_one()
        if self.approval_state not in states:
            labels = dict(self._fields["approval_state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(request)s is %(state)s, so this step is not possible now.",
                    request=self.display_name,
                    state=labels[self.approval_state],
                )
            )

    def _approval_decide(self, state):
        self.ensure_one()
        before = self.approval_state
        # sudo: nobody writes the state by hand; the step's access was checked
        self.sudo().write(
            {
                "approval_state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.env["property.audit"]._log(
            "money",
            self,
            before={"state": before},
            after={"state": state, "result": self.impact_text or ""},
            reason=self.decision_note or None,
        )

    def _approval_effect(self):
        """Phrase the effect in the company's language: two people may read two languages."""
        self.ensure_one()
        company_sudo = self.company_id.sudo()  # a cashier need not see the company's contact
        lang = company_sudo.partner_id.lang or self.env.lang
        return self.with_context(lang=lang)._approval_impact_text()

    def _approval_impact_text(self):
        """Phrase the effect as people check it: 212 bills, −18,430.00."""
        self.ensure_one()
        count, amount = self._approval_impact()
        digits = self._approval_currency().decimal_places
        return self.env._(
            "%(count)s bills, %(amount)s",
            count=count,
            amount=formatLang(self.env, amount, digits=digits),
        )
