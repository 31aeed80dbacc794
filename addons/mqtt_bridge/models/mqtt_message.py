import base64
import json
import logging
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import SQL

from ..bridge import sql
from ..tools import decoding, paths

_logger = logging.getLogger(__name__)

SHOWN, LINE = 4096, 120  # characters of a preview, and of one in a list
MOST_VALUES = 200  # that the page of a message lists
AHEAD = 3  # days for which partitions stand ready
KEEP_DAYS, DEDUPE_DAYS = 30, 14


class MqttMessage(models.Model):
    """The inbox: what devices said, as they said it. Only the bridge writes it.

    A view of a table with one partition a day: days that are past are dropped whole.
    """

    _name = "mqtt.message"
    _description = "MQTT Message"
    _auto = False
    _log_access = False
    _order = "id desc"
    _rec_name = "topic"

    received_at = fields.Datetime(string="Received", readonly=True)
    subscription_id = fields.Many2one("mqtt.subscription", readonly=True)
    device_id = fields.Many2one("mqtt.device", readonly=True)
    topic = fields.Char(readonly=True)
    state = fields.Selection([("queued", "Waiting"), ("stored", "Stored")], readonly=True)
    message_ref = fields.Char(string="Message ID", readonly=True)
    sequence = fields.Integer(string="Number", readonly=True, aggregator=None)
    sent_at = fields.Datetime(string="Device Time", readonly=True)
    clock = fields.Selection(
        [
            ("device", "Of the device"),
            ("received", "Of receipt: the device gives none"),
            ("future", "Of receipt: the device's lies in the future"),
            ("unreadable", "Of receipt: the device's cannot be read"),
        ],
        string="Time Is",
        readonly=True,
    )
    is_retained = fields.Boolean(
        string="Retained", readonly=True, help="The last state that the broker keeps; no event."
    )
    payload = fields.Binary(compute="_compute_payload", string="Bytes")
    file_name = fields.Char(compute="_compute_payload")
    size = fields.Integer(compute="_compute_payload", help="Bytes.")
    preview = fields.Text(compute="_compute_payload", string="Content")
    summary = fields.Char(compute="_compute_payload", help="The content in one line.")
    hexadecimal = fields.Text(compute="_compute_payload", help="The first 512 bytes.")
    values = fields.Html(
        compute="_compute_values",
        sanitize=False,
        help="What its subscription reads in it now, with the path of each value.",
    )

    def init(self):
        """Make the tables."""
        self.env.cr.execute(TABLES)
        self._make_partitions()

    @api.depends("topic")
    def _compute_payload(self):
        payloads = self._payloads()
        for message in self:
            payload = payloads.get(message.id, b"")
            message.payload = base64.b64encode(payload)
            message.file_name = f"message-{message.id}.bin"
            message.size = len(payload)
            message.preview = self._preview(payload, message.subscription_id)
            message.summary = " ".join(message.preview.split())[:LINE]
            message.hexadecimal = payload[:512].hex(" ")

    def _payloads(self):
        """Return the bytes of messages by id, whatever the client wants to see of them."""
        self.env.cr.execute(
            "SELECT id, payload FROM mqtt_message WHERE id IN %s", [tuple(self.ids) or (0,)]
        )
        return {ident: bytes(payload) for ident, payload in self.env.cr.fetchall()}

    @api.depends("topic", "subscription_id.decoder", "subscription_id.template")
    def _compute_values(self):
        payloads = self._payloads()
        for message in self:
            payload = payloads.get(message.id, b"")
            subscription = message.subscription_id
            try:
                data = decoding.decode(
                    payload, subscription.decoder, len(payload), subscription._kinds()
                )
            except decoding.Unreadable as refused:
                message.values = Markup("<p class='text-danger'>%s</p>") % (
                    self.env._(
                        "Its subscription cannot read it any more: %(reason)s",
                        reason=str(refused) or refused.reason,
                    )
                )
                continue
            rows = [
                Markup("<tr><td class='font-monospace text-muted'>%s</td><td>%s</td></tr>") % pair
                for pair in paths.flatten(data, MOST_VALUES)
            ]
            message.values = Markup("<table class='table table-sm'>%s</table>") % (
                Markup().join(rows)
            )

    @staticmethod
    def _preview(payload, subscription):
        """Show a payload as its subscription reads it now, else as text."""
        try:
            data = decoding.decode(
                payload, subscription.decoder or "text", len(payload), subscription._kinds()
            )
        except decoding.Unreadable:
            return payload.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")[
                :SHOWN
            ]
        if isinstance(data, dict) and set(data) == {"text"}:
            return data["text"][:SHOWN]
        return json.dumps(data, ensure_ascii=False, indent=2)[:SHOWN]

    @api.model
    def _make_partitions(self):
        """Make the partitions of today and the next days; what falls between goes to the last."""
        today = fields.Date.today()
        for day in (today + timedelta(days=ahead) for ahead in range(-1, AHEAD + 1)):
            name = f"mqtt_inbox_{day:%Y%m%d}"
            self.env.cr.execute("SELECT to_regclass(%s)", [name])
            if self.env.cr.fetchone()[0]:
                continue
            self.env.cr.execute(
                "SELECT 1 FROM mqtt_inbox_rest WHERE received_at >= %s AND received_at < %s"
                " LIMIT 1",
                [day, day + timedelta(days=1)],
            )
            if self.env.cr.fetchone():
                continue  # its messages are in the last partition already and stay there
            self.env.cr.execute(
                SQL(
                    "CREATE TABLE %s PARTITION OF mqtt_inbox FOR VALUES FROM (%s) TO (%s)",
                    SQL.identifier(name),
                    day.isoformat(),
                    (day + timedelta(days=1)).isoformat(),
                )
            )

    @api.model
    def _days(self, name, default):
        found = self.env["ir.config_parameter"].sudo().get_param(f"mqtt_bridge.{name}")
        return max(int(found), 1) if found and found.isdigit() else default

    @api.model
    def _cron_housekeeping(self):
        """Make partitions, drop what is past, and count the account anew."""
        self._make_partitions()
        self._purge()
        unsound = self.env["mqtt.tally"]._recent()._check()
        for tally in unsound:
            _logger.error("the account of MQTT messages does not balance: tally %s", tally.id)
        for broker, tallies in unsound.grouped("broker_id").items():
            broker.message_post(
                body=self.env._(
                    "The account of messages does not balance in %(count)s hours; the first is "
                    "%(hour)s. See the account of this broker.",
                    count=len(tallies),
                    hour=min(tallies.mapped("hour")),
                )
            )

    @api.model
    def _purge(self):
        """Drop the days past the retention; what still waited there becomes dead letters."""
        before = fields.Date.today() - timedelta(days=self._days("keep_days", KEEP_DAYS))
        self.env.flush_all()
        self.env.cr.execute(sql.REFUSE.format(where="received_at < %s"), [before, "expired"])
        self.env.cr.execute(PARTITIONS)
        for (name,) in self.env.cr.fetchall():
            if name.removeprefix("mqtt_inbox_") < f"{before:%Y%m%d}":
                self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))
        self.env.cr.execute("DELETE FROM mqtt_inbox_rest WHERE received_at < %s", [before])
        self.env.cr.execute("DELETE FROM mqtt_gap WHERE noticed_at < %s", [before])
        self.env.cr.execute("UPDATE mqtt_tally SET is_purged = true WHERE hour < %s", [before])
        seen = fields.Date.today() - timedelta(days=self._dedupe_days())
        self.env.cr.execute("DELETE FROM mqtt_seen WHERE seen_on < %s", [seen])
        self.env.invalidate_all()

    @api.model
    def _dedupe_days(self):
        """Return for how long keys are kept: never less than brokers keep messages for us."""
        brokers = self.env["mqtt.broker"].with_context(active_test=False)
        [(longest,)] = brokers._read_group([], [], ["session_days:max"])
        return max(self._days("dedupe_days", DEDUPE_DAYS), (longest or 0) + 1)


TABLES = """
CREATE SEQUENCE IF NOT EXISTS mqtt_inbox_id_seq;
CREATE TABLE IF NOT EXISTS mqtt_inbox (
    id bigint NOT NULL DEFAULT nextval('mqtt_inbox_id_seq'),
    received_at timestamp NOT NULL,
    subscription_id integer NOT NULL,
    device_id integer NOT NULL,
    topic text NOT NULL,
    payload bytea NOT NULL,
    state varchar NOT NULL,
    message_ref varchar,
    sequence bigint,
    sent_at timestamp NOT NULL,
    clock varchar NOT NULL,
    is_retained boolean NOT NULL
) PARTITION BY RANGE (received_at);
ALTER SEQUENCE mqtt_inbox_id_seq OWNED BY mqtt_inbox.id;
CREATE INDEX IF NOT EXISTS mqtt_inbox_id_index ON mqtt_inbox (id);
CREATE INDEX IF NOT EXISTS mqtt_inbox_device_index ON mqtt_inbox (device_id, id);
CREATE INDEX IF NOT EXISTS mqtt_inbox_received_index ON mqtt_inbox USING brin (received_at);
CREATE TABLE IF NOT EXISTS mqtt_inbox_rest PARTITION OF mqtt_inbox DEFAULT;
DROP VIEW IF EXISTS mqtt_message;
CREATE VIEW mqtt_message AS SELECT id, received_at, subscription_id, device_id, topic,
    payload, state, message_ref, sequence, sent_at, clock, is_retained FROM mqtt_inbox;
CREATE TABLE IF NOT EXISTS mqtt_seen (key bytea PRIMARY KEY, seen_on date NOT NULL);
CREATE INDEX IF NOT EXISTS mqtt_seen_on_index ON mqtt_seen USING brin (seen_on);
CREATE TABLE IF NOT EXISTS mqtt_delivery (
    broker_id integer NOT NULL, number integer NOT NULL, key bytea NOT NULL,
    PRIMARY KEY (broker_id, number)
);
"""
PARTITIONS = r"""
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'mqtt_inbox'::regclass AND c.relname ~ '^mqtt_inbox_\d{8}$'
"""
