"""What prepayments and deposits have in common: a credit line in the books, kept for a payer."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools.typed_amount import LIMIT

FLIPPED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


class PropertyCredit(models.AbstractModel):
    """Money of a payer kept for a unit: what is left of it is what its journal item says.

    The journal item is the only ledger: using, refunding and handing over are reconciliations of
    it, so the sum of all credits is the balance of their account at any time.
    """

    _name = "property.credit"
    _description = "Money Kept for a Payer"
    _inherit = ["property.made.by.methods", "mail.thread"]

    name = fields.Char(string="Number", readonly=True, copy=False, index=True)
    date = fields.Date(
        required=True, readonly=True, default=fields.Date.context_today, tracking=True
    )
    unit_id = fields.Many2one(
        "property.unit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    site_id = fields.Many2one(related="unit_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="unit_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Account of",
        store=True,
        index=True,
        precompute=True,
    )
    payment_id = fields.Many2one(
        "account.payment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="The payment it came from; the entry shows where it came from otherwise.",
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        readonly=True,
        ondelete="restrict",
        copy=False,
    )
    amount = fields.Monetary(required=True, readonly=True, tracking=True)
    amount_left = fields.Monetary(
        compute="_compute_amount_left",
        search="_search_amount_left",
        help="What is neither used, nor refunded, nor handed over.",
    )
    amount_used = fields.Monetary(compute="_compute_amount_left", string="Used")

    _line_once = models.Constraint(
        "UNIQUE(line_id)", "This journal item is already kept for a payer. Open that record."
    )
    _amount_positive = models.Constraint(
        "CHECK(amount > 0)", "The amount must be positive. Enter what was received."
    )

    def _compute_amount_left(self):
        # sudo: whoever may see the credit may see what is left of it, without accounting rights
        for credit, credit_sudo in zip(self, self.sudo(), strict=True):
            line_sudo = credit_sudo.line_id
            is_posted = line_sudo.parent_state == "posted"
            credit.amount_left = -line_sudo.amount_residual if is_posted else 0.0
            credit.amount_used = max(credit.amount - credit.amount_left, 0.0) if is_posted else 0.0

    @api.model
    def _search_amount_left(self, operator, value):
        if operator in FLIPPED:
            return Domain(
                "line_id",
                "any!",
                [("parent_state", "=", "posted"), ("amount_residual", FLIPPED[operator], -value)],
            )
        if operator in ("in", "not in"):
            domain = Domain(
                "line_id",
                "any!",
                [
                    ("parent_state", "=", "posted"),
                    ("amount_residual", "in", [-float(one) for one in value]),
                ],
            )
            return domain if operator == "in" else ~domain
        return NotImplemented

    @api.model_create_multi
    def create(self, vals_list):
        """Number the records."""
        for vals in vals_list:
            vals.setdefault("name", self.env["ir.sequence"].sudo().next_by_code(self._name))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if self.sudo().line_id:
            raise UserError(
                self.env._("%(credit)s is booked and stays on file.", credit=self[:1].name)
            )

    def action_view_entry(self):
        """Open the payment, or the entry, it came from."""
        self.ensure_one()
        self.check_access("read")
        record = self.payment_id or self.line_id.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # Booking ----------------------------------------------------------------------------------

    @api.model
    def _checked_amount(self, amount, currency):
        """Return a positive amount in whole fen.

        :raise UserError: when it is none
        """
        value = float(amount or 0.0)
        if currency.compare_amounts(value, 0.0) <= 0:
            raise UserError(self.env._("The amount must be positive. Enter what was received."))
        if currency.compare_amounts(value, currency.round(value)) or abs(
            value - currency.round(value)
        ) > 1e-9 * max(1.0, abs(value)):
            raise UserError(self.env._("An amount has two decimal places at most. Correct it."))
        if value >= LIMIT:
            raise UserError(
                self.env._(
                    "%(amount)s is more than anybody pays at once. Correct the amount.",
                    amount=currency.format(value),
                )
            )
        return currency.round(value)

    @api.model
    def _checked_day(self, day):
        """Return the day money was received.

        :param day: date; today when left out
        :raise UserError: for a day of another age: somebody mistyped the year
        """
        today = fields.Date.context_today(self)
        day = fields.Date.to_date(day) or today
        if not today - relativedelta(years=10) <= day <= today + relativedelta(years=1):
            raise UserError(
                self.env._("The day the money was received is years away. Correct the date.")
            )
        return day

    @api.model
    def _prepare_payment_vals(self, unit, payer, amount, journal, account, **vals):
        """Prepare the payment that brings or takes the money.

        :param account: account.account of the counterpart: the payer's, or that of deposits
        """
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": payer.id,
            "amount": amount,
            "currency_id": journal.currency_id.id or journal.company_id.currency_id.id,
            "journal_id": journal.id,
            "company_id": unit.company_id.id,
            "destination_account_id": account.id,
            "unit_id": unit.id,
            "site_id": unit.site_id.id,
            **vals,
        }

    @api.model
    def _book_payment(self, payment_vals, account):
        """Post a payment and return (payment, its line on the account)."""
        payments = self.env["account.payment"].with_context(force_payment_move=True)
        payment = payments.create(payment_vals)
        payment.action_post()
        line = payment.move_id.line_ids.filtered(lambda line: line.account_id == account)
        return payment, line

    @api.model
    def _check_journal(self, journal, unit):
        """Raise unless the journal can take money of a unit's company.

        :raise UserError: when it cannot
        """
        if journal.type not in ("bank", "cash", "credit") or journal.company_id not in (
            unit.company_id | unit.company_id.parent_ids
        ):
            raise UserError(
                self.env._(
                    "Choose a cash or bank journal of %(company)s.", company=unit.company_id.name
                )
            )

    def _lock_lines(self):
        """Keep others from using the money until the transaction ends, and read it anew."""
        lines_sudo = self.sudo().line_id
        if lines_sudo:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM account_move_line WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    tuple(lines_sudo.ids),
                ),
                log_exceptions=False,  # whoever loses the race is retried by the request
            )
            lines_sudo.invalidate_recordset(["amount_residual", "reconciled"])
            self.invalidate_recordset(["amount_left", "amount_used"])

    def _check_left(self, amount):
        """Return the amount, checked against what is left.

        :raise UserError: when more is asked for than there is
        """
        self.ensure_one()
        amount = self._checked_amount(amount, self.currency_id)
        if self.currency_id.compare_amounts(amount, self.amount_left) > 0:
            raise UserError(
                self.env._(
                    "%(credit)s has only %(left)s left, less than %(amount)s. Lower the amount.",
                    credit=self.name,
                    left=self.currency_id.format(self.amount_left),
                    amount=self.currency_id.format(amount),
                )
            )
        return amount

    def _settle_with(self, debit_lines):
        """Use the money for journal items that owe it, in their order."""
        self.ensure_one()
        # sudo: the step that uses the money was checked; reconciling follows from it
        line_sudo = self.sudo().line_id
        line_sudo._reconcile_plan([line_sudo + debit_sudo for debit_sudo in debit_lines.sudo()])
        self.invalidate_recordset(["amount_left", "amount_used"])

    def _refund(self, amount, journal, date=None, memo=None):
        """Pay money back to its payer.

        :param amount: yuan, at most what is left
        :param journal: account.journal the money leaves
        :return: the posted outbound payment
        """
        self.ensure_one()
        self._lock_lines()
        amount = self._check_left(amount)
        self._check_journal(journal, self.unit_id)
        # sudo: a second person has approved it; managers need no accounting rights for that
        credit_sudo = self.sudo()
        account_sudo = credit_sudo.line_id.account_id
        payment_sudo, line_sudo = credit_sudo._book_payment(
            credit_sudo._prepare_payment_vals(
                credit_sudo.unit_id,
                credit_sudo.partner_id,
                amount,
                journal.sudo(),
                account_sudo,
                payment_type="outbound",
                date=date or fields.Date.context_today(self),
                memo=memo or self.name,
            ),
            account_sudo,
        )
        self._settle_with(line_sudo)
        self._log_use("refunded", amount, memo)
        return payment_sudo.sudo(self.env.su)

    def _hand_over(self, partner, unit, amount, date=None, reason=None):
        """Give money to another payer or unit of the same site, by an entry of its own.

        :return: the new record, whose ``origin_id`` is this one
        :raise UserError: when payer and unit stay the same, or the sites differ
        """
        self.ensure_one()
        self._lock_lines()
        amount = self._check_left(amount)
        if partner.commercial_partner_id == self.commercial_partner_id and unit == self.unit_id:
            raise UserError(self.env._("Choose another payer or another unit."))
        if unit.site_id != self.site_id:
            raise UserError(
                self.env._(
                    "%(unit)s belongs to another site. Refund the money here and receive it there.",
                    unit=unit.code,
                )
            )
        date = date or fields.Date.context_today(self)
        # sudo: a second person has approved it; managers need no accounting rights for that
        credit_sudo = self.sudo()
        account_sudo = credit_sudo._account_of(partner)
        vals = credit_sudo._prepare_hand_over_vals(partner, account_sudo, amount, date, reason)
        move_sudo = self.env["account.move"].sudo().with_company(self.company_id).create(vals)
        move_sudo._post(soft=False)
        debit_sudo = move_sudo.line_ids.filtered(lambda line: line.debit)
        self._settle_with(debit_sudo)
        created_sudo = credit_sudo.create(
            {
                **credit_sudo._prepare_copy_vals(),
                "partner_id": partner.id,
                "unit_id": unit.id,
                "date": date,
                "amount": amount,
                "line_id": (move_sudo.line_ids - debit_sudo).id,
                "origin_id": self.id,
            }
        )
        self._log_use("handed_over", amount, reason, to=created_sudo.name)
        for one, other in ((self, created_sudo), (created_sudo, self)):
            # sudo: both sides keep the evidence, whoever may write them
            one.sudo().message_post(
                body=self.env._(
                    "%(amount)s handed over: %(giver)s → %(taker)s. %(reason)s",
                    amount=self.currency_id.format(amount),
                    taker=created_sudo.name,
                    giver=self.name,
                    reason=reason or "",
                )
            )
            other.invalidate_recordset(["amount_left"])
        return created_sudo.sudo(self.env.su)

    def _prepare_hand_over_vals(self, partner, account, amount, date, reason):
        """Prepare the entry that moves an amount to another payer."""
        self.ensure_one()
        common = {"currency_id": self.currency_id.id, "name": reason or self.name}
        return {
            "move_type": "entry",
            "journal_id": self.company_id._billing_entry_journal().id,
            "company_id": self.company_id.id,
            "date": date,
            "ref": self.name,
            "unit_id": self.unit_id.id,
            "site_id": self.site_id.id,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "partner_id": self.commercial_partner_id.id,
                        "account_id": self.line_id.account_id.id,
                        "debit": amount,
                    }
                ),
                Command.create(
                    {
                        **common,
                        "partner_id": partner.commercial_partner_id.id,
                        "account_id": account.id,
                        "credit": amount,
                    }
                ),
            ],
        }

    def _account_of(self, partner):
        """Return the account on which money of a payer is kept."""
        raise NotImplementedError

    def _prepare_copy_vals(self):
        """Return what a handed-over record takes along."""
        raise NotImplementedError

    def _log_use(self, what, amount, reason=None, **after):
        self.env["property.audit"]._log(
            "money",
            self,
            after={"action": what, "amount": f"{amount:.2f}", **after},
            reason=reason or None,
        )
