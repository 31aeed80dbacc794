from odoo import api, fields, models


class PropertyPrepaymentReceive(models.TransientModel):
    _name = "property.prepayment.receive"
    _description = "Receive a Prepayment"

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
        help="Whose bills it is to pay.",
    )
    item_id = fields.Many2one(
        "property.charge.item",
        string="Only for",
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
        help="Empty: any item.",
    )
    amount = fields.Monetary(required=True)
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
    memo = fields.Char(string="Note")
    amount_left = fields.Monetary(string="Left Now", compute="_compute_facts")
    amount_monthly = fields.Monetary(string="Billed a Month", compute="_compute_facts")
    amount_open = fields.Monetary(string="Open Bills", compute="_compute_facts")
    warning = fields.Text(compute="_compute_facts")
    apply_now = fields.Boolean(
        string="Settle Open Bills Now", help="Use the money for the bills that are open already."
    )

    @api.depends("unit_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.unit_id.owner_id or wizard.partner_id

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

    @api.depends("unit_id", "partner_id", "amount")
    def _compute_facts(self):
        prepayments = self.env["property.prepayment"]
        for wizard in self:
            unit, payer = wizard.unit_id._origin, wizard.partner_id._origin
            own = prepayments._open(unit, payer) if unit and payer else prepayments
            monthly = unit._property_monthly_fees(payer) if unit and payer else {}
            wizard.amount_left = sum(own.mapped("amount_left"))
            wizard.amount_monthly = float(monthly.get((unit.id, payer.commercial_partner_id.id), 0))
            wizard.amount_open = wizard._open_amount(unit, payer)
            wizard.warning = "\n".join(wizard._warnings(unit, payer)) or False

    def _open_amount(self, unit, payer):
        if not (unit and payer):
            return 0.0
        # sudo: only the sum of a household the user may take money for
        bills_sudo = self.env["account.move"].sudo()
        ((total,),) = bills_sudo._read_group(
            [
                ("unit_id", "in", (unit | unit.child_ids).ids),
                ("commercial_partner_id", "=", payer.commercial_partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ],
            [],
            ["amount_residual:sum"],
        )
        return total or 0.0

    def _warnings(self, unit, payer):
        """Return what the cashier should know before taking the money."""
        if not (unit and payer):
            return []
        warnings = []
        cap = self.env["property.prepayment"]._cap_warning(unit, payer, self.amount or 0.0)
        if cap:
            warnings.append(cap)
        # sudo: only whether this person holds the unit today
        holders_sudo = unit._property_residents_sudo().filtered(
            lambda row: row.role in ("owner", "co_owner", "tenant")
        )
        if payer.commercial_partner_id not in holders_sudo.partner_id.commercial_partner_id:
            warnings.append(
                self.env._(
                    "%(payer)s neither owns nor rents %(unit)s: the money only pays bills "
                    "addressed to %(payer)s.",
                    payer=payer.name,
                    unit=unit.code,
                )
            )
        return warnings

    def action_confirm(self):
        """Book the money, give a receipt and show the prepayment.

        :raise UserError: when it cannot be kept for that payer, unit and item
        """
        self.ensure_one()
        self.unit_id.check_access("read")
        self.env["account.payment"].check_access("create")
        prepayment = self.env["property.prepayment"]._receive(
            self.unit_id,
            self.partner_id,
            self.amount,
            self.journal_id,
            item=self.item_id,
            date=self.date,
            **({"memo": self.memo} if self.memo else {}),
        )
        self.env["property.receipt"]._issue(prepayment.payment_id)
        if self.apply_now:
            prepayment._open_bills()._property_apply_prepayments()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.prepayment",
            "res_id": prepayment.id,
            "views": [(False, "form")],
        }
