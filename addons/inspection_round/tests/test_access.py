"""Who may see and do what."""

from odoo import Command
from odoo.tests import tagged

from .common import NOW, InspectionCommon

MODELS = {
    # model: rights of inspector, planner, manager as letters
    "inspection.team": ("r", "rwcu", "rwcu"),
    "inspection.route": ("r", "rwc", "rwcu"),
    "inspection.checkpoint": ("r", "rwcu", "rwcu"),
    "inspection.item": ("r", "rwcu", "rwcu"),
    "inspection.choice": ("r", "rwcu", "rwcu"),
    "inspection.plan": ("r", "rwcu", "rwcu"),
    "inspection.round": ("r", "rwc", "rwcu"),
    "inspection.flag": ("r", "r", "r"),
    "inspection.checkin": ("r", "r", "r"),
    "inspection.photo": ("r", "r", "r"),
    "inspection.result": ("r", "r", "r"),
    "inspection.reading": ("", "r", "r"),
    "inspection.checkin.review": ("", "rwcu", "rwcu"),
    "inspection.round.cancel": ("", "rwcu", "rwcu"),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
SCOPED = ("inspection.round", "inspection.checkin", "inspection.result", "inspection.photo")


@tagged("post_install", "-at_install")
class TestAccess(InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gate.item_ids = [Command.create({"name": "Pressure", "item_type": "number"})]
        cls.clerk = cls.env["res.users"].create({"name": "Clerk", "login": "inspection.clerk"})

    def walked(self, **values):
        """Make a round with a check-in, an answer and a photo.

        :return: {model: record}
        """
        one = self.new_round(**values)
        answer = {"item": self.gate.item_ids, "value": 1.0}
        photo = f"photo {one.id}".encode()
        checkin = self.check(one, self.gate, results=[answer], contents=photo)
        records = (one, checkin, checkin.result_ids, checkin.photo_ids)
        return dict(zip(SCOPED, records, strict=True))

    def assert_seen(self, records, user, is_seen):
        for model, record in records.items():
            with self.subTest(f"{user.login} {model}"):
                found = record.with_user(user).search([("id", "=", record.id)])
                self.assertEqual(bool(found), is_seen)
                self.assertEqual(record.with_user(user).has_access("read"), is_seen)

    def test_each_role_has_its_rights_and_no_more(self):
        roles = ("inspector", "planner", "manager")
        for model, rights in MODELS.items():
            for role, letters in zip(roles, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        records = self.env[model].with_user(self.users[role])
                        self.assertEqual(records.has_access(operation), letter in letters)

    def test_others_see_nothing(self):
        for model in MODELS:
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(self.clerk).has_access("read"))

    def test_an_inspector_sees_own_rounds_those_of_the_team_and_those_of_nobody(self):
        user, other = self.users["inspector"], self.users["other"]
        team = self.env["inspection.team"].create(
            {"name": "Night", "employee_ids": [Command.set(self.inspector.ids)]}
        )
        named = {"employee_ids": [Command.set(self.inspector.ids)]}
        for values in ({"employee_id": self.inspector.id}, named, {"team_id": team.id}):
            with self.subTest(values):
                records = self.walked(**values)
                self.assert_seen(records, user, True)
                self.assert_seen(records, other, False)
        pool = {"inspection.round": self.new_round()}
        self.assert_seen(pool, user, True)
        self.assert_seen(pool, other, True)

    def test_a_round_of_the_pool_belongs_to_whoever_takes_it(self):
        records = self.walked()
        self.assert_seen(records, self.users["inspector"], True)
        self.assert_seen(records, self.users["other"], False)
        self.assert_seen(records, self.users["planner"], True)

    def test_own_check_ins_stay_seen_when_the_round_is_given_to_another(self):
        records = self.walked()
        records.pop("inspection.round").employee_id = self.other
        self.assert_seen(records, self.users["inspector"], True)

    def test_what_belongs_to_another_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "Other"})
        records = self.walked()
        self.new_plan()
        team = self.env["inspection.team"].create({"name": "Night"})
        self.route.company_id = team.company_id = company
        self.env.flush_all()
        records |= {
            "inspection.team": team,
            "inspection.route": self.route,
            "inspection.checkpoint": self.gate,
            "inspection.item": self.gate.item_ids,
            "inspection.plan": self.route.plan_ids,
            "inspection.reading": self.env["inspection.reading"]
            .search([])
            .filtered(lambda reading: reading.route_id == self.route),
        }
        self.assert_seen(records, self.users["manager"], False)

    def test_a_planner_makes_a_plan_without_seeing_its_secret(self):
        plans = self.env["inspection.plan"].with_user(self.users["planner"])
        values = {"name": "Mine", "route_id": self.route.id, "date_from": NOW.date()}
        plan = plans.create({**values, "window_minutes": 30})
        self.assertTrue(plan.sudo().seed)
        self.assertTrue(plan.round_count)
        self.assertNotIn("seed", plans.fields_get())
        plan.times = "09:00"
        self.assertTrue(plan.preview)

    def test_a_planner_names_employees_without_rights_on_their_files(self):
        as_planner = self.env(user=self.users["planner"])
        named = [Command.set(self.inspector.ids)]
        team = as_planner["inspection.team"].create({"name": "Night", "employee_ids": named})
        plan = as_planner["inspection.plan"].create(
            {"name": "Mine", "route_id": self.route.id, "employee_ids": named}
        )
        one = as_planner["inspection.round"].create(
            {"route_id": self.route.id, "employee_ids": named}
        )
        for record in (team, plan, one):
            with self.subTest(record._name):
                record.employee_ids = [Command.link(self.other.id)]
                self.assertEqual(record.sudo().employee_ids, self.inspector | self.other)

    def test_names_of_colleagues_are_read_without_rights_on_employees(self):
        one = self.new_round(employee_id=self.inspector.id).with_user(self.users["inspector"])
        self.assertEqual(one.employee_id.display_name, "Inspector")
        self.assertTrue(one.search([("employee_id", "ilike", "Inspector")]))
