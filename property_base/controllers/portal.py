from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

MAX_ID = 2**31 - 1

# Who is shown to whom on the page of a household: an owner sees everybody who lives in the unit,
# a tenant must not see the owner's family and a relative must not see the tenant.
SHOWN_ROLES = {
    "owner": {"owner", "co_owner", "tenant", "family", "agent"},
    "co_owner": {"owner", "co_owner", "tenant", "family", "agent"},
    "agent": {"owner", "co_owner", "tenant", "family", "agent"},
    "family": {"owner", "co_owner", "family"},
    "tenant": {"tenant"},
}


def is_record_id(value):
    """Tell whether a value that came from outside may be a record's id.

    :param value: anything a client can send
    :return: True for a positive 32-bit integer (booleans are not integers here)
    """
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID


class PropertyPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the household's units."""
        values = super()._prepare_home_portal_values(counters)
        if "property_unit_count" in counters:
            occupancies_sudo = request.env.user.partner_id._property_current_occupancies_sudo()
            values["property_unit_count"] = len(occupancies_sudo.unit_id)
        return values

    @http.route("/my/units", type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def my_units(self, **kwargs):
        """Show the units of the user's household and who lives there."""
        values = self._prepare_portal_layout_values()
        values.update(page_name="property_units", households=self._household_values())
        return request.render("property_base.portal_my_units", values)

    @http.route("/my/units/bill_access", type="jsonrpc", auth="user")
    def my_units_bill_access(self, occupancy_id=None, allowed=None, **kwargs):
        """Let the owner of a unit say whether one of its residents may see the bills.

        :param int occupancy_id: the resident's `property.occupancy`
        :param bool allowed: the new answer
        :return: dict with the answer that is now stored
        :raise UserError: when the user is not today's owner of that unit
        """
        if not is_record_id(occupancy_id) or not isinstance(allowed, bool):
            raise UserError(request.env._("This request is not valid. Reload the page."))
        partner = request.env.user.partner_id
        own_sudo = partner._property_current_occupancies_sudo().filtered(
            lambda occupancy: occupancy.role == "owner"
        )
        # sudo: a portal user cannot write occupancies; the owner's right is checked just above
        resident_sudo = own_sudo.unit_id._property_residents_sudo().filtered(
            lambda occupancy: occupancy.id == occupancy_id and occupancy not in own_sudo
        )
        if not resident_sudo:
            raise AccessError(
                request.env._("Only the owner of the unit can decide who may see its bills.")
            )
        if resident_sudo.may_see_bills != allowed:
            resident_sudo.may_see_bills = allowed
            request.env["property.audit"]._log(
                "personal_data",
                record=resident_sudo,
                before={"may_see_bills": not allowed},
                after={"may_see_bills": allowed},
            )
        return {"allowed": resident_sudo.may_see_bills}

    def _household_values(self):
        """Return what the page of a household shows: plain values only, nothing to browse."""
        partner = request.env.user.partner_id
        mine_sudo = partner._property_current_occupancies_sudo()
        roles = dict(mine_sudo._fields["role"]._description_selection(request.env))
        states = dict(mine_sudo.unit_id._fields["state"]._description_selection(request.env))
        residents_by_unit = mine_sudo.unit_id._property_residents_sudo().grouped("unit_id")
        households = []
        for unit, own_sudo in mine_sudo.grouped("unit_id").items():
            own_sudo = own_sudo.sorted("role_order")
            shown = set().union(*(SHOWN_ROLES[occupancy.role] for occupancy in own_sudo))
            is_owner = "owner" in own_sudo.mapped("role")
            residents = residents_by_unit.get(unit, own_sudo).filtered(
                lambda occupancy, shown=shown, own=own_sudo: (
                    occupancy.role in shown or occupancy in own
                )
            )
            households.append(
                {
                    "unit": self._unit_values(unit, states),
                    "role": roles[own_sudo[:1].role],
                    "may_see_bills": any(own_sudo.mapped("may_see_bills")),
                    "is_owner": is_owner,
                    "residents": [
                        {
                            "id": occupancy.id,
                            "name": occupancy.partner_id.name,
                            "role": roles[occupancy.role],
                            "phone": occupancy.partner_id.phone_masked,
                            "since": occupancy.date_from,
                            "is_me": occupancy in own_sudo,
                            "may_see_bills": occupancy.may_see_bills,
                            "can_change": is_owner and occupancy not in own_sudo,
                        }
                        for occupancy in residents.sorted("role_order")
                    ],
                }
            )
        return households

    def _unit_values(self, unit_sudo, states):
        """Return the whitelisted facts of a unit.

        :param unit_sudo: the unit
        :param dict states: labels of the unit's states
        """
        return {
            "code": unit_sudo.code,
            "site": unit_sudo.site_id.name,
            "building": unit_sudo.building_id.name or "",
            "type": unit_sudo.type_id.name,
            "state": states.get(unit_sudo.state, ""),
            "area": unit_sudo.area_gross,
            "handover_date": unit_sudo.handover_date,
            "spaces": [
                {
                    "code": space.code,
                    "type": space.type_id.name,
                    "plates": space.space_vehicle_ids.mapped("plate_display"),
                }
                for space in unit_sudo.child_ids
            ],
            "plates": unit_sudo.vehicle_ids.mapped("plate_display"),
            "site_phone": unit_sudo.site_id.phone,
        }
