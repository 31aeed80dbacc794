from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.property_iot.tests.common import IotCommon


@tagged("post_install", "-at_install")
class TestAlarmRequests(IotCommon):
    """One work order for an alarm and its equipment, however often it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = "property_iot_maintenance"
        cls.rule = cls.env["mqtt.rule"].create(
            {
                "name": "Leak",
                "broker_id": cls.broker.id,
                "subscription_id": cls.subscription.id,
                "condition": "payload.leak == 1",
                "clear_condition": "payload.leak == 0",
                "oldest_minutes": 0,
                "action_server_ids": [(4, cls.env.ref(f"{module}.action_raise_request").id)],
                "clear_action_server_ids": [(4, cls.env.ref(f"{module}.action_end_request").id)],
            }
        )
        cls.telegram.ignores_unknown = True
        cls.pump = cls.env["maintenance.equipment"].create(
            {"name": "Pump 1", "site_id": cls.site.id, "place": "B1"}
        )
        cls.device.write({"site_id": cls.site.id, "equipment_id": cls.pump.id})

    @property
    def raised(self):
        return self.env["maintenance.request"].search([("channel", "=", "device")])

    @property
    def alarms(self):
        return self.env["mqtt.alarm"].search([("rule_id", "=", self.rule.id)], order="id")

    def test_an_alarm_raises_one_urgent_work_order_for_the_equipment(self):
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        one = self.raised
        self.assertEqual((one.equipment_id, one.site_id), (self.pump, self.site))
        self.assertTrue(one.is_urgent)
        self.assertIn("Leak", one.name)
        self.assertEqual(self.alarms.request_id, one)
        self.tell(1, "2026-10-31 10:01:00", leak=1)
        self.assertEqual(self.raised, one)

    def test_an_action_that_runs_again_raises_nothing_more(self):
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        event = self.events.filtered("alarm_id")
        for _ in range(2):
            self.run_event(event)
        self.assertEqual((len(self.raised), self.raised.alarm_count), (1, 1))

    def test_a_further_alarm_of_equipment_being_worked_on_is_noted_there(self):
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        one = self.raised
        second = self.new_device("WM-02", site_id=self.site.id, equipment_id=self.pump.id)
        self.tell(1, "2026-10-31 10:05:00", code="WM-02", leak=1)
        self.assertEqual((self.raised, one.alarm_count), (one, 2))
        self.assertIn(second.name, one.message_ids[0].body)
        self.assertEqual(self.alarms.request_id, one)

    def test_a_new_alarm_after_the_work_is_a_new_work_order(self):
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        first = self.raised
        self.tell(1, "2026-10-31 10:10:00", leak=0)
        self.assertIn("over", first.message_ids[0].body)
        first.sudo().action_cancel("Dry again")
        self.tell(1, "2026-10-31 11:00:00", leak=1)
        self.assertEqual(len(self.raised), 2)

    def test_a_device_without_equipment_raises_one_for_its_place(self):
        self.device.equipment_id = False
        self.device.unit_id = self.unit
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        self.assertEqual((self.raised.unit_id, self.raised.equipment_id.id), (self.unit, False))

    def test_a_device_of_no_site_is_a_dead_event_until_it_has_one(self):
        self.device.write({"equipment_id": False, "site_id": False})
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        event = self.events.filtered("alarm_id")
        self.assertEqual((event.state, len(self.raised)), ("dead", 0))
        self.assertIn("Choose the site", event.error)
        self.device.site_id = self.site
        event.action_replay()
        self.run_events()
        self.assertEqual(len(self.raised), 1)

    def test_equipment_and_device_stand_on_the_same_site(self):
        foreign = self.env["maintenance.equipment"].create(
            {"name": "Pump 2", "site_id": self.other_site.id}
        )
        with self.assertRaises(ValidationError):
            self.device.equipment_id = foreign

    def test_people_raise_it_by_hand_if_they_are_operators(self):
        self.rule.action_server_ids = False
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        alarm = self.alarms
        self.assertFalse(self.raised)
        with self.assertRaises(AccessError):
            alarm.with_user(self.users["guard"]).action_raise_request()
        alarm.with_user(self.users["engineer"]).action_raise_request()
        self.assertEqual(alarm.request_id, self.raised)
