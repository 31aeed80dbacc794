from odoo import fields, models


class PropertyRequestQuotationAnswer(models.TransientModel):
    """The answer of a resident who has no portal: told or signed at the desk, with the proof."""

    _name = "property.request.quotation.answer"
    _description = "Answer to a Quotation"

    quotation_id = fields.Many2one("property.request.quotation", required=True, readonly=True)
    partner_id = fields.Many2one(related="quotation_id.partner_id")
    currency_id = fields.Many2one(related="quotation_id.currency_id")
    amount = fields.Monetary(related="quotation_id.amount")
    answer = fields.Selection(
        [("accepted", "Agreed"), ("declined", "Declined")], required=True, default="accepted"
    )
    reason = fields.Char(
        string="Proof or Reason",
        required=True,
        help="What shows that the resident accepted, such as the number of the signed paper, or "
        "why it was declined.",
    )

    def action_confirm(self):
        """Enter the answer; it is final."""
        self.ensure_one()
        self.quotation_id.request_id._check_quotes()
        self.quotation_id._answer(self.answer, "counter", self.reason)
        return {"type": "ir.actions.act_window_close"}
