"""What is left when the addon goes."""

from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import IotCommon


@tagged("post_install", "-at_install")
class TestUninstall(IotCommon):
    def test_roles_rules_and_calls_go_with_it(self):
        self.device.unit_id = self.unit
        self.unit.activity_schedule(
            "property_iot.activity_device", user_id=self.users["engineer"].id
        )
        rule = self.telegram.rule_id
        uninstall_hook(self.env)
        self.assertFalse(rule.exists())
        self.assertFalse(self.unit.activity_ids)
        for role in ("engineer", "manager", "director"):
            self.assertFalse(self.users[role].has_group("mqtt_bridge.group_reader"), role)
