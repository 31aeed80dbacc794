"""Who sees and plans rounds on which site."""

import hashlib
import uuid
from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES, PropertyStaffCommon

NOW = datetime(2026, 3, 2, 4)
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJ"
    "ggg=="
)
NONE = dict.fromkeys(ROLES, "")
LOOK = {**NONE, "guard": "r", "engineer": "r"}
PLAN = {**LOOK, "manager": "rwcu", "director": "rwcu"}
ROUND = {**LOOK, "manager": "rwc", "director": "rwcu"}
TOLD = {**LOOK, "manager": "r", "director": "r"}


@tagged("post_install", "-at_install")
class TestSiteAccess(AccessMatrixMixin, PropertyStaffCommon):
    MATRIX = {
        "inspection.route": ROUND,
        "inspection.checkpoint": PLAN,
        "inspection.item": PLAN,
        "inspection.choice": PLAN,
        "inspection.plan": PLAN,
        "inspection.round": ROUND,
        "inspection.checkin": TOLD,
        "inspection.photo": TOLD,
        "inspection.result": TOLD,
        "inspection.reading": {**NONE, "manager": "r", "director": "r"},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walkers = cls.users["guard"].employee_id | cls.users["engineer"].employee_id
        worlds = [cls.new_world(site) for site in (cls.site, cls.other_site)]
        cls.records = {model: tuple(world[model] for world in worlds) for model in cls.MATRIX}
        cls.route, cls.other_route = cls.records["inspection.route"]

    @classmethod
    def new_world(cls, site):
        """Make a route of a site with a checklist, a plan, and a round that somebody walked.

        :return: record by model
        """
        route = cls.env["inspection.route"].create({"name": "Round", "site_id": site.id})
        point = cls.env["inspection.checkpoint"].create(
            {
                "route_id": route.id,
                "name": "Gate",
                "item_ids": [
                    Command.create({"name": "Pressure", "item_type": "number"}),
                    Command.create(
                        {
                            "name": "Door",
                            "item_type": "choice",
                            "is_required": False,
                            "choice_ids": [Command.create({"name": "Shut"})],
                        }
                    ),
                ],
            }
        )
        plan = cls.env["inspection.plan"].create({"name": "Daily", "route_id": route.id})
        one = cls.env["inspection.round"].create(
            {
                "route_id": route.id,
                "planned_at": NOW,
                "open_at": NOW - timedelta(minutes=9),
                "employee_ids": [Command.set(cls.walkers.ids)],
            }
        )
        number, choice = point.item_ids
        checkin = cls.check(one, point, number)
        result = checkin.result_ids
        return {
            "inspection.route": route,
            "inspection.checkpoint": point,
            "inspection.item": number,
            "inspection.choice": choice.choice_ids,
            "inspection.plan": plan,
            "inspection.round": one,
            "inspection.checkin": checkin,
            "inspection.photo": cls.env["inspection.photo"].create(
                {"checkin_id": checkin.id, "sha256": hashlib.sha256().hexdigest(), "image": PIXEL}
            ),
            "inspection.result": result,
            "inspection.reading": cls.env["inspection.reading"].search(
                [("result_id", "=", result.id)]
            ),
        }

    @classmethod
    def check(cls, one, point, item):
        """Check in with a number."""
        [(checkin, _status)] = cls.env["inspection.checkin"]._take(
            [
                {
                    "uuid": str(uuid.uuid4()),
                    "round": one,
                    "checkpoint": point,
                    "employee": cls.users["guard"].employee_id,
                    "method": "manual",
                    "device_at": NOW,
                    "received_at": NOW,
                    "results": [{"item": item, "value": 3.0, "note": None, "files": []}],
                }
            ]
        )
        return checkin

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.MATRIX)

    def test_nobody_moves_records_to_a_site_that_is_not_his(self):
        manager = self.users["manager"]
        plan = self.records["inspection.plan"][0]
        point = self.records["inspection.checkpoint"][0]
        moves = (
            (self.route, {"site_id": self.other_site.id}),
            (plan, {"route_id": self.other_route.id}),
            (point, {"route_id": self.other_route.id}),
        )
        for record, vals in moves:
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(manager).write(vals)

    def test_a_route_belongs_to_the_company_of_its_site(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        site = self.env["property.site"].create(
            {"name": "Far", "code": "TSTF", "company_id": company.id}
        )
        route = self.env["inspection.route"].create({"name": "Far round", "site_id": site.id})
        self.assertEqual(route.company_id, company)

    def test_a_site_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        with self.assertRaises(UserError):
            self.route.company_id = company

    def test_rounds_without_a_site_are_seen_on_every_site(self):
        route = self.env["inspection.route"].create({"name": "Anywhere"})
        plan = self.env["inspection.plan"].create(
            {"name": "Daily", "route_id": route.id, "date_from": date(2026, 3, 1)}
        )
        self.assertTrue(plan.with_user(self.users["manager"]).has_access("write"))

    def test_roles_walk_and_plan_rounds(self):
        wanted = {
            "guard": "inspector",
            "engineer": "inspector",
            "manager": "planner",
            "director": "manager",
        }
        for role in ROLES:
            user = self.users[role]
            groups = [
                name
                for name in ("manager", "planner", "inspector")
                if user.has_group(f"inspection_round.group_{name}")
            ]
            self.assertEqual(groups[:1], [wanted[role]] if role in wanted else [], role)
