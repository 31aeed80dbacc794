from odoo import api, models


class PropertyAudit(models.Model):
    _inherit = "property.audit"

    @api.model
    def _get_words(self):
        """Extend `property_base` with what happens to the money of parking."""
        return {
            **super()._get_words(),
            "cash_instead": self.env._("Paid back in cash instead"),
            "paid_out": self.env._("Paid back"),
            "pays_from_balance": self.env._("Parking is paid from the balance"),
            "sent_again": self.env._("Sent to the gateway again"),
        }
