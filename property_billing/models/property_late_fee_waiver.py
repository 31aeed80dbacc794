from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.late_fee import share_waiver
from ..tools.rounding import to_decimal


class PropertyLateFeeWaiver(models.Model):
    """Late fees a household asks to be let off, approved by a second person (违约金减免)."""

    _name = "property.late.fee.waiver"
    _description = "Late Fee Waiver"
    _inherit = ["property.approval", "property.by.methods"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    site_id = fields.Many2one("property.site", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="site_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_id = fields.Many2one(
        "property.unit",
        ondelete="restrict",
        domain="[('site_id', '=', site_id)]",
        help="Fills in the overdue bills of this household.",
    )
    bill_ids = fields.Many2many(
        "account.move",
        "property_late_fee_waiver_bill_rel",
        string="Bills",
        domain="[('site_id', '=', site_id), ('move_type', '=', 'out_invoice'),"
        " ('state', '=', 'posted'), ('late_fee_bill_id', '=', False)]",
        help="The bills whose late fees are waived, not the late fees' own bills.",
    )
    mode = fields.Selection(
        [("all", "All"), ("percent", "Per cent"), ("amount", "Amount")],
        string="Waive",
        required=True,
        default="all",
    )
    percent = fields.Float(default=50.0, help="Per cent of the late fee of every bill.")
    amount = fields.Monetary(help="Shared out over the bills in proportion to their late fees.")
    date = fields.Date(
        string="Up to",
        required=True,
        default=fields.Date.context_today,
        help="Late fees up to this day are waived; what grows later is not.",
    )
    reason = fields.Text(required=True)
    amount_due = fields.Monetary(
        compute="_compute_effect",
        string="Late Fees Asked for",
        help="Live late fees up to the day, and those billed and not paid.",
    )
    amount_waived = fields.Monetary(compute="_compute_effect", string="Waived")
    relief_ids = fields.One2many(
        "property.late.fee.relief", "waiver_id", string="Waived by Bill", readonly=True
    )
    credit_ids = fields.One2many(
        "account.move", "late_fee_waiver_id", string="Credit Notes", readonly=True
    )

    undo_ids = fields.One2many("property.decision.undo", "waiver_id", readonly=True)
    is_undone = fields.Boolean(string="Undone", readonly=True, copy=False, tracking=True)

    _percent_sane = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)", "Enter a per cent above 0 and at most 100."
    )

    @api.depends("unit_id.code", "site_id.name", "date")
    def _compute_name(self):
        for waiver in self:
            where = waiver.unit_id.code or waiver.site_id.name or ""
            waiver.name = f"{where} {waiver.date or ''}".strip()

    @api.depends("bill_ids", "mode", "percent", "amount", "date", "approval_state", "is_undone")
    def _compute_effect(self):
        for waiver in self:
            if waiver.approval_state == "approved":
                waiver.amount_due = 0.0
                waiver.amount_waived = sum(waiver.relief_ids.mapped("amount"))
                continue
            due = waiver._due_by_bill()
            waiver.amount_due = float(sum(map(sum, due.values())))
            waiver.amount_waived = float(sum(map(sum, waiver._waived_by_bill(due).values())))

    @api.onchange("unit_id")
    def _onchange_unit_id(self):
        if self.unit_id:
            self.site_id = self.unit_id.site_id
            units = self.unit_id | self.unit_id.child_ids
            bills = self.env["account.move"]
            bills = bills.search(
                bills._property_late_fee_domain()
                & Domain("unit_id", "in", units.ids)
                & Domain("late_fee_bill_id", "=", False)
            )
            day = self.date or fields.Date.context_today(self)
            fees = bills._property_late_fees(day)
            self.bill_ids = bills.filtered(
                lambda bill: fees[bill.id] or any(bill.late_fee_move_ids.mapped("amount_residual"))
            )

    @api.model
    def _method_fields(self):
        """Override: whether it was taken back."""
        return super()._method_fields() | {"is_undone"}

    # What is due and what of it is waived -------------------------------------------------------

    def _due_by_bill(self):
        """Return dict bill -> (live late fee, open amount of its late fee bills)."""
        self.ensure_one()
        # sudo: the requester may see the waiver's site but not its entries
        bills_sudo = self.bill_ids._origin.sudo()
        live = bills_sudo._property_late_fees(self.date)
        return {
            bill: (
                live[bill.id],
                to_decimal(sum(bill._property_open_late_fees().mapped("amount_residual"))),
            )
            for bill in bills_sudo
        }

    def _waived_by_bill(self, due):
        """Return dict bill -> (part of the live late fee, part of the billed one) waived."""
        self.ensure_one()
        # a new form has no site yet, and so no currency
        currency = self.currency_id or self.env.company.currency_id
        shares = share_waiver(
            [sum(parts) for parts in due.values()],
            self.mode,
            percent=to_decimal(self.percent),
            amount=to_decimal(currency.round(self.amount or 0.0)),
        )
        return {
            bill: (min(share, live), max(share - live, Decimal(0)))
            for (bill, (live, _billed)), share in zip(due.items(), shares, strict=True)
        }

    # Approval ---------------------------------------------------------------------------------

    def _approval_impact(self):
        """Return the number of bills and the amount that is no longer asked for."""
        waived = self._waived_by_bill(self._due_by_bill())
        sums = [sum(parts) for parts in waived.values() if sum(parts)]
        return len(sums), -float(sum(sums))

    def _check_request(self):
        """Raise unless there is something to waive on bills of the site."""
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            raise UserError(
                self.env._("Late fees of days to come cannot be waived. Choose today or earlier.")
            )
        if self.mode == "amount" and self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("Enter the amount to waive."))
        bills_sudo = self.bill_ids.sudo()
        if any(bill.site_id != self.site_id or bill.late_fee_bill_id for bill in bills_sudo):
            raise UserError(
                self.env._(
                    "Choose bills of %(site)s themselves, not of other sites and not the bills of "
                    "late fees.",
                    site=self.site_id.name,
                )
            )
        if not self._approval_impact()[0]:
            raise UserError(
                self.env._("None of these bills has a late fee to waive up to that day.")
            )

    def _on_approved(self):
        """Lower the live late fees, and credit those that are billed and open."""
        self.ensure_one()
        self.bill_ids._property_lock_for_late_fees()
        label = self.env._("Late fee waived: %(reason)s", reason=self.reason)
        waived = self._waived_by_bill(self._due_by_bill())
        credits_ = {}
        for bill_sudo, (_live, billed) in waived.items():
            for late_sudo in bill_sudo._property_open_late_fees():
                part = min(billed, to_decimal(late_sudo.amount_residual))
                if part > 0:
                    credits_[late_sudo] = part
                    billed -= part
        self.env["account.move"].browse()._property_credit(
            credits_, label, late_fee_waiver_id=self.id
        )
        self.env["account.move"]._property_waive_late_fee(
            {bill: sum(parts) for bill, parts in waived.items()}, label, waiver_id=self.id
        )

    def action_request_undo(self):
        """Ask for taking the waiver back; somebody else approves it."""
        self.check_access("read")
        return self.env["property.decision.undo"]._action_for(self)
