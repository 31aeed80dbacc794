from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
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


@tagged("post_install", "-at_install")
class TestIncidentCompanies(IncidentCommon):
    """Every company has kinds, steps and deadlines of its own."""

    SETTINGS = (
        "property.incident.type",
        "property.incident.type.step",
        "property.incident.deadline",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})
        cls.other_manager = cls.new_staff("other.manager", cls.new_job("manager"))
        cls.other_manager.write(
            {
                "company_ids": [Command.set(cls.other_company.ids)],
                "company_id": cls.other_company.id,
            }
        )

    def of(self, model, company):
        return self.env[model].search([("company_id", "=", company.id)])

    def test_a_new_company_begins_with_what_the_first_one_has(self):
        first = self.env.ref("base.main_company")
        for model in self.SETTINGS:
            with self.subTest(model):
                own, given = self.of(model, first), self.of(model, self.other_company)
                self.assertEqual(len(given), len(own))
                self.assertFalse(own & given)
        self.env["property.incident.type"]._give_all()
        given = self.of("property.incident.type", self.other_company)
        self.assertEqual(len(given), len(self.of("property.incident.type", first)), "once")

    def test_nobody_reads_or_changes_those_of_another_company(self):
        for model in self.SETTINGS:
            own = self.of(model, self.company)[:1].with_user(self.other_manager)
            with self.subTest(model):
                self.assertFalse(own.search([("id", "=", own.id)]))
                for change in ({"company_id": self.other_company.id}, {}):
                    with self.assertRaises(AccessError):
                        own.write(change or {own._rec_name: own.sudo()[own._rec_name]})

    def test_nobody_gives_his_own_to_another_company(self):
        kinds = self.env["property.incident.type"].with_user(self.other_manager)
        kind = kinds.create({"name": "Only ours", "step_ids": [Command.create({"name": "Look"})]})
        with self.assertRaises(AccessError):
            kind.company_id = self.company
        with self.assertRaises(AccessError):
            kind.step_ids.type_id = self.kind

    def test_the_deadline_of_one_company_holds_no_other_to_it(self):
        domain = [("company_id", "=", self.other_company.id), ("severity", "=", "2")]
        theirs = self.env["property.incident.deadline"].search(domain)
        theirs.with_user(self.other_manager).write({"respond_minutes": 7, "is_alarm": True})
        site = self.env["property.site"].create(
            {"name": "Far Garden", "code": "FAR", "company_id": self.other_company.id}
        )
        kind = self.kind._of_company(self.other_company)
        far = self.new_incident(site_id=site.id, type_id=kind.id)
        near = self.new_incident()
        minutes = [
            (one.respond_due_at - one.reported_at).total_seconds() / 60 for one in far | near
        ]
        self.assertEqual(minutes, [7, 30])
        alarming = self.incidents._alarming_domain(self.company | self.other_company)
        self.assertEqual((far | near).filtered_domain(alarming), far)

    def test_an_incident_is_of_a_kind_of_its_own_company(self):
        kind = self.of("property.incident.type", self.other_company)[:1]
        with self.assertRaises(UserError):
            self.new_incident(type_id=kind.id)

    def test_an_update_brings_old_incidents_to_the_kinds_of_their_company(self):
        kind = self.of("property.incident.type", self.other_company)[:1]
        mine = self.env["property.incident.type"].search(
            [("name", "=", kind.name), ("company_id", "=", self.env.ref("base.main_company").id)]
        )
        site = self.env["property.site"].create(
            {"name": "Far Garden", "code": "FAR", "company_id": self.other_company.id}
        )
        old = self.new_incident(site_id=site.id, type_id=kind.id)
        self.env.cr.execute(
            "UPDATE property_incident SET type_id = %s WHERE id = %s", [mine.id, old.id]
        )
        self.env["property.incident.type"]._give_all()
        self.assertEqual(old.type_id, kind)
