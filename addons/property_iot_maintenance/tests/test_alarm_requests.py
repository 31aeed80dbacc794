from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.mqtt_bridge.tests.event_common import EventCommon
from odoo.addons.property_base.tests.common import PropertyStaffCommon


@tagged("post_install", "-at_install")
class TestAlarmRequests(EventCommon, PropertyStaffCommon):
    """One work order for an alarm and its equipment, however often it is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner.group_ids = cls.env.ref("base.group_user") | cls.env.ref(
            "mqtt_bridge.group_reader"
        )
        cls.begin = cls.env.ref("property_iot_maintenance.action_raise_request")
        cls.end = cls.env.ref("property_iot_maintenance.action_end_request")
        cls.pump = cls.env["maintenance.equipment"].create(
            {"name": "Pump 1", "site_id": cls.site.id, "place": "B1"}
        )
        cls.device.equipment_id = cls.pump

    def alarm(self, device=None):
        """Let a device raise an alarm."""
        return self.env["mqtt.alarm"]._raise(device or self.device, "leak", "critical", "Leak")

    def tell(self, alarm, action=None):
        """Run the action of an alarm with the rights of the broker's user."""
        event = self.event(action or self.begin, alarm_id=alarm.id, device_id=alarm.device_id.id)
        as_runner = event.with_user(self.runner)
        as_runner._raise_request() if not action else as_runner._end_request()
        self.env.invalidate_all()
        return event

    @property
    def raised(self):
        return self.env["maintenance.request"].search([("channel", "=", "device")])

    def test_an_alarm_raises_one_urgent_work_order_for_the_equipment(self):
        alarm = self.alarm()
        self.tell(alarm)
        one = self.raised
        self.assertEqual((one.equipment_id, one.site_id), (self.pump, self.site))
        self.assertTrue(one.is_urgent)
        self.assertIn("Leak", one.name)
        self.assertEqual(alarm.request_id, one)
        self.assertTrue(one.with_user(self.users["service"]).has_access("read"))

    def test_the_shipped_actions_do_the_same(self):
        alarm = self.alarm()
        event = self.event(self.begin, alarm_id=alarm.id)
        self.act_in_test()
        event.write({"state": "running", "tries": 1})
        event._perform(1)
        self.assertEqual(alarm.request_id, self.raised)

    def test_an_alarm_that_is_told_again_raises_nothing_more(self):
        alarm = self.alarm()
        for _ in range(3):
            self.tell(alarm)
        self.assertEqual((len(self.raised), self.raised.alarm_count), (1, 1))

    def test_a_further_alarm_of_equipment_being_worked_on_is_noted_there(self):
        self.tell(self.alarm())
        one = self.raised
        second = self.env["mqtt.device"].create(
            {
                "name": "Other",
                "code": "O-1",
                "broker_id": self.broker.id,
                "equipment_id": self.pump.id,
            }
        )
        alarm = self.alarm(second)
        self.tell(alarm)
        self.assertEqual((self.raised, one.alarm_count), (one, 2))
        self.assertIn("Other", one.message_ids[0].body)
        self.assertEqual(alarm.request_id, one)

    def test_its_end_is_noted_once_and_a_new_alarm_after_the_work_is_a_new_order(self):
        alarm = self.alarm()
        self.tell(alarm)
        first = self.raised
        event = self.tell(alarm, self.end)
        event.with_user(self.runner)._end_request()
        notes = first.message_ids.filtered(lambda message: "is over" in (message.body or ""))
        self.assertEqual(len(notes), 1)
        first.sudo().action_cancel("Dry again")
        self.env["mqtt.alarm"]._clear(self.device, "leak")
        self.tell(self.alarm())
        self.assertEqual(len(self.raised), 2)

    def test_a_device_without_equipment_says_what_to_do(self):
        self.device.equipment_id = False
        with self.assertRaisesRegex(UserError, "which equipment Lift watches"):
            self.tell(self.alarm())
        self.assertFalse(self.raised)

    def test_people_raise_it_by_hand_if_they_are_operators(self):
        alarm = self.alarm()
        engineer = self.users["engineer"]
        engineer.group_ids |= self.env.ref("mqtt_bridge.group_operator")
        if "site_id" in self.device._fields:  # other glue limits devices to sites
            self.device.site_id = self.site
        with self.assertRaises(AccessError):
            alarm.with_user(self.users["guard"]).action_raise_request()
        alarm.with_user(engineer).action_raise_request()
        self.assertEqual(alarm.request_id, self.raised)
