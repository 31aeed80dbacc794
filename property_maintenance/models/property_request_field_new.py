from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.inspection_round.tools.field_error import FieldRefused

from ..tools.field_step import read_new
from ..tools.request_form import FormError

SHOWN = 12


class PropertyRequestFieldNew(models.AbstractModel):
    """The register on phones: who lives where, and requests raised on the way."""

    _name = "property.request.field.new"
    _description = "Register and New Requests on Phones"

    @api.model
    def _field_data(self, employee):
        """Collect what a new request is chosen from.

        :param employee: hr.employee who signed in
        :return: JSON-able dict
        """
        categories = self.env["property.request.category"].search([("is_leaf", "=", True)])
        return {
            "sites": [
                {"id": site.id, "name": site.name} for site in self.env["property.site"].search([])
            ],
            "categories": [
                {"id": one.id, "name": one.complete_name, "kind": one.kind} for one in categories
            ],
        }

    @api.model
    def _field_take(self, entry, payload, files):
        """Raise a request that somebody of the staff came upon.

        :param entry: field.entry of this transaction
        :param payload: dict with site, unit, place, kind, category, text, is_urgent
        :param files: photos, {sha256: bytes}
        :return: (request, answer for the phone)
        :raise FieldRefused: nothing is written
        """
        requests = self.env["maintenance.request"]
        try:
            new = read_new(payload)
        except FormError as wrong:
            raise FieldRefused(422, requests._field_wrong(wrong)) from None
        site = self.env["property.site"].search([("id", "=", new["site"])])
        unit = self.env["property.unit"].search([("id", "=", new["unit"] or 0)])
        if not site or (new["unit"] and unit.site_id != site):
            raise FieldRefused(
                404, self.env._("This site or home is none of yours. Choose another one.")
            )
        vals = {
            "site_id": site.id,
            "unit_id": unit.id or None,
            "place": new["place"] or None,
            "kind": new["kind"],
            "request_category_id": new["category"],
            "description": new["text"],
            "is_urgent": new["is_urgent"],
            "channel": "field",
            "contact_name": self.env.user.name,
        }
        photos = requests._clean_photos(list(files.values()))
        raised_sudo = requests._raise_request(vals, photos).sudo()
        return raised_sudo, {"number": raised_sudo.code}

    @api.model
    def _lookup(self, text):
        """Find homes and who lives there, as the reader may see them; phones are masked.

        :param str text: room, name, phone tail or plate
        :return: list of dict
        :raise AccessError: for who is no property staff
        """
        if not self.env.user.has_group("property_base.group_staff"):
            raise AccessError(self.env._("The register is for staff. Ask your site manager."))
        text = text.strip()[:60] if isinstance(text, str) else ""
        if not text:
            return []
        units = self.env["property.unit"]
        found = units.search(units._property_household_domain(text), limit=SHOWN)
        people = self.env["property.occupancy"]
        rows = people.search(
            people._domain_current() & Domain("unit_id", "in", found.ids), order="role_order, id"
        ).grouped("unit_id")
        roles = dict(people._fields["role"]._description_selection(self.env))
        return [
            {
                "id": unit.id,
                "code": unit.code,
                "site_id": unit.site_id.id,
                "site": unit.site_id.name,
                "type": unit.type_id.name,
                "plates": (unit.vehicle_ids | unit.space_vehicle_ids).mapped("plate_display"),
                "people": [
                    {
                        "id": row.partner_id.id,
                        "name": row.partner_id.name or "",
                        "role": roles.get(row.role, ""),
                        "phone": row.partner_phone_masked or "",
                    }
                    for row in rows.get(unit, people)
                ],
            }
            for unit in found
        ]
