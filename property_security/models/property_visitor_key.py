from odoo import api, fields, models

from ..tools import visitor_token


class PropertyVisitorKey(models.Model):
    """The key that signs what QR codes of visitors say; archive it and a new one is made."""

    _name = "property.visitor.key"
    _description = "Key of Visitor Codes"
    _order = "id desc"
    _rec_name = "public_key"

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    private_key = fields.Char(
        required=True, readonly=True, copy=False, groups="base.group_system", help="PEM, PKCS 8."
    )
    public_key = fields.Char(
        required=True, readonly=True, copy=False, help="SubjectPublicKeyInfo, P-256, base64."
    )
    active = fields.Boolean(
        default=True, help="Archived: codes signed with it are not believed any more."
    )

    _one_in_use = models.UniqueIndex(
        "(company_id) WHERE active", "This company has a key in use. Archive it first."
    )

    @api.model
    def _current(self, company):
        """Return the key of a company, in superuser mode; the first time one is made.

        :param company: res.company
        """
        # sudo: the key belongs to the server alone, whoever's code is signed with it
        keys_sudo = self.sudo()
        found_sudo = keys_sudo.search([("company_id", "=", company.id)])
        if found_sudo:
            return found_sudo
        private, public = visitor_token.new_key()
        return keys_sudo.create(
            {"company_id": company.id, "private_key": private, "public_key": public}
        )

    @api.model
    def _public_keys(self, companies):
        """Return the keys that phones believe.

        :param companies: res.company
        :return: list of texts
        """
        # sudo: only the public halves leave
        return self.sudo().search([("company_id", "in", companies.ids)]).mapped("public_key")
