from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

COUNTS = ("used", "void", "lost", "left")


class PropertyReceiptWriteoff(models.Model):
    """Closing a receipt book: its holder counts forms and money, another checks (核销).

    What was counted must be what the system says; a difference is put right first, by voiding
    receipts or by registering forms as spoilt or lost.
    """

    _name = "property.receipt.writeoff"
    _description = "Write-Off of a Receipt Book"
    _inherit = ["property.approval", "property.by.methods"]
    _order = "id desc"

    name = fields.Char(related="book_id.name", string="Numbers")
    book_id = fields.Many2one(
        "property.receipt.book",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('is_automatic', '=', False), ('state', '!=', 'written_off')]",
    )
    holder_id = fields.Many2one(related="book_id.holder_id")
    site_id = fields.Many2one(related="book_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="book_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    counted_used = fields.Integer(string="Used: Counted", help="Stubs of valid receipts.")
    counted_void = fields.Integer(string="Void: Counted", help="Void forms, all parts together.")
    counted_lost = fields.Integer(string="Lost: Counted", help="Forms reported lost.")
    counted_left = fields.Integer(string="Left: Counted", help="Blank forms, to be destroyed.")
    counted_amount = fields.Monetary(
        string="Amount: Counted", help="Total of the stubs of valid receipts."
    )
    system_used = fields.Integer(related="book_id.qty_used", string="Used: System")
    system_void = fields.Integer(related="book_id.qty_void", string="Void: System")
    system_lost = fields.Integer(related="book_id.qty_lost", string="Lost: System")
    system_left = fields.Integer(related="book_id.qty_left", string="Left: System")
    system_amount = fields.Monetary(related="book_id.amount_used", string="Amount: System")
    system_left_text = fields.Char(related="book_id.left_text", string="Numbers Left")
    note = fields.Text(help="Needed when copies of void forms are missing: where they are.")
    final_text = fields.Char(string="Figures Written Off", readonly=True, copy=False, tracking=True)

    _book_open = models.UniqueIndex(
        "(book_id) WHERE approval_state IN ('submitted', 'approved')",
        "This book is being written off already.",
    )

    @api.depends("book_id.name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._(
                "Write-off of %(book)s", book=request.book_id.name or ""
            )

    @api.onchange("book_id")
    def _onchange_book_id(self):
        self.counted_used = self.counted_void = self.counted_lost = self.counted_left = 0
        self.counted_amount = 0.0

    @api.model
    def _method_fields(self):
        """Override: the figures that were closed."""
        return super()._method_fields() | {"final_text"}

    # Hooks of the approval --------------------------------------------------------------------

    def _approval_impact(self):
        """Tell how many valid receipts are closed, and what they took in."""
        return self.book_id.qty_used, self.book_id.amount_used

    def _approval_impact_text(self):
        """Phrase the figures of the book as they will be closed."""
        self.ensure_one()
        book = self.book_id
        return self.env._(
            "used %(used)s (%(amount)s), void %(void)s, lost %(lost)s, destroyed %(left)s",
            used=book.qty_used,
            amount=formatLang(self.env, book.amount_used, digits=self.currency_id.decimal_places),
            void=book.qty_void,
            lost=book.qty_lost,
            left=book.qty_left,
        )

    def _check_request(self):
        """Compare what was counted with the system, number by number."""
        book = self.book_id
        book.invalidate_recordset()
        if book.is_automatic or book.state == "written_off":
            raise UserError(self.env._("Book %(book)s cannot be written off.", book=book.name))
        labels = {
            "used": self.env._("used"),
            "void": self.env._("void"),
            "lost": self.env._("lost"),
            "left": self.env._("left"),
        }
        wrong = [
            self.env._(
                "%(what)s: counted %(counted)s, system %(system)s",
                what=labels[name],
                counted=self[f"counted_{name}"],
                system=self[f"system_{name}"],
            )
            for name in COUNTS
            if self[f"counted_{name}"] != self[f"system_{name}"]
        ]
        if self.currency_id.compare_amounts(self.counted_amount, self.system_amount):
            wrong.append(
                self.env._(
                    "amount: counted %(counted)s, system %(system)s",
                    counted=self.counted_amount,
                    system=self.system_amount,
                )
            )
        if wrong:
            raise UserError(
                self.env._(
                    "Book %(book)s does not agree:\n%(differences)s\nCount again. A form that is "
                    "missing or spoilt is registered on the book; a receipt that is not valid is "
                    "voided.",
                    book=book.name,
                    differences="\n".join(wrong),
                )
            )
        missing = book.sudo().receipt_ids.filtered(  # sudo: all receipts of a visible book
            lambda receipt: receipt.state == "void" and not receipt.has_copies
        )
        if missing and not (self.note or "").strip():
            raise UserError(
                self.env._(
                    "The copies of void receipts %(receipts)s were not recovered. Tick them off "
                    "on the receipts, or write in the note where they are.",
                    receipts="、".join(missing.mapped("name")),
                )
            )

    def action_approve(self):
        """Override of `property_base`: who held the book does not check it either."""
        if any(request.holder_id == self.env.user for request in self):
            raise UserError(self.env._("Somebody else must check this book: you are its holder."))
        return super().action_approve()

    def _on_approved(self):
        """Close the book with the figures that were checked."""
        # sudo: the request records what the approval closed
        self.sudo().final_text = self.impact_text
        self.book_id._write_off(note=self.impact_text)
