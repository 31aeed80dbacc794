import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("sent", "Sent"),
    ("accepted", "Agreed"),
    ("declined", "Declined"),
    ("withdrawn", "Withdrawn"),
]
FROZEN_FIELDS = frozenset(
    ("request_id", "unit_id", "partner_id", "number", "content", "amount", "digest", "sent_at")
)


class PropertyRequestQuotation(models.Model):
    """What a resident was asked to pay for a request, frozen as it was sent, and the answer."""

    _name = "property.request.quotation"
    _description = "Quotation of a Request"
    _inherit = ["property.scoped"]
    _order = "request_id, id desc"

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    number = fields.Integer(required=True, readonly=True, help="The first of a request is 1.")
    request_id = fields.Many2one(
        "maintenance.request", required=True, index=True, ondelete="restrict", readonly=True
    )
    site_id = fields.Many2one(related="request_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one("property.unit", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner",
        string="To",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
        help="Who ordered the work, answers, and pays when it is accepted.",
    )
    line_ids = fields.One2many("property.request.line", "quotation_id", string="Lines Quoted")
    content = fields.Json(readonly=True, help="The lines as they were sent.")
    amount = fields.Monetary(required=True, readonly=True, help="In all, taxes included.")
    digest = fields.Char(
        readonly=True, help="SHA-256 of what was sent: addressee, lines and amount."
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="sent", index=True)
    sent_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    sent_by_id = fields.Many2one(
        "res.users", string="Sent by", readonly=True, default=lambda self: self.env.user
    )
    answered_at = fields.Datetime(string="Answered", readonly=True)
    answered_by_id = fields.Many2one("res.users", string="Entered by", readonly=True)
    answer_channel = fields.Selection(
        [("portal", "Portal"), ("counter", "Told to Staff")], string="Answered through"
    )
    reason = fields.Char(
        readonly=True, help="Why it was declined, or what shows that it was accepted."
    )

    _number_unique = models.UniqueIndex("(request_id, number)")
    _open_unique = models.UniqueIndex(
        "(request_id) WHERE state = 'sent'",
        "A quotation of this request waits for an answer already. Withdraw it first.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "A quotation needs an amount above zero. Enter prices in the lines."
    )

    @api.depends("request_id.code", "number")
    def _compute_name(self):
        for quotation in self:
            quotation.name = f"{quotation.request_id.code or ''}-Q{quotation.number}"

    @api.model_create_multi
    def create(self, vals_list):
        """Let the answer to an earlier one reach the database before the next one is sent."""
        self.flush_model(["state"])
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what was sent, whoever asks: it is evidence."""
        if FROZEN_FIELDS & vals.keys():
            raise UserError(
                self.env._(
                    "A quotation cannot be changed. Withdraw it, correct the lines of the request, "
                    "and send a new one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        raise UserError(self.env._("Quotations stay on file. Withdraw this one instead."))

    @api.model
    def _prepare_content(self, lines):
        """Return what a quotation freezes of lines: plain values, in order."""
        return [
            {
                "kind": line.kind,
                "name": line.name,
                "quantity": line.quantity,
                "uom": line.uom_id.name or "",
                "price": line.price_unit,
                "amount": line.amount,
            }
            for line in lines
        ]

    @api.model
    def _digest(self, partner, content, amount):
        """Return the fingerprint of an offer."""
        text = json.dumps([partner.id, content, f"{amount:.2f}"], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _is_untouched(self):
        """Tell whether the offer is still word for word what was sent."""
        self.ensure_one()
        return self.digest == self._digest(self.partner_id, self.content, self.amount)

    def _answer(self, state, channel, reason=""):
        """Enter the answer of the resident; who may give it was checked by the caller.

        :param str state: accepted or declined
        :param str channel: portal or counter
        :param str reason: why not, or what shows that it was accepted
        :raise UserError: when it was answered or withdrawn meanwhile
        """
        self.ensure_one()
        # sudo: nobody writes quotations by hand; the answer is theirs
        quotation_sudo = self.sudo()._lock_and_reread("state")
        if quotation_sudo.state != "sent":
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Quotation %(name)s is %(state)s already. Open the request again.",
                    name=quotation_sudo.name,
                    state=labels[quotation_sudo.state],
                )
            )
        quotation_sudo.write(
            {
                "state": state,
                "answered_at": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
                "answer_channel": channel,
                "reason": reason,
            }
        )
        quotation_sudo.request_id._on_quotation_answered(quotation_sudo)

    def _withdraw(self):
        """Take back quotations that wait for an answer."""
        # sudo: nobody writes quotations by hand
        waiting_sudo = (
            self.sudo()._lock_and_reread("state").filtered(lambda one: one.state == "sent")
        )
        waiting_sudo.write({"state": "withdrawn"})
        return waiting_sudo
