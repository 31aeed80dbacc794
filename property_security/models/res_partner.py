from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _property_erase(self):
        """Override of `property_base` to blank the plates in what the gates have kept."""
        vehicles = (
            self.env["property.vehicle"]
            .with_context(active_test=False)
            .search([("partner_id", "in", self.ids)])
        )
        for vehicle in vehicles:  # each has a name of its own afterwards
            stays_sudo = vehicle.sudo().session_ids  # no role writes stays and passages
            blank = {"plate": f"ERASED{vehicle.id}"}
            stays_sudo.passage_ids.write({**blank, "plate_read": False})
            stays_sudo.write(blank)
        vehicles.write({"access_list": False, "access_list_reason": False})
        return super()._property_erase()
