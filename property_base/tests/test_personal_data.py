import os
import stat
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import ROLES, PropertyStaffCommon

NUMBER = "990000200306169067"


@tagged("post_install", "-at_install")
class TestPersonalData(PropertyStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.id_number = NUMBER
        cls.env.flush_all()

    def column(self, name):
        self.env.cr.execute(
            SQL("SELECT %s FROM res_partner WHERE id = %s", SQL.identifier(name), self.owner.id)
        )
        return self.env.cr.fetchone()[0]

    def test_the_number_is_encrypted_at_rest_and_masked_everywhere(self):
        self.assertNotIn(NUMBER, self.column("id_number_cipher"))
        self.assertNotIn(NUMBER, self.column("id_number_digest"))
        self.assertEqual(self.column("id_number_masked"), "990000********9067")
        self.assertFalse(self.owner.id_number)

    def test_the_encrypted_columns_cannot_be_read_searched_or_exported(self):
        for user in (self.users["director"], self.env.ref("base.user_admin")):
            partner = self.owner.with_user(user)
            for field in ("id_number_cipher", "id_number_digest"):
                with self.assertRaises(AccessError):
                    partner.read([field])
                with self.assertRaises(AccessError):
                    partner.search([(field, "!=", False)])
                with self.assertRaises(AccessError):
                    partner.export_data([field])
                with self.assertRaises(AccessError):
                    partner.write({field: "x"})
            with self.assertRaises(ValueError):
                partner.search([("id_number", "=", NUMBER)])
            with self.assertRaises(AccessError):
                self.owner_row.with_user(user).export_data(["partner_id/id_number"])
            self.assertNotIn("id_number_cipher", partner.fields_get())
            self.assertFalse(partner.read(["id_number"])[0]["id_number"])

    def test_guards_and_engineers_see_no_id_number_not_even_masked(self):
        for role in ROLES:
            partner = self.owner.with_user(self.users[role])
            view = partner.get_view(view_type="form")
            shown = 'name="id_number_masked"' in view["arch"]
            with self.subTest(role):
                self.assertEqual(shown, role not in ("guard", "engineer"))
                if shown:
                    self.assertTrue(partner.read(["id_number_masked"])[0]["id_number_masked"])
                else:
                    for name in ("id_type", "id_number", "id_number_masked"):
                        self.assertRaises(AccessError, partner.read, [name])
                    self.assertRaises(
                        AccessError, partner.search, [("id_number_masked", "=like", "99%")]
                    )

    def test_the_number_is_not_copied(self):
        copy = self.owner.copy()
        self.assertFalse(copy.id_number_masked)
        self.assertFalse(copy.sudo().id_number_cipher)

    def test_saving_another_field_keeps_the_number(self):
        self.buyer.id_number = NUMBER
        with Form(self.buyer) as form:
            form.name = "Renamed Buyer"
        self.assertEqual(self.buyer.action_unmask_id_number("checking"), NUMBER)

    def test_the_number_can_be_removed(self):
        self.owner.id_number = False
        self.env.flush_all()
        self.assertFalse(self.column("id_number_cipher"))
        self.assertFalse(self.owner.id_number_masked)

    def test_unmasking_needs_the_group_and_a_reason_and_is_logged(self):
        for role in ("service", "guard", "cashier", "finance", "engineer", "leasing"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.owner.with_user(self.users[role]).action_unmask_id_number("contract")
        partner = self.owner.with_user(self.users["manager"])
        for reason in (None, "", "  ", 1):
            with self.assertRaises(UserError):
                partner.action_unmask_id_number(reason)
        self.assertEqual(partner.action_unmask_id_number("contract check"), NUMBER)
        entry = self.env["property.audit"].search([("event", "=", "unmask")], limit=1)
        self.assertEqual(entry.user_id, self.users["manager"])
        self.assertEqual((entry.res_id, entry.reason), (self.owner.id, "contract check"))
        self.assertNotIn(NUMBER, str(entry.read()))
        self.assertNotIn(self.owner.name, str(entry.read(["res_name", "before", "after"])))

    def test_unmasking_a_resident_of_a_foreign_site_is_refused(self):
        self.other_owner.id_number = NUMBER
        with self.assertRaises(AccessError):
            self.other_owner.with_user(self.users["manager"]).action_unmask_id_number("contract")

    def test_the_same_number_is_found_without_reading_it(self):
        found = self.env["res.partner"]._property_find_by_id_number(" 99000020030616 9067 ")
        self.assertIn(self.owner, found)
        self.assertFalse(self.env["res.partner"]._property_find_by_id_number(""))

    def test_a_wrong_key_gives_a_clear_message(self):
        with (
            patch.dict(os.environ, {"PROPERTY_DATA_KEY": "another key"}),
            self.assertRaisesRegex(UserError, "property.key"),
        ):
            self.owner.action_unmask_id_number("contract")

    def test_the_key_file_is_made_once_and_private(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sub" / "property.key"
            secret = self.env["property.cipher"]._file_secret(path)
            self.assertEqual(self.env["property.cipher"]._file_secret(path), secret)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertEqual(os.listdir(path.parent), ["property.key"])

    def test_nothing_of_the_number_is_tracked(self):
        fields = self.env["res.partner"]._fields
        for name in fields:
            if name.startswith("id_number"):
                self.assertFalse(getattr(fields[name], "tracking", None), name)

    def test_phones_are_masked_and_showing_one_is_logged(self):
        partner = self.owner.with_user(self.users["guard"])
        self.assertEqual(partner.phone_masked, "138****1111")
        action = partner.action_reveal_phone()
        self.assertEqual(action["params"]["links"][0]["label"], "13800001111")
        entry = self.env["property.audit"].search([("event", "=", "unmask")], limit=1)
        self.assertEqual((entry.user_id, entry.res_id), (self.users["guard"], self.owner.id))
        with self.assertRaises(AccessError):
            self.owner.with_user(self.portal_user).action_reveal_phone()

    def test_every_role_sees_a_masked_phone_on_the_form_and_editors_can_change_it(self):
        for role, user in self.users.items():
            self.assertTrue(self.owner.with_user(user).is_phone_hidden, role)
        self.assertFalse(self.company.partner_id.with_user(self.users["service"]).is_phone_hidden)
        partner = self.owner.with_user(self.users["service"])
        action = partner.action_edit_phone()
        entry = self.env["property.audit"].search([("event", "=", "unmask")], limit=1)
        self.assertEqual((entry.user_id, entry.reason), (self.users["service"], "edit"))
        with Form(partner, view=action["views"][0][0]) as form:
            form.phone = "13899998888"
        self.assertEqual(partner.phone_masked, "138****8888")
        for role in ("guard", "engineer"):
            with self.assertRaises(AccessError):
                self.owner.with_user(self.users[role]).action_edit_phone()

    def test_erasing_keeps_the_accounts_and_forgets_the_person(self):
        self.owner.write(
            {"email": "li@example.com", "street": "1 Road", "lang": "en_US", "phone": "13811112222"}
        )
        self.env.flush_all()
        row = self.owner_row
        row.write({"date_to": "2026-05-31", "partner_id": self.owner.id})
        (self.tenant_row | self.child_row).write({"date_to": "2026-05-31"})
        self.flush_tracking()
        self.owner.with_user(self.users["manager"]).action_anonymise()
        self.assertEqual(self.owner.name, f"Erased resident #{self.owner.id}")
        for field in ("phone", "email", "street", "id_number_masked", "phone_digits"):
            self.assertFalse(self.owner[field], field)
        self.assertFalse(self.column("id_number_cipher"))
        self.assertTrue(self.owner.is_anonymised)
        self.assertEqual(row.partner_id, self.owner)
        self.assertEqual(row.date_to.isoformat(), "2026-05-31")
        self.assertFalse(self.portal_user.active)
        self.assertFalse(self.vehicle.active)
        self.assertNotIn("8K888", self.vehicle.plate)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM mail_tracking_value v JOIN mail_message m"
            " ON m.id = v.mail_message_id WHERE concat(v.old_value_char, v.new_value_char)"
            " ~ 'Owner Li|1381111|13800001111|8K888'"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        entry = self.env["property.audit"].search([("event", "=", "personal_data")], limit=1)
        self.assertEqual(entry.res_name, f"#{self.owner.id}")

    def test_erasing_is_refused_while_somebody_lives_there(self):
        with self.assertRaisesRegex(UserError, "3-1-1502"):
            self.owner.with_user(self.users["manager"]).action_anonymise()
        self.assertEqual(self.owner.name, "Test Owner Li")

    def test_erasing_needs_a_manager_and_never_hits_staff(self):
        with self.assertRaises(AccessError):
            self.buyer.with_user(self.users["service"]).action_anonymise()
        with self.assertRaises(UserError):
            self.users["guard"].partner_id.with_user(self.users["director"]).action_anonymise()
        with self.assertRaises(UserError):
            self.company.partner_id.with_user(self.users["director"]).action_anonymise()

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
