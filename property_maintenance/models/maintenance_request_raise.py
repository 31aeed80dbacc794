from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..tools.workflow import OPEN_STEPS

MAX_PHOTOS = 9
MAX_TEXT = 5000
#: What a caller of `_raise_request` may say; the rest follows.
RAISE_FIELDS = frozenset(
    (
        "name",
        "description",
        "site_id",
        "unit_id",
        "place",
        "contact_id",
        "contact_name",
        "contact_phone",
        "kind",
        "channel",
        "request_category_id",
        "is_urgent",
        "preferred_at",
        "equipment_id",
        "maintenance_team_id",
        "maintenance_type",
        "assignee_id",
    )
)


class MaintenanceRequest(models.Model):
    """The one way in for portal, mail, field app and device alarms."""

    _inherit = "maintenance.request"

    @api.model
    def _raise_request(self, vals, files=None):
        """Raise a service request from outside the back office; callers check who may.

        :param dict vals: values of RAISE_FIELDS; ``description`` may be plain text
        :param files: list of (name, bytes, mimetype) of photos, checked by the caller's channel
        :return: the request
        :raise UserError: when the input cannot be a request; nothing is written then
        """
        vals = self._check_raised(vals, files or [])
        # sudo: residents and devices have no right to create requests; the input was checked
        request_sudo = self.sudo().create(vals)
        if request_sudo.contact_id:
            request_sudo.message_subscribe(request_sudo.contact_id.ids)
        if files:
            request_sudo._attach_photos(files)
        return request_sudo.sudo(self.env.su)

    @api.model
    def _open_requests_of(self, unit):
        """Return the requests of a unit that are not finished, newest first: maybe the same.

        :param unit: property.unit
        """
        if not unit:
            return self.browse()
        return self.search(
            Domain("unit_id", "in", unit.ids) & Domain("step", "in", OPEN_STEPS), order="id desc"
        )

    @api.model
    def _check_raised(self, vals, files):
        """Return clean values of a new request.

        :raise UserError: saying what to correct
        """
        unknown = vals.keys() - RAISE_FIELDS
        if unknown:
            raise UserError(
                self.env._("A request has no %(fields)s.", fields=", ".join(sorted(unknown)))
            )
        vals = {name: value for name, value in vals.items() if value not in (None, "")}
        for name in ("name", "description", "place", "contact_name", "contact_phone"):
            if isinstance(vals.get(name), str):
                vals[name] = vals[name].strip()
        if not (vals.get("site_id") or vals.get("unit_id")):
            raise UserError(self.env._("Say where it is: choose a site or a unit."))
        text = vals.get("name") or vals.get("description")
        if not text:
            raise UserError(self.env._("Say what is wrong in a few words."))
        if len(vals.get("description") or "") > MAX_TEXT:
            raise UserError(
                self.env._("The text is longer than %(max)s characters. Shorten it.", max=MAX_TEXT)
            )
        if len(files) > MAX_PHOTOS:
            raise UserError(self.env._("At most %(max)s photos. Remove some.", max=MAX_PHOTOS))
        for name in ("kind", "channel"):
            if vals.get(name) and vals[name] not in dict(self._fields[name].selection):
                raise UserError(self.env._("“%(value)s” is not possible here.", value=vals[name]))
        category = self.env["property.request.category"].sudo()
        category = category.browse(vals.get("request_category_id")).exists()
        if vals.get("request_category_id") and not (category.active and category.is_leaf):
            raise UserError(self.env._("Choose one of the categories that are offered."))
        vals.setdefault("name", text.splitlines()[0][:60])
        if vals.get("description") and "<" not in vals["description"][:1]:
            vals["description"] = plaintext2html(vals["description"])
        return vals

    def _attach_photos(self, files):
        """Keep photos with the request.

        :param files: list of (name, bytes, mimetype)
        """
        self.ensure_one()
        # sudo: residents do not create attachments; the files were checked
        photos_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": mimetype,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, content, mimetype in files
                ]
            )
        )
        self.sudo().photo_ids += photos_sudo
        return photos_sudo
