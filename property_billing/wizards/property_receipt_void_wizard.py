from odoo import fields, models


class PropertyReceiptVoidWizard(models.TransientModel):
    _name = "property.receipt.void.wizard"
    _description = "Void a Receipt"

    receipt_id = fields.Many2one("property.receipt", required=True, ondelete="cascade")
    state = fields.Selection(
        [("void", "Void: it is not valid any more"), ("lost", "Lost: a part of it is missing")],
        string="What Happened",
        required=True,
        default="void",
    )
    reason = fields.Char(required=True)
    has_copies = fields.Boolean(
        string="All Copies Recovered", help="All three parts of the form are back."
    )
    is_reissued = fields.Boolean(
        string="Issue a New Receipt",
        default=True,
        help="The money stays; the new receipt says the same under the next number.",
    )

    def action_confirm(self):
        """Take the receipt out of force; show it, or the one that replaces it."""
        self.ensure_one()
        receipt = self.receipt_id
        receipt._check_may_void()
        receipt._void(self.reason, self.state, self.has_copies and self.state == "void")
        if (
            self.state == "void"
            and self.is_reissued
            and not (receipt.is_blank or receipt.is_imported)
        ):
            return receipt._reissue()._action_form()
        return receipt._action_form()
