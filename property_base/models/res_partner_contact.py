import re

from odoo import api, models, tools
from odoo.exceptions import AccessError

from ..tools.cipher import mask_contact

#: What leads to a person: fields of contacts, and those of other models that show them.
CONTACT_FIELDS = frozenset(
    {
        *("phone", "phone_digits", "phone_sanitized", "phone_mobile_search"),
        *("email", "email_normalized", "email_formatted"),
    }
)
#: Fields that are no related ones and tell the same: (model, field) -> field of the person.
OTHER_FIELDS = {
    ("res.users", "login"): "partner_id",
    ("mail.message", "email_from"): "author_id",
}
PERSON_MODELS = ("res.partner", "res.users")


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    @tools.ormcache("self._name")
    def _property_contact_paths(self):
        """Tell which fields show how to reach a person.

        :return: dict: field -> path to the person, "" where the record is the person
        """
        if self._name == "res.partner":
            return dict.fromkeys(CONTACT_FIELDS & self._fields.keys(), "")
        found = {
            name: path
            for (model, name), path in OTHER_FIELDS.items()
            if model == self._name and name in self._fields
        }
        for name, field in self._fields.items():
            path, _dot, last = (field.related or "").rpartition(".")
            if path and last in CONTACT_FIELDS and self._property_leads_to(path):
                found[name] = path
        return found

    @api.model
    def _property_leads_to(self, path):
        """Say whether a path of fields ends at a person."""
        model = self
        for name in path.split("."):
            field = model._fields.get(name)
            if not field or not field.comodel_name:
                return False
            model = self.env[field.comodel_name]
        return model._name in PERSON_MODELS

    def _read_format(self, fnames, load="_classic_read"):
        """Override of `base`: who cannot change a resident's contact reads it masked.

        What the server does on behalf of the user, such as sending mail, reads the fields
        themselves.
        """
        rows = super()._read_format(fnames, load)
        if self.env.su:
            return rows
        paths = self._property_contact_paths()
        shown = [name for name in fnames if name in paths]
        # most reads show no contact: they do not even look who reads
        if not shown or self.env.user.share:
            return rows
        by_id = {row["id"]: row for row in rows}
        for name in shown:
            # sudo: whose contact it is decides, also where the reader sees only this field of it
            records_sudo = self.sudo().filtered(lambda one: one.id in by_id)
            people_sudo = records_sudo.mapped(paths[name]) if paths[name] else records_sudo
            hidden = self.env["res.partner"]._property_hidden_contacts(people_sudo)
            if not hidden:
                continue
            for one_sudo in records_sudo:
                person_sudo = one_sudo.mapped(paths[name]) if paths[name] else one_sudo
                if person_sudo.id and _partner(person_sudo).id in hidden:
                    row = by_id[one_sudo.id]
                    row[name] = mask_contact(row[name]) if row[name] else row[name]
        return rows

    @api.model
    def _read_group_groupby(self, alias, groupby_spec, query):
        """Override of `base`: contacts that are masked are not grouped by."""
        self._property_check_contact_field(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of `base`: contacts that are masked are not listed in a sum."""
        if not aggregate_spec.endswith((":count", ":count_distinct")):
            self._property_check_contact_field(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _property_check_contact_field(self, specification):
        name = re.split(r"[:.]", specification)[0]
        if self.env.su or name not in self._property_contact_paths():
            return
        if not self.env["res.partner"].has_access("write"):
            raise AccessError(
                self.env._(
                    "Lists cannot be grouped by phone numbers or e-mail addresses of people."
                )
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _property_hidden_contacts(self, people_sudo):
        """Tell whose phone and e-mail address the user reads masked.

        Those of residents, unless he may change the contact. Colleagues stay as they are.

        :param people_sudo: res.partner or res.users
        :return: set of ids of res.partner
        """
        partners_sudo = _partner(people_sudo)
        residents_sudo = (partners_sudo - self.env.user.partner_id.sudo()).filtered(
            lambda one: one.partner_share and one.is_resident
        )
        residents = residents_sudo.with_user(self.env.user)
        return set(residents.ids) - set(residents._filtered_access("write").ids)

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Override of `base`: a name with its e-mail address has it masked."""
        super()._compute_display_name()
        # also in superuser mode, in which references are read: no mail is sent to such a name
        if not self.env.context.get("show_email") or self.env.user.share:
            return
        hidden = self._property_hidden_contacts(self.sudo())
        for partner in self.filtered(lambda one: one.id in hidden and one.email):
            masked = mask_contact(partner.email)
            partner.display_name = partner.display_name.replace(partner.email, masked)

    def _get_vcard_file(self):
        """Override of `web`: a card of a masked contact would tell it."""
        if not self.env.su and self._property_hidden_contacts(self.sudo()):
            raise AccessError(
                self.env._("You see phone numbers of residents one by one. Use the eye button.")
            )
        return super()._get_vcard_file()


def _partner(people):
    return people.partner_id if people._name == "res.users" else people
