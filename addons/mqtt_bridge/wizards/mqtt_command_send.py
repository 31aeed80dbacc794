from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import commands


class MqttCommandSend(models.TransientModel):
    """A form for a command to one or many devices."""

    _name = "mqtt.command.send"
    _description = "Send a Command to Devices"

    device_ids = fields.Many2many("mqtt.device", string="Devices", required=True)
    kind = fields.Selection(
        [("json", "JSON"), ("text", "Text"), ("hex", "Bytes in hexadecimal")],
        string="Written As",
        required=True,
        default="json",
    )
    payload = fields.Text(
        string="Command",
        required=True,
        help='What the device is told, as in {"cmd": "open"}. A JSON object gets the command\'s '
        "id.",
    )
    qos = fields.Selection(
        [("0", "0: at most once"), ("1", "1: at least once")],
        string="QoS",
        required=True,
        default="1",
    )
    seconds = fields.Integer(
        string="Good For",
        compute="_compute_seconds",
        store=True,
        readonly=False,
        help="Seconds after which it is not delivered any more. 0: never.",
    )
    expect_ack = fields.Selection(
        [("auto", "If it can"), ("yes", "Yes"), ("no", "No")],
        string="Device Answers",
        required=True,
        default="auto",
    )
    repeats = fields.Integer(
        help="How often it is sent again when no answer comes. Only for what may be done twice.",
    )

    @api.depends("device_ids")
    def _compute_seconds(self):
        for wizard in self:
            times = wizard.device_ids.broker_id.mapped("command_seconds")
            wizard.seconds = min(times, default=60)

    def action_send(self):
        """Send the command to each device."""
        self.ensure_one()
        try:
            text = commands.check(self.kind, self.payload)
        except (ValueError, UnicodeEncodeError) as error:
            raise UserError(
                self.env._("This cannot be sent as a command: %(reason)s", reason=error)
            ) from None
        sent = self.env["mqtt.command"]._send(
            self.device_ids,
            self.kind,
            text,
            qos=self.qos,
            expires=self.seconds,
            expect_ack={"auto": None, "yes": True, "no": False}[self.expect_ack],
            repeats=self.repeats,
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_command_action")
        if len(sent) == 1:
            return {**action, "views": [(False, "form")], "view_mode": "form", "res_id": sent.id}
        return {**action, "domain": [("id", "in", sent.ids)], "context": {}}
