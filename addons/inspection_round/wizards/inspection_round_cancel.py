from odoo import fields, models


class InspectionRoundCancel(models.TransientModel):
    """Ask why rounds are cancelled."""

    _name = "inspection.round.cancel"
    _description = "Cancel Rounds"

    round_ids = fields.Many2many("inspection.round", string="Rounds", required=True)
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Cancel the rounds."""
        self.ensure_one()
        self.round_ids._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
