import re
import unicodedata

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL

from ..tools import idcard

#: Who sees a masked ID number: who tells people apart by their papers. Guards and engineers do not.
ID_GROUPS = ",".join(
    f"property_base.group_{role}" for role in ("service", "leasing", "cashier", "finance", "unmask")
)
ERASED_VALUES = {
    "phone": False,
    "email": False,
    "street": False,
    "street2": False,
    "city": False,
    "zip": False,
    "website": False,
    "vat": False,
    "ref": False,
    "barcode": False,
    "function": False,
    "comment": False,
    "image_1920": False,
    "id_type": False,
    "id_number_cipher": False,
    "id_number_digest": False,
    "id_number_masked": False,
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    id_type = fields.Selection(
        [
            ("resident_id", "Resident identity card"),
            ("passport", "Passport"),
            ("permit", "Residence permit"),
            ("business", "Business licence"),
            ("other", "Other document"),
        ],
        string="ID Type",
        copy=False,
        groups=ID_GROUPS,
    )
    id_number = fields.Char(
        string="ID Number",
        compute="_compute_id_number",
        inverse="_inverse_id_number",
        copy=False,
        groups=ID_GROUPS,
        help="Write only: the number is encrypted and shown masked.",
    )
    id_number_cipher = fields.Char(
        copy=False, groups=NO_ACCESS, prefetch=False, readonly=True, exportable=False
    )
    id_number_digest = fields.Char(
        copy=False,
        groups=NO_ACCESS,
        prefetch=False,
        readonly=True,
        exportable=False,
        index="btree_not_null",
    )
    id_number_masked = fields.Char(
        string="ID Number (masked)", readonly=True, copy=False, groups=ID_GROUPS
    )
    consent_version = fields.Char(
        copy=False, help="Version of the privacy notice this person agreed to."
    )
    consent_date = fields.Date(copy=False)
    consent_withdrawn_date = fields.Date(string="Consent Withdrawn", copy=False)
    retention_date = fields.Date(
        string="Keep Until", copy=False, help="Day after which personal data should be erased."
    )
    is_anonymised = fields.Boolean(string="Erased", readonly=True, copy=False)

    @api.depends("id_number_masked")
    def _compute_id_number(self):
        self.id_number = False

    def _inverse_id_number(self):
        cipher = self.env["property.cipher"]
        for partner in self:
            number = self._property_clean_id_number(partner.id_number)
            # sudo: nobody may read or write the encrypted columns directly
            partner.sudo().write(
                {
                    "id_number_cipher": number and cipher._encrypt(number),
                    "id_number_digest": number and cipher._digest(number),
                    "id_number_masked": number and idcard.mask(number),
                }
            )
        self.invalidate_recordset(["id_number"], flush=False)

    @api.model
    def _property_clean_id_number(self, text):
        plain = unicodedata.normalize("NFKC", text or "").upper()
        return re.sub(r"[\s-]", "", plain) or False

    @api.constrains("consent_date", "consent_withdrawn_date")
    def _check_consent_dates(self):
        for partner in self:
            if (
                partner.consent_date
                and partner.consent_withdrawn_date
                and partner.consent_withdrawn_date < partner.consent_date
            ):
                raise ValidationError(
                    self.env._(
                        "Consent cannot be withdrawn before it was given. Correct the dates."
                    )
                )

    @api.model
    def _property_find_by_id_number(self, number):
        """Return the partners who have an ID number, without reading any number.

        :param str number: the number as typed
        """
        number = self._property_clean_id_number(number)
        if not number:
            return self.browse()
        digest = self.env["property.cipher"]._digest(number)
        return self.sudo().search([("id_number_digest", "=", digest)]).sudo(self.env.su)

    def action_unmask_id_number(self, reason=None):
        """Return the ID number in clear, after checking the right to see it and logging why.

        :param str reason: why the number is needed, at least four characters
        :raise AccessError: without the group for it
        :raise UserError: without a reason
        """
        self.ensure_one()
        if not self.env.user.has_group("property_base.group_unmask"):
            raise AccessError(
                self.env._(
                    "You may not see ID numbers. Ask your site manager to look the number up."
                )
            )
        self.check_access("read")
        reason = (reason or "").strip() if isinstance(reason, str) else ""
        if len(reason) < 2:
            raise UserError(
                self.env._("Say why you need this ID number; the reason is kept in the audit log.")
            )
        partner_sudo = self.sudo()
        if not partner_sudo.id_number_cipher:
            raise UserError(self.env._("No ID number is stored for this person."))
        number = self.env["property.cipher"]._decrypt(partner_sudo.id_number_cipher)
        self.env["property.audit"]._log(
            "unmask", self, after={"field": "id_number"}, reason=reason[:500]
        )
        return number

    def action_anonymise(self):
        """Erase the personal data of people, keeping their bills and occupancies.

        :raise AccessError: unless called by a site manager or director
        :raise UserError: while something forbids it, such as open bills
        """
        if not self.env.su and not self.env.user.has_group("property_base.group_manager"):
            raise AccessError(
                self.env._("Only a site manager or director can erase personal data.")
            )
        self.check_access("write")
        for partner, reasons in self._property_anonymise_blockers().items():
            if reasons:
                raise UserError(
                    self.env._(
                        "%(person)s cannot be erased yet: %(reasons)s",
                        person=partner.display_name,
                        reasons="; ".join(reasons),
                    )
                )
        # sudo: erasing reaches bank accounts, users and tracking values that staff cannot write
        self.sudo()._property_erase()
        return True

    def _property_anonymise_blockers(self):
        """Return dict partner -> list of sentences that forbid erasing the person now.

        Further addons extend it, for example with open bills.
        """
        current = self.env["property.occupancy"].sudo()._domain_current()
        living = (
            self.env["property.occupancy"]
            .sudo()
            .search(current & Domain("partner_id", "in", self.ids))
        )
        internal = (
            self.env["res.users"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", self.ids), ("share", "=", False)])
        )
        blockers = {partner: [] for partner in self}
        for partner, rows in living.grouped("partner_id").items():
            blockers[self.browse(partner.id)].append(
                self.env._(
                    "still lives in or owns %(units)s, end that first",
                    units=", ".join(rows.unit_id.mapped("code")),
                )
            )
        for partner in internal.partner_id:
            blockers[self.browse(partner.id)].append(self.env._("is a member of staff"))
        companies = self.env["res.company"].sudo().search([("partner_id", "in", self.ids)])
        for partner in companies.partner_id:
            blockers[self.browse(partner.id)].append(self.env._("is a company of this system"))
        return blockers

    def _property_erase(self):
        users = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search([("partner_id", "in", self.ids)])
        )
        for user in users:
            user.write({"active": False, "login": f"erased-{user.id}", "signature": False})
        quiet = self.with_context(
            tracking_disable=True, mail_notrack=True, mail_create_nolog=True, no_vat_validation=True
        )
        values = {name: value for name, value in ERASED_VALUES.items() if name in self._fields}
        for partner in quiet:
            speaker = self.with_context(lang=partner.lang or self.env.lang)
            name = speaker.env._("Erased resident #%(id)s", id=partner.id)
            partner.write({**values, "name": name, "is_anonymised": True})
        vehicles = (
            self.env["property.vehicle"]
            .with_context(active_test=False, tracking_disable=True)
            .search([("partner_id", "in", self.ids)])
        )
        for vehicle in vehicles:
            vehicle.write({"plate": f"ERASED{vehicle.id}", "active": False, "brand": False})
        self.occupancy_ids.with_context(tracking_disable=True).write({"note": False})
        quiet.with_context(active_test=False).bank_ids.write({"active": False})
        self._property_erase_history(vehicles)
        self.env["property.audit"]._log("personal_data", self, after={"action": "anonymise"})

    def _property_erase_history(self, vehicles):
        """Blank what the message history still says about the people and their plates."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_tracking_value v
                   SET old_value_char = CASE WHEN old_value_char IS NULL THEN NULL ELSE '*' END,
                       new_value_char = CASE WHEN new_value_char IS NULL THEN NULL ELSE '*' END,
                       old_value_text = NULL,
                       new_value_text = NULL
                  FROM mail_message m
                 WHERE m.id = v.mail_message_id
                   AND (
                       (m.model = 'res.partner' AND m.res_id = ANY(%(partners)s))
                    OR (m.model = 'property.vehicle' AND m.res_id = ANY(%(vehicles)s))
                    OR (v.field_id IN (
                            SELECT id FROM ir_model_fields
                             WHERE relation = 'res.partner' AND ttype = 'many2one')
                        AND (v.old_value_integer = ANY(%(partners)s)
                             OR v.new_value_integer = ANY(%(partners)s)))
                   )
                """,
                partners=self.ids,
                vehicles=vehicles.ids,
            )
        )
        self.env["mail.tracking.value"].invalidate_model()
        self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "in", self.ids)]
        ).write({"body": False, "subject": False, "record_name": False})

    def _property_check_staff(self):
        if not self.env.user.has_group("property_base.group_staff"):
            raise AccessError(self.env._("Only property staff can do this."))
