"""What a guard's phone asks while it has a network: is this code good, now, at this gate?"""

from odoo import fields
from odoo.http import request, route

from odoo.addons.inspection_round.controllers.field_sync import FieldSyncController
from odoo.addons.inspection_round.tools import field_payload
from odoo.addons.inspection_round.tools.field_error import FieldRefused
from odoo.addons.property_base.controllers.portal import is_record_id

from ..tools.visitor_form import CODE
from ..tools.visitor_step import read_link

TICKETS = {"pass": "property.visitor.pass", "release": "property.item.release"}


class VisitorField(FieldSyncController):
    @route("/field/visitor/check", type="http", auth="public", methods=["POST"], csrf=False)
    def visitor_check(self):
        """Judge a QR code or a typed code; typed codes are limited in number."""
        return self._answered(self._visitor_check)

    def _visitor_check(self):
        self._employee()
        request.env["property.visitor.visit"]._field_check_guard()
        body = self._parsed(field_payload.parse)
        text, site_id = body.get("text"), body.get("site")
        site = request.env["property.site"]
        if is_record_id(site_id):
            site = site.search([("id", "=", site_id)])
        if not site or not isinstance(text, str):
            raise FieldRefused(400, request.env._("Choose a site and scan or type a code."))
        token, _signed = read_link(text)
        if token:
            return 200, self._visitor_answer(self._of_token(token), site)
        attempts = request.env["property.visitor.attempt"]
        if attempts._is_blocked(site):
            # no exception: what was noted before has to stay
            return 429, {
                "error": request.env._(
                    "Too many wrong codes were typed. Scan the QR code, choose the visitor from "
                    "the list, or wait ten minutes."
                )
            }
        ticket_sudo = self._of_code(text, site)
        attempts._note(site, bool(ticket_sudo))
        return 200, self._visitor_answer(ticket_sudo, site)

    def _of_token(self, token):
        found = (request.env[model]._of_token(token) for model in TICKETS.values())
        return next((ticket_sudo for ticket_sudo in found if ticket_sudo), None)

    def _of_code(self, text, site):
        """Find what a guard typed, at his site only."""
        code = "".join(text.split())
        if not CODE.fullmatch(code):
            return None
        for model in TICKETS.values():
            # sudo: guards do not read codes; the site is theirs
            found_sudo = (
                request.env[model].sudo().search([("site_id", "=", site.id), ("code", "=", code)])
            )
            if found_sudo:
                return found_sudo
        return None

    def _visitor_answer(self, ticket_sudo, site):
        """Say what becomes of a ticket; of a foreign site's nothing but that it is one."""
        if not ticket_sudo:
            return {"verdict": "unknown"}
        if ticket_sudo.site_id != site:
            return {"verdict": "foreign"}
        now = fields.Datetime.now()
        if ticket_sudo._name == TICKETS["pass"]:
            is_banned = bool(ticket_sudo._banned())
            described = {"subject": "pass", "pass": ticket_sudo._field_pass(is_banned)}
        else:
            is_banned = False
            described = {"subject": "release", "release": ticket_sudo._field_release()}
        return {"verdict": ticket_sudo._verdict(now, is_banned), **described}
