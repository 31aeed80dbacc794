"""Visitors of a household: a pass in three taps, its link, and who has come."""

import secrets
from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from psycopg2.errors import UniqueViolation

from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.addons.property_base.controllers.portal import is_record_id

from ..models.visitor_words import KINDS
from ..tools.visitor_form import (
    MAX_NAME,
    MAX_TEXT,
    FormError,
    read_choice,
    read_number,
    read_phone,
    read_text,
    read_token,
    read_window,
)
from .visitor_words import read_plate, shown, spaced

PAGE_SIZE = 20
NEWS = timedelta(days=2)  # of visitors without a pass, on the first page
#: Look of a state on the pages of residents.
TAGS = {
    "valid": "op-tag-ok",
    "done": "op-tag-ok",
    "upcoming": "",
    "waiting": "op-tag-wait",
    "refused": "op-tag-due",
}


class VisitorPortalBase(CustomerPortal):
    """What the pages of visitors and of item releases have in common."""

    def _visitor_units(self):
        """Return the units for which the user may let somebody in, in superuser mode."""
        rows_sudo = request.env.user.partner_id._property_current_occupancies_sudo()
        return rows_sudo.unit_id.filtered(lambda unit: unit.kind not in ("parking", "storage"))

    def _visitor_unit(self, text):
        """Return the unit that a form names: one of the user's own.

        :raise FormError: it is none of them
        """
        number = read_number(text, "unit")
        units_sudo = self._visitor_units()
        found = units_sudo.filtered(lambda unit: unit.id == number) if number else units_sudo[:1]
        if not found:
            raise FormError("unit")
        return found

    def _visitor_own(self, model, number):
        """Return a record of the user's own in superuser mode, or an empty one."""
        # sudo: portal users read no tickets; the domain keeps to their own
        records_sudo = request.env[model].sudo()
        if not is_record_id(number):
            return records_sudo
        own = records_sudo._portal_domain(request.env.user.partner_id)
        return records_sudo.search(own & Domain("id", "=", number))

    def _visitor_make(self, model, form, make):
        """Make a ticket from a form once, however often it is sent.

        :param make: function of the form that returns the record, in superuser mode
        :return: record
        :raise FormError: for a value that cannot be taken
        :raise UserError: for what the record itself refuses
        """
        token = read_token(form.get("token"))
        # sudo: portal users read no tickets; the domain keeps to their own
        records_sudo = request.env[model].sudo()
        again = Domain("partner_id", "=", request.env.user.partner_id.id) & Domain(
            "form_token", "=", token
        )
        if known_sudo := records_sudo.search(again):
            return known_sudo
        try:
            with request.env.cr.savepoint():
                made_sudo = make(form)
                made_sudo.form_token = token
                request.env.flush_all()
        except UniqueViolation:
            known_sudo = records_sudo.search(again)
            if not known_sudo:
                raise FormError("token") from None
            return known_sudo
        return made_sudo

    def _visitor_list(self, model, url, page, describe):
        """Return what a list of the user's tickets shows."""
        # sudo: the domain says what this person may see
        records_sudo = request.env[model].sudo()
        domain = records_sudo._portal_domain(request.env.user.partner_id) & Domain(
            "issued_at", "!=", False
        )
        pages = pager(url, records_sudo.search_count(domain), page=page, step=PAGE_SIZE)
        found_sudo = records_sudo.search(
            domain, order="valid_to desc, id desc", limit=PAGE_SIZE, offset=pages["offset"]
        )
        values = self._prepare_portal_layout_values()
        values.update(rows=[describe(one) for one in found_sudo], pager=pages)
        return values

    def _visitor_form_values(self, form, problem):
        """Return what every form shows."""
        values = self._prepare_portal_layout_values()
        values.update(
            form=form,
            problem=problem,
            token=secrets.token_hex(16),
            units=[
                {"id": unit.id, "label": f"{unit.site_id.name} {unit.code}"}
                for unit in self._visitor_units()
            ],
        )
        return values

    def _visitor_problem(self, field):
        """Say which value of a form cannot be taken."""
        env = request.env
        texts = {
            "name": env._("Write the name of the visitor."),
            "carrier": env._("Write who carries the things out."),
            "plate": env._("This is no number plate. Write it like 浙A12345, or leave it empty."),
            "phone": env._("This is no telephone number. Correct it, or leave it empty."),
            "unit": env._("Choose the unit."),
            "when": env._("Choose the day."),
            "day_from": env._("Choose the first day."),
            "day_to": env._("Choose a last day that is not before the first and not over yet."),
            "items": env._("Write what is carried out, and how many (1 to 999)."),
            "token": env._("The form was too old. Please check it and send it again."),
        }
        return texts.get(field) or env._("Please fill in what is missing, then send it again.")

    def _visitor_row(self, ticket_sudo):
        """Return what passes and releases show of themselves: plain values."""
        states = dict(ticket_sudo._fields["state"]._description_selection(request.env))
        state, code = ticket_sudo.state, ticket_sudo.code
        is_live = state in ("valid", "upcoming")
        return {
            "id": ticket_sudo.id,
            "state": state,
            "state_label": states[state],
            "tag": TAGS.get(state, "op-tag-plain"),
            "site": ticket_sudo.site_id.name,
            "unit": ticket_sudo.unit_id.code,
            "from": shown(ticket_sudo.valid_from, ticket_sudo.site_id),
            "to": shown(ticket_sudo.valid_to, ticket_sudo.site_id),
            "plate": request.env["property.vehicle"]._display_plate(ticket_sudo.plate),
            "note": ticket_sudo.note or "",
            "refusal": (state == "refused" and ticket_sudo.refusal) or "",
            "code": spaced(code) if is_live else "",
            "link": ticket_sudo._share_url() if is_live else "",
            "may_revoke": state in ("valid", "upcoming", "waiting")
            and ticket_sudo.partner_id == request.env.user.partner_id,
        }

    def _visitor_missing(self, url):
        """Say that there is nothing of the user's under an address."""
        values = self._prepare_portal_layout_values()
        values.update(back=url)
        return request.render("property_security.portal_visitor_missing", values, status=404)


class VisitorPortal(VisitorPortalBase):
    def _prepare_home_portal_values(self, counters):
        """Override of `portal` to count the passes that count now."""
        values = super()._prepare_home_portal_values(counters)
        if "property_visitor_count" in counters:
            # sudo: the domain says what this person may see
            passes_sudo = request.env["property.visitor.pass"].sudo()
            values["property_visitor_count"] = passes_sudo.search_count(
                passes_sudo._portal_domain(request.env.user.partner_id)
                & Domain("state", "in", ["valid", "upcoming", "waiting"])
            )
        if "property_walk_in_count" in counters:
            visits = request.env["property.visitor.visit"]
            values["property_walk_in_count"] = len(
                visits._of_household(request.env.user.partner_id, NEWS)
            )
        return values

    @http.route(
        ["/my/visitors", "/my/visitors/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_visitors(self, page=1, **kwargs):
        """Show the passes of the user."""
        values = self._visitor_list(
            "property.visitor.pass", "/my/visitors", page, self._visitor_pass_row
        )
        visits = request.env["property.visitor.visit"]._of_household(request.env.user.partner_id)
        values.update(
            page_name="property_visitors",
            has_units=bool(self._visitor_units()),
            walk_ins=[self._visitor_walk_in(visit) for visit in visits] if page == 1 else [],
        )
        return request.render("property_security.portal_my_visitors", values)

    def _visitor_walk_in(self, visit_sudo):
        """Return what a household sees of a visitor without a pass: plain values."""
        kinds = dict(visit_sudo._fields["kind"]._description_selection(request.env))
        return {
            "uuid": visit_sudo.uuid,
            "name": visit_sudo.name,
            "kind": kinds[visit_sudo.kind],
            "unit": visit_sudo.unit_id.code,
            "in": shown(visit_sudo.entered_at, visit_sudo.site_id),
            "gate": visit_sudo.gate or "",
            "agreed": visit_sudo.confirmed_by or "",
            "is_denied": bool(visit_sudo.denied_at),
        }

    @http.route(
        "/my/visitors/walk-in/<string:uuid>/unknown",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_visitor_unknown(self, uuid, **kwargs):
        """Note that the household does not know a visitor who came without a pass."""
        partner = request.env.user.partner_id
        visits_sudo = request.env["property.visitor.visit"]._of_household(partner)
        visit_sudo = visits_sudo.filtered(lambda visit: visit.uuid == uuid)
        if not visit_sudo:
            return self._visitor_missing("/my/visitors")
        visit_sudo._deny(partner)
        return request.redirect("/my/visitors#walk-ins", code=303)

    @http.route(
        "/my/visitors/new", type="http", auth="user", website=True, methods=["GET"], sitemap=False
    )
    def my_visitors_new(self, **kwargs):
        """Show the form of a new pass."""
        return self._visitor_pass_form({})

    @http.route(
        "/my/visitors/new", type="http", auth="user", website=True, methods=["POST"], sitemap=False
    )
    def my_visitors_make(self, **kwargs):
        """Make a pass; a form that is sent twice makes one."""
        try:
            made_sudo = self._visitor_make("property.visitor.pass", kwargs, self._visitor_pass_make)
        except FormError as error:
            return self._visitor_pass_form(kwargs, self._visitor_problem(error.field))
        except UserError as error:
            return self._visitor_pass_form(kwargs, str(error))
        return request.redirect(f"/my/visitors/{made_sudo.id}", code=303)

    def _visitor_pass_make(self, form):
        """Make and hand out what a form asks for."""
        partner = request.env.user.partner_id
        unit_sudo = self._visitor_unit(form.get("unit"))
        first, last = read_window(form, fields.Datetime.now(), unit_sudo.site_id.tz)
        # sudo: portal users make no passes by hand; every value is read above and below
        passes_sudo = request.env["property.visitor.pass"].sudo()
        passes_sudo._check_room(partner)
        made_sudo = passes_sudo.create(
            {
                "partner_id": partner.id,
                "unit_id": unit_sudo.id,
                "name": read_text(form.get("name"), "name", MAX_NAME, required=True),
                "kind": read_choice(form.get("kind") or "visitor", "kind", dict(KINDS)),
                "phone": read_phone(form.get("phone")) or False,
                "plate": read_plate(form.get("plate")) or False,
                "note": read_text(form.get("note"), "note", MAX_TEXT) or False,
                "valid_from": first,
                "valid_to": last,
                "uses_max": 0 if form.get("is_often") else 1,
                "show_unit": not form.get("hide_unit"),
            }
        )
        made_sudo.action_issue()
        return made_sudo

    def _visitor_pass_form(self, form, problem=""):
        values = self._visitor_form_values(form, problem)
        kinds = request.env["property.visitor.pass"]._fields["kind"]
        values.update(
            page_name="property_visitor_new", kinds=kinds._description_selection(request.env)
        )
        return request.render("property_security.portal_visitor_new", values)

    def _visitor_pass_row(self, pass_sudo):
        kinds = dict(pass_sudo._fields["kind"]._description_selection(request.env))
        return {
            **self._visitor_row(pass_sudo),
            "name": pass_sudo.name,
            "kind": kinds[pass_sudo.kind],
            "is_often": pass_sudo.uses_max != 1,
            "visit_count": pass_sudo.use_count,
        }

    @http.route(
        "/my/visitors/<int:pass_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_visitor(self, pass_id, **kwargs):
        """Show a pass: its code, its link, and when the visitor came."""
        pass_sudo = self._visitor_own("property.visitor.pass", pass_id)
        if not pass_sudo:
            return self._visitor_missing("/my/visitors")
        row = self._visitor_pass_row(pass_sudo)
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_visitor",
            one=row,
            qr=pass_sudo._qr_image() if row["link"] else "",
            visits=[
                {
                    "in": shown(visit.entered_at, visit.site_id),
                    "out": visit.left_at and shown(visit.left_at, visit.site_id),
                }
                for visit in pass_sudo.visit_ids
            ],
        )
        return request.render("property_security.portal_visitor", values)

    @http.route(
        "/my/visitors/<int:pass_id>/revoke",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_visitor_revoke(self, pass_id, **kwargs):
        """Revoke a pass."""
        pass_sudo = self._visitor_own("property.visitor.pass", pass_id)
        if not pass_sudo:
            return self._visitor_missing("/my/visitors")
        pass_sudo._revoke()
        return request.redirect(f"/my/visitors/{pass_sudo.id}", code=303)
