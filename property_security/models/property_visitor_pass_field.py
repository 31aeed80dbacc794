from odoo import api, models

from .property_visitor_ticket_field import MOST


class PropertyVisitorPass(models.Model):
    """Passes on the phones of guards."""

    _inherit = "property.visitor.pass"

    @api.model
    def _field_passes(self, sites):
        """Describe the passes that somebody may come with during the next shift."""
        passes = self.search(self._field_window(sites), order="valid_from, id", limit=MOST)
        banned = passes._banned()
        return [one._field_pass(one in banned) for one in passes]

    def _field_pass(self, is_banned=False):
        """Describe a pass to a phone; what depends on the clock is worked out there."""
        self.ensure_one()
        fixed = self._verdict(self.valid_from, is_banned)  # whatever the clock says
        if self.revoked_at and fixed in ("valid", "used_up"):
            fixed = "revoked"
        return {
            **self._field_ticket(),
            "name": self.name,
            "kind": self.kind,
            "plate": self.env["property.vehicle"]._display_plate(self.plate),
            "verdict": "valid" if fixed == "used_up" else fixed,
            "uses": self.uses_max,
            "used": self.use_count,
        }
