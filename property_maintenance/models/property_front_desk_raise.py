import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError
from psycopg2.errors import UniqueViolation

from ..tools.request_form import (
    MAX_DESCRIPTION,
    MAX_PLACE,
    FormError,
    read_moment,
    read_text,
    read_token,
)

PHOTO_TEXT = 14 * 1024 * 1024  # characters of base64 that hold 10 MB


class PropertyFrontDesk(models.AbstractModel):
    _inherit = "property.front.desk"

    @api.model
    def raise_request(self, form):
        """Raise a request for a caller and hand it out.

        :param dict form: what the screen sends
        :return: dict with the request and what becomes of it
        :raise UserError: when something has to be corrected; nothing is written then
        """
        self._check_desk()
        requests = self.env["maintenance.request"]
        requests.check_access("create")
        try:
            token = read_token(form.get("token"))
            vals = self._raised_vals(form)
        except FormError as error:
            raise UserError(self._form_problem(error.field)) from error
        photos = requests._clean_photos(self._contents(form.get("files") or []))
        # sudo: tokens are not read by users
        known_sudo = requests.sudo().search([("form_token", "=", token)], limit=1)
        if known_sudo:
            known_sudo.with_env(self.env).check_access("read")
            return self._raised_values(known_sudo)
        try:
            with self.env.cr.savepoint():
                raised = requests._raise_request(vals, photos)
                raised.sudo().form_token = token
                self.env.flush_all()
        except UniqueViolation as error:
            raise UserError(
                self.env._("This request was raised just now. Search the caller again.")
            ) from error
        return self._raised_values(raised.sudo())

    @api.model
    def _raised_vals(self, form):
        place = self._place_of(form)
        contact = self.env["res.partner"].browse(self._id_of(form, "contact_id"))
        if contact:
            contact.check_access("read")
        site = place["site"]
        vals = {
            "site_id": site.id,
            "unit_id": place["unit"].id or None,
            "place": read_text(form.get("place") or "", "place", MAX_PLACE),
            "contact_id": contact.id or None,
            "kind": form.get("kind"),
            "channel": "phone",
            "request_category_id": self._id_of(form, "category_id") or None,
            "assignee_id": self._id_of(form, "assignee_id") or None,
            "description": read_text(form.get("description"), "description", MAX_DESCRIPTION),
            "is_urgent": bool(form.get("is_urgent")),
            "preferred_at": read_moment(form.get("preferred_at"), "preferred_at", site.tz),
        }
        if not contact:
            vals["contact_name"] = read_text(form.get("contact_name") or "", "contact_name", 60)
            vals["contact_phone"] = read_text(form.get("contact_phone") or "", "contact_phone", 30)
        if not vals["description"]:
            raise FormError("description")
        return vals

    @api.model
    def _place_of(self, form):
        """Return the unit and the site that the form names, as far as the user may see them."""
        unit = self.env["property.unit"].browse(self._id_of(form, "unit_id")).exists()
        site = self.env["property.site"].browse(self._id_of(form, "site_id")).exists()
        unit.check_access("read")
        site.check_access("read")
        if not (unit or site):
            raise FormError("place")
        return {"unit": unit, "site": unit.site_id or site}

    @api.model
    def _id_of(self, form, name):
        value = form.get(name) or False
        if value is not False and (type(value) is not int or value <= 0):
            raise FormError(name)
        return value

    @api.model
    def _contents(self, files):
        """Return the bytes of photos that came as base64."""
        if not isinstance(files, list) or not all(
            isinstance(one, str) and len(one) <= PHOTO_TEXT for one in files
        ):
            raise UserError(self.env._("These photos cannot be read. Choose them again."))
        try:
            return [base64.b64decode(one, validate=True) for one in files]
        except binascii.Error as error:
            raise UserError(
                self.env._("These photos cannot be read. Choose them again.")
            ) from error

    @api.model
    def _form_problem(self, field):
        sentences = {
            "description": self.env._("Write down what is the matter."),
            "preferred_at": self.env._("The preferred time cannot be read. Choose it again."),
            "place": self.env._("Choose the home of the caller or a site first."),
        }
        return sentences.get(field) or self.env._("Search the caller again, then fill in the form.")

    @api.model
    def _raised_values(self, request_sudo):
        assignee_sudo = request_sudo.assignee_id
        if assignee_sudo:
            message = self.env._("%(name)s was told.", name=assignee_sudo.name)
        elif request_sudo.is_pool:
            message = self.env._("It is in the pool of the engineers.")
        else:
            message = self.env._("It waits on the board for somebody to be sent.")
        return {"id": request_sudo.id, "number": request_sudo.code, "message": message}
