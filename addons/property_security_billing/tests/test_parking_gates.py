from odoo.tests import tagged

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingGates(ParkingMoneyCommon):
    """What a gate tells a driver who has to pay."""

    def setUp(self):
        super().setUp()
        if "property.gate" not in self.env:
            self.skipTest("no gate is there to tell it")

    def test_the_display_at_the_exit_names_the_fee(self):
        stay = self.inside(minutes=50)
        self.assertEqual(stay.amount_due, 5)
        held = self.env["property.parking.passage"]._take(
            self.lane_out, [{"key": "out", "plate": stay.plate}]
        )
        self.assertEqual(held.action, "pay")
        lines = held._gate_lines()
        self.assertEqual(lines[0], "苏E·12345")
        self.assertIn("5.00", lines[1])

    def test_what_a_display_shows_can_be_written_and_spoken_by_chinese_devices(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        stay = self.inside(minutes=50)
        held = self.env["property.parking.passage"]._take(
            self.lane_out, [{"key": "out", "plate": stay.plate}]
        )
        lines = held.with_context(lang="zh_CN")._gate_lines()
        self.assertEqual(lines[1], "请缴费5.00元")
        self.assertTrue("".join(lines).encode("gbk"))

    def test_a_driver_without_plate_is_led_to_the_payment_page(self):
        stay = self.inside("无牌AB23CD", minutes=50)
        need = stay._exit_requirement()
        self.assertIn("/parking/ticket/", need["url"])
        self.assertIn("5.00", need["text"])
        self.area.is_paid_exit = False
        self.assertFalse(stay._exit_requirement())
