import re
import unicodedata

from odoo import api, models
from odoo.fields import Domain

from ..tools import plate as plate_tools


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    @api.model
    def _search_display_name(self, operator, value):
        """Find a household by code, part of the code, people's names, phone tail or plate."""
        if operator not in ("ilike", "like") or not isinstance(value, str) or not value.strip():
            return super()._search_display_name(operator, value)
        return self._property_household_domain(value)

    @api.model
    def _property_household_domain(self, text):
        """Return the domain of the units that a search text means.

        :param str text: ``3-1-1502``, ``3-1502``, ``1502``, a name, the last four or more digits
            of a phone number, or a number plate
        :return: Domain on property.unit
        """
        text = unicodedata.normalize("NFKC", text).strip().replace("－", "-")
        domain = Domain("code", "ilike", text) | Domain(
            "occupancy_ids", "any", self._property_people_domain(text)
        )
        parts = [part for part in re.split(r"[-#栋单元室号\s]+", text) if part]
        if len(parts) == 2 and re.search(r"\d", parts[1]):
            domain |= Domain("building_id.code", "=", parts[0]) & Domain("room", "=", parts[1])
        elif len(parts) == 3 and re.search(r"\d", parts[2]):
            domain |= Domain("code", "=", "-".join(parts))
        plate = plate_tools.normalise(text)
        if len(plate) >= 4:
            plates = Domain("plate", "ilike", plate)
            domain |= Domain("vehicle_ids", "any", plates)
            domain |= Domain("space_vehicle_ids", "any", plates)
            domain |= Domain("child_ids.space_vehicle_ids", "any", plates)
        return domain

    @api.model
    def _property_people_domain(self, text):
        """Return the domain of the current occupancies of people meant by a search text."""
        people = Domain("partner_id.name", "ilike", text)
        digits = re.sub(r"[\s+()-]", "", text)
        if digits.isdigit() and len(digits) >= 4:
            people |= Domain("partner_id.phone_digits", "=like", f"%{digits}")
        return self.env["property.occupancy"]._domain_current() & people
