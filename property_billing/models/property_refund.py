from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyRefund(models.Model):
    """What is to become of money kept for a payer, approved by a second person (退款/转移/扣款)."""

    _name = "property.refund"
    _description = "Refund, Hand-over or Deduction"
    _inherit = ["property.approval", "property.by.methods", "property.evidence"]
    _order = "id desc"

    kind = fields.Selection(
        [
            ("refund", "Pay back"),
            ("hand_over", "Hand over to another payer or unit"),
            ("deduct", "Deduct from the deposit"),
            ("lapse", "Let a gift of a campaign lapse"),
        ],
        required=True,
        default="refund",
        tracking=True,
    )
    prepayment_id = fields.Many2one(
        "property.prepayment", index="btree_not_null", ondelete="restrict", tracking=True
    )
    deposit_id = fields.Many2one(
        "property.deposit", index="btree_not_null", ondelete="restrict", tracking=True
    )
    unit_id = fields.Many2one(
        "property.unit", compute="_compute_scope", store=True, precompute=True, index=True
    )
    site_id = fields.Many2one(related="unit_id.site_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Payer", compute="_compute_scope", store=True, precompute=True
    )
    amount_left = fields.Monetary(string="Left", compute="_compute_amount_left")
    amount = fields.Monetary(required=True, tracking=True)
    date = fields.Date(default=fields.Date.context_today, required=True, tracking=True)
    reason = fields.Text(required=True, tracking=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Paid from",
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        tracking=True,
    )
    to_partner_id = fields.Many2one("res.partner", string="New Payer", tracking=True)
    to_unit_id = fields.Many2one(
        "property.unit",
        string="New Unit",
        domain="[('site_id', '=', site_id), ('kind', '!=', 'public')]",
        tracking=True,
    )
    item_id = fields.Many2one(
        "property.charge.item",
        string="Charged as",
        domain="[('method', '=', 'one_off'), ('company_id', '=', company_id),"
        " ('site_id', 'in', (site_id, False))]",
        tracking=True,
        help="A bill of this item is made for the damage and paid from the deposit.",
    )
    bill_id = fields.Many2one(
        "account.move",
        string="Open Bill",
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
        " ('amount_residual', '>', 0), ('site_id', '=', site_id),"
        " ('commercial_partner_id', '=', partner_id)]",
        tracking=True,
        help="Instead of a new bill: an open one of the same payer.",
    )
    settlement_id = fields.Many2one(
        "property.settlement", index="btree_not_null", ondelete="restrict", readonly=True
    )
    payment_id = fields.Many2one("account.payment", readonly=True, copy=False)
    charge_id = fields.Many2one("property.charge", readonly=True, copy=False)
    heir_name = fields.Char(string="Handed over to", readonly=True, copy=False)

    _one_credit = models.Constraint(
        "CHECK(num_nonnulls(prepayment_id, deposit_id) = 1)",
        "A request is about one prepayment or one deposit. Choose it.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount must be positive. Enter how much it is about."
    )

    @api.depends("prepayment_id", "deposit_id")
    def _compute_scope(self):
        for request in self:
            credit = request._credit()
            request.unit_id = credit.unit_id
            request.partner_id = credit.partner_id

    @api.depends("prepayment_id", "deposit_id")
    def _compute_amount_left(self):
        for request in self:
            request.amount_left = request._credit().amount_left

    @api.depends("kind", "prepayment_id.name", "deposit_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = f"{request._credit().name or ''} {labels.get(request.kind, '')}"

    @api.onchange("prepayment_id", "deposit_id")
    def _onchange_credit(self):
        if not self.amount:
            self.amount = self._credit().amount_left

    @api.model
    def _method_fields(self):
        """Override: what it belongs to, and what it made."""
        return super()._method_fields() | {"settlement_id", "payment_id", "charge_id", "heir_name"}

    def write(self, vals):
        """Check the rules also against another prepayment or deposit."""
        result = super().write(vals)
        if {"prepayment_id", "deposit_id"} & vals.keys():
            self._credit().check_access("read")
            self.check_access("write")
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Only ask about money one may see."""
        requests = super().create(vals_list)
        for request in requests:
            request._credit().check_access("read")
        return requests

    @api.model
    def _action_new(self, **credit):
        """Return the action that opens a new request.

        :param credit: ``prepayment`` or ``deposit``: the record it is about
        """
        ((name, record),) = credit.items()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Request"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {
                f"default_{name}_id": record.id,
                "default_amount": record.amount_left,
                "default_kind": "refund",
            },
        }

    def _credit(self):
        """Return the prepayment or deposit it is about."""
        return self.prepayment_id or self.deposit_id

    # Hooks of the approval --------------------------------------------------------------------

    def _approval_impact(self):
        self.ensure_one()
        return 1, -self.amount

    def _approval_impact_text(self):
        """Override: it is about money kept, not about bills."""
        self.ensure_one()
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._(
            "%(kind)s: %(amount)s of %(credit)s",
            kind=labels[self.kind],
            amount=self.currency_id.format(self.amount),
            credit=self._credit().name,
        )

    def _check_request(self):
        self.ensure_one()
        credit = self._credit()
        credit._lock_lines()
        credit._check_left(self.amount)
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why, so that whoever approves it knows."))
        if self.date < credit.date:
            raise UserError(
                self.env._(
                    "The money came on %(day)s: choose that day or a later one.", day=credit.date
                )
            )
        checks = {
            "refund": self._check_refund,
            "hand_over": self._check_hand_over,
            "deduct": self._check_deduct,
            "lapse": self._check_lapse,
        }
        checks[self.kind]()

    def _check_refund(self):
        if not self.journal_id:
            raise UserError(self.env._("Choose the journal the money is paid from."))
        self._credit()._check_journal(self.journal_id, self.unit_id)

    def _check_hand_over(self):
        partner, unit = self.to_partner_id or self.partner_id, self.to_unit_id or self.unit_id
        if unit.site_id != self.site_id:
            raise UserError(
                self.env._(
                    "%(unit)s belongs to another site. Refund the money here and receive it there.",
                    unit=unit.code,
                )
            )
        if (
            partner.commercial_partner_id == self.partner_id.commercial_partner_id
            and unit == self.unit_id
        ):
            raise UserError(self.env._("Choose another payer or another unit."))

    def _check_deduct(self):
        if not self.deposit_id:
            raise UserError(
                self.env._("Only a deposit is deducted from. A prepayment pays bills by itself.")
            )
        if bool(self.item_id) == bool(self.bill_id):
            raise UserError(
                self.env._("Choose the item to charge, or one open bill: one of the two.")
            )
        if self.item_id and self.item_id.method != "one_off":
            raise UserError(
                self.env._("%(item)s is no one-off item. Choose another.", item=self.item_id.name)
            )
        if self.bill_id:
            # sudo: a manager approves without accounting rights
            bill_sudo = self.bill_id.sudo()
            if (
                bill_sudo.move_type != "out_invoice"
                or bill_sudo._property_is_settled()
                or bill_sudo.commercial_partner_id != self.partner_id.commercial_partner_id
                or bill_sudo.site_id != self.site_id
            ):
                raise UserError(
                    self.env._(
                        "%(bill)s is no open bill of %(payer)s on this site. Choose another.",
                        bill=bill_sudo.name or "",
                        payer=self.partner_id.name,
                    )
                )
            if self.currency_id.compare_amounts(self.amount, bill_sudo.amount_residual) > 0:
                raise UserError(
                    self.env._("The bill owes less than that. Lower the amount to what it owes.")
                )

    def _on_approved(self):
        self.ensure_one()
        {
            "refund": self._do_refund,
            "hand_over": self._do_hand_over,
            "deduct": self._do_deduct,
            "lapse": self._do_lapse,
        }[self.kind]()
        credit = self._credit()
        # sudo: the evidence belongs to the record, whoever may write it
        credit.sudo().message_post(
            body=self.impact_text + "\n" + self.reason, attachment_ids=self.attachment_ids.ids
        )

    def _do_refund(self):
        payment = self._credit()._refund(self.amount, self.journal_id, self.date, self.reason)
        # sudo: results are not written by hand
        self.sudo().payment_id = payment

    def _do_hand_over(self):
        heir = self._credit()._hand_over(
            self.to_partner_id or self.partner_id,
            self.to_unit_id or self.unit_id,
            self.amount,
            self.date,
            self.reason,
        )
        # sudo: results are not written by hand
        self.sudo().heir_name = heir.name

    def _do_deduct(self):
        bill = self.bill_id
        if not bill:
            charge = self.env["property.charge"]._create_single(
                self.unit_id, self.item_id, self.partner_id, self.date, self.amount, self.reason
            )
            # sudo: results are not written by hand
            self.sudo().charge_id = charge
            bill = charge.sudo().with_context(property_no_prepayments=True)._post()
        self.deposit_id._deduct(bill, self.amount, self.date, self.reason)

    def action_view_payment(self):
        """Open the payment that paid the money back."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.payment",
            "res_id": self.payment_id.id,
            "views": [(False, "form")],
        }
