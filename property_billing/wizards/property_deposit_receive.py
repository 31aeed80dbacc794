from odoo import api, fields, models


class PropertyDepositReceive(models.TransientModel):
    _name = "property.deposit.receive"
    _description = "Receive a Deposit"

    unit_id = fields.Many2one("property.unit", required=True, domain="[('kind', '!=', 'public')]")
    company_id = fields.Many2one(related="unit_id.company_id")
    site_id = fields.Many2one(related="unit_id.site_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Payer",
        required=True,
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        help="To whom it is owed back, such as the owner or the decorating firm.",
    )
    type_id = fields.Many2one(
        "property.deposit.type",
        string="Kind of Deposit",
        required=True,
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
    )
    amount = fields.Monetary(
        required=True, compute="_compute_amount", store=True, precompute=True, readonly=False
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Received in",
        required=True,
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Char(help="What it secures: the works, the number of the card or key.")

    @api.depends("unit_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.unit_id.owner_id or wizard.partner_id

    @api.depends("type_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.type_id.amount or wizard.amount

    @api.depends("unit_id")
    def _compute_journal_id(self):
        for wizard in self:
            if wizard.journal_id.company_id != wizard.company_id:
                wizard.journal_id = self.env["account.journal"].search(
                    [
                        ("type", "in", ("cash", "bank")),
                        ("company_id", "=", wizard.company_id.id),
                    ],
                    order="type desc, sequence",
                    limit=1,
                )

    def action_confirm(self):
        """Book the deposit, give a receipt and show it.

        :raise UserError: when it cannot be taken
        """
        self.ensure_one()
        self.unit_id.check_access("read")
        self.env["account.payment"].check_access("create")
        deposit = self.env["property.deposit"]._receive(
            self.unit_id,
            self.partner_id,
            self.amount,
            self.journal_id,
            self.type_id,
            date=self.date,
            note=self.note,
        )
        self.env["property.receipt"]._issue(deposit.payment_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.deposit",
            "res_id": deposit.id,
            "views": [(False, "form")],
        }
