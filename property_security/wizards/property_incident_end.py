from odoo import fields, models


class PropertyIncidentEnd(models.TransientModel):
    """Asks for what closing or cancelling an incident needs."""

    _name = "property.incident.end"
    _description = "Close or Cancel an Incident"

    incident_id = fields.Many2one("property.incident", required=True, ondelete="cascade")
    event = fields.Selection(
        [("close", "Close"), ("cancel", "Cancel")], required=True, default="close"
    )
    text = fields.Text(string="Result or Reason", required=True)

    def action_apply(self):
        """Close or cancel the incident."""
        self.ensure_one()
        if self.event == "close":
            self.incident_id._close(self.text)
        else:
            self.incident_id._cancel(self.text)
        return True
