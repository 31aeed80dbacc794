import base64
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..bridge import inbox
from ..tools.reading import Delivery
from .mqtt_message import SHOWN

BATCH = 500


class MqttDeadLetter(models.Model):
    """A message that could not be stored as one: kept with the reason, to be stored later."""

    _name = "mqtt.dead.letter"
    _description = "MQTT Dead Letter"
    _order = "received_at desc, id desc"
    _rec_name = "topic"

    broker_id = fields.Many2one("mqtt.broker", required=True, index=True, ondelete="restrict")
    subscription_id = fields.Many2one("mqtt.subscription", index=True, ondelete="restrict")
    company_id = fields.Many2one(related="broker_id.company_id")
    received_at = fields.Datetime(string="Received", required=True, readonly=True, index=True)
    topic = fields.Char(required=True, readonly=True)
    payload = fields.Binary(attachment=False, readonly=True, string="Bytes")
    file_name = fields.Char(compute="_compute_preview")
    preview = fields.Text(compute="_compute_preview", string="Content")
    hexadecimal = fields.Text(compute="_compute_preview", help="The first 512 bytes.")
    size = fields.Integer(readonly=True, help="Bytes that the message had.")
    is_cut = fields.Boolean(
        string="Cut", readonly=True, help="Too large to be kept: only the first 4 KiB are here."
    )
    is_retained = fields.Boolean(string="Retained", readonly=True)
    reason = fields.Selection(
        [
            ("no_subscription", "No subscription takes its topic"),
            ("too_large", "Larger than its subscription allows"),
            ("empty", "Empty"),
            ("encoding", "Not in the encoding of its subscription"),
            ("not_json", "No JSON"),
            ("not_finite", "A number that is none: NaN or infinite"),
            ("too_deep", "Nested too deep"),
            ("not_hex", "No hexadecimal text"),
            ("not_base64", "No Base64 text"),
            ("not_template", "It does not fit the template of its subscription"),
            ("no_device", "It names no device"),
            ("wrong_type", "Device or message id are neither text nor number"),
            ("nul", "A NUL character in the device or message id"),
            ("too_long", "Device or message id are too long"),
            ("unknown_device", "Unknown device"),
            ("rejected_device", "Rejected device"),
            ("other_device", "A device spoke for another one"),
            ("expired", "Its device was not accepted in time"),
            ("error", "It could not be stored"),
        ],
        required=True,
        readonly=True,
    )
    detail = fields.Text(readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("replayed", "Replayed"), ("discarded", "Discarded")],
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    tries = fields.Integer(readonly=True, help="How often somebody tried to store it again.")

    @api.depends("payload", "subscription_id.decoder", "subscription_id.template")
    def _compute_preview(self):
        messages = self.env["mqtt.message"]
        for letter in self.with_context(bin_size=False):
            payload = base64.b64decode(letter.payload or b"")
            letter.file_name = f"dead-letter-{letter.id}.bin"
            text = messages._preview(payload[:SHOWN], letter.subscription_id)
            letter.preview = text
            letter.hexadecimal = payload[:512].hex(" ")

    def action_replay(self):
        """Store dead letters as messages, as their subscriptions read them now."""
        self._check_operator()
        letters = self.filtered(lambda letter: letter._can_replay())
        if not letters:
            raise UserError(
                self.env._(
                    "None of these can be stored again: they are closed, were too large to be kept "
                    "whole, or are of a device that spoke for another."
                )
            )
        left = self.browse()
        for group in letters.grouped("broker_id").values():
            for start in range(0, len(group), BATCH):
                left += group[start : start + BATCH].sudo()._replay()
        message = self.env._(
            "%(stored)s stored, %(left)s still cannot be.",
            stored=len(letters) - len(left),
            left=len(left),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "warning" if left else "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _can_replay(self):
        """Say whether it may be stored: who was not who he said he was, will never be."""
        return self.state == "open" and not self.is_cut and self.reason != "other_device"

    def action_discard(self):
        """Put dead letters aside: they remain in the account as dead."""
        self._check_operator()
        open_sudo = self.sudo().filtered(lambda letter: letter.state == "open")
        open_sudo.state = "discarded"

    def action_reopen(self):
        """Take back that dead letters were put aside."""
        self._check_operator()
        discarded_sudo = self.sudo().filtered(lambda letter: letter.state == "discarded")
        discarded_sudo.state = "open"

    def _check_operator(self):
        """Let operators act on letters that they may read; nobody may write them by hand."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("mqtt_bridge.group_operator"):
            raise AccessError(
                self.env._("Only operators of device messages may do this. Ask one of them.")
            )

    def _replay(self):
        """Read letters of one broker again.

        :return: those that still cannot be stored
        """
        broker = self.broker_id
        sources = broker.subscription_ids._sources()
        self.env.flush_all()
        self.lock_for_update()
        deliveries = [
            Delivery(
                letter.topic,
                base64.b64decode(letter.payload or b""),
                letter.received_at,
                is_retained=letter.is_retained,
            )
            for letter in self.with_context(bin_size=False)
        ]
        items = inbox.Inbox(broker.id, sources).retry(self.env.cr, deliveries)
        changes = defaultdict(Counter)
        left = self.browse()
        for letter, item in zip(self, items, strict=True):
            place = (letter.subscription_id.id or 0, inbox.hour_of(letter.received_at))
            changes[place].update({"received": -1, inbox.DEAD: -1})
            changes[item.place].update({"received": 1, item.outcome: 1})
            vals = {"tries": letter.tries + 1, "subscription_id": item.place[0] or False}
            if item.outcome == inbox.DEAD:
                left += letter
                vals.update(reason=item.reason, detail=item.detail)
            else:
                vals["state"] = "replayed"
            letter.write(vals)
        inbox.change_account(self.env.cr, broker.id, changes)
        self.env.flush_all()
        self.env.invalidate_all()
        return left
