from odoo import models
from odoo.exceptions import UserError


class PropertyRefund(models.Model):
    _inherit = "property.refund"

    def _check_refund(self):
        """Extend: what was given free is not paid out."""
        result = super()._check_refund()
        campaign_sudo = self.prepayment_id.sudo().campaign_id
        if campaign_sudo:
            raise UserError(
                self.env._(
                    "%(credit)s was given free by %(campaign)s: it pays bills, and is not paid "
                    "out.",
                    credit=self.prepayment_id.name,
                    campaign=campaign_sudo.name,
                )
            )
        return result
