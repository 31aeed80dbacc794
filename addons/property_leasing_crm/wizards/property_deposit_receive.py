from odoo import fields, models


class PropertyDepositReceive(models.TransientModel):
    _inherit = "property.deposit.receive"

    space_id = fields.Many2one("property.space", readonly=True)

    def action_confirm(self):
        """Override to tie an intention deposit to the prospect the space is held for."""
        action = super().action_confirm()
        if self.space_id and self.space_id.unit_id == self.unit_id:
            # sudo: the cashier does not read prospects, and a deposit's facts are not written by
            # hand; this one was just made here
            deposit_sudo = self.env["property.deposit"].sudo().browse(action["res_id"])
            deposit_sudo.lead_id = self.space_id.sudo().reserved_lead_id
        return action
