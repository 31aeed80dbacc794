from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.mqtt_bridge.tests.event_common import EventCommon
from odoo.addons.property_base.tests.common import PropertyStaffCommon


@tagged("post_install", "-at_install")
class TestAlarmPictures(EventCommon, PropertyStaffCommon):
    """One picture of the camera beside a device for each of its alarms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner.group_ids = cls.env.ref("base.group_user") | cls.env.ref(
            "mqtt_bridge.group_reader"
        )
        cls.action = cls.env.ref("property_iot_security.action_take_camera_picture")
        cls.camera = cls.env["property.camera"].create(
            {
                "name": "Pump room",
                "site_id": cls.site.id,
                "host": "192.168.1.65",
                "snapshot_url": "http://192.168.1.65/picture",
                "playback_url": "http://192.168.1.65/play?from={start}&to={end}",
            }
        )

    def tell(self, alarm):
        event = self.event(self.action, alarm_id=alarm.id, device_id=alarm.device_id.id)
        event.with_user(self.runner)._take_camera_picture()
        self.env.invalidate_all()

    def test_an_alarm_has_one_picture_and_its_recording(self):
        self.device.camera_id = self.camera
        alarm = self.env["mqtt.alarm"]._raise(self.device, "leak", "critical", "Leak")
        for _time in range(2):
            self.tell(alarm)
        self.assertEqual(alarm.snapshot_ids.camera_id, self.camera)
        self.assertEqual(alarm.snapshot_ids.at, alarm.first_at)
        self.assertIn("192.168.1.65/play", alarm.playback_link)

    def test_a_device_without_a_camera_says_what_to_do(self):
        alarm = self.env["mqtt.alarm"]._raise(self.device, "leak", "critical", "Leak")
        with self.assertRaisesRegex(UserError, "Choose the camera at the device"):
            self.tell(alarm)
        self.assertFalse(alarm.snapshot_ids)
