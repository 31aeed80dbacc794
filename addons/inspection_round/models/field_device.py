from odoo import fields, models

from ..tools import field_signature
from ..tools.field_error import FieldRefused
from ..tools.field_payload import UUID


class FieldDevice(models.Model):
    """A phone in the hands of an employee: whoever signs in there has a key of his own."""

    _name = "field.device"
    _description = "Field Phone"
    _order = "last_seen_at desc, id desc"

    name = fields.Char(required=True, readonly=True)
    uuid = fields.Char(string="Number of the Phone", required=True, readonly=True)
    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    public_key = fields.Char(
        required=True, readonly=True, help="SubjectPublicKeyInfo of the curve P-256, in base64."
    )
    registered_at = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    last_seen_at = fields.Datetime(string="Last Used", readonly=True)
    active = fields.Boolean(
        default=True, help="Archive a lost phone: what it signs is no longer believed."
    )

    _uuid_unique = models.UniqueIndex("(uuid)")

    def _enrol(self, employee, uuid, public_key, name):
        """Keep the key of a phone at sign-in.

        :param employee: hr.employee who signed in
        :param uuid: that the phone gave itself
        :param public_key: SubjectPublicKeyInfo in base64
        :param name: what the phone calls itself
        :return: field.device
        :raise FieldRefused: when the number or the key is none, or belongs to another
        """
        if not isinstance(uuid, str) or not UUID.fullmatch(uuid):
            raise FieldRefused(400, self.env._("The number of the phone is wrong. Sign in again."))
        if not field_signature.load_key(public_key):
            raise FieldRefused(400, self.env._("The key of the phone is wrong. Sign in again."))
        name = name.strip()[:80] if isinstance(name, str) else ""
        # nobody may write phones by hand; the caller knows who signed in
        phones_sudo = self.sudo().with_context(active_test=False)
        found_sudo = phones_sudo.search([("uuid", "=", uuid)])
        if not found_sudo:
            return phones_sudo.create(
                {
                    "uuid": uuid,
                    "name": name or employee.name,
                    "employee_id": employee.id,
                    "user_id": self.env.uid,
                    "company_id": employee.sudo().company_id.id,
                    "public_key": public_key,
                    "last_seen_at": fields.Datetime.now(),
                }
            )
        if found_sudo.employee_id != employee or found_sudo.public_key != public_key:
            raise FieldRefused(
                409,
                self.env._(
                    "This phone is registered with another key. Clear the data of the app in the "
                    "browser, once everything is sent, and sign in again."
                ),
            )
        if not found_sudo.active:
            raise FieldRefused(
                403,
                self.env._(
                    "This phone is blocked. Ask the manager of inspections to allow it again."
                ),
            )
        return found_sudo

    def _signature_state(self, sent):
        """Judge the signature of an entry.

        :param sent: tools.field_payload.Sent
        :return: valid, invalid or unsigned
        """
        if not sent.signature:
            return "unsigned"
        # a signature that does not cover the number of its entry could be used for another
        if not self or not self.active or "uuid" not in sent.payload:
            return "invalid"
        is_valid = field_signature.is_valid(
            self.public_key, sent.text.encode("utf-8"), sent.signature
        )
        return "valid" if is_valid else "invalid"
