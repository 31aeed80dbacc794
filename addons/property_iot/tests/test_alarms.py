"""Engineers are called when a device of their site raises an alarm."""

from odoo.tests import tagged

from .common import IotCommon


@tagged("post_install", "-at_install")
class TestAlarms(IotCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env["mqtt.rule"].create(
            {
                "name": "Leak",
                "broker_id": cls.broker.id,
                "subscription_id": cls.subscription.id,
                "condition": "payload.leak == 1",
                "clear_condition": "payload.leak == 0",
                "oldest_minutes": 0,
                "action_server_ids": [(4, cls.env.ref("property_iot.action_call_engineer").id)],
                "clear_action_server_ids": [(4, cls.env.ref("property_iot.action_end_call").id)],
            }
        )
        cls.telegram.ignores_unknown = True
        cls.device.site_id = cls.site

    @property
    def alarm(self):
        return self.env["mqtt.alarm"].search([("rule_id", "=", self.rule.id)])

    @property
    def calls(self):
        kind = self.env.ref("property_iot.activity_device")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def test_the_engineer_of_the_site_is_called_once_and_no_more_when_it_is_over(self):
        self.new_staff("engineer.there", self.new_job("engineer"), self.other_site)
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        [call] = self.calls
        self.assertEqual((call.user_id, call.res_id), (self.users["engineer"], self.alarm.id))
        self.assertEqual(call.res_model, "mqtt.alarm")
        self.assertIn("Leak", call.summary)
        self.assertIn("Test Garden", call.note)
        self.assertTrue(call.with_user(call.user_id).has_access("read"))
        self.tell(1, "2026-10-31 10:01:00", leak=1)
        self.assertEqual(self.calls, call)
        self.tell(1, "2026-10-31 10:02:00", leak=0)
        self.assertFalse(self.calls)
        self.assertEqual(set(self.events.mapped("state")), {"done"})

    def test_an_action_that_runs_again_calls_nobody_twice(self):
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        event = self.events.filtered("alarm_id")
        for _ in range(2):
            self.run_event(event)
        self.assertEqual(len(self.calls), 1)

    def test_who_is_named_at_the_site_is_called_instead(self):
        self.site.device_user_ids = self.users["manager"]
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        self.assertEqual(self.calls.user_id, self.users["manager"])

    def test_without_an_engineer_the_manager_is_called(self):
        self.users["engineer"].employee_ids.site_ids = self.other_site
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        self.assertEqual(self.calls.user_id, self.users["manager"])

    def test_a_device_of_no_site_is_a_dead_event_until_it_has_one(self):
        self.device.site_id = False
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        event = self.events.filtered("alarm_id")
        self.assertEqual(event.state, "dead")
        self.assertIn("Nobody knows where", event.error)
        self.device.unit_id = self.unit
        event.action_replay()
        self.run_events()
        self.assertEqual(self.calls.user_id, self.users["engineer"])
        self.assertIn(self.unit.code, self.calls.note)

    def test_a_rule_without_an_alarm_calls_to_the_unit(self):
        self.rule.write({"effect": "each"})
        self.device.unit_id = self.unit
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        self.assertEqual((self.calls.res_model, self.calls.res_id), ("property.unit", self.unit.id))

    def test_the_unit_and_the_site_show_their_devices_and_open_alarms(self):
        self.device.unit_id = self.unit
        self.tell(1, "2026-10-31 10:00:00", leak=1)
        engineer = self.users["engineer"]
        for record in (self.unit, self.site):
            record = record.with_user(engineer)
            self.assertEqual((record.device_count, record.device_alarm_count), (1, 1))
            devices = self.env["mqtt.device"].search(record.action_view_devices()["domain"])
            self.assertEqual(devices, self.device)
            alarms = self.env["mqtt.alarm"].search(record.action_view_device_alarms()["domain"])
            self.assertEqual(alarms, self.alarm)
