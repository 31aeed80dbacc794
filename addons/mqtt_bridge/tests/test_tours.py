"""The stories of the screens, as a manager lives them."""

from odoo.tests import HttpCase, tagged

from .common import BridgeCommon


@tagged("post_install", "-at_install")
class TestTours(BridgeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.user_admin").lang = "en_US"  # what the tours read

    def test_from_the_overview_to_a_silent_device_and_what_it_lost(self):
        self.env["mqtt.broker"].search([("id", "!=", self.broker.id)]).active = False
        self.subscription.sequence_path = "$.n"
        self.store(
            self.delivery({"id": 1, "n": 20}, seconds=-7300),
            self.delivery({"id": 2, "n": 24, "air": {"temp": 21.5}}, seconds=-7200),
            self.delivery(b"{"),
        )
        self.messages.device_id.name = "Roof pump"
        self.env["mqtt.tally"].search([])._check()
        self.start_tour(
            "/odoo/action-mqtt_bridge.mqtt_overview_action", "mqtt_overview", login="admin"
        )
        gap = self.env["mqtt.gap"].search([("subscription_id", "=", self.subscription.id)])
        self.assertTrue(gap.is_settled)

    def test_a_template_is_written_and_tried(self):
        self.subscription.write({"template": "a u8", "decoder": "template"})
        url = f"/odoo/action-mqtt_bridge.mqtt_subscription_action/{self.subscription.id}"
        self.start_tour(url, "mqtt_template", login="admin")
        self.assertIn("temp i16 / 10", self.subscription.template)
