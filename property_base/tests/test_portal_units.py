from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import PropertyCommon


@tagged("post_install", "-at_install")
class TestPortalUnits(PropertyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.env["res.partner"].create({"name": "Former Owner Sun"})
        cls.occupy(cls.unit_2, cls.seller, "owner", date(2020, 1, 1), date(2024, 12, 31))
        cls.occupy(cls.unit_2, cls.buyer, "owner", date(2025, 1, 1))
        portal = Command.set(cls.env.ref("base.group_portal").ids)
        cls.env["res.users"].create(
            [
                {"login": login, "password": login, "partner_id": partner.id, "group_ids": [portal]}
                for login, partner in (
                    ("p_owner", cls.owner),
                    ("p_tenant", cls.tenant),
                    ("p_child", cls.child),
                    ("p_other", cls.other_owner),
                    ("p_seller", cls.seller),
                )
            ]
        )

    def get_page(self, login, path="/my/units"):
        self.authenticate(login, login)
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200)
        return response.text

    def set_access(self, login, **params):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/my/units/bill_access", params)

    def assert_refused(self, login, **params):
        before = self.env["property.occupancy"].search([]).mapped("may_see_bills")
        with (
            mute_logger("odoo.http"),
            self.assertRaises(JsonRpcException, msg=f"{login} {params}"),
        ):
            self.set_access(login, **params)
        self.env.invalidate_all()
        self.assertEqual(self.env["property.occupancy"].search([]).mapped("may_see_bills"), before)

    def test_visitors_are_sent_to_the_login_page(self):
        response = self.url_open(
            "/my/units", headers={"Accept-Language": "zh-CN"}, allow_redirects=False
        )
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_owner_sees_the_household_with_masked_phones(self):
        page = self.get_page("p_owner")
        for text in ("3-1-1502", "B1-017", "Test Tenant Wu", "Test Child Li", "138****2222"):
            self.assertIn(text, page)
        for text in ("13800002222", "13800001111", "1-1-101", "Foreign Owner Qian"):
            self.assertNotIn(text, page)

    def test_tenant_does_not_see_the_owners_family(self):
        page = self.get_page("p_tenant")
        self.assertIn("Test Tenant Wu", page)
        self.assertNotIn("Test Child Li", page)
        self.assertNotIn("Test Owner Li", page)
        self.assertNotIn("data-occupancy-id", page)

    def test_family_does_not_see_the_tenant(self):
        page = self.get_page("p_child")
        self.assertIn("Test Owner Li", page)
        self.assertNotIn("Test Tenant Wu", page)

    def test_former_owner_sees_no_unit(self):
        page = self.get_page("p_seller")
        self.assertNotIn("3-1-201", page)
        self.assertNotIn("Test Buyer Zhao", page)

    def test_owner_grants_and_revokes_sight_of_the_bills(self):
        self.assertFalse(self.child_row.may_see_bills)
        logged = self.env["property.audit"].search_count([("event", "=", "personal_data")])
        self.assertEqual(
            self.set_access("p_owner", occupancy_id=self.child_row.id, allowed=True),
            {"allowed": True},
        )
        self.child_row.invalidate_recordset()
        self.assertTrue(self.child_row.may_see_bills)
        self.set_access("p_owner", occupancy_id=self.child_row.id, allowed=False)
        self.child_row.invalidate_recordset()
        self.assertFalse(self.child_row.may_see_bills)
        self.assertEqual(
            self.env["property.audit"].search_count([("event", "=", "personal_data")]), logged + 2
        )

    def test_nobody_but_the_owner_grants_sight_of_the_bills(self):
        for login in ("p_tenant", "p_child", "p_other", "p_seller"):
            self.assert_refused(login, occupancy_id=self.child_row.id, allowed=True)

    def test_owner_cannot_touch_other_households_or_himself(self):
        for row in (self.other_row, self.owner_row):
            self.assert_refused("p_owner", occupancy_id=row.id, allowed=False)

    def test_hostile_values_change_nothing(self):
        row = self.child_row.id
        for values in (
            {},
            {"occupancy_id": row},
            {"occupancy_id": row, "allowed": "yes"},
            {"occupancy_id": row, "allowed": 1},
            {"occupancy_id": str(row), "allowed": True},
            {"occupancy_id": [row], "allowed": True},
            {"occupancy_id": {"id": row}, "allowed": True},
            {"occupancy_id": True, "allowed": True},
            {"occupancy_id": -row, "allowed": True},
            {"occupancy_id": 0, "allowed": True},
            {"occupancy_id": 10**30, "allowed": True},
            {"occupancy_id": float(row) + 0.5, "allowed": True},
            {"occupancy_id": None, "allowed": True},
        ):
            self.assert_refused("p_owner", **values)

    def test_portal_users_reach_no_foreign_record_through_the_orm(self):
        user = self.env["res.users"].search([("login", "=", "p_owner")])
        own = {
            "property.site": self.site,
            "property.building": self.building,
            "property.unit": self.unit | self.space,
            "property.occupancy": self.owner_row,
            "property.vehicle": self.vehicle,
        }
        for name, model in sorted(self.registry.items()):
            if not name.startswith("property.") or model._abstract or name == "property.unit.type":
                continue
            records = self.env[name].with_user(user)
            if not records.has_access("read"):
                continue
            with self.subTest(model=name):
                found = records.with_context(active_test=False).search([])
                self.assertLessEqual(set(found.ids), set(own.get(name, records).ids))

    def test_a_relative_learns_no_name_of_the_household_through_the_orm(self):
        """The page shows people by role; records would show everybody to everybody."""
        user = self.new_portal_user(self.child, "p_child_orm")
        rows = self.env["property.occupancy"].with_user(user).search([])
        self.assertEqual(rows, self.child_row)
        unit = self.env["property.unit"].with_user(user).search([("id", "=", self.unit.id)])
        self.assertEqual(unit, self.unit)
        self.assertFalse(unit.tenant_id)
        self.assertFalse(unit.owner_id)

    def test_portal_users_write_nothing_through_the_orm(self):
        user = self.env["res.users"].search([("login", "=", "p_owner")])
        for name, model in sorted(self.registry.items()):
            if not name.startswith("property.") or model._abstract:
                continue
            with self.subTest(model=name):
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(self.env[name].with_user(user).has_access(operation))
