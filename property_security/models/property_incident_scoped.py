from odoo import models

#: Writing one of these can move a record to another site, as it takes its site from there.
PARENTS = frozenset(("incident_id", "post_id", "handover_id", "camera_id", "type_id"))


class PropertyIncidentScoped(models.AbstractModel):
    """Parts of incidents, posts and hand-overs, which nobody moves to a site he may not write."""

    _name = "property.incident.scoped"
    _description = "Part of an Incident or a Post"
    _inherit = ["property.scoped"]

    def write(self, vals):
        """Override of `property_base` to check the rules also against a new parent."""
        result = super().write(vals)
        if not PARENTS.isdisjoint(vals):
            self.check_access("write")
        return result
