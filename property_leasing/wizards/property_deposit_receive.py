from odoo import fields, models


class PropertyDepositReceive(models.TransientModel):
    _inherit = "property.deposit.receive"

    lease_term_id = fields.Many2one("property.lease.deposit", readonly=True)

    def action_confirm(self):
        """Override to tie the deposit to the lease it secures."""
        action = super().action_confirm()
        if self.lease_term_id:
            deposit = self.env["property.deposit"].browse(action["res_id"])
            # sudo: a deposit's facts are not written by hand; this one was just made here
            deposit.sudo().lease_term_id = self.lease_term_id
        return action
