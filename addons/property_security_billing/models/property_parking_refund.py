from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_billing.models.property_charge import NO_MAIL


class PropertyParkingRefund(models.Model):
    """Money of a parking payment given back: asked for by one person, approved by another."""

    _name = "property.parking.refund"
    _description = "Parking Refund"
    _inherit = ["property.approval"]
    _order = "id desc"

    payment_id = fields.Many2one(
        "property.parking.payment", required=True, index=True, ondelete="restrict"
    )
    session_id = fields.Many2one(related="payment_id.session_id", string="Stay")
    area_id = fields.Many2one(related="payment_id.area_id", store=True, index=True, precompute=True)
    site_id = fields.Many2one(related="payment_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="payment_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    method = fields.Selection(related="payment_id.method", string="Was Paid by")
    amount = fields.Monetary(required=True, tracking=True)
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    reason = fields.Text(required=True, tracking=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        ondelete="restrict",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        tracking=True,
        help="Not needed for money from a prepaid balance: it goes back there.",
    )
    move_id = fields.Many2one("account.move", string="Credit Note", readonly=True, copy=False)
    account_payment_id = fields.Many2one(
        "account.payment", string="Money Paid Back", readonly=True, copy=False
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "Enter how much is given back: more than 0."
    )

    @api.depends("payment_id.name")
    def _compute_display_name(self):
        for refund in self:
            refund.display_name = self.env._("Refund %(payment)s", payment=refund.payment_id.name)

    @api.model_create_multi
    def create(self, vals_list):
        """Only ask about money one may see."""
        refunds = super().create(vals_list)
        refunds.payment_id.check_access("read")
        return refunds

    def write(self, vals):
        """Check the rules also against another payment."""
        result = super().write(vals)
        if "payment_id" in vals:
            self.payment_id.check_access("read")
            self.check_access("write")
        return result

    # Hooks of the approval --------------------------------------------------------------------

    def _approval_impact(self):
        self.ensure_one()
        return 1, -self.amount

    def _approval_impact_text(self):
        """Override: it is about a stay, not about bills."""
        self.ensure_one()
        return self.env._(
            "%(amount)s back for %(payment)s, %(plate)s",
            amount=self.currency_id.format(self.amount),
            payment=self.payment_id.name,
            plate=self.payment_id.plate_display,
        )

    def _check_request(self):
        self.ensure_one()
        # sudo: a cashier asks about payments he sees; nobody writes them by hand
        payment_sudo = self.payment_id.sudo()
        payment_sudo._lock_and_reread("amount_refunded", "amount_refundable", "state")
        if self.currency_id.compare_amounts(self.amount, payment_sudo.amount_refundable) > 0:
            raise UserError(
                self.env._(
                    "Only %(amount)s of %(payment)s can be given back. Lower the amount.",
                    amount=self.currency_id.format(payment_sudo.amount_refundable),
                    payment=payment_sudo.name,
                )
            )
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why, so that whoever approves it knows."))
        if self.date < payment_sudo.date:
            raise UserError(
                self.env._(
                    "The money came on %(day)s: choose that day or a later one.",
                    day=payment_sudo.date,
                )
            )
        journal = self.journal_id
        if payment_sudo.method != "balance" and (
            journal.type not in ("bank", "cash") or journal.company_id != self.company_id
        ):
            raise UserError(self.env._("Choose the journal the money is paid from."))

    def _on_approved(self):
        """Credit what the stay was charged, and pay the money back."""
        self.ensure_one()
        # sudo: a second person has approved it; managers need no accounting rights for that
        refund_sudo = self.sudo()
        payment_sudo = refund_sudo.payment_id
        if payment_sudo.state == "open":
            payment_sudo._book()
        currency, before = self.currency_id, payment_sudo.amount_refunded - self.amount
        excess_left = max(0.0, payment_sudo.amount_excess - before)
        credited = currency.round(self.amount - min(self.amount, excess_left))
        if currency.compare_amounts(credited, 0) > 0:
            refund_sudo.move_id = refund_sudo._post_credit_note(credited)
        if payment_sudo.method == "balance":
            self.env["property.prepayment"]._keep(
                payment_sudo._receivable(refund_sudo.move_id), payment_sudo.unit_id, self.reason
            )
        else:
            refund_sudo._pay_back()
        if currency.is_zero(payment_sudo.amount_refundable):
            payment_sudo.state = "refunded"
        stay_sudo = payment_sudo.session_id
        if all(one.state == "refunded" for one in stay_sudo.payment_ids):
            stay_sudo.is_settled = False

    def _post_credit_note(self, amount):
        """Post a credit note of the invoice for an amount, VAT inside."""
        payment, invoice = self.payment_id, self.payment_id.move_id
        item = payment.area_id._parking_charge_item()
        day = max(self.date, invoice.date)
        lang = self.company_id._billing_lang()
        vals = payment.with_context(lang=lang)._prepare_invoice_vals(amount)
        line = {**payment._prepare_line_vals(item, amount), "name": self.reason}
        note = self.env["account.move"].with_company(self.company_id)
        note = note.with_context(**NO_MAIL, lang=lang).create(
            {
                **vals,
                "move_type": "out_refund",
                "journal_id": invoice.journal_id.id,
                "partner_id": invoice.partner_id.id,
                "reversed_entry_id": invoice.id,
                "invoice_date": day,
                "date": day,
                "invoice_date_due": day,
                "ref": self.display_name,
                "invoice_line_ids": [(0, 0, line)],
            }
        )
        note._post(soft=False)
        return note

    def _pay_back(self):
        """Post the money that leaves, against the credit note and what was paid twice."""
        payment = self.payment_id
        money = self.env["account.payment"].with_company(self.company_id)
        money = money.with_context(**NO_MAIL, force_payment_move=True).create(
            payment._prepare_money_vals(
                payment_type="outbound",
                amount=self.amount,
                journal_id=self.journal_id.id,
                date=self.date,
                memo=f"{payment.name} {self.reason}",
            )
        )
        money.action_post()
        self.account_payment_id = money
        credits = payment._receivable(self.move_id) | payment._receivable(
            payment.account_payment_id.move_id
        )
        lines = payment._receivable(money.move_id) | credits
        lines._reconcile_plan([lines])
