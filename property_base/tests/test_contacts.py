"""Who cannot change a resident's contact reads it masked, whatever way he asks."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PropertyStaffCommon

READERS = ("guard", "engineer", "cashier", "finance")
EDITORS = ("service", "leasing", "manager", "director")
PHONE, MASKED_PHONE = "13800001111", "138****1111"
EMAIL, MASKED_EMAIL = "li.owner@example.com", "l***@example.com"
CONTACT = {
    "phone": (PHONE, MASKED_PHONE),
    "phone_digits": (PHONE, MASKED_PHONE),
    "email": (EMAIL, MASKED_EMAIL),
    "email_normalized": (EMAIL, MASKED_EMAIL),
    "email_formatted": (f'"Test Owner Li" <{EMAIL}>', f'"Test Owner Li" <{MASKED_EMAIL}>'),
}


@tagged("post_install", "-at_install")
class TestContacts(PropertyStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.email = EMAIL
        cls.login = cls.env["res.users"].create(
            {
                "partner_id": cls.owner.id,
                "login": PHONE,
                "email": EMAIL,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        cls.supplier = cls.env["res.partner"].create(
            {"name": "Lift Service", "phone": "057188123456", "email": "help@lift.example"}
        )
        cls.env.flush_all()

    def ways(self, user):
        """Read the owner's contact in each way that a client has: name of the way -> values."""
        people = self.env["res.partner"].with_user(user)
        owner, domain, names = (
            people.browse(self.owner.id),
            [("id", "=", self.owner.id)],
            [*CONTACT],
        )
        wanted = {name: {} for name in names}
        occupancy = self.owner.occupancy_ids[:1].with_user(user)
        nested = occupancy.web_read({"partner_id": {"fields": wanted}})[0]["partner_id"]
        return {
            "read": owner.read(names)[0],
            "search_read": people.search_read(domain, names)[0],
            "web_read": owner.web_read(wanted)[0],
            "web_search_read": people.web_search_read(domain, wanted)["records"][0],
            "of an occupancy": nested,
        }

    def test_who_cannot_change_a_contact_reads_it_masked_and_others_in_full(self):
        for role in READERS + EDITORS:
            for way, values in self.ways(self.users[role]).items():
                for name, (clear, masked) in CONTACT.items():
                    with self.subTest(role, way=way, name=name):
                        self.assertEqual(values[name], masked if role in READERS else clear)

    def test_what_other_models_show_of_a_person_is_masked_too(self):
        self.unit.message_subscribe(self.owner.ids)
        follower = self.unit.message_follower_ids.filtered(lambda one: one.partner_id == self.owner)
        message = self.unit.message_post(body="Hello", author_id=self.owner.id)
        for role in READERS:
            user = self.users[role]
            with self.subTest(role):
                self.assertEqual(follower.with_user(user).read(["email"])[0]["email"], MASKED_EMAIL)
                values = self.login.with_user(user).read(["login", "phone", "email"])[0]
                self.assertEqual(
                    [values[name] for name in ("login", "phone", "email")],
                    [MASKED_PHONE, MASKED_PHONE, MASKED_EMAIL],
                )
                sender = message.with_user(user).read(["email_from"])[0]["email_from"]
                self.assertNotIn(EMAIL, sender)
                self.assertIn(MASKED_EMAIL, sender)

    def test_names_with_addresses_and_groups_tell_no_contact(self):
        for role in READERS:
            people = self.env["res.partner"].with_user(self.users[role])
            with self.subTest(role):
                found = people.with_context(show_email=1).name_search("Test Owner Li")
                self.assertEqual(found, [(self.owner.id, f"Test Owner Li <{MASKED_EMAIL}>")])
                name = people.with_context(show_email=1).browse(self.owner.id).sudo().display_name
                self.assertNotIn(EMAIL, name)
                for spec in ("email", "phone", "phone_digits"):
                    with self.assertRaises(AccessError):
                        people.formatted_read_group([], [spec])
                    with self.assertRaises(AccessError):
                        people.formatted_read_group([], [], [f"{spec}:array_agg"])
                with self.assertRaises(AccessError):
                    people.browse(self.owner.id)._get_vcard_file()

    def test_contacts_of_suppliers_colleagues_and_oneself_stay_as_they_are(self):
        guard, colleague = self.users["guard"], self.users["service"]
        colleague.partner_id.write({"phone": "13811110000", "email": "c@example.com"})
        self.env["property.occupancy"].create(
            {"unit_id": self.unit.id, "partner_id": colleague.partner_id.id, "role": "family"}
        )
        for partner in (self.supplier, colleague.partner_id):
            values = partner.with_user(guard).read(["phone", "email"])[0]
            self.assertEqual((values["phone"], values["email"]), (partner.phone, partner.email))
        values = self.owner.with_user(self.login).read(["phone", "email"])[0]
        self.assertEqual((values["phone"], values["email"]), (PHONE, EMAIL))

    def test_what_the_server_does_for_a_reader_has_the_real_contact(self):
        guard = self.users["guard"]
        owner = self.owner.with_user(guard)
        self.assertEqual((owner.phone, owner.email), (PHONE, EMAIL))
        self.assertIn(PHONE, str(owner.action_reveal_phone()))
        entry = self.env["property.audit"].search([("event", "=", "unmask")], limit=1)
        self.assertEqual((entry.user_id, entry.res_id), (guard, self.owner.id))
        found = self.env["res.partner"].with_user(guard).name_search("1111")
        self.assertIn(self.owner.id, [partner for partner, _name in found])

    def test_reading_many_contacts_masked_asks_no_more_than_reading_one(self):
        guard = self.users["guard"]
        people = self.env["res.partner"].create(
            [{"name": f"Resident {n}", "phone": f"1390000{n:04}"} for n in range(50)]
        )
        self.env["property.occupancy"].create(
            [{"unit_id": self.unit.id, "partner_id": one.id, "role": "family"} for one in people]
        )
        self.env.flush_all()
        counts = []
        for some in (people[:1], people):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = some.with_user(guard).read(["phone", "email"])
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all("****" in row["phone"] for row in rows))
        self.assertLessEqual(counts[1], counts[0])

    def test_a_read_that_shows_no_contact_asks_nothing_more(self):
        unit = self.unit.with_user(self.users["guard"])
        unit.read(["code"])
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            unit.read(["code"])
