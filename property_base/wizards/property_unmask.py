from odoo import fields, models


class PropertyUnmask(models.TransientModel):
    _name = "property.unmask"
    _description = "Show an ID Number"

    partner_id = fields.Many2one("res.partner", string="Person", required=True, readonly=True)
    masked = fields.Char(related="partner_id.id_number_masked", string="Masked Number")
    reason = fields.Char(help="Kept in the audit log together with your name.")

    def action_show(self):
        """Show the number in a notification; it is stored nowhere."""
        self.ensure_one()
        number = self.partner_id.action_unmask_id_number(self.reason)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.partner_id.name,
                "message": number,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
