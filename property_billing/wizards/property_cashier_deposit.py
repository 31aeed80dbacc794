from odoo import api, fields, models


class PropertyCashierDeposit(models.TransientModel):
    """Take cash of a shift to the bank."""

    _name = "property.cashier.deposit"
    _description = "Cash to the Bank"

    shift_id = fields.Many2one("property.cashier.shift", required=True, readonly=True)
    company_id = fields.Many2one(related="shift_id.company_id")
    currency_id = fields.Many2one(related="shift_id.currency_id")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="In yuan.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    reference = fields.Char(help="Number of the bank slip.")

    @api.depends("shift_id")
    def _compute_amount(self):
        for wizard in self:
            shift = wizard.shift_id
            wizard.amount = shift and max(shift._cash_in_drawer() - shift.amount_float, 0.0)

    @api.depends("shift_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", wizard.company_id.id)], limit=1
            )

    def action_confirm(self):
        """Book the deposit."""
        self.ensure_one()
        self.shift_id._deposit(self.amount, self.journal_id, self.date, self.reference or "")
        return {"type": "ir.actions.act_window_close"}
