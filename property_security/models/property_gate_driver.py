from odoo import models


class PropertyGateDriver(models.AbstractModel):
    """What differs between devices. A driver is a model `property.gate.driver.<key of driver>`."""

    _name = "property.gate.driver"
    _description = "Gate Driver"
    #: Whether the device reads in the answer to its message that it shall open.
    _answers_at_once = True

    def _parse(self, gate, body):
        """Read a message of the device.

        :param gate: property.gate
        :param bytes body: as sent
        :return: list of tools.gate_message.Message
        :raise GateRefused: when it cannot be taken
        """
        raise NotImplementedError

    def _deliver(self, commands):
        """Send commands that wait; those of a device that asks for them stay in the queue.

        :param commands: property.gate.command in superuser mode, of one gate
        """
