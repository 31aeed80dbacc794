from odoo import api, models
from odoo.exceptions import UserError


class PropertyRefund(models.Model):
    _inherit = "property.refund"

    @api.model
    def _action_new(self, **credit):
        """Extend: of a gift, only that it lapses is asked for."""
        action = super()._action_new(**credit)
        if credit.get("prepayment") and credit["prepayment"].campaign_id:
            action["context"]["default_kind"] = "lapse"
        return action

    def _check_hand_over(self):
        """Extend: what was given free stays with whom it was given to."""
        result = super()._check_hand_over()
        if self.prepayment_id:
            self.prepayment_id._check_stays_with(self.to_partner_id or self.partner_id)
        return result

    def _check_lapse(self):
        if not self.prepayment_id.campaign_id:
            raise UserError(
                self.env._(
                    "%(credit)s is the payer's own money and does not lapse.",
                    credit=self._credit().name,
                )
            )

    def _do_lapse(self):
        self.prepayment_id._lapse(self.amount, self.reason, self.date)

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
