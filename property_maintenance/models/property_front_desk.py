from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..tools.workflow import OPEN_STEPS
from .maintenance_request_raise import MAX_PHOTOS
from .property_request_category import KINDS

SHOWN = 20
LATELY = 5
IS_OPEN = Domain("step", "in", OPEN_STEPS)


class PropertyFrontDesk(models.AbstractModel):
    """What the screen of the front desk asks for (前台): who calls, what is open, what is new."""

    _name = "property.front.desk"
    _description = "Front Desk"

    @api.model
    def _check_desk(self):
        """Raise unless the user takes calls."""
        if not self.env.user.has_group("property_base.group_service"):
            raise AccessError(
                self.env._(
                    "The front desk is for customer service. Ask your site manager for that role."
                )
            )

    @api.model
    def start(self):
        """Return what the screen needs before somebody calls.

        :return: dict with the kinds, the categories and the sites
        """
        self._check_desk()
        labels = dict(
            self.env["maintenance.request"]._fields["kind"]._description_selection(self.env)
        )
        categories = self.env["property.request.category"].search([("is_leaf", "=", True)])
        return {
            "kinds": [[kind, labels[kind]] for kind, _label in KINDS],
            "categories": [
                {
                    "id": one.id,
                    "name": one.complete_name,
                    "kind": one.kind,
                    "note": self._category_note(one),
                }
                for one in categories
            ],
            "sites": [
                {"id": site.id, "name": site.name} for site in self.env["property.site"].search([])
            ],
            "most_photos": MAX_PHOTOS,
        }

    @api.model
    def _category_note(self, category):
        """Return what may be promised to the caller, in a line."""
        parts = []
        if category.respond_hours:
            parts.append(self.env._("answer in %(hours)g h", hours=category.respond_hours))
        if category.arrive_hours:
            parts.append(self.env._("there in %(hours)g h", hours=category.arrive_hours))
        if category.finish_hours:
            parts.append(self.env._("done in %(hours)g h", hours=category.finish_hours))
        if category.is_chargeable:
            parts.append(self.env._("chargeable: a quotation comes first"))
        return " · ".join(parts)

    # Who calls --------------------------------------------------------------------------------

    @api.model
    def search_callers(self, text):
        """Find homes by phone, name, plate or room; a person who was found is the caller.

        :param str text: what was typed
        :return: list of dict
        """
        self._check_desk()
        text = text.strip()[:60] if isinstance(text, str) else ""
        if not text:
            return []
        units = self.env["property.unit"]
        found = units.search(units._property_household_domain(text), limit=SHOWN)
        rows = self._people_of(found)
        people = self.env["property.occupancy"].search(
            units._property_people_domain(text) & Domain("unit_id", "in", found.ids)
        )
        open_counts = self._open_counts(found)
        values = []
        for unit in found:
            mine = rows.get(unit, people.browse())
            callers = people.filtered(lambda row, unit=unit: row.unit_id == unit) or mine
            # sudo: whoever may see who lives there may see the names; phones stay masked
            names = callers.partner_id.sudo().mapped("name")
            values.append(
                {
                    "id": unit.id,
                    "contact_id": callers[:1].partner_id.id,
                    "code": unit.code,
                    "site": unit.site_id.name,
                    "names": "、".join(name or "" for name in names[:3]),
                    "phone": callers[:1].partner_phone_masked or "",
                    "open_count": open_counts.get(unit, 0),
                }
            )
        return values

    @api.model
    def _people_of(self, units):
        """Return dict unit -> its current occupancies, owner and tenant first."""
        current = self.env["property.occupancy"]._domain_current()
        rows = self.env["property.occupancy"].search(
            current & Domain("unit_id", "in", units.ids), order="role_order, id"
        )
        return rows.grouped("unit_id")

    @api.model
    def _open_counts(self, units):
        requests = self.env["maintenance.request"]
        groups = requests._read_group(
            IS_OPEN & Domain("unit_id", "in", units.ids), ["unit_id"], ["__count"]
        )
        return dict(groups)

    # What is known of the place ---------------------------------------------------------------

    @api.model
    def open_unit(self, unit_id):
        """Return what the desk sees of a home before a request is raised.

        :param int unit_id: the unit
        """
        self._check_desk()
        unit = self.env["property.unit"].browse(unit_id if type(unit_id) is int else 0).exists()
        if not unit:
            raise UserError(self.env._("This home is no longer there. Search again."))
        unit.check_access("read")
        people = self._people_of(unit).get(unit, self.env["property.occupancy"])
        roles = dict(people._fields["role"]._description_selection(self.env))
        place = Domain("unit_id", "=", unit.id)
        return {
            **self._place_values(unit.site_id, place),
            "unit_id": unit.id,
            "code": unit.code,
            "facts": self._facts(unit),
            "people": [
                {
                    "id": row.partner_id.id,
                    "name": row.partner_id.name or "",
                    "role": roles.get(row.role, ""),
                    "phone": row.partner_phone_masked or "",
                }
                for row in people
            ],
        }

    @api.model
    def open_site(self, site_id):
        """Return what the desk sees of the public space of a site.

        :param int site_id: the site
        """
        self._check_desk()
        site = self.env["property.site"].browse(site_id if type(site_id) is int else 0).exists()
        if not site:
            raise UserError(self.env._("This site is no longer there. Reload the page."))
        site.check_access("read")
        place = Domain("site_id", "=", site.id) & Domain("unit_id", "=", False)
        return {
            **self._place_values(site, place),
            "unit_id": False,
            "code": self.env._("Public space"),
            "facts": [],
            "people": [],
        }

    @api.model
    def _facts(self, unit):
        vehicles = unit.vehicle_ids | unit.space_vehicle_ids | unit.child_ids.space_vehicle_ids
        parts = [unit.building_id.name, unit.type_id.name]
        if unit.area_gross:
            parts.append(f"{unit.area_gross:g} m²")
        return [
            *(part for part in parts if part),
            *unit.child_ids.mapped("code"),
            *vehicles.mapped("plate_display"),
        ]

    @api.model
    def _place_values(self, site, place):
        """Return what concerns a place: its requests and who can be sent.

        :param site: property.site
        :param place: domain of the requests of the place
        """
        requests = self.env["maintenance.request"]
        return {
            "site_id": site.id,
            "site": site.name,
            "open": [
                self._request_values(one) for one in requests.search(place & IS_OPEN, limit=SHOWN)
            ],
            "closed": [
                self._request_values(one) for one in requests.search(place & ~IS_OPEN, limit=LATELY)
            ],
            "engineers": self._engineers_of(site),
        }

    @api.model
    def _request_values(self, one):
        return {
            "id": one.id,
            "number": one.code,
            "what": one.name or "",
            "step": dict(one._fields["step"]._description_selection(self.env)).get(one.step, ""),
            "since": format_datetime(
                self.env, one.raised_at, tz=one.site_id.tz, dt_format="MM-dd HH:mm"
            ),
            # sudo: whoever sees the request may know who has it
            "assignee": one.sudo().assignee_id.name or "",
            "is_late": one.sla_state == "late",
            "urge_count": one.urge_count,
        }

    @api.model
    def _engineers_of(self, site):
        """Return the employees who can be sent, those with the least to do first."""
        # sudo: the desk need not read the files of employees; name and work are enough
        employees_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [
                    ("company_id", "=", site.company_id.id),
                    ("site_ids", "in", site.ids),
                    (
                        "user_id.all_group_ids",
                        "in",
                        self.env.ref("property_base.group_engineer").ids,
                    ),
                ]
            )
        )
        requests_sudo = self.env["maintenance.request"].sudo()
        busy = dict(
            requests_sudo._read_group(
                IS_OPEN & Domain("assignee_id", "in", employees_sudo.ids),
                ["assignee_id"],
                ["__count"],
            )
        )
        ordered = employees_sudo.sorted(lambda one: (busy.get(one, 0), one.name or ""))
        return [
            {
                "id": one.id,
                "name": self.env._(
                    "%(name)s (%(count)s open)", name=one.name, count=busy.get(one, 0)
                ),
            }
            for one in ordered
        ]
