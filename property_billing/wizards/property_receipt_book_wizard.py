from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyReceiptBookWizard(models.TransientModel):
    """What is done with a book: it changes hands, or forms of it are spoilt or lost."""

    _name = "property.receipt.book.wizard"
    _description = "Step of a Receipt Book"

    step = fields.Selection(
        [
            ("issue", "Hand out to a cashier"),
            ("return", "Return to stock"),
            ("transfer", "Transfer to another site"),
            ("void", "Register spoilt forms"),
            ("lost", "Register lost forms"),
        ],
        required=True,
    )
    book_ids = fields.Many2many("property.receipt.book", string="Books", required=True)
    company_id = fields.Many2one(related="book_ids.company_id")
    user_id = fields.Many2one(
        "res.users", string="Cashier", domain="[('share', '=', False)]", help="Who uses the book."
    )
    site_id = fields.Many2one(
        "property.site",
        string="To Site",
        domain="[('company_id', '=', company_id)]",
        help="Whose stock gets the book.",
    )
    number_from = fields.Integer(string="First Number")
    number_to = fields.Integer(string="Last Number")
    reason = fields.Char()
    left_text = fields.Char(compute="_compute_left_text", string="Numbers Left")

    @api.depends("book_ids")
    def _compute_left_text(self):
        for wizard in self:
            wizard.left_text = wizard.book_ids.left_text if len(wizard.book_ids) == 1 else False

    def action_confirm(self):
        """Do the step."""
        self.ensure_one()
        getattr(self, f"_do_{self.step}")()
        return True

    def _do_issue(self):
        if not self.user_id:
            raise UserError(self.env._("Choose the cashier who takes the book."))
        self.book_ids._issue_to(self.user_id, note=self.reason)

    def _do_return(self):
        self.book_ids._return(note=self.reason)

    def _do_transfer(self):
        if not self.site_id:
            raise UserError(self.env._("Choose the site the book goes to."))
        self.book_ids._transfer(self.site_id, note=self.reason)

    def _do_void(self):
        self._spoil()

    def _do_lost(self):
        self._spoil()

    def _spoil(self):
        if len(self.book_ids) != 1:
            raise UserError(self.env._("Register the forms of one book at a time."))
        self.book_ids.check_access("read")
        if not self.env.su and self.book_ids.holder_id != self.env.user:
            self.book_ids._check_keeper()
        last = self.number_to or self.number_from
        if not 0 < self.number_from <= last <= self.book_ids.number_to:
            raise UserError(
                self.env._(
                    "Enter the first and the last number of the forms. Free are: %(left)s.",
                    left=self.left_text or "0",
                )
            )
        numbers = list(range(self.number_from, last + 1))
        self.env["property.receipt"]._spoil(self.book_ids, numbers, self.step, self.reason)
