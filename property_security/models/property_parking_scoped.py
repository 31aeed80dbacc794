from odoo import models

#: Writing one of these can move a record to another site, as it takes its site from there.
PLACE_FIELDS = frozenset(("area_id", "lane_id"))


class PropertyParkingScoped(models.AbstractModel):
    """Records of a parking area, which nobody moves out of the sites he may write himself."""

    _name = "property.parking.scoped"
    _description = "Record of a Parking Area"
    _inherit = ["property.scoped"]

    def write(self, vals):
        """Override of `property_base` to check the rules also against a new area."""
        result = super().write(vals)
        if not PLACE_FIELDS.isdisjoint(vals):
            self.check_access("write")
        return result
