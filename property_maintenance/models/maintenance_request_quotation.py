from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from . import maintenance_request_steps  # noqa: F401 (its `_on_event` is overridden here)
from .property_request_line import MONEY_GROUPS

EVENTS = [
    ("quote", "Quotation Sent"),
    ("quote_withdraw", "Quotation Withdrawn"),
    ("quote_accept", "Quotation Accepted"),
    ("quote_decline", "Quotation Declined"),
]


class PropertyRequestStep(models.Model):
    _inherit = "property.request.step"

    event = fields.Selection(
        selection_add=EVENTS, ondelete={event: "cascade" for event, _label in EVENTS}
    )


class MaintenanceRequest(models.Model):
    """Chargeable work: the resident is told what it costs before it is billed."""

    _inherit = "maintenance.request"

    quotation_ids = fields.One2many(
        "property.request.quotation",
        "request_id",
        string="Quotations",
        readonly=True,
        groups=MONEY_GROUPS,
    )
    quotation_id = fields.Many2one(
        "property.request.quotation",
        string="Current Quotation",
        compute="_compute_quotation_id",
        groups=MONEY_GROUPS,
        help="The one that waits for an answer, else the last one.",
    )
    quotation_count = fields.Integer(compute="_compute_quotation_id", groups=MONEY_GROUPS)
    amount_accepted = fields.Monetary(
        compute="_compute_quotation_id",
        groups=MONEY_GROUPS,
        help="Sum of the quotations that were accepted.",
    )
    amount_to_quote = fields.Monetary(
        compute="_compute_amount_to_quote",
        groups=MONEY_GROUPS,
        help="Chargeable lines that no quotation contains yet.",
    )

    @api.depends("quotation_ids.state", "quotation_ids.amount")
    def _compute_quotation_id(self):
        for request in self:
            quotations = request.quotation_ids.sorted("id", reverse=True)
            waiting = quotations.filtered(lambda one: one.state == "sent")
            request.quotation_id = (waiting or quotations)[:1]
            request.quotation_count = len(quotations)
            request.amount_accepted = sum(
                quotations.filtered(lambda one: one.state == "accepted").mapped("amount")
            )

    @api.depends("line_ids.amount", "line_ids.is_chargeable", "line_ids.is_quoted")
    def _compute_amount_to_quote(self):
        for request in self:
            request.amount_to_quote = sum(request._lines_to_quote().mapped("amount"))

    def _lines_to_quote(self):
        return self.line_ids.filtered(lambda line: line.is_chargeable and not line.is_quoted)

    # Sending ----------------------------------------------------------------------------------

    def action_send_quotation(self):
        """Offer the chargeable lines that were not offered yet to who asked for the work.

        :raise UserError: when nothing is to be offered, or nobody is there to answer
        """
        self._check_quotes()
        for request in self:
            lines = request._lines_to_quote()
            request._check_can_quote(lines)
            quotations_sudo = self.env["property.request.quotation"].sudo()
            # sudo: nobody makes quotations by hand; the rights on the request were checked
            quotation_sudo = quotations_sudo.create(request._prepare_quotation_vals(lines))
            lines.sudo().write({"quotation_id": quotation_sudo.id})
            request._happen_to_quotation("quote", quotation_sudo, "sent")
            request._tell_contact_of(quotation_sudo)
        return True

    def action_withdraw_quotation(self):
        """Take back the quotation that waits for an answer, so that it can be corrected."""
        self._check_quotes()
        withdrawn_sudo = self.sudo().quotation_ids._withdraw()
        if not withdrawn_sudo:
            raise UserError(
                self.env._("No quotation waits for an answer. An answered one stays as it is.")
            )
        self._after_withdrawal(withdrawn_sudo)
        return True

    def _on_event(self, event, entry):
        """Override: what is not done any more is not offered any more."""
        result = super()._on_event(event, entry)
        if event == "cancel":
            self._after_withdrawal(self.sudo().quotation_ids._withdraw())
        return result

    def _check_quotes(self):
        """Let those quote who may change the request."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("property_base.group_staff"):
            raise AccessError(self.env._("Only staff may send or withdraw quotations."))

    def _check_can_quote(self, lines):
        self.ensure_one()
        if not lines:
            raise UserError(
                self.env._(
                    "Nothing is left to be quoted. Enter material and labour that the resident "
                    "pays first."
                )
            )
        if not (self.unit_id and self.contact_id):
            raise UserError(
                self.env._(
                    "A quotation needs a unit and a contact: the contact answers, and the bill "
                    "belongs to the unit. Enter both first."
                )
            )
        if self.step == "cancelled":
            raise UserError(self.env._("This request is cancelled. Raise a new one."))
        if any(quotation.state == "sent" for quotation in self.quotation_ids):
            raise UserError(
                self.env._(
                    "A quotation of this request waits for an answer already. Withdraw it first."
                )
            )

    def _prepare_quotation_vals(self, lines):
        """Prepare the quotation of lines."""
        self.ensure_one()
        quotations = self.env["property.request.quotation"]
        content = quotations._prepare_content(lines)
        amount = self.currency_id.round(sum(lines.mapped("amount")))
        return {
            "request_id": self.id,
            "number": len(self.sudo().quotation_ids) + 1,
            "unit_id": self.unit_id.id,
            "partner_id": self.contact_id.id,
            "content": content,
            "amount": amount,
            "digest": quotations._digest(self.contact_id, content, amount),
            "sent_by_id": self.env.uid,
        }

    def _tell_contact_of(self, quotation_sudo):
        """Write the contact that an answer is waited for; the portal shows the rest."""
        self.ensure_one()
        # sudo: the message is the company's, whoever of the staff sent the quotation
        self.sudo().with_context(lang=quotation_sudo.partner_id.lang).message_post(
            body=self.env._(
                "Quotation %(name)s: %(amount)s. Please accept or decline it on the page of your "
                "request.",
                name=quotation_sudo.name,
                amount=quotation_sudo.currency_id.format(quotation_sudo.amount),
            ),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=quotation_sudo.partner_id.ids,
        )

    # Answers ----------------------------------------------------------------------------------

    def _on_quotation_answered(self, quotation_sudo):
        """Follow the answer of the resident.

        :param quotation_sudo: the quotation, accepted or declined
        """
        self.ensure_one()
        event = "quote_accept" if quotation_sudo.state == "accepted" else "quote_decline"
        self._happen_to_quotation(event, quotation_sudo, quotation_sudo.state)

    def _after_withdrawal(self, quotations_sudo):
        for request_sudo, withdrawn_sudo in quotations_sudo.grouped("request_id").items():
            states = request_sudo.quotation_ids.mapped("state")
            request = request_sudo.with_env(self.env)
            for quotation_sudo in withdrawn_sudo:
                request._happen_to_quotation(
                    "quote_withdraw",
                    quotation_sudo,
                    "accepted" if "accepted" in states else "none",
                )

    def _happen_to_quotation(self, event, quotation_sudo, state):
        """Write and log what happened to a quotation; the resident sees it."""
        self.ensure_one()
        amount = quotation_sudo.currency_id.format(quotation_sudo.amount)
        parts = (quotation_sudo.name, amount, quotation_sudo.reason)
        self._happen(
            event,
            {"quotation_state": state},
            reason=" · ".join(part for part in parts if part),
            is_public=True,
        )
