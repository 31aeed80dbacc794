from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import topics


class MqttSubscription(models.Model):
    """How the messages of a subscription answer commands."""

    _inherit = "mqtt.subscription"

    reply_path = fields.Char(
        string="Answered Command",
        tracking=True,
        help="Where an answer to a command names its id: $.cmd_id. Empty: these messages answer "
        "no commands.",
    )
    reply_result_path = fields.Char(
        string="Result Path",
        tracking=True,
        help="Where an answer says how it went: $.code. Empty: who answers has done as told.",
    )
    reply_good = fields.Char(
        string="Good Results",
        tracking=True,
        help="Results that mean that the device did as told, with commas between them. "
        "Empty: 0, 200, ok, true, success.",
    )

    @api.constrains("topic", "active", "broker_id")
    def _check_commands_unheard(self):
        for subscription in self.filtered("active"):
            subscription._check_not_heard(subscription.broker_id.command_topic)

    @api.constrains("reply_path", "reply_result_path")
    def _check_reply_paths(self):
        self._check_are_paths("reply_path", "reply_result_path")

    def _check_not_heard(self, template):
        """Refuse a topic of commands that is none, or that one of these subscriptions hears."""
        topic = topics.fill(template or "", "x")
        if not topic:
            raise ValidationError(
                self.env._(
                    "%(topic)s is no topic to publish to: it may have {device} and no + or #.",
                    topic=template,
                )
            )
        for subscription in self.filtered("active"):
            if topics.matches(subscription.topic, topic):
                raise ValidationError(
                    self.env._(
                        "%(filter)s takes %(topic)s, where commands are published: the bridge "
                        "would hear its own commands. Make the filter narrower, or choose another "
                        "topic for commands.",
                        filter=subscription.topic,
                        topic=template,
                    )
                )
