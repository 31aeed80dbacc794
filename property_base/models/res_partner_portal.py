from odoo import models
from odoo.fields import Domain

from .property_occupancy import PORTAL_FIELDS


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _property_current_occupancies_sudo(self, day=None):
        """Return the occupancies that the person, or the company it belongs to, holds on a day.

        :param date day: today when left out
        :return: `property.occupancy` in superuser mode, in the natural order of the units
        """
        # sudo: a portal user may not browse the register; these are its own rows only
        occupancies_sudo = self.env["property.occupancy"].sudo()
        return occupancies_sudo.search_fetch(
            Domain("partner_id", "in", (self | self.commercial_partner_id).ids)
            & Domain("unit_id.active", "=", True)
            & occupancies_sudo._domain_current(day),
            PORTAL_FIELDS,
        ).sorted(lambda occupancy: (occupancy.site_id.id, occupancy.unit_id.sort_key or ""))
