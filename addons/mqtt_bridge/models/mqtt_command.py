import base64
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import commands, topics

KEEP_DAYS = 180  # for which commands are kept
PURGED = 10_000  # commands a turn
MOST_REPEATS = 10
SHOWN = 40  # characters of a command in its name
MOST_SECONDS = 30 * 86400
NO_SUBSCRIBER = 16  # MQTT 5's reason code
FINAL = ("sent", "done", "rejected", "unanswered", "expired", "failed", "cancelled")


class MqttCommand(models.Model):
    """The outbox: what devices are told.

    A row is added in the transaction of whoever gives the command; the role ``outbox`` publishes it
    once that is committed. A transaction that is rolled back sends nothing.
    """

    _name = "mqtt.command"
    _description = "MQTT Command"
    _order = "id desc"

    device_id = fields.Many2one(
        "mqtt.device", required=True, index=True, readonly=True, ondelete="restrict"
    )
    broker_id = fields.Many2one(
        "mqtt.broker", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="broker_id.company_id")
    reference = fields.Char(
        string="Command ID",
        required=True,
        readonly=True,
        copy=False,
        help="By which the device knows a command that it gets twice, and names it in its answer.",
    )
    topic = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [("json", "JSON"), ("text", "Text"), ("hex", "Bytes in hexadecimal")],
        string="Written As",
        required=True,
        readonly=True,
    )
    payload = fields.Text(string="Command", required=True, readonly=True)
    body = fields.Binary(attachment=False, readonly=True, help="The bytes that are published.")
    qos = fields.Selection(
        [("0", "0: at most once"), ("1", "1: at least once")],
        string="QoS",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "In the Queue"),
            ("sending", "On Its Way"),
            ("sent", "Sent"),
            ("done", "Done"),
            ("rejected", "Refused by the Device"),
            ("unanswered", "Unanswered"),
            ("expired", "Expired"),
            ("failed", "Refused by the Broker"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    expires_at = fields.Datetime(
        string="Expires", readonly=True, help="After this it is not sent any more."
    )
    expect_ack = fields.Boolean(string="Answer Expected", readonly=True)
    reply_seconds = fields.Integer(required=True, readonly=True)
    repeats = fields.Integer(
        string="Repeats Left",
        required=True,
        default=0,
        readonly=True,
        help="How often it is sent again when no answer comes. Only for what may be done twice.",
    )
    tries = fields.Integer(string="Times Sent", required=True, default=0, readonly=True)
    due = fields.Datetime(required=True, readonly=True)
    published_at = fields.Datetime(string="Published", readonly=True)
    sent_at = fields.Datetime(
        string="Confirmed", readonly=True, help="When the broker confirmed that it has it."
    )
    reply_due = fields.Datetime(string="Answer Due", readonly=True)
    replied_at = fields.Datetime(string="Answered", readonly=True)
    reply = fields.Text(string="Answer", readonly=True)
    reason_code = fields.Integer(readonly=True, aggregator=None)
    reason = fields.Char(string="Broker Says", readonly=True)
    is_unheard = fields.Boolean(
        string="Nobody Listens",
        compute="_compute_is_unheard",
        help="The broker has it, but nobody has subscribed to its topic.",
    )
    create_uid = fields.Many2one("res.users", string="Given By", readonly=True)
    create_date = fields.Datetime(string="Given", readonly=True)
    cancel_user_id = fields.Many2one("res.users", string="Cancelled By", readonly=True)

    _reference_unique = models.Constraint(
        "UNIQUE(device_id, reference)", "This device has a command with this id already."
    )
    _waiting = models.Index("(broker_id, id) WHERE state = 'waiting'")
    _sending = models.Index("(broker_id) WHERE state = 'sending'")
    _awaited = models.Index("(broker_id, reply_due) WHERE state = 'sent' AND expect_ack")

    @api.depends("device_id", "payload")
    def _compute_display_name(self):
        for command in self:
            text = " ".join((command.payload or "").split())[:SHOWN]
            command.display_name = f"{command.device_id.display_name or ''} · {text}"

    @api.depends("reason_code")
    def _compute_is_unheard(self):
        for command in self:
            command.is_unheard = command.reason_code == NO_SUBSCRIBER

    @api.model
    def send(self, device, payload, qos=1, expires=None, expect_ack=None, repeats=0):
        """Send a command to a device, once this transaction is committed.

        A JSON object gets the command's id where the broker says, unless it has one there already;
        then that is the id. It is at least once: a device should do nothing when it knows the id.

        :param device: mqtt.device, or its id
        :param payload: a dictionary or list (sent as JSON), a text, or bytes
        :param qos: 1, or 0 for what may be lost
        :param expires: seconds after which it is not delivered any more; None: as the broker's
            record says; 0: never
        :param expect_ack: whether the device should answer; None: if it can
        :param repeats: how often it is sent again when no answer comes: only for what may be done
            twice
        :return: mqtt.command
        :raise UserError: when it cannot be sent as it is
        """
        if isinstance(device, int):
            device = self.env["mqtt.device"].browse(device).exists()
        try:
            kind, text = commands.form(payload)
            text = commands.check(kind, text)
        except (ValueError, UnicodeEncodeError) as error:
            raise UserError(
                self.env._("This cannot be sent as a command: %(reason)s", reason=error)
            ) from None
        options = {"qos": qos, "expires": expires, "expect_ack": expect_ack, "repeats": repeats}
        return self._send(device, kind, text, **options)

    @api.model
    def _send(self, devices, kind, text, **options):
        """Add a command for each device.

        :param kind: a value of the field kind
        :param text: payload, checked
        :param options: as in send()
        """
        self._check_may_send(devices)
        rows = [self._prepare_vals(device, kind, text, **options) for device in devices]
        # operators may give commands, and nobody may write the outbox by hand
        commands_sudo = self.sudo().create(rows)
        self.env.flush_all()
        self.env.cr.execute("NOTIFY mqtt_command")
        return commands_sudo.sudo(self.env.su)

    def _check_may_send(self, devices):
        if not self.env.su and not self.env.user.has_group("mqtt_bridge.group_operator"):
            raise AccessError(
                self.env._("Only operators of device messages may send commands. Ask one of them.")
            )
        devices.check_access("read")
        if not devices:
            raise UserError(self.env._("Choose the device that the command is for."))
        refused = devices.filtered(
            lambda device: device.state != "accepted" or not device.broker_id.active
        )
        if refused:
            raise UserError(
                self.env._(
                    "%(devices)s cannot be sent commands: accept the device first, and see that "
                    "its broker is not archived.",
                    devices=", ".join(refused[:5].mapped("display_name")),
                )
            )

    def _prepare_vals(self, device, kind, text, qos=1, expires=None, expect_ack=None, repeats=0):
        """Return the values of a command."""
        broker = device.broker_id
        topic = topics.fill(device.command_topic or broker.command_topic, device.code)
        if not topic:
            raise UserError(
                self.env._(
                    "The code of %(device)s gives no topic to publish to. Write a command topic "
                    "at the device.",
                    device=device.display_name,
                )
            )
        path = commands.check_id_path(broker.command_id_path) if broker.command_id_path else None
        can_answer = commands.carries(kind, text, path) and any(
            broker.subscription_ids.mapped("reply_path")
        )
        expect_ack = can_answer if expect_ack is None else expect_ack
        self._check_options(qos, expires, expect_ack, repeats, can_answer)
        try:
            body, reference = commands.body(kind, text, secrets.token_hex(8), path)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The id of the command has no place at %(path)s: what is at %(part)s is "
                    "something else.",
                    path=broker.command_id_path,
                    part=error,
                )
            ) from None
        now = fields.Datetime.now()
        seconds = broker.command_seconds if expires is None else expires
        return {
            "device_id": device.id,
            "broker_id": broker.id,
            "reference": reference,
            "topic": topic,
            "kind": kind,
            "payload": text,
            "body": base64.b64encode(body),
            "qos": str(qos),
            "expires_at": now + timedelta(seconds=seconds) if seconds else False,
            "expect_ack": expect_ack,
            "reply_seconds": broker.reply_seconds,
            "repeats": repeats,
            "due": now,
        }

    @api.model
    def _check_options(self, qos, expires, expect_ack, repeats, can_answer):
        """Refuse options that no command can have."""
        if qos not in (0, 1, "0", "1"):
            raise UserError(self.env._("QoS is 0 or 1: %(qos)s is not offered.", qos=qos))
        if expires is not None and not 0 <= expires <= MOST_SECONDS:
            raise UserError(
                self.env._(
                    "A command is good for 1 to %(most)s seconds, or with 0 for ever.",
                    most=MOST_SECONDS,
                )
            )
        if expect_ack and not can_answer:
            raise UserError(
                self.env._(
                    "No device could answer this: the command has to be a JSON object, and a "
                    "subscription of the broker has to say where an answer names the command."
                )
            )
        if not 0 <= repeats <= MOST_REPEATS:
            raise UserError(
                self.env._("A command is repeated at most %(most)s times.", most=MOST_REPEATS)
            )
        if repeats and not expect_ack:
            raise UserError(
                self.env._("Only a command that the device answers can be repeated without answer.")
            )

    def action_cancel(self):
        """Take back commands that were not sent yet."""
        self._check_operator()
        self.env.flush_all()
        self.env.cr.execute(CANCEL, [self.env.uid, tuple(self.ids) or (0,)])
        count = self.env.cr.rowcount
        self.invalidate_recordset()
        if not count:
            raise UserError(self.env._("It is too late: these are on their way or at an end."))

    def action_send_again(self):
        """Give the commands again, as new ones."""
        self._check_operator()
        again = self.browse()
        for command in self:
            again += self._send(command.device_id, command.kind, command.payload)
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_command_action")
        return {**action, "domain": [("id", "in", again.ids)], "context": {}}

    def _check_operator(self):
        """Let operators act on commands that they may read; nobody may write them by hand."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("mqtt_bridge.group_operator"):
            raise AccessError(
                self.env._("Only operators of device messages may do this. Ask one of them.")
            )

    @api.autovacuum
    def _gc_commands(self):
        """Delete old commands that are at an end."""
        found = self.env["ir.config_parameter"].sudo().get_param("mqtt_bridge.command_days")
        days = max(int(found), 1) if found and found.isdigit() else KEEP_DAYS
        self.env.cr.execute(PURGE, [FINAL, days, PURGED])
        count = self.env.cr.rowcount
        return count, int(count == PURGED)


CANCEL = """
UPDATE mqtt_command SET state = 'cancelled', cancel_user_id = %s
WHERE id IN %s AND state = 'waiting'
"""
PURGE = """
DELETE FROM mqtt_command WHERE id IN (
    SELECT id FROM mqtt_command
    WHERE state IN %s AND create_date < (now() AT TIME ZONE 'UTC') - %s * interval '1 day'
    LIMIT %s FOR UPDATE SKIP LOCKED)
"""
