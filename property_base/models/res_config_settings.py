from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .property_audit import MINIMUM_MONTHS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    property_audit_months = fields.Integer(
        string="Keep Audit Log (months)",
        config_parameter="property_base.audit_months",
        default=24,
        help="Months that audit entries are kept; at least six.",
    )

    @api.constrains("property_audit_months")
    def _check_property_audit_months(self):
        for settings in self:
            if settings.property_audit_months < MINIMUM_MONTHS:
                raise ValidationError(
                    self.env._(
                        "The audit log must be kept at least %(months)s months.",
                        months=MINIMUM_MONTHS,
                    )
                )

    def set_values(self):
        """Log a change of the retention time."""
        before = self.env["property.audit"]._retention_months()
        result = super().set_values()
        after = self.env["property.audit"]._retention_months()
        if before != after:
            self.env["property.audit"]._log(
                "config", before={"audit_months": before}, after={"audit_months": after}
            )
        return result
