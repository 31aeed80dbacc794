import base64
import hashlib
import uuid
from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .equipment_common import EquipmentCommon

NOW = datetime(2026, 6, 15, 4)
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


class EquipmentInspectionCommon(EquipmentCommon):
    """A route with the lift: is the light on, and what do the hours read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.route, cls.other_route = cls.env["inspection.route"].create(
            [
                {"name": "Lifts", "kind": "equipment", "site_id": cls.site.id},
                {"name": "Far Lifts", "kind": "equipment", "site_id": cls.other_site.id},
            ]
        )
        cls.point = cls.env["inspection.checkpoint"].create(
            {
                "route_id": cls.route.id,
                "name": "Lift 1",
                "equipment_id": cls.lift.id,
                "item_ids": [
                    Command.create({"name": "Light on", "item_type": "yes_no"}),
                    Command.create(
                        {"name": "Hours", "item_type": "number", "gauge_id": cls.hours.id}
                    ),
                ],
            }
        )
        cls.light, cls.reading_item = cls.point.item_ids
        cls.engineer = cls.users["engineer"].employee_id

    @classmethod
    def new_round(cls, days=0, route=None):
        """Create a round of the day so many days from today."""
        at = NOW + timedelta(days=days)
        return cls.env["inspection.round"].create(
            {
                "route_id": (route or cls.route).id,
                "planned_at": at,
                "open_at": at - timedelta(minutes=30),
                "deadline_at": at + timedelta(hours=2),
                "employee_id": cls.engineer.id,
            }
        )

    @classmethod
    def check(cls, days=0, point=None, light=True, hours=None, photo=None):
        """Check in at the lift."""
        point = point or cls.point
        at = NOW + timedelta(days=days)
        files = {hashlib.sha256(photo).hexdigest(): photo} if photo else {}
        results = [{"item": cls.light, "value": light, "note": None, "files": list(files)}]
        if hours is not None:
            results.append({"item": cls.reading_item, "value": hours, "note": None, "files": []})
        [(checkin, _status)] = cls.env["inspection.checkin"]._take(
            [
                {
                    "uuid": str(uuid.uuid4()),
                    "round": cls.new_round(days),
                    "checkpoint": point,
                    "employee": cls.engineer,
                    "method": "qr",
                    "code": point.code,
                    "device_at": at,
                    "received_at": at,
                    "files": [],
                    "contents": files,
                    "results": results,
                }
            ]
        )
        return checkin


@tagged("post_install", "-at_install")
class TestEquipmentInspection(EquipmentInspectionCommon):
    def defects(self):
        return self.env["maintenance.request"].search(
            [("inspection_checkpoint_id", "=", self.point.id)], order="id"
        )

    def test_a_normal_result_raises_nothing(self):
        self.check()
        self.assertFalse(self.defects())

    def test_an_abnormal_result_raises_one_request_about_the_equipment(self):
        self.check(light=False, photo=PHOTO)
        request = self.defects()
        self.assertEqual(
            (request.kind, request.channel, request.step), ("repair", "inspection", "new")
        )
        self.assertEqual((request.site_id, request.equipment_id), (self.site, self.lift))
        self.assertEqual(request.maintenance_team_id, self.team)
        self.assertEqual(request.name, "Lift 1: Light on")
        self.assertIn("expected: Yes", request.description)
        self.assertEqual(request.photo_ids.raw, PHOTO)

    def test_a_defect_of_equipment_without_a_team_and_of_no_equipment_is_raised_too(self):
        self.lift.maintenance_team_id = False
        self.check(light=False)
        self.assertTrue(self.defects().maintenance_team_id)
        self.finish(self.defects())
        self.reading_item.gauge_id = False
        self.point.write({"equipment_id": False, "place": "Lobby"})
        self.check(1, light=False)
        request = self.defects()[-1]
        self.assertEqual((request.equipment_id.id, request.place), (False, "Lobby"))

    def test_further_visits_are_noted_on_the_open_request(self):
        for days in range(3):
            self.check(days, light=False)
        request = self.defects()
        self.assertEqual((len(request), request.inspection_seen_count), (1, 2))
        notes = request.message_ids.filtered(lambda one: "Light on: No" in (one.body or ""))
        self.assertEqual(len(notes), 2)

    def test_after_it_was_done_or_cancelled_the_same_defect_is_raised_anew(self):
        self.check(light=False)
        self.finish(self.defects())
        self.check(1, light=False)
        self.assertEqual(len(self.defects()), 2)
        self.defects()[-1].action_cancel("No defect")
        self.check(2, light=False)
        self.assertEqual(len(self.defects()), 3)

    def test_another_defect_at_the_same_place_is_another_request(self):
        self.reading_item.write({"has_high": True, "limit_high": 100})
        self.check(light=False, hours=120)
        self.assertEqual(
            sorted(self.defects().mapped("name")), ["Lift 1: Hours", "Lift 1: Light on"]
        )

    def test_a_check_in_sent_twice_raises_and_reads_once(self):
        checkin = self.check(light=False, hours=10)
        checkin._settle()
        self.assertEqual(len(checkin.result_ids.reading_ids), 1)
        self.assertEqual(len(self.defects()), 1)

    def test_numbers_become_readings_of_the_gauge(self):
        self.check(-1, hours=10)
        self.check(0, hours=34.5)
        self.assertEqual(self.hours.last_total, 34.5)
        self.assertEqual(set(self.hours.reading_ids.mapped("source")), {"inspection"})

    def test_a_number_that_cannot_be_is_told_and_the_check_in_stays(self):
        self.check(-1, hours=100)
        checkin = self.check(0, hours=10)
        self.assertEqual(checkin.state, "valid")
        self.assertFalse(checkin.result_ids.reading_ids)
        self.assertIn("cannot go back from 100 to 10", self.lift.message_ids[0].body)

    def test_a_rejected_check_in_takes_its_readings_back(self):
        checkin = self.check(hours=10)
        checkin._decide("rejected", "Wrong lift")
        self.assertFalse(self.hours.reading_ids)
        checkin._decide("accepted", "It was right")
        self.assertEqual(self.hours.last_total, 10)

    def test_a_route_inspects_equipment_of_its_own_site(self):
        with self.assertRaises(ValidationError):
            self.point.copy({"equipment_id": self.other_lift.id})
        level = self.new_gauge(self.other_lift, "Level")
        with self.assertRaises(ValidationError):
            self.reading_item.gauge_id = level

    def test_equipment_is_added_to_a_route_with_tasks_and_gauges(self):
        second = self.new_equipment("Lift 2", place="Shaft 2")
        self.new_gauge(second, "Temperature", unit="°C", has_high=True, limit_high=40)
        wizard = (
            self.env["property.route.fill"]
            .with_user(self.users["manager"])
            .create(
                {
                    "route_id": self.route.id,
                    "equipment_ids": [Command.set((self.lift | second).ids)],
                }
            )
        )
        wizard.action_fill()
        wizard.action_fill()
        self.assertEqual(self.route.checkpoint_ids.equipment_id, self.lift | second)
        point = self.route.checkpoint_ids - self.point
        self.assertEqual(point.place, "3栋 Shaft 2")
        self.assertEqual(
            point.item_ids.mapped("name"),
            ["Look at the ropes", "Listen to the motor", "Temperature"],
        )
        self.assertEqual(point.item_ids[-1].limits, "≤ 40 °C")

    def test_equipment_counts_and_opens_its_inspections(self):
        self.check(light=False)
        self.assertEqual(self.lift.checkin_count, 1)
        action = self.lift.with_user(self.users["manager"]).action_view_checkins()
        self.assertEqual(self.env["inspection.checkin"].search_count(action["domain"]), 1)
