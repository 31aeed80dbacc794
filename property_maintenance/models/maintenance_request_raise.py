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

        :param dict vals: values of RAISE_FIELDS; ``description`` is plain text
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
        vals = {
            name: value.strip() if isinstance(value, str) else value for name, value in vals.items()
        }
        vals = {name: value for name, value in vals.items() if value not in (None, "")}
        if len(files) > MAX_PHOTOS:
            raise UserError(self.env._("At most %(max)s photos. Remove some.", max=MAX_PHOTOS))
        self._check_raised_links(vals)
        for name in ("kind", "channel"):
            labels = dict(self._fields[name].selection)
            if vals.get(name) and str(vals[name]) not in labels:
                raise UserError(self.env._("“%(value)s” is not possible here.", value=vals[name]))
        return self._with_words(vals)

    @api.model
    def _check_raised_links(self, vals):
        """Raise unless what the values point to is there: a site or unit, a leaf, a contact."""
        if not (vals.get("site_id") or vals.get("unit_id")):
            raise UserError(self.env._("Say where it is: choose a site or a unit."))
        for name in ("site_id", "unit_id", "contact_id"):
            # sudo: whether it is there; who may choose it is for the caller to check
            records_sudo = self.env[self._fields[name].comodel_name].sudo()
            if vals.get(name) and not records_sudo.browse(vals[name]).exists():
                raise UserError(self.env._("What was chosen is gone. Reload and choose again."))
        categories_sudo = self.env["property.request.category"].sudo()
        category = categories_sudo.browse(vals.get("request_category_id")).exists()
        if vals.get("request_category_id") and not (category.active and category.is_leaf):
            raise UserError(self.env._("Choose one of the categories that are offered."))

    @api.model
    def _with_words(self, vals):
        """Return the values with a subject, and the plain text of the description as HTML."""
        text = str(vals.get("name") or vals.get("description") or "")
        if not text:
            raise UserError(self.env._("Say what is wrong in a few words."))
        vals.setdefault("name", text.splitlines()[0][:60])
        description = str(vals.get("description") or "")
        if len(description) > MAX_TEXT:
            raise UserError(
                self.env._("The text is longer than %(max)s characters. Shorten it.", max=MAX_TEXT)
            )
        if description:
            vals["description"] = plaintext2html(description)
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
