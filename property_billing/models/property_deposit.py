from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyDeposit(models.Model):
    """Money kept as security, owed back to its payer (押金)."""

    _name = "property.deposit"
    _description = "Deposit"
    _inherit = ["property.credit"]
    _order = "date desc, id desc"

    type_id = fields.Many2one(
        "property.deposit.type",
        string="Kind of Deposit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    kind = fields.Selection(related="type_id.kind")
    note = fields.Char(help="What it secures: the works, the number of the card or key.")
    origin_id = fields.Many2one(
        "property.deposit",
        string="Handed over from",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    request_ids = fields.One2many("property.refund", "deposit_id", string="Requests")
    state = fields.Selection(
        [
            ("held", "In Custody"),
            ("part", "Partly Returned"),
            ("closed", "Closed"),
            ("void", "Void"),
        ],
        compute="_compute_state",
        help="Follows from what is left; void when its payment was cancelled.",
    )
    statement_html = fields.Html(compute="_compute_statement_html", string="Statement")

    @api.depends("amount_left", "amount")
    def _compute_state(self):
        for deposit, deposit_sudo in zip(self, self.sudo(), strict=True):
            if deposit_sudo.line_id.parent_state != "posted":
                deposit.state = "void"
            elif deposit.currency_id.is_zero(deposit.amount_left):
                deposit.state = "closed"
            elif deposit.currency_id.compare_amounts(deposit.amount_left, deposit.amount) < 0:
                deposit.state = "part"
            else:
                deposit.state = "held"

    def _compute_statement_html(self):
        for deposit in self:
            deposit.statement_html = self.env["ir.qweb"]._render(
                "property_billing.credit_statement", {"credit": deposit}
            )

    @api.model
    def _receive(self, unit, payer, amount, journal, deposit_type, date=None, **vals):
        """Book a deposit: the payment's counterpart is what the company owes back.

        :param unit: property.unit it secures
        :param payer: res.partner it is owed back to
        :param amount: yuan, positive
        :param journal: account.journal the money arrived in
        :param deposit_type: property.deposit.type
        :param vals: ``note`` and further values of the payment
        :return: the deposit, whose ``payment_id`` is posted
        :raise UserError: when amount, journal, unit or type do not fit
        """
        amount = self._checked_amount(amount, unit.company_id.currency_id)
        if not payer:
            raise UserError(self.env._("Choose whose money it is."))
        self._check_journal(journal, unit)
        if deposit_type.company_id != unit.company_id or (
            deposit_type.site_id and deposit_type.site_id != unit.site_id
        ):
            raise UserError(
                self.env._(
                    "%(type)s is not taken on %(site)s. Choose another kind of deposit.",
                    type=deposit_type.name,
                    site=unit.site_id.name,
                )
            )
        note = vals.pop("note", False)
        account = unit.company_id._billing_deposit_account()
        payment, line = self._book_payment(
            self._prepare_payment_vals(
                unit,
                payer,
                amount,
                journal,
                account,
                **{
                    "date": self._checked_day(date),
                    "memo": f"{deposit_type.name} {unit.code}",
                    **vals,
                },
            ),
            account,
        )
        # sudo: nobody makes deposits by hand; they come with a payment the user may book
        deposit_sudo = self.sudo().create(
            {
                "date": payment.date,
                "unit_id": unit.id,
                "partner_id": payer.id,
                "type_id": deposit_type.id,
                "payment_id": payment.id,
                "line_id": line.id,
                "amount": amount,
                "note": note,
            }
        )
        deposit = deposit_sudo.sudo(self.env.su)
        deposit._log_use("received", amount, payment.memo)
        return deposit

    def _deduct(self, bills, amount, date=None, reason=None):
        """Pay bills from the deposit.

        :param bills: posted account.move of the deposit's payer, in the order of settlement
        :param amount: yuan to use in all
        :return: the posted entry that moves the amount from the deposit to the bills
        """
        self.ensure_one()
        self._lock_lines()
        amount = self._check_left(amount)
        # sudo: a second person has approved it; managers need no accounting rights for that
        deposit_sudo, bills_sudo = self.sudo(), bills.sudo()
        owed_sudo = bills_sudo._property_receivable_lines()
        if bills_sudo.commercial_partner_id != self.commercial_partner_id:
            raise UserError(
                self.env._(
                    "A deposit only pays bills of its payer. Choose bills of %(payer)s.",
                    payer=self.partner_id.name,
                )
            )
        if self.currency_id.compare_amounts(amount, sum(owed_sudo.mapped("amount_residual"))) > 0:
            raise UserError(
                self.env._("The bill owes less than that. Lower the amount to what it owes.")
            )
        vals = deposit_sudo._prepare_hand_over_vals(
            self.partner_id,
            owed_sudo.account_id[:1],
            amount,
            date or fields.Date.context_today(self),
            reason,
        )
        move_sudo = self.env["account.move"].sudo().with_company(self.company_id).create(vals)
        move_sudo._post(soft=False)
        debit_sudo = move_sudo.line_ids.filtered(lambda line: line.debit)
        self._settle_with(debit_sudo)
        credit_sudo = move_sudo.line_ids - debit_sudo
        credit_sudo._reconcile_plan([credit_sudo + line_sudo for line_sudo in owed_sudo])
        self._log_use("deducted", amount, reason, bills=", ".join(bills_sudo.mapped("name")))
        return move_sudo.sudo(self.env.su)

    def action_request(self):
        """Ask for the refund, for a deduction, or for handing it over."""
        self.ensure_one()
        return self.env["property.refund"]._action_new(deposit=self)

    def action_print(self):
        """Print the deposit's paper with what became of it."""
        return self.env.ref("property_billing.action_report_deposit").report_action(self)

    def _account_of(self, partner):
        return self.sudo().line_id.account_id

    def _prepare_copy_vals(self):
        return {"type_id": self.type_id.id, "note": self.note}

    def _statement_row(self, partial_sudo):
        """Override: an entry that pays a bill is a deduction."""
        row = super()._statement_row(partial_sudo)
        move_sudo = partial_sudo.debit_move_id.move_id
        paid_sudo = (move_sudo.line_ids - partial_sudo.debit_move_id).matched_debit_ids
        bills_sudo = paid_sudo.debit_move_id.move_id.filtered(lambda move: move.is_invoice())
        if row["kind"] == "handed_over" and bills_sudo:
            row["kind"] = "used"
            row["name"] = self.env._(
                "Deducted: %(what)s",
                what="、".join(
                    self.env["property.statement"]._describe(bill, "bill") for bill in bills_sudo
                ),
            )
        return row

    @api.model
    def _ledger(self, company, day, sites=None):
        """Return the deposits held at the end of a day, and what the books say.

        :param company: res.company
        :param date day: the day
        :param sites: property.site to look at only; all when left out
        :return: dict ``rows`` (list of (deposit, Decimal)), ``total`` (their sum), ``booked`` (the
            balance of the deposits account; of the sites' entries only when sites are given)
        """
        domain = [("company_id", "=", company.id), ("date", "<=", day)]
        lines = [
            ("account_id", "=", company._billing_deposit_account().id),
            ("parent_state", "=", "posted"),
            ("company_id", "=", company.id),
            ("date", "<=", day),
        ]
        if sites is not None:
            domain.append(("site_id", "in", sites.ids))
            lines.append(("site_id", "in", sites.ids))
        deposits = self.search(domain, order="site_id, date, id")
        balances = deposits._balance_on(day)
        rows = [(deposit, balances[deposit.id]) for deposit in deposits if balances[deposit.id]]
        # sudo: only the sum, of sites the user may see or asked for as a whole
        ((booked,),) = self.env["account.move.line"].sudo()._read_group(lines, [], ["balance:sum"])
        total = sum((amount for _deposit, amount in rows), self._zero(company))
        return {
            "rows": rows,
            "total": total,
            "booked": -self.env["property.statement"]._decimal(booked, company),
        }

    @api.model
    def _zero(self, company):
        return self.env["property.statement"]._decimal(0, company)
