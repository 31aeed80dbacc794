"""Lists and boards ask the database as often for many records as for few."""

from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import NOW, InspectionCommon

NAME = {"fields": {"display_name": {}}}
PAGES = {
    # model: plain columns, columns that show the name of a record
    "inspection.round": (
        ("display_name", "planned_at", "state", "coverage", "valid_count", "flagged_count"),
        ("route_id", "employee_id", "employee_ids", "team_id"),
    ),
    "inspection.checkin": (
        ("checked_at", "state", "method", "abnormal_count"),
        ("round_id", "checkpoint_id", "employee_id", "flag_ids"),
    ),
    "inspection.result": (("checked_at", "value", "is_abnormal"), ("checkpoint_id", "item_id")),
    "inspection.reading": (("checked_at", "number", "series"), ("checkpoint_id", "item_id")),
}


@tagged("post_install", "-at_install")
class TestScreens(InspectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.walkers = cls.env["hr.employee"].create([{"name": f"Walker {i}"} for i in range(10)])
        cls.gate.item_ids = [
            Command.create({"name": "Pressure", "item_type": "number", "unit": "bar"})
        ]

    def walk(self, number):
        """Walk rounds, by people of whom each comes anew after ten."""
        for index in range(number):
            person = self.walkers[index % 10]
            one = self.new_round(
                NOW + timedelta(minutes=index), employee_ids=[Command.set(person.ids)]
            )
            answer = {"item": self.gate.item_ids, "value": float(index)}
            self.check(one, self.gate, index, employee=person, results=[answer])
        self.env.flush_all()

    def queries(self, model, user):
        """Count the queries of reading a page as somebody who has read one before."""
        records = self.env[model].with_user(user)
        plain, named = PAGES[model]
        specification = {**{key: {} for key in plain}, **dict.fromkeys(named, NAME)}
        for _time in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.web_search_read([], specification, limit=80)
        return self.env.cr.sql_log_count - before

    def test_fifty_rows_take_as_many_queries_as_two(self):
        user = self.users["planner"]
        self.walk(2)
        few = {model: self.queries(model, user) for model in PAGES}
        self.walk(48)
        many = {model: self.queries(model, user) for model in PAGES}
        self.assertEqual(few, many)

    def test_a_route_with_fifty_points_opens_in_as_many_queries_as_one_with_two(self):
        counts = []
        for number in (2, 2, 50):  # the first fills caches
            route = self.new_route(f"R{number}", [f"P{index}" for index in range(number)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            points = {"fields": {"name": {}, "code": {}, "item_count": {}}}
            route.with_user(self.users["planner"]).web_read(
                {"checkpoint_ids": points, "checkpoint_count": {}, "round_count": {}}
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
