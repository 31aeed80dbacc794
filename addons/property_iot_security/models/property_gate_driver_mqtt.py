from odoo import models

from odoo.addons.property_security.models.property_gate_command import SECONDS


class PropertyGateDriverMqtt(models.AbstractModel):
    """Gates behind a broker: the same JSON; commands go into the outbox of the bridge."""

    _name = "property.gate.driver.mqtt"
    _description = "Gate Driver: MQTT"
    _inherit = ["property.gate.driver.http"]
    _answers_at_once = False

    def _deliver(self, commands):
        """Override: publish commands; they go out once this transaction is committed."""
        for command, wire in zip(commands, commands._wire(), strict=True):
            # sudo: who may open a gate need not be an operator of device messages
            device_sudo = command.gate_id.sudo().device_id
            if device_sudo.state == "accepted" and device_sudo.broker_id.active:
                payload = {"gate_command": wire.pop("id"), **wire}
                self.env["mqtt.command"].sudo().send(device_sudo, payload, expires=SECONDS)
                command._mark_sent()
            else:
                command._confirm("failed", self.env._("The gate has no device that is accepted."))
