from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _property_erase(self):
        """Override of `property_base` to forget what was agreed and asked for about cars.

        What has been paid stays in the books, as the law on accounting demands.
        """
        vehicles = self.env["property.vehicle"].search(
            [("auto_pay_partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids)]
        )
        for vehicle in vehicles:
            vehicle._set_auto_pay(vehicle.auto_pay_partner_id, False)
        # sudo: requests are deleted by nobody but here
        requests_sudo = self.env["property.vehicle.request"].sudo()
        requests_sudo.search([("partner_id", "in", self.ids)]).unlink()
        # sudo: as above; who held which car is what the person wants forgotten
        holdings_sudo = self.env["property.vehicle.holding"].sudo()
        holdings_sudo.search([("partner_id", "in", self.ids)]).unlink()
        return super()._property_erase()
