from odoo import fields, models


class PropertyHandoverObjection(models.TransientModel):
    """Asks what a guard who takes over does not agree with."""

    _name = "property.handover.objection"
    _description = "Take Over With an Objection"

    handover_id = fields.Many2one("property.handover", required=True, ondelete="cascade")
    text = fields.Text(string="What Is Not as Written", required=True)

    def action_apply(self):
        """Take over and keep the objection."""
        self.ensure_one()
        self.handover_id._take(fields.Datetime.now(), self.text)
        return True
