from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.property_billing.models.property_charge import NO_MAIL

WAYS = [
    ("provider", "Back the Way It Came"),
    ("cash", "Cash from the Drawer"),
    ("transfer", "Bank Transfer"),
    ("balance", "Prepaid Balance"),
]
#: What only the steps write.
STEP_FIELDS = frozenset(
    (
        "payout_state",
        "payout_message",
        "paid_at",
        "shift_id",
        "tender_id",
        "move_id",
        "account_payment_id",
    )
)


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
    date = fields.Date(
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    reason = fields.Text(required=True, tracking=True)
    way = fields.Selection(
        WAYS,
        string="Given Back by",
        compute="_compute_way",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Money of the payment page goes back through its provider to the account it came "
        "from, where the provider can do that.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        ondelete="restrict",
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        tracking=True,
        help="Only for a bank transfer.",
    )
    payout_state = fields.Selection(
        [
            ("none", "Not Approved"),
            ("to_pay", "To Be Paid Out"),
            ("to_send", "To Be Sent"),
            ("sending", "Being Sent"),
            ("sent", "At the Provider"),
            ("failed", "Failed"),
            ("done", "Given Back"),
        ],
        string="Money",
        required=True,
        default="none",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    payout_message = fields.Char(
        string="Why It Failed", readonly=True, copy=False, help="As the provider puts it."
    )
    paid_at = fields.Datetime(string="Given Back on", readonly=True, copy=False)
    transaction_ids = fields.One2many(
        "payment.transaction", "parking_refund_id", groups="base.group_system"
    )
    provider_reference = fields.Char(
        compute="_compute_provider_reference",
        compute_sudo=True,
        help="The refund's number at the provider.",
    )
    shift_id = fields.Many2one(
        "property.cashier.shift",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The shift from whose drawer it was paid.",
    )
    tender_id = fields.Many2one(
        "property.tender.method", readonly=True, copy=False, ondelete="restrict"
    )
    move_id = fields.Many2one("account.move", string="Credit Note", readonly=True, copy=False)
    account_payment_id = fields.Many2one(
        "account.payment", string="Money Paid Back", readonly=True, copy=False
    )

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "Enter how much is given back: more than 0."
    )

    @api.depends("payment_id")
    def _compute_date(self):
        today = fields.Date.context_today(self)
        for refund in self:  # the site's clock may be a day ahead of the user's
            refund.date = max(today, refund.payment_id.date or today)

    @api.depends("payment_id")
    def _compute_way(self):
        usual = {"cash": "cash", "balance": "balance", "terminal": "transfer"}
        for refund in self:
            payment = refund.payment_id
            if payment.method == "online":
                refund.way = "transfer" if payment._provider_refunds() == "none" else "provider"
            else:
                refund.way = usual.get(payment.method, "transfer")

    @api.depends("transaction_ids.provider_reference")
    def _compute_provider_reference(self):
        for refund in self:
            refund.provider_reference = refund.transaction_ids.sorted("id")[-1:].provider_reference

    @api.depends("payment_id.name")
    def _compute_display_name(self):
        for refund in self:
            refund.display_name = self.env._("Refund %(payment)s", payment=refund.payment_id.name)

    @api.model_create_multi
    def create(self, vals_list):
        """Only ask about money one may see."""
        if not self.env.su and any(not STEP_FIELDS.isdisjoint(vals) for vals in vals_list):
            self._refuse_own_fields()
        refunds = super().create(vals_list)
        refunds.payment_id.check_access("read")
        return refunds

    @api.model
    def _method_fields(self):
        """Override: where the money is."""
        return super()._method_fields() | STEP_FIELDS

    def write(self, vals):
        """Check the rules also against another payment, and keep what only the steps write."""
        if not self.env.su and not STEP_FIELDS.isdisjoint(vals):
            self._refuse_own_fields()
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
        self._check_way(payment_sudo)

    def _check_way(self, payment_sudo):
        """Raise unless the money can go back the way that was chosen."""
        if (self.way == "balance") != (payment_sudo.method == "balance"):
            raise UserError(
                self.env._("Money from a prepaid balance goes back there, and no other money does.")
            )
        journal = self.journal_id
        if self.way == "transfer" and (
            journal.type != "bank" or journal.company_id != self.company_id
        ):
            raise UserError(self.env._("Choose the bank journal the money is paid from."))
        if self.way == "provider":
            can = payment_sudo._provider_refunds()
            is_part = self.currency_id.compare_amounts(self.amount, payment_sudo.amount_received)
            if can == "none" or (can == "full_only" and is_part):
                raise UserError(
                    self.env._(
                        "The provider of this payment cannot give that back. Choose another way, "
                        "or all of it."
                    )
                )

    def _on_approved(self):
        """Credit what the stay was charged, and let the money go back the way that was chosen."""
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
        if currency.is_zero(payment_sudo.amount_refundable):
            payment_sudo.state = "refunded"
        stay_sudo = payment_sudo.session_id
        if all(one.state == "refunded" for one in stay_sudo.payment_ids):
            stay_sudo.is_settled = False
        refund_sudo._begin_payout()

    def _begin_payout(self):
        """Give the money back at once, or note who has to."""
        payment = self.payment_id
        if self.way == "balance":
            self.env["property.prepayment"]._keep(
                payment._receivable(self.move_id), payment.unit_id, self.reason
            )
            self.write({"payout_state": "done", "paid_at": fields.Datetime.now()})
        elif self.way == "transfer":
            self._pay_back(self._post_money(self.journal_id))
        elif self.way == "cash":
            self.payout_state = "to_pay"
        else:
            self._wait_for_sending()

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

    def _post_money(self, journal, date=None, **vals):
        """Post the money that leaves.

        :param journal: account.journal it leaves from
        :param date date: when; the day of the request when left out
        :param vals: further values of the account.payment
        :return: account.payment
        """
        payment = self.payment_id
        money = self.env["account.payment"].with_company(self.company_id)
        money = money.with_context(**NO_MAIL, force_payment_move=True).create(
            payment._prepare_money_vals(
                payment_type="outbound",
                amount=self.amount,
                journal_id=journal.id,
                date=date or self.date,
                memo=f"{payment.name} {self.reason}",
                **vals,
            )
        )
        money.action_post()
        return money

    def _pay_back(self, money, **vals):
        """Settle the credit note and what was paid twice with money that has left.

        :param money: account.payment, posted
        :param vals: further values of the refund, written with its new state
        """
        payment = self.payment_id
        # the credit note first: what was paid twice may be owed to another refund
        for move in (self.move_id, payment.account_payment_id.move_id):
            lines = payment._receivable(money.move_id)
            if lines and (credits := payment._receivable(move)):
                (lines | credits)._reconcile_plan([lines | credits])
        self.write(
            {
                "account_payment_id": money.id,
                "payout_state": "done",
                "payout_message": False,
                "paid_at": fields.Datetime.now(),
                **vals,
            }
        )
