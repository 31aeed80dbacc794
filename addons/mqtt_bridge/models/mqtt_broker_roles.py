from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import commands

DEFAULT_TOPIC = "cmd/{device}"


class MqttBroker(models.Model):
    """What the roles that act and that send need to know of a broker."""

    _inherit = "mqtt.broker"

    user_id = fields.Many2one(
        "res.users",
        string="Actions Run As",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        tracking=True,
        help="The user with whose rights server actions run: one of their own, who may do what "
        "these need and no more. They need the role Reader of device messages, or Operator to "
        "send commands.",
    )
    action_seconds = fields.Integer(
        string="Time for an Action",
        required=True,
        default=30,
        tracking=True,
        help="Seconds after which a server action is ended.",
    )
    action_tries = fields.Integer(
        string="Tries of an Action",
        required=True,
        default=5,
        tracking=True,
        help="How often a server action that fails is run, with longer and longer pauses, before "
        "its event has failed for good.",
    )
    command_topic = fields.Char(
        required=True,
        default=DEFAULT_TOPIC,
        tracking=True,
        help="Where commands are published; {device} stands for the device's code.",
    )
    command_id_path = fields.Char(
        string="Command ID Path",
        default="$.id",
        tracking=True,
        help="Where the id of a command is written into it, if it is a JSON object: $.id or "
        "$.head.cmd_id. Empty: nowhere, and no device can answer.",
    )
    command_seconds = fields.Integer(
        string="Commands Are Good For",
        required=True,
        default=60,
        tracking=True,
        help="Seconds after which a command is not sent any more, and the broker forgets it, if "
        "whoever gives it says nothing else. 0: never.",
    )
    reply_seconds = fields.Integer(
        string="Time for an Answer",
        required=True,
        default=30,
        tracking=True,
        help="Seconds after which a command that should be answered counts as unanswered.",
    )
    dead_event_count = fields.Integer(
        string="Failed Events", compute="_compute_dead_event_count", help="Which failed for good."
    )

    _action_limits = models.Constraint(
        "CHECK(action_seconds BETWEEN 1 AND 600 AND action_tries BETWEEN 1 AND 20)",
        "An action has 1 to 600 seconds and 1 to 20 tries.",
    )
    _command_limits = models.Constraint(
        "CHECK(command_seconds BETWEEN 0 AND 2592000 AND reply_seconds BETWEEN 1 AND 86400)",
        "Commands are good for at most 2592000 seconds; an answer has 1 to 86400 seconds.",
    )

    def _compute_dead_event_count(self):
        groups = self.env["mqtt.event"]._read_group(
            [("broker_id", "in", self.ids), ("state", "=", "dead")], ["broker_id"], ["__count"]
        )
        counts = dict(groups)
        for broker in self:
            broker.dead_event_count = counts.get(broker._origin, 0)

    def action_dead_events(self):
        """Open the events of the broker that failed for good."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_event_action")
        domain = [("broker_id", "in", self.ids), ("state", "=", "dead")]
        return {**action, "domain": domain, "context": {}}

    @api.constrains("user_id")
    def _check_user(self):
        for broker in self.filtered("user_id"):
            reason = broker._refusal(broker.user_id)
            if reason:
                raise ValidationError(reason)

    @api.constrains("command_topic", "command_id_path")
    def _check_command_topic(self):
        for broker in self:
            broker.subscription_ids._check_not_heard(broker.command_topic)
            if not broker.command_id_path:
                continue
            try:
                commands.check_id_path(broker.command_id_path)
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "%(path)s is no place for an id. Write names of fields only: $.id or "
                        "$.head.id.",
                        path=broker.command_id_path,
                    )
                ) from None

    def _refusal(self, user):
        """Say why a user may not run actions; False when they may."""
        # the roles of another user are for administrators to read
        user_sudo = user.sudo()
        if user_sudo.id == self.env.ref("base.user_root").id or user_sudo.has_group(
            "base.group_system"
        ):
            return self.env._(
                "%(user)s may do everything: what a device says must not run with their rights. "
                "Choose a user of their own for it, who may do little.",
                user=user_sudo.name,
            )
        if not user_sudo.active:
            return self.env._("%(user)s is archived. Choose another user.", user=user_sudo.name)
        if not user_sudo.has_group("mqtt_bridge.group_reader"):
            return self.env._(
                "%(user)s may not see what devices say. Give them the role Reader of device "
                "messages.",
                user=user_sudo.name,
            )
        return False

    def _runner(self):
        """Return the user with whose rights actions run.

        :raise UserError: when there is none, or they may do too much or too little by now
        """
        self.ensure_one()
        if not self.user_id:
            raise UserError(
                self.env._(
                    "No user runs the actions of %(broker)s. Choose one at the broker, then run "
                    "this again.",
                    broker=self.name,
                )
            )
        reason = self._refusal(self.user_id)
        if reason:
            raise UserError(reason)
        return self.user_id
