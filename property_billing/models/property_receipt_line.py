from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a line says; a receipt that replaces a void one says the same.
LINE_FIELDS = (
    *("sequence", "kind", "name", "item_id", "unit_id", "unit_text", "date_from", "date_to"),
    *("bill_id", "bill_name", "payment_id", "amount"),
)


class PropertyReceiptLine(models.Model):
    """One line of a receipt, frozen as printed: the bill and how much of it was paid."""

    _name = "property.receipt.line"
    _description = "Line of a Receipt"
    _inherit = ["property.made.by.methods"]
    _order = "receipt_id, sequence, id"

    receipt_id = fields.Many2one(
        "property.receipt", required=True, readonly=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(readonly=True, default=10)
    kind = fields.Selection(
        [
            ("bill", "Bill"),
            ("late_fee", "Late Fee"),
            ("advance", "Paid in Advance"),
            ("deposit", "Deposit"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(string="Item", required=True, readonly=True)
    item_id = fields.Many2one(
        "property.charge.item", string="Charge Item", readonly=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        "property.unit", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    unit_text = fields.Char(string="Unit as Printed", readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Until", readonly=True)
    bill_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    bill_name = fields.Char(string="Bill Number", readonly=True)
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="set null"
    )
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one(related="receipt_id.currency_id", store=True, precompute=True)
    site_id = fields.Many2one(related="receipt_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="receipt_id.company_id", store=True, index=True, precompute=True
    )
    state = fields.Selection(related="receipt_id.state")

    def write(self, vals):
        """Override of `base`: what the paper says stays as it was printed."""
        if vals:
            raise UserError(
                self.env._("A receipt is not edited. Void it, then issue a new one for the money.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A receipt number stays on file. Void the receipt instead of deleting it.")
        )
