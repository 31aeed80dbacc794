from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.rounding import to_decimal


class PropertyWriteOff(models.Model):
    """Bills that will not be collected, or not in full: credited to an expense once approved
    (坏账核销/减免). The charges stay as evidence of what was owed.
    """

    _name = "property.write.off"
    _description = "Write-off"
    _inherit = ["property.approval", "property.by.methods"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Date of the credit notes; the bill's own date where that is later.",
    )
    kind = fields.Selection(
        [("bad_debt", "Bad debt"), ("relief", "Relief or settlement")],
        required=True,
        default="bad_debt",
        help="A bad debt is an expense and leaves VAT as it is. A relief takes back income and "
        "VAT of the bill.",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Expense Account",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_other', 'expense_direct_cost'))]",
        help="Empty: the company's account of write-offs.",
    )
    bill_ids = fields.Many2many(
        "account.move",
        "property_write_off_bill_rel",
        string="Bills",
        domain="[('site_id', '=', site_id), ('move_type', '=', 'out_invoice'),"
        " ('state', '=', 'posted'), ('amount_residual', '>', 0)]",
    )
    reason = fields.Text(required=True)
    legal_basis = fields.Text(
        help="Judgment, bankruptcy, limitation period (民法典 §188) or owners' decision."
    )
    amount_open = fields.Monetary(
        compute="_compute_amount_open", string="To Write off", help="What is open on the bills."
    )
    credit_ids = fields.One2many(
        "account.move", "write_off_id", string="Credit Notes", readonly=True
    )
    amount_credited = fields.Monetary(compute="_compute_amount_credited", string="Written off")
    relief_ids = fields.One2many(
        "property.late.fee.relief", "write_off_id", string="Late Fees Let Go", readonly=True
    )
    undo_ids = fields.One2many("property.decision.undo", "write_off_id", readonly=True)
    is_undone = fields.Boolean(string="Undone", readonly=True, copy=False, tracking=True)

    @api.depends("site_id.name", "date", "bill_ids.unit_id.code")
    def _compute_name(self):
        for one in self:
            # sudo: the name of a request may be read by those who may not open its bills
            units = one.bill_ids.sudo().unit_id
            where = units.code if len(units) == 1 else one.site_id.name or ""
            one.name = f"{where} {one.date or ''}".strip()

    @api.depends("bill_ids.amount_residual", "approval_state")
    def _compute_amount_open(self):
        for one in self:
            # sudo: a site manager approves without accounting rights
            open_sudo = one.bill_ids.sudo() if one.approval_state != "approved" else []
            one.amount_open = sum(bill.amount_residual for bill in open_sudo)

    @api.depends("credit_ids.amount_total", "credit_ids.state")
    def _compute_amount_credited(self):
        for one in self:
            notes_sudo = one.credit_ids.sudo().filtered(lambda note: note.state == "posted")
            one.amount_credited = sum(notes_sudo.mapped("amount_total"))

    @api.model
    def _method_fields(self):
        """Override: whether it was taken back."""
        return super()._method_fields() | {"is_undone"}

    def _approval_impact(self):
        """Return the number of bills and what they will owe less."""
        open_sudo = self.bill_ids.sudo().filtered(lambda bill: not bill._property_is_settled())
        return len(open_sudo), -sum(open_sudo.mapped("amount_residual"))

    def _check_request(self):
        """Raise unless all the bills are open bills of the site with no payment on its way."""
        self.ensure_one()
        bills_sudo = self.bill_ids.sudo()
        if not bills_sudo:
            raise UserError(self.env._("Choose the bills to write off."))
        for bill in bills_sudo:
            if bill.site_id != self.site_id or bill.move_type != "out_invoice":
                raise UserError(
                    self.env._(
                        "%(bill)s is not a bill of %(site)s. Take it off the list.",
                        bill=bill.name,
                        site=self.site_id.name,
                    )
                )
            if bill._property_is_settled():
                raise UserError(
                    self.env._(
                        "%(bill)s owes nothing any more. Take it off the list.", bill=bill.name
                    )
                )
        if bills_sudo._property_in_progress():
            raise UserError(
                self.env._(
                    "A payment of one of these bills is on its way. Wait for its result first."
                )
            )
        if self.kind == "bad_debt" and not self.legal_basis:
            raise UserError(
                self.env._("Enter the legal basis: bad debts are written off on evidence only.")
            )

    def _on_approved(self):
        """Credit what is open, and let go of the late fees of these bills."""
        self.ensure_one()
        bills_sudo = self.bill_ids.sudo()
        bills_sudo._property_lock_for_late_fees()
        self._check_request()
        late_fees = bills_sudo._property_late_fees()
        label = self.env._("Written off: %(reason)s", reason=self.reason)
        account = None
        if self.kind == "bad_debt":
            account = self.account_id.sudo() or self.company_id._write_off_account()
        bills_sudo._property_waive_late_fee(
            {bill: late_fees[bill.id] for bill in bills_sudo}, label, write_off_id=self.id
        )
        bills_sudo._property_credit(
            {bill: to_decimal(bill.amount_residual) for bill in bills_sudo},
            label,
            account=account,
            day=self.date,
            write_off_id=self.id,
        )

    def action_request_undo(self):
        """Ask for taking the write-off back; somebody else approves it."""
        self.check_access("read")
        return self.env["property.decision.undo"]._action_for(self)

    def action_view_credits(self):
        """Open the credit notes."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_refund_type"
        )
        return {**action, "domain": [("write_off_id", "=", self.id)], "context": {}}
