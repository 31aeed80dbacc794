"""A device with a user who runs actions for it."""

from unittest.mock import patch

from odoo import Command

from ..bridge import worker
from ..bridge.actions import Actions
from ..bridge.process import Place
from .common import BridgeCommon


class ActionsMixin:
    """The process that runs server actions, in the transaction of the test."""

    def act_in_test(self):
        """Let processes use the transaction of the test, which is open already."""
        self.registry_enter_test_mode()
        self.startPatcher(patch.object(worker, "ISOLATION", "SELECT 1"))
        self.env.flush_all()

    def actions_of(self, broker):
        """Make the process of a broker, at its place."""
        bridge = Actions(self.registry, broker.code)
        self.addCleanup(bridge._ear.close)
        self.addCleanup(bridge._bell.close)
        self.assertTrue(bridge.load())
        bridge.place = Place(self.registry, broker.id, f"{broker.code}-actions", "actions")
        return bridge


class EventCommon(ActionsMixin, BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.runner = cls.user("runner", "group_operator", "base.group_partner_manager")
        cls.broker.user_id = cls.runner
        cls.device = cls.env["mqtt.device"].create(
            {"name": "Lift", "code": "LF-01", "broker_id": cls.broker.id}
        )

    @classmethod
    def user(cls, login, *groups):
        """Make a user with groups."""
        names = [name if "." in name else f"mqtt_bridge.{name}" for name in groups]
        ids = [cls.env.ref(name).id for name in ("base.group_user", *names)]
        return cls.env["res.users"].create(
            {"name": login, "login": login, "lang": "en_US", "group_ids": [Command.set(ids)]}
        )

    @classmethod
    def action(cls, code="", model="mqtt.event", **values):
        """Make a server action."""
        return cls.env["ir.actions.server"].create(
            {
                "name": "Act",
                "usage": "mqtt",
                "state": "code",
                "model_id": cls.env["ir.model"]._get_id(model),
                "code": code,
                **values,
            }
        )

    def event(self, action, **values):
        """Queue an event of the lift."""
        row = {
            "kind": "matched",
            "broker_id": self.broker.id,
            "device_id": self.device.id,
            "subscription_id": self.subscription.id,
            "action_id": action.id,
            "topic": "up/LF-01",
            "payload": {"temperature": 91.5},
        }
        return self.env["mqtt.event"]._queue([{**row, **values}])

    def partners(self, name):
        return self.env["res.partner"].search([("name", "=", name)])
