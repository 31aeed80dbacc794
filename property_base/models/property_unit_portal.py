from odoo import models
from odoo.fields import Domain

from .property_occupancy import PORTAL_FIELDS


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    def _property_residents_sudo(self, day=None):
        """Return everybody who holds one of the units on a day.

        :param date day: today when left out
        :return: `property.occupancy` in superuser mode
        """
        # sudo: callers check first that the user belongs to the unit
        occupancies_sudo = self.env["property.occupancy"].sudo()
        return occupancies_sudo.search_fetch(
            Domain("unit_id", "in", self.ids) & occupancies_sudo._domain_current(day),
            PORTAL_FIELDS,
        )

    def _property_spaces_sudo(self, day=None):
        """Return the parking spaces and storage rooms of the units that have no holder of their
        own, so that the household of the parent unit pays for them.

        :param date day: today when left out
        :return: `property.unit` in superuser mode
        """
        # sudo: callers check first that the user belongs to the unit
        spaces_sudo = self.sudo().child_ids
        return spaces_sudo - spaces_sudo._property_residents_sudo(day).unit_id
