from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..tools.request_form import FormError, read_id, read_stars, read_text
from .portal_requests import PropertyRequests

MAX_REASON = 500


class PropertyRequestSteps(PropertyRequests):
    """What a resident does with a request: each step checks that it is his and that it may be."""

    def _property_request_steps(self):
        """Return dict name in the address -> method that takes the step.

        A method takes the request, in the user's own rights, and the form; it raises UserError.
        """
        return {
            "confirm": self._property_confirm,
            "rate": self._property_rate,
            "reopen": self._property_reopen,
            "urge": self._property_urge,
            "cancel": self._property_cancel,
            "accept": self._property_accept,
            "decline": self._property_decline,
        }

    @http.route(
        "/my/requests/<int:request_id>/<string:step>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_request_step(self, request_id, step, **kwargs):
        """Take a step of a request and show what became of it."""
        found_sudo = self._property_request_sudo(request_id)
        take = self._property_request_steps().get(step)
        if not found_sudo or not take:
            return self._property_request_missing()
        try:
            with request.env.cr.savepoint():
                take(found_sudo.with_env(request.env), kwargs)
        except (AccessError, UserError) as error:
            found_sudo.invalidate_recordset()
            return self._property_request_page(found_sudo, problem=str(error))
        except FormError:
            return self._property_request_page(
                found_sudo,
                problem=request.env._("Please fill in what is missing, then send it again."),
            )
        return request.redirect(f"/my/requests/{found_sudo.id}", code=303)

    def _property_confirm(self, one, form):
        one.action_confirm()

    def _property_rate(self, one, form):
        stars = read_stars(form)
        one.action_rate(**stars, comment=read_text(form.get("comment"), "comment", MAX_REASON))

    def _property_reopen(self, one, form):
        one.action_reopen(self._property_reason(form))

    def _property_urge(self, one, form):
        one.action_urge()

    def _property_cancel(self, one, form):
        one.action_cancel(self._property_reason(form))

    def _property_accept(self, one, form):
        self._property_quotation_sudo(one, form)._answer("accepted", "portal")

    def _property_decline(self, one, form):
        reason = self._property_reason(form)
        self._property_quotation_sudo(one, form)._answer("declined", "portal", reason)

    def _property_reason(self, form):
        reason = read_text(form.get("reason"), "reason", MAX_REASON)
        if not reason:
            raise UserError(request.env._("Say why in a few words."))
        return reason

    def _property_quotation_sudo(self, one, form):
        """Return the quotation that the resident looked at when he answered.

        :raise UserError: when it is not the one that waits for his answer any more
        """
        # sudo: portal users do not read quotations; this is one of a request of theirs
        quotation_sudo = one.sudo().quotation_id
        shown = read_id(form.get("quotation"), "quotation")
        is_meant = quotation_sudo.id == shown and quotation_sudo._is_untouched()
        if not is_meant or quotation_sudo.partner_id != request.env.user.partner_id:
            raise UserError(
                request.env._(
                    "The quotation has changed meanwhile. Look at the new one, then answer."
                )
            )
        return quotation_sudo.with_env(request.env)
