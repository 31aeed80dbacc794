from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .visitor_common import VisitorCommon

NONE = dict.fromkeys(ROLES, "")
GATE = {**NONE, "guard": "r"}
DESK = {**GATE, "service": "rwc", "manager": "rwc", "director": "rwcu"}


@tagged("post_install", "-at_install")
class TestVisitorAccess(AccessMatrixMixin, VisitorCommon):
    MATRIX = {
        "property.visitor.pass": DESK,
        "property.visitor.visit": {
            **NONE,
            "guard": "rc",
            "service": "rc",
            "manager": "rc",
            "director": "rcu",
        },
        "property.visitor.ban": DESK,
        "property.visitor.rule": {
            **GATE,
            "service": "r",
            "manager": "rwcu",
            "director": "rwcu",
        },
        "property.item.release": DESK,
        "property.item.release.line": {
            **GATE,
            "service": "rwcu",
            "manager": "rwcu",
            "director": "rwcu",
        },
        "property.visitor.attempt": NONE,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        foreign = {"unit_id": cls.other_unit.id, "partner_id": cls.other_owner.id}
        one, other = cls.new_pass(phone="13000005678"), cls.new_pass(**foreign)
        release, other_release = cls.new_release(issue=False), cls.new_release(False, **foreign)
        sites = (cls.site, cls.other_site)
        cls.records = {
            "property.visitor.pass": (one, other),
            "property.visitor.visit": (cls.enter(one), cls.enter(other)),
            "property.visitor.ban": tuple(
                cls.new_ban(approve=False, site_id=site.id) for site in sites
            ),
            "property.visitor.rule": tuple(
                cls.env["property.visitor.rule"].create({"site_id": site.id, "kind": "item"})
                for site in sites
            ),
            "property.item.release": (release, other_release),
            "property.item.release.line": (release.line_ids, other_release.line_ids),
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.MATRIX)

    def test_portal_users_read_nothing_past_their_pages(self):
        for model in (*self.MATRIX, "property.visitor.key"):
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(self.portal_user).has_access("read"))

    def test_nobody_but_the_administrator_reads_keys_links_and_attempts(self):
        self.env["property.visitor.key"]._current(self.company)
        director = self.users["director"]
        for model in ("property.visitor.key", "property.visitor.attempt"):
            self.assertFalse(self.env[model].with_user(director).has_access("read"), model)
        with self.assertRaises(AccessError):
            self.one.with_user(director).read(["token"])

    def test_a_guard_sees_names_and_masked_phones_and_no_codes(self):
        for model in ("property.visitor.pass", "property.visitor.visit", "property.item.release"):
            record = self.records[model][0].with_user(self.users["guard"])
            with self.subTest(model):
                self.assertTrue(record.unit_id.code)
                self.assertTrue(record.display_name)
                for name in {"phone", "code", "share_url", "token"} & set(record._fields):
                    with self.assertRaises(AccessError):
                        record.read([name])
        shown = self.records["property.visitor.visit"][0].with_user(self.users["guard"])
        self.assertEqual(shown.phone_masked, "130****5678")

    def test_a_manager_moves_nothing_to_a_foreign_site(self):
        manager = self.users["manager"]
        draft = self.new_pass(issue=False).with_user(manager)
        with self.assertRaises(AccessError):
            draft.unit_id = self.other_unit
        rule = self.records["property.visitor.rule"][0]
        rule.kind = "visitor"
        with self.assertRaises(AccessError):
            rule.with_user(manager).site_id = self.other_site

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        director = self.new_staff("other.director", self.new_job("director"))
        director.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for model, (own, _foreign) in self.records.items():
            with self.subTest(model):
                self.assertFalse(
                    self.env[model].with_user(director).search([("id", "in", own.ids)])
                )

    def test_visits_are_written_by_no_role(self):
        visit = self.records["property.visitor.visit"][0]
        for role in ROLES:
            with self.subTest(role), self.assertRaises(AccessError):
                visit.with_user(self.users[role]).write({"name": "Other"})

    def test_what_a_guard_found_odd_is_not_written_by_the_desk(self):
        release = self.records["property.item.release"][0].with_user(self.users["service"])
        for values in ({"problem": False}, {"guard_id": False}):
            with self.subTest(values), self.assertRaises(AccessError):
                release.write(values)

    def test_no_list_is_born_agreed_by_the_owner(self):
        releases = self.env["property.item.release"].with_user(self.users["service"])
        releases = releases.with_context(
            default_issued_at="2026-01-01 00:00:00",
            default_owner_approval="approved",
            default_code="00000000",
        )
        made = releases.create({"unit_id": self.unit.id, "carrier": "Test"}).sudo()
        self.assertEqual((made.state, made.owner_approval), ("draft", "none"))
        self.assertNotEqual(made.code, "00000000")
