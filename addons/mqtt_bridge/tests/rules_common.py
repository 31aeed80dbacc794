"""A subscription with a metric, rules on it, and messages as they come in."""

from datetime import timedelta
from unittest.mock import patch

from ..bridge import evaluation
from .common import BridgeCommon


class RulesCommon(BridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.temperature = cls.measure("temperature", "$.t", unit="°C")
        cls.partner_model = cls.env.ref("base.model_res_partner")

    @classmethod
    def measure(cls, code, path, **values):
        """Make a metric of the subscription."""
        return cls.env["mqtt.metric"].create(
            {
                "name": code.title(),
                "code": code,
                "path": path,
                "subscription_id": cls.subscription.id,
                **values,
            }
        )

    @classmethod
    def rule(cls, condition="metrics.temperature > 80", **values):
        """Make a rule of the subscription."""
        return cls.env["mqtt.rule"].create(
            {
                "name": "Too hot",
                "broker_id": cls.broker.id,
                "subscription_id": cls.subscription.id,
                "condition": condition,
                **values,
            }
        )

    @classmethod
    def action(cls, name):
        """Make a server action."""
        return cls.env["ir.actions.server"].create(
            {"name": name, "model_id": cls.partner_model.id, "state": "code", "code": "pass"}
        )

    def setUp(self):
        super().setUp()
        self.count = 0

    def hear(self, temperature, seconds=0, topic="up/LF-01", **values):
        """Store a message as it is received; without a time of the device unless given."""
        self.count += 1
        content = {"id": f"{self.id()}-{self.count}", **values.pop("content", {})}
        if temperature is not None:
            content["t"] = temperature
        moment = self.at + timedelta(seconds=seconds)
        with patch.object(evaluation, "now", return_value=moment):
            return self.store(self.delivery(content, topic=topic, seconds=seconds, **values))

    def sweep(self, seconds):
        """Let the bridge look at rules whose time has come."""
        self.env.flush_all()
        with patch.object(evaluation, "now", return_value=self.at + timedelta(seconds=seconds)):
            evaluation.Judge(self.broker.id).sweep(self.env.cr)
        self.env.invalidate_all()

    @property
    def alarms(self):
        return self.env["mqtt.alarm"].search([("broker_id", "=", self.broker.id)], order="id")

    @property
    def events(self):
        return self.env["mqtt.event"].search([("broker_id", "=", self.broker.id)], order="id")
