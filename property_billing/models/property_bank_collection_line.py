from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyBankCollectionLine(models.Model):
    """What one payer's account is asked for, the bills it is for, and what the bank answered."""

    _name = "property.bank.collection.line"
    _description = "Line of a Bank Collection"
    _inherit = ["property.made.by.methods"]
    _order = "collection_id desc, sequence, id"
    _rec_names_search = ["agreement", "holder"]

    collection_id = fields.Many2one(
        "property.bank.collection", required=True, readonly=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(string="No.", readonly=True, aggregator=False)
    mandate_id = fields.Many2one(
        "property.bank.mandate", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "property.unit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty when the line is for several units.",
    )
    unit_text = fields.Char(string="Units as Sent", readonly=True)
    agreement = fields.Char(string="Agreement Number", required=True, readonly=True)
    holder = fields.Char(string="Account Holder", readonly=True)
    account_number = fields.Char(readonly=True)
    amount = fields.Monetary(required=True, readonly=True, help="Asked for, in yuan.")
    bill_ids = fields.One2many("property.bank.collection.bill", "line_id", readonly=True)
    bill_count = fields.Integer(string="Number of Bills", readonly=True)
    result = fields.Selection(
        [
            ("pending", "Waiting"),
            ("success", "Withheld"),
            ("part", "Withheld in Part"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Bank's Result",
        required=True,
        default="pending",
        readonly=True,
        index=True,
    )
    amount_paid = fields.Monetary(string="Collected", readonly=True)
    reason_code = fields.Char(string="Bank's Code", readonly=True)
    reason = fields.Char(string="Bank's Reason", readonly=True)
    bank_reference = fields.Char(readonly=True)
    payment_id = fields.Many2one(
        "account.payment",
        string="Booked Payment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    amount_surplus = fields.Monetary(
        string="Kept as Prepayment",
        readonly=True,
        help="Collected but no longer owed, because the bills were paid otherwise meanwhile.",
    )
    site_id = fields.Many2one(
        related="collection_id.site_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="collection_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    collection_state = fields.Selection(related="collection_id.state", string="Batch")
    date = fields.Date(related="collection_id.date", store=True, precompute=True)

    _sequence_once = models.UniqueIndex(
        "(collection_id, sequence)", "Two lines of a batch have the same number."
    )
    _paid_fits = models.Constraint(
        "CHECK(amount > 0 AND amount_paid >= 0 AND amount_paid <= amount)",
        "No more is collected than was asked for.",
    )
    _paid_needs_money = models.Constraint(
        "CHECK(payment_id IS NULL OR result IN ('success', 'part'))",
        "Only what the bank collected is booked as a payment.",
    )

    @api.depends("collection_id.name", "sequence")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.collection_id.name or ''} / {line.sequence}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(line.collection_id.state != "draft" for line in self):
            raise UserError(
                self.env._("A line that went to the bank stays on file. Cancel it instead.")
            )

    def action_cancel_line(self):
        """Take lines back that the bank has not answered; their bills are free again."""
        self.collection_id.check_access("write")
        self.collection_id._lock()
        for line in self:
            if line.result != "pending" or line.collection_state not in ("exported", "partial"):
                raise UserError(
                    self.env._(
                        "Line %(line)s is answered already, or was never sent. Only lines with the "
                        "bank are cancelled, after the bank has confirmed it.",
                        line=line.display_name,
                    )
                )
        # sudo: lines are written by their batch only, which the user may write
        self.sudo()._take_back()
        self.env["property.audit"]._log("money", self, after={"result": "cancelled"})
        self.collection_id.sudo()._settle_state()
        return True

    def _take_back(self):
        """Cancel lines and set their bills free."""
        self.write({"result": "cancelled"})
        self._free_bills()

    def _free_bills(self):
        """Let other batches ask for the bills of lines that are decided."""
        self.bill_ids.filtered("is_open").write({"is_open": False})

    def action_view_bills(self):
        """Show the bills of the line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.account_move_action_bills"
        )
        return {**action, "domain": [("id", "in", self.bill_ids.bill_id.ids)], "context": {}}


class PropertyBankCollectionBill(models.Model):
    """A bill of a line, with the amount it was asked for."""

    _name = "property.bank.collection.bill"
    _description = "Bill in a Bank Collection"
    _inherit = ["property.made.by.methods"]
    _order = "line_id, id"

    line_id = fields.Many2one(
        "property.bank.collection.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    bill_id = fields.Many2one(
        "account.move", required=True, readonly=True, index=True, ondelete="restrict"
    )
    amount = fields.Monetary(required=True, readonly=True, help="Owed when it was asked for.")
    amount_late_fee = fields.Monetary(
        string="Late Fee", readonly=True, help="Up to the day of the collection."
    )
    is_open = fields.Boolean(
        string="With the Bank", default=True, readonly=True, help="The bank has not answered yet."
    )
    site_id = fields.Many2one(related="line_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _bill_once = models.UniqueIndex(
        "(bill_id) WHERE is_open", "This bill is in a batch already. Wait for its result."
    )
