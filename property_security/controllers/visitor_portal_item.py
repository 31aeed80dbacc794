"""物品放行 in the portal: what a household has carried out, and the owner's word to a tenant's."""

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.http import request

from ..tools.visitor_form import (
    MAX_NAME,
    MAX_TEXT,
    FormError,
    read_choice,
    read_items,
    read_phone,
    read_text,
    read_window,
)
from ..tools.visitor_photo import MAX_BYTES, MAX_PHOTOS, PhotoError, clean_photo
from .visitor_portal import VisitorPortalBase
from .visitor_words import read_plate, shown

MAX_UPLOAD = MAX_PHOTOS * MAX_BYTES + 2**20
ROWS = 8  # rows for items in the form


class VisitorPortalItem(VisitorPortalBase):
    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the lists that wait for the user's word."""
        values = super()._prepare_home_portal_values(counters)
        if "property_item_release_count" in counters:
            values["property_item_release_count"] = self._item_count([])
        if "property_item_release_waiting_count" in counters:
            values["property_item_release_waiting_count"] = self._item_count(
                [
                    ("owner_approval", "=", "waiting"),
                    ("revoked_at", "=", False),
                    ("valid_to", ">=", fields.Datetime.now()),
                    ("partner_id", "!=", request.env.user.partner_id.id),
                ]
            )
        return values

    def _item_count(self, domain):
        # sudo: the domain says what this person may see
        releases_sudo = request.env["property.item.release"].sudo()
        return releases_sudo.search_count(
            releases_sudo._portal_domain(request.env.user.partner_id) & Domain(domain)
        )

    @http.route(
        ["/my/item-releases", "/my/item-releases/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_item_releases(self, page=1, **kwargs):
        """Show the lists of the user, and those that ask for his word."""
        values = self._visitor_list(
            "property.item.release", "/my/item-releases", page, self._item_row
        )
        values.update(page_name="property_item_releases", has_units=bool(self._visitor_units()))
        return request.render("property_security.portal_my_item_releases", values)

    @http.route(
        "/my/item-releases/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_item_release_new(self, **kwargs):
        """Show the form of a new list."""
        return self._item_form({})

    @http.route(
        "/my/item-releases/new",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
        max_content_length=MAX_UPLOAD,
    )
    def my_item_release_make(self, **kwargs):
        """Make a list; a form that is sent twice makes one."""
        try:
            made_sudo = self._visitor_make("property.item.release", kwargs, self._item_make)
        except FormError as error:
            return self._item_form(kwargs, self._visitor_problem(error.field))
        except PhotoError:
            return self._item_form(
                kwargs,
                request.env._(
                    "A photo cannot be read, or there are more than %(count)s. Choose others.",
                    count=MAX_PHOTOS,
                ),
            )
        except UserError as error:
            return self._item_form(kwargs, str(error))
        return request.redirect(f"/my/item-releases/{made_sudo.id}", code=303)

    def _item_make(self, form):
        """Make and hand out what a form asks for."""
        partner = request.env.user.partner_id
        unit_sudo = self._visitor_unit(form.get("unit"))
        first, last = read_window(form, fields.Datetime.now(), unit_sudo.site_id.tz)
        sent = request.httprequest.form
        items = read_items(sent.getlist("item"), sent.getlist("quantity"))
        photos = self._item_photos()
        # sudo: portal users make no lists by hand; every value is read above and below
        releases_sudo = request.env["property.item.release"].sudo()
        releases_sudo._check_room(partner)
        made_sudo = releases_sudo.create(
            {
                "partner_id": partner.id,
                "unit_id": unit_sudo.id,
                "carrier": read_text(form.get("carrier"), "carrier", MAX_NAME, required=True),
                "phone": read_phone(form.get("phone")) or False,
                "plate": read_plate(form.get("plate")) or False,
                "note": read_text(form.get("note"), "note", MAX_TEXT) or False,
                "valid_from": first,
                "valid_to": last,
                "line_ids": [
                    Command.create({"name": name, "quantity": quantity, "sequence": number})
                    for number, (name, quantity) in enumerate(items)
                ],
            }
        )
        request.env["ir.attachment"].sudo().create(
            [
                {
                    "name": f"photo-{number}.jpg",
                    "raw": photo,
                    "mimetype": "image/jpeg",
                    "res_model": made_sudo._name,
                    "res_id": made_sudo.id,
                }
                for number, photo in enumerate(photos, 1)
            ]
        )
        made_sudo.action_issue()
        return made_sudo

    def _item_photos(self):
        """Return the photos of a form, small and without metadata.

        :raise PhotoError: one of them is none, or there are too many
        """
        files = [one for one in request.httprequest.files.getlist("photos") if one.filename]
        if len(files) > MAX_PHOTOS:
            raise PhotoError("too_many")
        return [clean_photo(one.read(MAX_BYTES + 1)) for one in files]

    def _item_form(self, form, problem=""):
        sent = request.httprequest.form
        names, counts = sent.getlist("item"), sent.getlist("quantity")
        rows = list(zip(names, counts, strict=False))[:ROWS]
        values = self._visitor_form_values(form, problem)
        values.update(
            page_name="property_item_release_new",
            rows=rows + [("", "1")] * (ROWS - len(rows)),
            most_photos=MAX_PHOTOS,
        )
        return request.render("property_security.portal_item_release_new", values)

    def _item_row(self, release_sudo):
        partner = request.env.user.partner_id
        asks_me = (
            release_sudo.owner_approval == "waiting"
            and release_sudo.state == "waiting"
            and partner in release_sudo._approvers()
        )
        return {
            **self._visitor_row(release_sudo),
            "carrier": release_sudo.carrier,
            "summary": release_sudo.summary,
            "asked_by": release_sudo.partner_id.name if release_sudo.partner_id != partner else "",
            "asks_me": asks_me,
            "waits_for_owner": release_sudo.owner_approval == "waiting",
        }

    @http.route(
        "/my/item-releases/<int:release_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_item_release(self, release_id, **kwargs):
        """Show a list: its code, what is on it, and what became of it."""
        release_sudo = self._visitor_own("property.item.release", release_id)
        if not release_sudo:
            return self._visitor_missing("/my/item-releases")
        return self._item_page(release_sudo)

    def _item_page(self, release_sudo, problem=""):
        row = self._item_row(release_sudo)
        if row["asked_by"]:  # the code is for who asked
            row.update(link="", code="")
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_item_release",
            one=row,
            problem=problem,
            qr=release_sudo._qr_image() if row["link"] else "",
            lines=[
                {"name": line.name, "quantity": line.quantity, "counted": line.counted}
                for line in release_sudo.line_ids
            ],
            done=release_sudo.done_at and shown(release_sudo.done_at, release_sudo.site_id),
        )
        return request.render("property_security.portal_item_release", values)

    @http.route(
        "/my/item-releases/<int:release_id>/<string:step>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_item_release_step(self, release_id, step, **kwargs):
        """Cancel a list of one's own, or say the owner's word to a tenant's."""
        release_sudo = self._visitor_own("property.item.release", release_id)
        try:
            step = read_choice(step, "step", ("revoke", "approve", "refuse"))
        except FormError:
            release_sudo = release_sudo.browse()
        if not release_sudo:
            return self._visitor_missing("/my/item-releases")
        partner = request.env.user.partner_id
        try:
            with request.env.cr.savepoint():
                if step != "revoke":
                    word = "approved" if step == "approve" else "refused"
                    release_sudo._owner_decides(partner, word)
                elif release_sudo.partner_id == partner:
                    release_sudo._revoke()
                else:
                    raise AccessError(request.env._("Only who made the list cancels it."))
        except UserError as error:  # an AccessError is one
            return self._item_page(release_sudo, str(error))
        return request.redirect(f"/my/item-releases/{release_sudo.id}", code=303)
