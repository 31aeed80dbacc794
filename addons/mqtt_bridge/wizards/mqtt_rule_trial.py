from odoo import fields, models
from odoo.exceptions import UserError

from ..bridge import inbox, rulebook, trial
from ..tools import judging
from ..tools.reading import Delivery

LAST = 100
MOST_DEVICES = 5000


class MqttRuleTrial(models.TransientModel):
    """What a rule would have made of the last messages, or of one that somebody writes."""

    _name = "mqtt.rule.trial"
    _description = "MQTT Rule Trial"

    rule_id = fields.Many2one("mqtt.rule", required=True, ondelete="cascade")
    source = fields.Selection(
        [("last", "The last 100 messages"), ("written", "A message that I write")],
        string="Try On",
        required=True,
        default="last",
    )
    broker_id = fields.Many2one(related="rule_id.broker_id")
    subscription_id = fields.Many2one(
        "mqtt.subscription",
        domain="[('broker_id', '=', broker_id)]",
        default=lambda self: self._default_subscription_id(),
    )
    device_id = fields.Many2one("mqtt.device", domain="[('broker_id', '=', broker_id)]")
    topic = fields.Char(help="Empty: one that the filter of the subscription takes.")
    payload = fields.Text(string="Message", default='{"temperature": 85}')
    line_ids = fields.One2many("mqtt.rule.trial.line", "trial_id", readonly=True)
    summary = fields.Char(readonly=True)

    def _default_subscription_id(self):
        rule = self.env["mqtt.rule"].browse(self.env.context.get("default_rule_id"))
        return rule.subscription_id or rule.broker_id.subscription_ids[:1]

    def action_run(self):
        """Try the rule."""
        self.ensure_one()
        self._run()
        return self._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try %(rule)s", rule=self.rule_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _run(self):
        """Judge the messages, and note what came of it."""
        self.ensure_one()
        rule = self.rule_id
        rule.check_access("read")
        subscriptions = rule.subscription_id or rule.broker_id.subscription_ids
        if not self.subscription_id:
            self.subscription_id = subscriptions[:1]
        messages = self._written() if self.source == "written" else self._last(subscriptions)
        metrics = self._metrics(subscriptions | self.subscription_id)
        tried = trial.Trial(rule.broker_id.id, rule._compiled(), metrics)
        self.env.flush_all()
        until = inbox.now() if self.source == "last" else None
        lines = tried.run(self.env.cr, messages, until)
        self.line_ids.unlink()
        self.env["mqtt.rule.trial.line"].create([self._line(line) for line in reversed(lines)])
        count = len([line for line in lines if line.effect in (judging.BEGUN, judging.MATCHED)])
        self.summary = self.env._(
            "%(messages)s messages: it held for %(yes)s, could not be decided for %(unknown)s, and "
            "would have acted %(count)s times.",
            messages=len(messages),
            yes=len([line for line in lines if line.verdict == "yes"]),
            unknown=len([line for line in lines if line.verdict == "unknown"]),
            count=count,
        )

    @staticmethod
    def _metrics(subscriptions):
        """Return the metrics as the bridge reads them, by id of the subscription."""
        found = {subscription.id: [] for subscription in subscriptions}
        metrics = subscriptions.env["mqtt.metric"].search(
            [("subscription_id", "in", subscriptions.ids)], order="sequence, id"
        )
        for metric in metrics:
            found[metric.subscription_id.id].append(
                rulebook.Metric(
                    metric.id,
                    metric.code,
                    rulebook.path(metric.path),
                    metric.kind,
                    metric.factor,
                    metric.has_history,
                    metric.name,
                    metric.unit,
                )
            )
        return found

    def _last(self, subscriptions):
        """Return the last messages that the rule is about, the oldest first."""
        domain = [
            ("subscription_id", "in", subscriptions.ids),
            ("state", "=", "stored"),
            ("is_retained", "=", False),
        ]
        if self.rule_id._compiled().selects:
            chosen = self.rule_id._devices(MOST_DEVICES)
            domain.append(("device_id", "in", chosen.ids))
        messages = self.env["mqtt.message"].search(domain, order="id desc", limit=LAST)
        self.env.cr.execute(
            "SELECT id, payload, received_at FROM mqtt_message WHERE id IN %s",
            [tuple(messages.ids) or (0,)],
        )
        found = {ident: (bytes(payload), at) for ident, payload, at in self.env.cr.fetchall()}
        sources = {source.id: source for source in subscriptions._sources()}
        return [
            (
                message.id,
                message.device_id.id,
                sources[message.subscription_id.id],
                Delivery(message.topic, *found[message.id]),
            )
            for message in messages.sorted("id")
        ]

    def _written(self):
        """Return the message that somebody wrote."""
        if not self.subscription_id:
            raise UserError(self.env._("Choose the subscription that would take the message."))
        device, subscription = self.device_id, self.subscription_id
        topic = self.topic or "/".join(
            (device.code or "x") if level in "+#" else level
            for level in subscription.topic.split("/")
        )
        [source] = subscription._sources()
        delivery = Delivery(topic, (self.payload or "").encode(), inbox.now())
        return [(None, device.id or None, source, delivery)]

    def _line(self, line):
        return {
            "trial_id": self.id,
            "moment": line.moment.replace(microsecond=0),
            "device_id": line.device_id,
            "message_id": line.message_id,
            "topic": inbox.printable(line.topic),
            "verdict": line.verdict or "time",
            "effect": line.effect or False,
            "value": inbox.printable(line.value),
            "text": inbox.printable(line.text),
            "detail": inbox.printable(line.detail),
        }
