from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..bridge import configuration
from ..bridge.inbox import COUNTERS
from ..tools import topics

PATHS = ("device_path", "message_id_path", "timestamp_path", "sequence_path", "presence_path")


class MqttSubscription(models.Model):
    _name = "mqtt.subscription"
    _description = "MQTT Subscription"
    _inherit = ["mail.thread"]
    _order = "broker_id, topic, id"

    name = fields.Char(
        compute="_compute_name", store=True, precompute=True, readonly=False, required=True
    )
    active = fields.Boolean(default=True, tracking=True)
    broker_id = fields.Many2one(
        "mqtt.broker", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(related="broker_id.company_id")
    topic = fields.Char(
        string="Topic Filter",
        required=True,
        tracking=True,
        help="+ stands for one level, # at the end for all that follow: device/+/message/up",
    )
    qos = fields.Selection(
        [("1", "1: at least once")],
        string="QoS",
        required=True,
        default="1",
        help="Always 1: with 0 the broker forgets what it sent, and with 2 a message that is "
        "confirmed before it is stored would be lost in a crash.",
    )
    decoder = fields.Selection(
        [
            ("json", "JSON"),
            ("json_gbk", "JSON in GBK"),
            ("text", "Text"),
            ("text_gbk", "Text in GBK"),
            ("hex", "Hexadecimal text"),
            ("base64", "Base64 text"),
            ("raw", "Bytes"),
            ("template", "Template"),
        ],
        required=True,
        default="json",
        tracking=True,
    )
    largest_kib = fields.Integer(
        string="Largest Message",
        required=True,
        default=256,
        help="KiB. Larger messages become dead letters that keep the first 4 KiB.",
    )
    device_path = fields.Char(
        required=True,
        default="topic:2",
        tracking=True,
        help="Where the device's code stands: topic:2 is the second level of the topic, "
        "$.payload.sn a field of the message.",
    )
    message_id_path = fields.Char(
        string="Message ID Path",
        tracking=True,
        help="Where the device writes a number of its own for each message, as in $.id. "
        "A message with an id that was seen before is a duplicate.",
    )
    timestamp_path = fields.Char(tracking=True, help="Where the device writes the time: $.ts")
    sequence_path = fields.Char(
        tracking=True, help="Where the device counts its messages, as in $.seq"
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Of timestamps that name none.",
    )
    identity = fields.Selection(
        [
            ("auto", "Message id, else content with a time or number, else transport"),
            ("reference_time", "Message id together with the device's time"),
            ("content", "Content: the same bytes are the same message"),
            ("transport", "Transport: only what the broker sends again"),
        ],
        string="Duplicates Are Known By",
        required=True,
        default="auto",
        tracking=True,
        help="Choose message id together with the time for devices whose numbers begin anew after "
        "a restart.",
    )
    unknown_device = fields.Selection(
        [
            ("reject", "Dead letter"),
            ("register", "Register it"),
            ("quarantine", "Keep its messages until somebody accepts it"),
        ],
        string="Unknown Devices",
        required=True,
        default="reject",
        tracking=True,
    )
    ack_topic = fields.Char(
        string="Confirmation Topic",
        tracking=True,
        help="After a message is stored, its id is published here: cmd/{device}/ack. "
        "A device can send again until then.",
    )
    received = fields.Integer(compute="_compute_counters", help="Deliveries that were confirmed.")
    stored = fields.Integer(compute="_compute_counters")
    duplicate = fields.Integer(string="Duplicates", compute="_compute_counters")
    dead = fields.Integer(string="Dead Letters", compute="_compute_counters")
    queued = fields.Integer(
        string="Waiting",
        compute="_compute_counters",
        help="Kept, and waiting until somebody accepts the device.",
    )
    difference = fields.Integer(
        compute="_compute_counters",
        help="Received less stored, duplicates, dead letters and waiting: 0 unless something is "
        "lost.",
    )

    _largest = models.Constraint(
        "CHECK(largest_kib BETWEEN 1 AND 65536)", "A message may have 1 to 65536 KiB."
    )

    @api.depends("topic")
    def _compute_name(self):
        for subscription in self:
            subscription.name = subscription.name or subscription.topic

    @api.model_create_multi
    def create(self, vals_list):
        """Override: programs write the level of service as a number."""
        return super().create([self._with_word(vals) for vals in vals_list])

    def write(self, vals):
        """Override: programs write the level of service as a number."""
        return super().write(self._with_word(vals))

    @api.model
    def _with_word(self, vals):
        is_number = isinstance(vals.get("qos"), int) and not isinstance(vals["qos"], bool)
        return {**vals, "qos": str(vals["qos"])} if is_number else vals

    def _compute_counters(self):
        groups = self.env["mqtt.tally"]._read_group(
            [("subscription_id", "in", self.ids)],
            ["subscription_id"],
            [f"{name}:sum" for name in COUNTERS],
        )
        sums = {subscription: numbers for subscription, *numbers in groups}
        for subscription in self:
            numbers = sums.get(subscription._origin, [0] * len(COUNTERS))
            subscription.update(dict(zip(COUNTERS, numbers, strict=True)))
            subscription.difference = numbers[0] - sum(numbers[1:])

    @api.constrains("topic", "broker_id", "active")
    def _check_topic(self):
        for subscription in self:
            try:
                topics.check_filter(subscription.topic)
            except topics.Malformed as error:
                raise ValidationError(self._sentence(error.args[0], subscription.topic)) from None
        others = self.with_context(active_test=True).search(
            [("broker_id", "in", self.broker_id.ids)]
        )
        for subscription in self.filtered("active"):
            for other in others - subscription:
                same = other.broker_id == subscription.broker_id
                if same and topics.overlap(subscription.topic, other.topic):
                    raise ValidationError(
                        self.env._(
                            "%(topic)s and %(other)s take some of the same topics, and the broker "
                            "would deliver these twice. Make the filters narrower.",
                            topic=subscription.topic,
                            other=other.topic,
                        )
                    )

    def _sentence(self, reason, topic):
        """Say what is wrong with a topic or a filter, and what to write."""
        sentences = {
            topics.EMPTY: self.env._("Write a topic."),
            topics.TOO_LONG: self.env._("A topic has at most 65535 bytes."),
            topics.BAD_CHARACTER: self.env._(
                "%(topic)s has a character that is not allowed here.", topic=topic
            ),
            topics.BROKERS_OWN: self.env._(
                "%(topic)s: topics that begin with $ are the broker's own.", topic=topic
            ),
            topics.EVERYTHING: self.env._(
                "%(topic)s takes everything on the broker. Name at least the first level.",
                topic=topic,
            ),
            topics.HASH_NOT_LAST: self.env._(
                "%(topic)s: # stands alone, as the last level.", topic=topic
            ),
            topics.PLUS_NOT_ALONE: self.env._(
                "%(topic)s: + stands alone in its level.", topic=topic
            ),
        }
        return sentences[reason]

    @api.constrains("ack_topic", "message_id_path")
    def _check_ack_topic(self):
        for subscription in self.filtered("ack_topic"):
            if not topics.fill(subscription.ack_topic, "x"):
                raise ValidationError(
                    self.env._(
                        "%(topic)s is no topic to publish to: it may have {device} and no + or #.",
                        topic=subscription.ack_topic,
                    )
                )
            if not subscription.message_id_path:
                raise ValidationError(
                    self.env._("A confirmation names the message: fill in the message ID path.")
                )
            if any(
                topics.matches(other.topic, topics.fill(subscription.ack_topic, "x"))
                for other in subscription.broker_id.subscription_ids
            ):
                raise ValidationError(
                    self.env._(
                        "The bridge itself subscribes to %(topic)s: it would hear its own "
                        "confirmations.",
                        topic=subscription.ack_topic,
                    )
                )

    @api.constrains(*PATHS)
    def _check_paths(self):
        self._check_are_paths(*PATHS)

    def _check_are_paths(self, *names):
        for subscription in self:
            for name in names:
                try:
                    configuration.path(subscription[name])
                except ValueError:
                    raise ValidationError(
                        self.env._(
                            "%(path)s is no path. Write topic:2 for a level of the topic, or "
                            "$.payload.list[0].id for a field of the message.",
                            path=subscription[name],
                        )
                    ) from None

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        """Keep the account of what was received."""
        if (
            self.env["mqtt.tally"]
            .sudo()
            .search_count([("subscription_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._("This subscription has received messages. Archive it instead.")
            )

    def action_messages(self):
        """Open the messages of the subscription."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_message_action")
        return {**action, "domain": [("subscription_id", "in", self.ids)], "context": {}}

    def action_dead_letters(self):
        """Open the dead letters of the subscription."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mqtt_bridge.mqtt_dead_letter_action"
        )
        return {**action, "domain": [("subscription_id", "in", self.ids)], "context": {}}

    def _sources(self):
        """Return the subscriptions as the inbox reads them."""
        names = configuration.SUBSCRIPTION
        return [configuration.source({name: one[name] for name in names}) for one in self]
