import base64
import binascii

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.property_base.controllers.portal import is_record_id

from .lease_steps import PropertyLeaseSteps, read_words
from .lease_values import labels_of

PNG = "data:image/png;base64,"
MOST_SIGNATURE = 300_000  # characters of a drawing


def read_signature(text):
    """Return the drawing of a signature in base64, or None when there is none.

    :param text: data URL as the page sends it

    >>> read_signature("data:image/png;base64,iVBORw0KGgo="), read_signature("data:text/html,x")
    ('iVBORw0KGgo=', None)
    """
    if not isinstance(text, str) or not text.startswith(PNG) or len(text) > MOST_SIGNATURE:
        return None
    data = text.removeprefix(PNG)
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if content.startswith(b"\x89PNG\r\n\x1a\n") else None


class PropertyMoveouts(PropertyLeaseSteps):
    """The settlement of the deposit: the tenant reads it, signs it or objects."""

    def _property_moveout_sudo(self, moveout_id):
        """Return a move-out of the user that he may see, none when it is not his."""
        # sudo: the domain says what this person may see
        moveouts_sudo = request.env["property.lease.moveout"].sudo()
        if not is_record_id(moveout_id):
            return moveouts_sudo
        payer = request.env.user.partner_id.commercial_partner_id
        return moveouts_sudo.search(
            Domain("id", "=", moveout_id)
            & Domain("partner_id.commercial_partner_id", "=", payer.id)
            & Domain("step", "!=", "cancelled")
        )

    @http.route(
        "/my/leases/moveout/<int:moveout_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_moveout(self, moveout_id, **kwargs):
        """Show a move-out with its statement."""
        moveout_sudo = self._property_moveout_sudo(moveout_id)
        if not moveout_sudo:
            return self._property_lease_missing()
        return self._property_moveout_page(moveout_sudo)

    def _property_moveout_page(self, moveout_sudo, problem=None):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="property_moveout",
            one=self._property_moveout_values(moveout_sudo),
            problem=problem,
        )
        return request.render(
            "property_leasing.portal_my_moveout", values, status=422 if problem else 200
        )

    def _property_moveout_values(self, moveout_sudo):
        """Return what the page shows: plain values; the statement once it was offered."""
        results = labels_of(moveout_sudo.check_ids, "result")
        return {
            "id": moveout_sudo.id,
            "lease_id": moveout_sudo.lease_id.id,
            "number": moveout_sudo.name,
            "lease": moveout_sudo.lease_id.display_name,
            "date": moveout_sudo.date,
            "tenant": moveout_sudo.partner_id.name,
            "step": moveout_sudo.step,
            "step_label": labels_of(moveout_sudo, "step")[moveout_sudo.step],
            "currency": moveout_sudo.currency_id,
            "statement": moveout_sudo.statement or None,
            "findings": [
                {
                    "id": row.id,
                    "space": row.unit_id.code,
                    "name": row.name,
                    "result": results[row.result],
                    "note": row.note or "",
                    "photos": row.attachment_ids.ids,
                }
                for row in moveout_sudo.check_ids
                if row.result in ("damaged", "missing")
            ],
            "readings": [
                {"code": row.meter_id.code, "value": row.value}
                for row in moveout_sudo.reading_ids
                if row.is_read
            ],
            "signed_name": moveout_sudo.signed_name or "",
            "signed_at": moveout_sudo.signed_at,
            "sha256": moveout_sudo.statement_sha256 or "",
            "dispute": moveout_sudo.dispute or "",
        }

    @http.route(
        "/my/leases/moveout/<int:moveout_id>/pdf",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def my_moveout_pdf(self, moveout_id, **kwargs):
        """Download the statement."""
        moveout_sudo = self._property_moveout_sudo(moveout_id)
        if not moveout_sudo or not moveout_sudo.statement:
            return self._property_lease_missing()
        return self._property_pdf(
            "property_leasing.action_report_moveout", moveout_sudo, moveout_sudo.name
        )

    @http.route(
        "/my/leases/moveout/<int:moveout_id>/photo/<int:photo_id>",
        type="http",
        auth="user",
        methods=["GET"],
        sitemap=False,
    )
    def my_moveout_photo(self, moveout_id, photo_id, **kwargs):
        """Send a photo of a finding."""
        moveout_sudo = self._property_moveout_sudo(moveout_id)
        found_sudo = moveout_sudo.check_ids.filtered(
            lambda row: row.result in ("damaged", "missing")
        ).attachment_ids
        photo_sudo = found_sudo.filtered(lambda one: one.id == photo_id)
        if not photo_sudo:
            return request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(photo_sudo, "raw")
        response = stream.get_response(as_attachment=False)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @http.route(
        "/my/leases/moveout/<int:moveout_id>/sign",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_moveout_sign(self, moveout_id, **kwargs):
        """Agree to the statement."""

        def take(moveout_sudo):
            if kwargs.get("agreed") != "1":
                raise UserError(request.env._("Tick that you agree, or say what is not right."))
            moveout_sudo._sign(
                read_words(kwargs.get("name"), 60),
                read_signature(kwargs.get("signature")),
                request.httprequest.remote_addr,
            )

        return self._property_moveout_step(moveout_id, take)

    @http.route(
        "/my/leases/moveout/<int:moveout_id>/dispute",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def my_moveout_dispute(self, moveout_id, **kwargs):
        """Object to the statement."""
        return self._property_moveout_step(
            moveout_id,
            lambda moveout_sudo: moveout_sudo._dispute(read_words(kwargs.get("reason"))),
        )

    def _property_moveout_step(self, moveout_id, take):
        moveout_sudo = self._property_moveout_sudo(moveout_id)
        if not moveout_sudo:
            return self._property_lease_missing()
        try:
            with request.env.cr.savepoint():
                take(moveout_sudo)
        except (AccessError, UserError) as error:
            moveout_sudo.invalidate_recordset()
            return self._property_moveout_page(moveout_sudo, problem=str(error))
        return request.redirect(f"/my/leases/moveout/{moveout_sudo.id}", code=303)
