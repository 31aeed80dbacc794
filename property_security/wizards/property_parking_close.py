from odoo import fields, models


class PropertyParkingClose(models.TransientModel):
    _name = "property.parking.close"
    _description = "End a Stay by Hand"

    session_id = fields.Many2one(
        "property.parking.session", string="Stay", required=True, ondelete="cascade"
    )
    entered_at = fields.Datetime(related="session_id.entered_at", related_sudo=False)
    left_at = fields.Datetime(string="Left", required=True, default=fields.Datetime.now)
    reason = fields.Char(required=True)

    def action_close(self):
        """End the stay at the time entered."""
        self.ensure_one()
        self.session_id._close_by_hand(self.left_at, self.reason)
        return {"type": "ir.actions.act_window_close"}
