from odoo import models

#: Writing one of these can move a record to another site, as it takes its site from there.
PLACE_FIELDS = frozenset(("shift_id", "wand_id"))


class PropertyPatrolScoped(models.AbstractModel):
    """Records of a shift or a wand, which nobody moves out of the sites he may write himself."""

    _name = "property.patrol.scoped"
    _description = "Record of Patrols"
    # planners name guards without rights on their files
    _inherit = ["property.scoped", "hr.mixin"]

    def write(self, vals):
        """Override of `property_base` to check the rules also against a new shift or wand."""
        result = super().write(vals)
        if not PLACE_FIELDS.isdisjoint(vals):
            self.check_access("write")
        return result
