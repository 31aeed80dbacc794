"""The page behind the code at a lane, for cars without number plate."""

import re

from odoo.exceptions import UserError
from odoo.http import Controller, request, route

TOKEN = re.compile(r"[A-Za-z0-9_-]{16}")
COOKIE, COOKIE_SECONDS = "gate_guest", 60 * 86400
PAGE = {"type": "http", "auth": "public", "sitemap": False}


class GateGuestController(Controller):
    """Let drivers without plate in and out; the phone keeps who they are."""

    @route("/gate/u/<string:token>", methods=["GET"], **PAGE)
    def guest(self, token, **_ignored):
        """Show what the driver can do at this lane."""
        lane_sudo = self._lane(token)
        if not lane_sudo:
            return self._page({"step": "unknown"}, 404)
        return self._page(self._values(lane_sudo, self._guest(lane_sudo)))

    @route("/gate/u/<string:token>/go", methods=["POST"], **PAGE)
    def go(self, token, **_ignored):
        """Open the barrier, into the area or out of it."""
        lane_sudo = self._lane(token)
        if not lane_sudo:
            return self._page({"step": "unknown"}, 404)
        guest_sudo = self._guest(lane_sudo)
        try:
            if lane_sudo.direction == "in":
                return self._enter(lane_sudo, guest_sudo)
            return self._leave(lane_sudo, guest_sudo)
        except UserError as error:
            values = self._values(lane_sudo, guest_sudo)
            return self._page({**values, "error": error.args[0]}, 409)

    def _enter(self, lane_sudo, guest_sudo):
        # a second tap opens nothing more, and calls no guard
        if guest_sudo._stay_in(lane_sudo.area_id) or self._waits(lane_sudo, guest_sudo):
            return self._page(self._values(lane_sudo, guest_sudo))
        secret = None
        if guest_sudo:
            passage_sudo = guest_sudo._drive(lane_sudo)
        else:
            guest_sudo, secret = lane_sudo.env["property.gate.guest"]._enter(lane_sudo)
            passage_sudo = guest_sudo.passage_id
        step = {"open": "opened", "confirm": "waiting"}.get(passage_sudo.action, "refused")
        response = self._page({**self._values(lane_sudo, guest_sudo), "step": step})
        if secret and step in ("opened", "waiting"):
            response.set_cookie(
                COOKIE,
                secret,
                max_age=COOKIE_SECONDS,
                path="/gate/u",
                httponly=True,
                secure=request.httprequest.is_secure,
                samesite="Lax",
            )
        return response

    def _leave(self, lane_sudo, guest_sudo):
        values = self._values(lane_sudo, guest_sudo)
        if values["step"] != "leave":
            return self._page(values)
        passage_sudo = guest_sudo._drive(lane_sudo)
        if passage_sudo.action == "open":
            return self._page({**values, "step": "left"})
        return self._page(self._values(lane_sudo, guest_sudo))

    # -- who asks, and what is shown

    @staticmethod
    def _lane(token):
        """Return the lane of a code, in superuser mode: a driver is nobody we know."""
        lanes_sudo = request.env["property.parking.lane"].sudo()
        if not TOKEN.fullmatch(token):
            return lanes_sudo
        lane_sudo = lanes_sudo.search([("guest_token", "=", token)], limit=1)
        lang = lane_sudo.company_id.partner_id.lang
        if lang:
            request.update_context(lang=lang)
        return lane_sudo.with_context(lang=lang or request.env.lang)

    @staticmethod
    def _guest(lane_sudo):
        secret = request.httprequest.cookies.get(COOKIE)
        return lane_sudo.env["property.gate.guest"]._of_phone(secret, lane_sudo.site_id)

    @staticmethod
    def _waits(lane_sudo, guest_sudo):
        """Tell whether the car waits at the lane for the guard."""
        return guest_sudo._looked_at(lane_sudo).action == "confirm"

    def _values(self, lane_sudo, guest_sudo):
        """Return what the page shows: nothing but the car of this phone."""
        area = lane_sudo.area_id
        stay = guest_sudo._stay_in(area)
        need = None
        if lane_sudo.direction == "in":
            step = "inside" if stay else "enter"
        else:
            need = stay._exit_requirement() if stay else None
            step = "pay" if need else "leave" if stay else "unknown_car"
            if not stay and guest_sudo._looked_at(lane_sudo).action == "open":
                step = "left"
        if self._waits(lane_sudo, guest_sudo):
            step = "waiting"
        return {
            "step": step,
            "token": lane_sudo.guest_token,
            "site": area.site_id.name,
            "phone": area.site_id.phone,
            "lane": lane_sudo.name,
            "number": guest_sudo.plate or "",
            "since": area._local(stay.entered_at) if stay else None,
            "need": need,
        }

    @staticmethod
    def _page(values, status=200):
        response = request.render(
            "property_security.gate_guest_page",
            {"error": "", "need": None, "token": "", "site": "", "number": "", **values},
            status=status,
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
