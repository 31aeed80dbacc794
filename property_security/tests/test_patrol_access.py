import base64
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .patrol_common import NOW, PatrolCommon

NONE = dict.fromkeys(ROLES, "")
GUARD = {**NONE, "guard": "r"}
MANAGER = {**NONE, "manager": "r", "director": "r"}
KEPT = {"manager": "rwc", "director": "rwcu"}
ALL = {"manager": "rwcu", "director": "rwcu"}


@tagged("post_install", "-at_install")
class TestPatrolAccess(AccessMatrixMixin, PatrolCommon):
    MATRIX = {
        "property.patrol.shift": {**GUARD, "engineer": "r", **KEPT},
        "property.patrol.duty": {**GUARD, **ALL},
        "property.patrol.alarm": {**GUARD, "manager": "r", "director": "r"},
        "property.patrol.point": MANAGER,
        "property.patrol.wand": {**NONE, **KEPT},
        "property.patrol.wand.holder": {**NONE, **ALL},
        "property.patrol.wand.file": {**NONE, **KEPT},
        "property.patrol.wand.line": MANAGER,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        foreign = cls.new_route("Foreign", cls.other_site)
        far_shift = cls.env["property.patrol.shift"].create(
            {"name": "Far", "site_id": cls.other_site.id, "leader_id": cls.leader.id}
        )
        shifts = (cls.day, far_shift)
        rounds = tuple(
            cls.new_round(NOW - timedelta(hours=3), route=route, shift_id=shift.id)
            for route, shift in zip((cls.route, foreign), shifts, strict=True)
        )
        for one in rounds:
            one._raise_alarms()
        wands = cls.env["property.patrol.wand"].create(
            [
                {
                    "name": "Wand",
                    "number": "1",
                    "site_id": site.id,
                    "holder_ids": [Command.create({"employee_id": cls.guard.id})],
                }
                for site in (cls.site, cls.other_site)
            ]
        )
        files = cls.env["property.patrol.wand.file"].create(
            [
                {"site_id": wand.site_id.id, "content": base64.b64encode(b"1,2,2026-03-02 08:00")}
                for wand in wands
            ]
        )
        files.action_read()
        points = cls.env["property.patrol.point"]
        cls.records = {
            "property.patrol.shift": shifts,
            "property.patrol.duty": (cls.day.duty_ids, cls.roster(far_shift, cls.guard)),
            "property.patrol.alarm": tuple(one.alarm_ids for one in rounds),
            "property.patrol.point": tuple(
                points.search([("round_id", "=", one.id)], limit=1) for one in rounds
            ),
            "property.patrol.wand": tuple(wands),
            "property.patrol.wand.holder": tuple(wand.holder_ids for wand in wands),
            "property.patrol.wand.file": tuple(files),
            "property.patrol.wand.line": tuple(file.line_ids for file in files),
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.records)

    def test_a_guard_sees_alarms_of_his_patrols_and_a_leader_those_of_his_shift(self):
        alarms = self.env["property.patrol.alarm"]
        other = self.new_round(NOW - timedelta(hours=5), employee_ids=[Command.clear()])
        other._raise_alarms()
        own = self.records["property.patrol.alarm"][0]
        domain = [("id", "in", (own | other.alarm_ids).ids)]
        self.assertEqual(alarms.with_user(self.users["guard"]).search(domain), own)
        led = alarms.with_user(self.leader_user).search(domain)
        self.assertEqual(led, own | other.alarm_ids)

    def test_no_manager_writes_what_the_roster_and_the_alarms_say_of_a_round(self):
        one = self.new_round().with_user(self.manager)
        for values in ({"shift_id": self.night.id}, {"is_alarm_settled": True}):
            with self.subTest(values):
                with self.assertRaises(AccessError):
                    one.write(values)
                with self.assertRaises(AccessError):
                    one.create({"route_id": self.route.id, **values})
        made = one.with_context(default_is_alarm_settled=True).create({"route_id": self.route.id})
        self.assertFalse(made.is_alarm_settled)

    def test_an_engineer_opens_rounds_of_equipment_without_rights_on_alarms(self):
        engineer = self.users["engineer"]
        one = self.new_round(
            employee_ids=[Command.set(engineer.employee_id.ids)],
            route=self.env["inspection.route"].create({"name": "Pumps", "site_id": self.site.id}),
        )
        view = one.with_user(engineer).get_view(view_type="form")
        names = [*view["models"]["inspection.round"]]
        self.assertTrue(one.with_user(engineer).read(names))
        self.assertFalse(self.env["property.patrol.alarm"].with_user(engineer).has_access("read"))

    def test_records_of_another_company_are_out_of_sight(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        site = self.env["property.site"].create(
            {"name": "Far", "code": "TSTC", "company_id": company.id}
        )
        shift = self.env["property.patrol.shift"].create({"name": "Far", "site_id": site.id})
        wand = self.env["property.patrol.wand"].create(
            {"name": "Far", "number": "1", "site_id": site.id}
        )
        director = self.users["director"]
        for record in (shift, wand):
            found = record.with_user(director).search([("id", "=", record.id)])
            self.assertFalse(found, record._name)
