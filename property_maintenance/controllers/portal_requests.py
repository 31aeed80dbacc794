import secrets

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from psycopg2.errors import UniqueViolation

from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.addons.property_base.controllers.portal import is_record_id

from ..models.maintenance_request_raise import MAX_PHOTOS
from ..tools.photo import MAX_BYTES
from ..tools.request_form import (
    MAX_DESCRIPTION,
    MAX_PLACE,
    FormError,
    read_id,
    read_moment,
    read_text,
    read_token,
    read_where,
)
from .request_values import ICONS, labels_of, request_page, request_row

PAGE_SIZE = 20
MAX_UPLOAD = MAX_PHOTOS * MAX_BYTES + 2**20


class PropertyRequests(CustomerPortal):
    """What a household asked for: the list, the form, the page of each with its photos."""

    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the requests, and those that wait for the resident."""
        values = super()._prepare_home_portal_values(counters)
        partner = request.env.user.partner_id
        # sudo: the domains say what this person may see
        requests_sudo = request.env["maintenance.request"].sudo()
        if "property_request_count" in counters:
            domain = requests_sudo._property_portal_domain(partner)
            values["property_request_count"] = requests_sudo.search_count(domain)
        if "property_request_waiting_count" in counters:
            domain = requests_sudo._property_waiting_domain(partner)
            values["property_request_waiting_count"] = requests_sudo.search_count(domain)
        return values

    # === List ===

    @http.route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_requests(self, page=1, **kwargs):
        """Show the requests of the user, those that wait for him first, then the newest."""
        # sudo: the domain says what this person may see
        requests_sudo = request.env["maintenance.request"].sudo()
        domain = requests_sudo._property_portal_domain(request.env.user.partner_id)
        pages = pager("/my/requests", requests_sudo.search_count(domain), page=page, step=PAGE_SIZE)
        found_sudo = requests_sudo.search(domain, limit=PAGE_SIZE, offset=pages["offset"])
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_requests",
            requests=[request_row(one) for one in found_sudo],
            pager=pages,
        )
        return request.render("property_maintenance.portal_my_requests", values)

    # === A new one ===

    @http.route(
        "/my/requests/new", type="http", auth="user", website=True, methods=["GET"], sitemap=False
    )
    def my_requests_new(self, **kwargs):
        """Show the form of a new request."""
        return self._property_request_form({"where": kwargs.get("where")})

    @http.route(
        "/my/requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_UPLOAD,
    )
    def my_requests_raise(self, **kwargs):
        """Raise a request; a form that is sent twice raises one."""
        try:
            token = read_token(kwargs.get("token"))
            found = self._property_request_of_token(token) or self._property_raise(kwargs, token)
        except FormError as error:
            return self._property_request_form(kwargs, self._property_form_problem(error.field))
        except UserError as error:
            return self._property_request_form(kwargs, str(error))
        if not found:
            return self._property_request_form(kwargs, self._property_form_problem("token"))
        return request.redirect(f"/my/requests/{found.id}?raised=1", code=303)

    def _property_request_of_token(self, token):
        # sudo: portal users do not read tokens; the domain keeps to their own requests
        requests_sudo = request.env["maintenance.request"].sudo()
        own = requests_sudo._property_portal_domain(request.env.user.partner_id)
        return requests_sudo.search(own & Domain("form_token", "=", token), limit=1)

    def _property_raise(self, form, token):
        """Raise what a form asks for.

        :param dict form: the values as they were sent
        :param str token: of the form
        :return: the request, none when the token is taken by somebody else's
        :raise FormError: for a value that cannot be taken
        :raise UserError: for photos that cannot, and what the request itself refuses
        """
        requests = request.env["maintenance.request"]
        vals = self._property_raised_vals(form)
        files = request.httprequest.files.getlist("photos")
        contents = [file.read(MAX_BYTES + 1) for file in files[: MAX_PHOTOS + 1] if file.filename]
        photos = requests._clean_photos(contents)
        try:
            with request.env.cr.savepoint():
                raised = requests._raise_request(vals, photos)
                # sudo: portal users do not write requests
                raised.sudo().form_token = token
                request.env.flush_all()
        except UniqueViolation:
            return self._property_request_of_token(token)
        return raised

    def _property_raised_vals(self, form):
        """Return the values of a new request, its place and category checked."""
        partner = request.env.user.partner_id
        where, place_id = read_where(form.get("where"))
        units_sudo = self._property_own_units_sudo()
        if where == "unit":
            unit_sudo = units_sudo.filtered(lambda unit: unit.id == place_id)
            site_sudo = unit_sudo.site_id
        else:
            unit_sudo = units_sudo.browse()
            site_sudo = units_sudo.site_id.filtered(lambda site: site.id == place_id)
        if not site_sudo:
            raise FormError("where")
        place = read_text(form.get("place"), "place", MAX_PLACE)
        if not unit_sudo and not place:
            raise FormError("place")
        description = read_text(form.get("description"), "description", MAX_DESCRIPTION)
        if not description:
            raise FormError("description")
        category_id = read_id(form.get("category"), "category")
        if category_id and category_id not in self._property_categories_sudo(site_sudo).ids:
            raise FormError("category")
        if form.get("kind") not in ICONS:
            raise FormError("kind")
        return {
            "site_id": site_sudo.id,
            "unit_id": unit_sudo.id or None,
            "place": place,
            "contact_id": partner.id,
            "kind": form["kind"],
            "channel": "portal",
            "request_category_id": category_id,
            "description": description,
            "is_urgent": bool(form.get("is_urgent")),
            "preferred_at": read_moment(form.get("preferred_at"), "preferred_at", site_sudo.tz),
        }

    def _property_own_units_sudo(self):
        units_sudo = request.env.user.partner_id._property_current_occupancies_sudo().unit_id
        return units_sudo | units_sudo._property_spaces_sudo()

    def _property_categories_sudo(self, sites_sudo):
        # sudo: residents choose among the categories without reading their settings
        categories_sudo = request.env["property.request.category"].sudo()
        return categories_sudo.search(
            Domain("is_leaf", "=", True)
            & Domain("company_id", "in", [False, *sites_sudo.company_id.ids])
        )

    def _property_form_problem(self, field):
        """Return the sentence that says what to correct in a form."""
        env = request.env
        sentences = {
            "where": env._("Choose one of your units, or a public space."),
            "place": env._("Say in a few words where it is."),
            "description": env._(
                "Say in a few words what is the matter, in at most %(most)s characters.",
                most=MAX_DESCRIPTION,
            ),
            "preferred_at": env._("This time cannot be read. Choose a day and a time."),
            "category": env._("Choose one of the categories that are offered."),
            "kind": env._("Choose what it is about."),
        }
        return sentences.get(field) or env._("This form is out of date. Please send it again.")

    def _property_request_form(self, form, problem=None):
        """Show the form with what was entered.

        :param dict form: the values as they were sent
        :param str problem: what to correct
        """
        units_sudo = self._property_own_units_sudo()
        categories_sudo = self._property_categories_sudo(units_sudo.site_id)
        kinds = labels_of(request.env["maintenance.request"].sudo(), "kind")
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_request_new",
            problem=problem,
            form={key: value for key, value in form.items() if isinstance(value, str)},
            token=secrets.token_hex(16),
            places=[
                *(
                    {
                        "value": f"unit-{unit.id}",
                        "label": f"{unit.site_id.name} {unit.code}",
                        "is_public": False,
                    }
                    for unit in units_sudo
                ),
                *(
                    {"value": f"site-{site.id}", "label": site.name, "is_public": True}
                    for site in units_sudo.site_id
                ),
            ],
            phones=[(site.name, site.phone) for site in units_sudo.site_id if site.phone],
            kinds=[
                {"value": kind, "label": kinds[kind], "icon": icon} for kind, icon in ICONS.items()
            ],
            categories=[
                {
                    "id": category.id,
                    "name": category.name,
                    "group": category.parent_id.complete_name or "",
                    "kind": category.kind,
                }
                for category in categories_sudo
                if category.kind in ICONS
            ],
            most_photos=MAX_PHOTOS,
            most_characters=MAX_DESCRIPTION,
        )
        return request.render(
            "property_maintenance.portal_new_request", values, status=422 if problem else 200
        )

    # === One of them ===

    @http.route(
        "/my/requests/<int:request_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_request(self, request_id, **kwargs):
        """Show one request with all that happened to it."""
        found_sudo = self._property_request_sudo(request_id)
        if not found_sudo:
            return self._property_request_missing()
        return self._property_request_page(found_sudo, raised=bool(kwargs.get("raised")))

    def _property_request_sudo(self, request_id):
        """Return a request of the user, none when it is not his.

        :param request_id: as the client sent it
        """
        # sudo: the domain says what this person may see
        requests_sudo = request.env["maintenance.request"].sudo()
        if not is_record_id(request_id):
            return requests_sudo
        own = requests_sudo._property_portal_domain(request.env.user.partner_id)
        return requests_sudo.search(own & Domain("id", "=", request_id))

    def _property_request_page(self, request_sudo, problem=None, raised=False):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_request",
            one=self._property_request_values(request_sudo),
            problem=problem,
            raised=raised,
        )
        return request.render(
            "property_maintenance.portal_my_request", values, status=422 if problem else 200
        )

    def _property_request_values(self, request_sudo):
        """Return what the page of a request shows: plain values."""
        return request_page(request_sudo)

    def _property_request_missing(self):
        values = {**self._prepare_portal_layout_values(), "page_name": "property_request"}
        return request.render("property_maintenance.portal_request_missing", values, status=404)

    @http.route(
        "/my/requests/<int:request_id>/photo/<int:photo_id>",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def my_request_photo(self, request_id, photo_id, **kwargs):
        """Send one photo of a request of the user."""
        found_sudo = self._property_request_sudo(request_id)
        photo_sudo = found_sudo and found_sudo._portal_photos_sudo().filtered(
            lambda photo: photo.id == photo_id
        )
        if not photo_sudo:
            return request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(photo_sudo, "raw")
        response = stream.get_response(as_attachment=False)
        response.headers["Cache-Control"] = "private, no-store"
        return response
