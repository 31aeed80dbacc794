from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .incident_common import IncidentCommon

NONE, READ = dict.fromkeys(ROLES, ""), dict.fromkeys(ROLES, "r")
HANDLE = {
    **NONE,
    "guard": "rwc",
    "service": "rwc",
    "engineer": "r",
    "manager": "rwc",
    "director": "rwcu",
}


@tagged("post_install", "-at_install")
class TestIncidentAccess(AccessMatrixMixin, IncidentCommon):
    MATRIX = {
        "property.incident.type": {**READ, "manager": "rwc", "director": "rwcu"},
        "property.incident.type.step": {**READ, "manager": "rwcu", "director": "rwcu"},
        "property.incident.deadline": {**READ, "manager": "rw", "director": "rwcu"},
        "property.incident": HANDLE,
        "property.incident.step": {**HANDLE, "manager": "rwcu"},
        "property.incident.person": {
            **NONE,
            "service": "rwcu",
            "manager": "rwcu",
            "director": "rwcu",
        },
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.new_incident(amount_loss=500)
        foreign = cls.new_incident(site_id=cls.other_site.id)
        people = cls.env["property.incident.person"].create(
            [
                {"incident_id": one.id, "name": "Test", "phone": "13000005678"}
                for one in own | foreign
            ]
        )
        cls.records = {
            "property.incident": (own, foreign),
            "property.incident.step": (own.step_ids, foreign.step_ids),
            "property.incident.person": tuple(people),
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.records)

    def test_residents_see_nothing(self):
        for model in self.MATRIX:
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(self.portal_user).has_access("read"))

    def test_a_guard_sees_no_loss_and_no_people(self):
        one = self.records["property.incident"][0].with_user(self.users["guard"])
        self.assertTrue(one.name)
        for name in ("amount_loss", "person_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                one.read([name])
        with self.assertRaises(AccessError):
            one.with_user(self.users["service"]).read(["amount_loss"])
        self.assertEqual(one.with_user(self.users["manager"]).amount_loss, 500)

    def test_a_telephone_number_is_masked_and_showing_it_is_logged(self):
        person = self.records["property.incident.person"][0].with_user(self.users["service"])
        self.assertEqual(person.phone_masked, "130****5678")
        audits = self.env["property.audit"].sudo()
        before = audits.search_count([("event", "=", "unmask")])
        action = person.action_reveal_phone()
        self.assertEqual(action["params"]["links"][0]["label"], "13000005678")
        self.assertEqual(audits.search_count([("event", "=", "unmask")]), before + 1)

    def test_nobody_moves_an_incident_to_a_foreign_site(self):
        own = self.records["property.incident"][0].with_user(self.users["manager"])
        with self.assertRaises(AccessError):
            own.site_id = self.other_site

    def test_nobody_moves_a_part_to_a_foreign_incident(self):
        foreign = self.records["property.incident"][1]
        for model, role in (("step", "guard"), ("person", "service")):
            own = self.records[f"property.incident.{model}"][0].with_user(self.users[role])
            with self.subTest(model), self.assertRaises(AccessError):
                own.incident_id = foreign

    def test_another_company_sees_nothing(self):
        self.assert_other_company_sees_nothing()

    def test_nobody_says_later_that_an_incident_was_reported_later(self):
        own = self.records["property.incident"][0]
        for role in ("guard", "manager"):
            with self.subTest(role), self.assertRaises(UserError):
                own.with_user(self.users[role]).write({"reported_at": "2030-01-01 00:00:00"})

    def test_no_incident_is_born_closed(self):
        own = self.records["property.incident"][0]
        incidents = self.env["property.incident"].with_user(self.users["guard"])
        incidents = incidents.with_context(
            default_state="closed", default_closed_at="2026-01-01 00:00:00", default_result="-"
        )
        made = incidents.create(
            {"name": "Test", "type_id": own.type_id.id, "site_id": own.site_id.id}
        )
        self.assertEqual((made.state, made.closed_at, made.result), ("reported", False, False))
