"""Role × model × operation × own or foreign site, and who sees which requests."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .common import RequestCommon

NONE = dict.fromkeys(ROLES, "")
READ = dict.fromkeys(ROLES, "r")
DESK = {"service": "rwcu", "manager": "rwcu", "director": "rwcu"}
MATRIX = {
    "property.request.step": READ,
    "property.request.line": {**READ, "guard": "", "leasing": "", "engineer": "rwcu", **DESK},
    "property.request.task": {**READ, "engineer": "rw", **DESK},
    "property.request.escalation": {**NONE, "service": "r", "manager": "r", "director": "r"},
    "property.request.report": {**NONE, "manager": "r", "director": "r"},
    "property.dispatch.rule": {**NONE, "service": "r", "manager": "rwcu", "director": "rwcu"},
    "property.escalation.rule": {**NONE, "service": "r", "manager": "rwcu", "director": "rwcu"},
    "property.request.category": {**READ, "manager": "rwcu", "director": "rwcu"},
    "property.request.category.task": {**READ, "manager": "rwcu", "director": "rwcu"},
    "property.request.event": {**NONE, "engineer": "rwcu", **DESK},
    "property.request.kpi": {**NONE, "manager": "rwcu", "director": "rwcu"},
    "property.request.kpi.line": {**NONE, "manager": "rwcu", "director": "rwcu"},
}


@tagged("post_install", "-at_install")
class TestRequestAccess(AccessMatrixMixin, RequestCommon):
    MATRIX = MATRIX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = cls.new_request()
        foreign = cls.new_request(unit_id=cls.other_unit.id, contact_id=cls.other_owner.id)
        cls.own, cls.foreign = own, foreign
        cls.records = {}
        for model, vals in (
            ("property.request.line", {"name": "Valve"}),
            ("property.request.task", {"name": "Look"}),
        ):
            cls.records[model] = tuple(
                cls.env[model].create({"request_id": request.id, **vals})
                for request in (own, foreign)
            )
        cls.records["property.request.step"] = (own.step_ids, foreign.step_ids)
        for model in ("property.dispatch.rule", "property.escalation.rule"):
            cls.records[model] = tuple(
                cls.env[model].create({"name": "Rule", "site_id": site.id})
                for site in (cls.site, cls.other_site)
            )
        rule = cls.records["property.escalation.rule"][0]
        cls.records["property.request.escalation"] = tuple(
            cls.env["property.request.escalation"].create(
                {"request_id": request.id, "rule_id": rule.id}
            )
            for request in (own, foreign)
        )
        cls.env.flush_all()
        report = cls.env["property.request.report"]
        cls.records["property.request.report"] = (report.browse(own.id), report.browse(foreign.id))

    def test_every_model_with_a_site_has_the_global_rule(self):
        self.assert_site_scoped(
            "maintenance.request",
            "property.request.step",
            "property.request.line",
            "property.request.task",
            "property.request.escalation",
            "property.request.report",
            "property.dispatch.rule",
            "property.escalation.rule",
        )

    def test_each_role_sees_what_its_work_needs(self):
        # Stock gives everybody the operations on requests; the rules decide on which
        wanted = {"engineer": "rwcu", **DESK}
        for role in ROLES:
            user = self.users[role]
            self.assert_operations(self.own, user, wanted.get(role, ""), f"{role} own")
            seen = self.foreign.with_user(user).search([("id", "=", self.foreign.id)])
            self.assertEqual(bool(seen), role == "director", role)

    def test_a_guard_opens_a_request_that_he_follows_without_what_it_costs(self):
        for role in ("guard", "leasing"):
            self.own.message_subscribe(self.users[role].partner_id.ids)
            one = self.own.with_user(self.users[role])
            view = one.get_view(view_type="form")
            for name in ("line_ids", "quotation_ids", "amount_cost"):
                self.assertNotIn(f'name="{name}"', view["arch"], role)
            self.assertTrue(one.read(view["models"]["maintenance.request"]))
            for name in ("line_ids", "amount_cost", "amount_chargeable", "amount_accepted"):
                with self.subTest(f"{role} {name}"), self.assertRaises(AccessError):
                    one.read([name])

    def test_an_engineer_sees_own_and_pool_orders_and_no_others(self):
        foreign = self.foreign
        pool, mine, other = (self.new_request() for _number in range(3))
        mine.action_assign(self.employee)
        other.action_assign(self.employee_2)
        mixed = pool | mine | other | foreign
        seen = mixed.with_user(self.engineer).search([("id", "in", mixed.ids)])
        self.assertEqual(seen, pool | mine)

    def test_stock_managers_of_equipment_see_no_foreign_site(self):
        clerk = self.users["engineer"]
        clerk.group_ids += self.env.ref("maintenance.group_equipment_manager")
        own, foreign = self.own, self.foreign
        self.assertEqual(own.with_user(clerk).search([("id", "in", (own | foreign).ids)]), own)

    def test_residents_see_their_own_requests_and_write_nothing(self):
        own, foreign = self.own, self.foreign
        self.assert_operations(own, self.portal_user, "r", "portal own")
        self.assert_operations(foreign, self.portal_user, "", "portal foreign")
        for model in ("property.request.step", "property.request.line", "property.request.task"):
            self.assert_operations(self.records[model][0], self.portal_user, "", "portal")

    def test_a_resident_does_only_what_is_his_to_do(self):
        own = self.new_request()
        for act in (
            lambda request: request.action_assign(self.employee.id),
            lambda request: request.action_take(),
            lambda request: request.action_return_visit("satisfied"),
        ):
            with self.assertRaisesRegex(UserError, "not yours|not possible"):
                act(own.with_user(self.portal_user))
        foreign = self.foreign.with_user(self.portal_user)
        for name, arguments in (
            ("action_urge", ()),
            ("action_cancel", ("x",)),
            ("action_rate", (1, 1, 1)),
            ("action_reopen", ("x",)),
            ("action_confirm", ()),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(foreign, name)(*arguments)

    def test_no_role_acts_on_a_foreign_site(self):
        foreign = self.foreign
        for role in ROLES:
            if role == "director":
                continue
            with self.subTest(role), self.assertRaises(AccessError):
                foreign.with_user(self.users[role]).action_cancel("x")
        self.assertEqual(foreign.step, "new")

    def test_only_the_site_manager_deletes_a_request(self):
        for role in ("engineer", "service"):
            request = self.new_request()
            with self.subTest(role), self.assertRaisesRegex(UserError, "site manager"):
                request.with_user(self.users[role]).unlink()
        request = self.new_done()
        request.with_user(self.users["manager"]).unlink()
        self.assertFalse(request.exists())

    def test_a_contact_of_a_foreign_site_cannot_be_tied_to_a_request(self):
        service = self.users["service"]
        request = self.new_request().with_user(service)
        with self.assertRaises(AccessError):
            request.write({"contact_id": self.other_owner.id})
        with self.assertRaises(AccessError):
            request.create({"unit_id": self.unit.id, "contact_id": self.other_owner.id})

    def test_nobody_moves_a_request_to_a_site_he_does_not_serve(self):
        request = self.new_request().with_user(self.users["service"])
        with self.assertRaises(AccessError):
            request.write({"site_id": self.other_site.id, "unit_id": False})

    def test_showing_a_phone_number_is_logged(self):
        request = self.new_request().with_user(self.engineer)
        self.assertEqual(request.contact_phone_masked, "138****1111")
        before = self.env["property.audit"].search_count([("event", "=", "unmask")])
        request.action_show_phone()
        after = self.env["property.audit"].search_count([("event", "=", "unmask")])
        self.assertEqual(after, before + 1)

    def test_the_number_of_a_resident_is_masked_for_who_only_does_the_work(self):
        request = self.new_request()
        for role, number in (("engineer", "138****1111"), ("service", "13800001111")):
            with self.subTest(role):
                [values] = request.with_user(self.users[role]).read(["contact_phone"])
                self.assertEqual(values["contact_phone"], number)

    def test_requests_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        site = self.env["property.site"].create(
            {"name": "Far", "code": "FAR", "company_id": other.id}
        )
        team = self.env["maintenance.team"].create({"name": "Far", "company_id": other.id})
        request = self.env["maintenance.request"].create(
            {"name": "Far", "site_id": site.id, "maintenance_team_id": team.id}
        )
        self.assertEqual(request.company_id, other)
        for role in ("service", "director"):
            self.assertFalse(request.with_user(self.users[role]).has_access("read"))
