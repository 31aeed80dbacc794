from odoo import api, models


class PropertyAudit(models.Model):
    _inherit = "property.audit"

    @api.model
    def _get_words(self):
        """Extend `property_base` with what happens to shifts."""
        return {
            **super()._get_words(),
            "opened": self.env._("Opened"),
            "closed": self.env._("Shift handed over"),
            "deposit": self.env._("Taken to the bank"),
            "signed": self.env._("Signed off"),
        }
