from odoo import fields, models


class InspectionCheckinReview(models.TransientModel):
    """Ask why check-ins count or do not count."""

    _name = "inspection.checkin.review"
    _description = "Decide on Check-ins"

    checkin_ids = fields.Many2many("inspection.checkin", string="Check-ins", required=True)
    decision = fields.Selection(
        [("accepted", "They count"), ("rejected", "They do not count")],
        required=True,
        default="accepted",
    )
    reason = fields.Char(required=True)

    def action_decide(self):
        """Write the decision on the check-ins and their rounds."""
        self.ensure_one()
        self.checkin_ids._decide(self.decision, self.reason)
        return {"type": "ir.actions.act_window_close"}
