from odoo import api, models


class PropertyAudit(models.Model):
    _inherit = "property.audit"

    @api.model
    def _personal_models(self):
        """Extend `property_base`: a pass is called by the plates of its cars."""
        return super()._personal_models() | {"property.parking.pass"}
