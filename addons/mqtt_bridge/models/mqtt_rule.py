import ast

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..bridge import rulebook
from ..bridge.evaluation import Judge
from ..tools import expressions, selecting
from .mqtt_alarm import SEVERITIES

DEFINING = frozenset(rulebook.RULE) - {"id", "severity", "message"} | {"broker_id", "active"}
OF_METRICS = ("metrics", "last", "since")


class MqttRule(models.Model):
    """When messages of devices mean something, and what happens then."""

    _name = "mqtt.rule"
    _description = "MQTT Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    broker_id = fields.Many2one(
        "mqtt.broker",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_broker_id(),
    )
    company_id = fields.Many2one(related="broker_id.company_id")
    trigger = fields.Selection(
        [
            (rulebook.MESSAGE, "A message"),
            ("silent", "A device that falls silent"),
            ("gap", "Messages that are missing"),
            ("storm", "Many alarms below one device"),
        ],
        string="Begins With",
        required=True,
        default=rulebook.MESSAGE,
        tracking=True,
        help="Silence, gaps and storms have alarms of their own: a rule only adds actions to them.",
    )
    subscription_id = fields.Many2one(
        "mqtt.subscription",
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="[('broker_id', '=', broker_id)]",
        help="Whose messages are judged. Empty: those of all subscriptions of the broker.",
    )
    device_domain = fields.Char(
        string="Devices",
        default="[]",
        tracking=True,
        help="Of which devices. It may use their code, name and state, and the device above them.",
    )
    condition = fields.Text(
        tracking=True,
        help="When it begins: metrics.temperature > 80 and payload.mode == 'auto'. A message that "
        "lacks a field says nothing.",
    )
    clear_condition = fields.Text(
        tracking=True,
        help="When it is over: metrics.temperature < 70. Empty: when the condition does not hold "
        "any more.",
    )
    effect = fields.Selection(
        [
            (rulebook.ALARM, "Raise an alarm"),
            (rulebook.ONCE, "Run actions when it begins"),
            (rulebook.EACH, "Run actions for each message"),
        ],
        required=True,
        default=rulebook.ALARM,
        tracking=True,
    )
    severity = fields.Selection(SEVERITIES, required=True, default="major", tracking=True)
    message = fields.Char(
        string="Text of the Alarm",
        help="Expressions stand in braces: {device.name} has {metrics.temperature} °C. Empty: the "
        "name of the rule.",
    )
    duration = fields.Integer(
        string="For",
        default=0,
        tracking=True,
        help="Seconds for which the condition has to hold. It goes on while the device says "
        "nothing, and through a restart of the bridge.",
    )
    repeats = fields.Integer(
        default=1, tracking=True, help="Messages in a row for which the condition has to hold."
    )
    cooldown = fields.Integer(
        default=0, tracking=True, help="Seconds in which the rule does not begin again."
    )
    is_reminding = fields.Boolean(
        string="Remind",
        tracking=True,
        help="Run the actions again after each cooldown while it lasts.",
    )
    oldest_minutes = fields.Integer(
        string="Ignore Older Than",
        default=15,
        tracking=True,
        help="Minutes. Messages that a device kept while it was offline begin nothing when they "
        "are older; they can end it. 0: whatever their age.",
    )
    has_window = fields.Boolean(string="Only at Certain Hours", tracking=True)
    window_tz = fields.Selection(
        _tz_get, string="Time Zone", default=lambda self: self.env.user.tz or "UTC", tracking=True
    )
    window_start = fields.Float(string="From", default=0.0, tracking=True)
    window_end = fields.Float(
        string="Until",
        default=0.0,
        tracking=True,
        help="Hours that end before they begin go into the next day; equal ones are the whole day.",
    )
    monday = fields.Boolean(default=True, tracking=True)
    tuesday = fields.Boolean(default=True, tracking=True)
    wednesday = fields.Boolean(default=True, tracking=True)
    thursday = fields.Boolean(default=True, tracking=True)
    friday = fields.Boolean(default=True, tracking=True)
    saturday = fields.Boolean(default=True, tracking=True)
    sunday = fields.Boolean(default=True, tracking=True)
    action_server_ids = fields.Many2many(
        "ir.actions.server",
        "mqtt_rule_action_rel",
        "rule_id",
        "action_id",
        string="Actions at the Beginning",
        groups="base.group_system",
        domain="[('usage', '=', 'mqtt')]",
    )
    clear_action_server_ids = fields.Many2many(
        "ir.actions.server",
        "mqtt_rule_clear_action_rel",
        "rule_id",
        "action_id",
        string="Actions at the End",
        groups="base.group_system",
        domain="[('usage', '=', 'mqtt')]",
    )
    state_ids = fields.One2many("mqtt.rule.state", "rule_id")
    alarm_ids = fields.One2many("mqtt.alarm", "rule_id")
    alarm_count = fields.Integer(string="Open Alarms", compute="_compute_alarm_count")
    matched = fields.Integer(compute="_compute_counts", help="Messages for which it held.")
    failed = fields.Integer(
        string="Undecided",
        compute="_compute_counts",
        help="Messages that lacked a field or had one of another kind than the condition wants.",
    )
    last_error = fields.Char(compute="_compute_counts")
    last_error_at = fields.Datetime(string="Last Error On", compute="_compute_counts")

    _numbers = models.Constraint(
        "CHECK(duration >= 0 AND cooldown >= 0 AND oldest_minutes >= 0 AND repeats >= 1"
        " AND duration <= 31536000 AND cooldown <= 31536000 AND repeats <= 100000)",
        "Durations are 0 seconds to a year, and repeats 1 to 100000.",
    )
    _hours = models.Constraint(
        "CHECK(window_start >= 0 AND window_start < 24 AND window_end >= 0 AND window_end <= 24)",
        "Hours are from 0:00 to 24:00.",
    )

    def init(self):
        """Make the table of counters, apart from what people edit."""
        self.env.cr.execute(COUNTERS)

    @api.model
    def _default_broker_id(self):
        brokers = self.env["mqtt.broker"].search([], limit=2)
        return brokers if len(brokers) == 1 else brokers.browse()

    def _compute_alarm_count(self):
        groups = self.env["mqtt.alarm"]._read_group(
            [("rule_id", "in", self.ids), ("state", "=", "active")], ["rule_id"], ["__count"]
        )
        counts = {rule.id: count for rule, count in groups}
        for rule in self:
            rule.alarm_count = counts.get(rule._origin.id, 0)

    def _compute_counts(self):
        self.env.cr.execute(
            "SELECT rule_id, matched, failed, error, error_at FROM mqtt_rule_count"
            " WHERE rule_id IN %s",
            [tuple(self._origin.ids) or (0,)],
        )
        found = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        for rule in self:
            matched, failed, error, error_at = found.get(rule._origin.id, (0, 0, False, False))
            rule.update(
                {
                    "matched": matched,
                    "failed": failed,
                    "last_error": error,
                    "last_error_at": error_at,
                }
            )

    @api.onchange("broker_id")
    def _onchange_broker_id(self):
        if self.subscription_id.broker_id != self.broker_id:
            self.subscription_id = False

    @api.constrains("broker_id", "subscription_id")
    def _check_subscription(self):
        for rule in self:
            if rule.subscription_id and rule.subscription_id.broker_id != rule.broker_id:
                raise ValidationError(
                    self.env._(
                        "%(subscription)s is a subscription of another broker. Choose one of "
                        "%(broker)s.",
                        subscription=rule.subscription_id.name,
                        broker=rule.broker_id.name,
                    )
                )

    @api.constrains("effect", "trigger", "duration", "cooldown", "is_reminding", "has_window")
    def _check_terms(self):
        for rule in self:
            if rule.effect == rulebook.EACH and rule.duration:
                raise ValidationError(
                    self.env._(
                        "A rule that acts for each message cannot ask how long its condition "
                        "holds. Let it act when it begins, or set the duration to 0."
                    )
                )
            if rule.is_reminding and not rule.cooldown:
                raise ValidationError(
                    self.env._("A reminder comes after each cooldown: say how long that is.")
                )
            if rule.has_window and not any(rule[day] for day in rulebook.DAYS):
                raise ValidationError(self.env._("Choose at least one day of the week."))

    @api.constrains("condition", "clear_condition", "message", "trigger", "subscription_id")
    def _check_expressions(self):
        for rule in self:
            if rule.trigger == rulebook.MESSAGE and not (rule.condition or "").strip():
                raise ValidationError(self.env._("Say when the rule begins: write a condition."))
            for name in ("condition", "clear_condition", "message"):
                if not rule[name]:
                    continue
                parse = expressions.Template if name == "message" else expressions.parse
                try:
                    found = parse(rule[name], rulebook.NAMES)
                except expressions.Wrong as error:
                    raise ValidationError(rule._sentence(*error.args, rule[name])) from None
                rule._check_metrics(found)

    def _check_metrics(self, expression):
        """See that the metrics which an expression names are there."""
        named = {field for name, field in expression.members if name in OF_METRICS}
        subscriptions = self.subscription_id or self.broker_id.subscription_ids
        metrics = self.env["mqtt.metric"].search([("subscription_id", "in", subscriptions.ids)])
        missing = sorted(named - set(metrics.mapped("code")))
        if missing:
            raise ValidationError(
                self.env._(
                    "There is no metric %(code)s here. Add it to the subscription, or write "
                    "payload and the name of a field of the message.",
                    code=", ".join(missing),
                )
            )

    def _sentence(self, reason, detail, text):
        """Say what is wrong with an expression, and what to write."""
        names = ", ".join(sorted(rulebook.NAMES))
        functions = ", ".join(sorted({*expressions.FUNCTIONS, *expressions.LAZY}))
        sentences = {
            expressions.EMPTY: self.env._("There is an empty expression in %(text)s.", text=text),
            expressions.TOO_LONG: self.env._(
                "An expression has at most %(count)s characters. Use two rules.", count=detail
            ),
            expressions.TOO_MANY: self.env._(
                "An expression has at most %(count)s parts. Use two rules.", count=detail
            ),
            expressions.SYNTAX: self.env._(
                "%(text)s cannot be read: %(detail)s.", text=text, detail=detail
            ),
            expressions.NOT_ALLOWED: self.env._(
                "%(detail)s is not allowed in a condition. There are comparisons, and, or, not, "
                "in, + - * / // %% & | and the functions %(functions)s.",
                detail=detail,
                functions=functions,
            ),
            expressions.UNKNOWN_NAME: self.env._(
                "%(detail)s is no name that a condition knows. There are %(names)s, and the "
                "functions %(functions)s.",
                detail=detail,
                names=names,
                functions=functions,
            ),
        }
        return sentences[reason]

    @api.constrains("device_domain")
    def _check_device_domain(self):
        for rule in self:
            try:
                selecting.parse(rule.device_domain)
            except selecting.Unusable as error:
                raise ValidationError(
                    self.env._(
                        "Devices cannot be chosen by %(part)s. Use their code, name or state, or "
                        "the code or name of the device above them.",
                        part=error.args[0],
                    )
                ) from None

    def write(self, vals):
        """Override: a rule that changes begins anew, and one that is archived ends."""
        changes = self._differing(vals)
        result = super().write(vals)
        if changes:
            # who may change a rule may make it forget
            self.sudo().state_ids.filtered(lambda state: state.phase == "pending").unlink()
        if not vals.get("active", True):
            alarms_sudo = self.sudo().alarm_ids.filtered(lambda alarm: alarm.state == "active")
            alarms_sudo._close()
            self.sudo().state_ids.unlink()
        return result

    def _differing(self, vals):
        """Return the names of what changes when the rule begins."""
        names = DEFINING & vals.keys()
        return {
            name
            for name in names
            if any(
                rule._fields[name].convert_to_write(rule[name], rule) != vals[name] for rule in self
            )
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        """Keep the rules that alarms name."""
        if self.env["mqtt.alarm"].sudo().search_count([("rule_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("This rule has raised alarms. Archive it instead."))

    def action_alarms(self):
        """Open the alarms of the rule."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_alarm_action")
        return {**action, "domain": [("rule_id", "in", self.ids)], "context": {}}

    def action_try(self):
        """Say what the rule would have made of the last messages. Nothing happens."""
        self.ensure_one()
        self.check_access("read")
        if self.trigger != rulebook.MESSAGE:
            raise UserError(self.env._("This rule waits for no messages: there is nothing to try."))
        trial = self.env["mqtt.rule.trial"].create({"rule_id": self.id})
        trial._run()
        return trial._open()

    def action_forget_counts(self):
        """Begin to count anew how often the rule held and could not be decided."""
        self.check_access("write")
        self.env.cr.execute(
            "DELETE FROM mqtt_rule_count WHERE rule_id IN %s", [tuple(self.ids) or (0,)]
        )
        self.invalidate_recordset(["matched", "failed", "last_error", "last_error_at"])

    def _devices(self, most):
        """Return the devices that the rule is about."""
        domain = [("broker_id", "=", self.broker_id.id), *ast.literal_eval(self.device_domain)]
        return self.env["mqtt.device"].search(domain, limit=most)

    def _compiled(self):
        """Return the rule as the bridge judges by it."""
        self.ensure_one()
        row = {name: self[name] for name in rulebook.RULE if name != "subscription_id"}
        return rulebook.compile_rule({**row, "subscription_id": self.subscription_id.id})

    @api.model
    def _cron_sweep(self):
        """Let rules act whose time has come, for brokers whose bridge does not run."""
        self.env["mqtt.alarm"]._show_forgotten()
        brokers = self.search([("active", "=", True)]).broker_id.filtered("active")
        for broker in brokers.filtered(lambda one: one.state == "absent"):
            Judge(broker.id).sweep(self.env.cr)
        self.env.invalidate_all()


COUNTERS = """
CREATE TABLE IF NOT EXISTS mqtt_rule_count (
    rule_id integer PRIMARY KEY REFERENCES mqtt_rule ON DELETE CASCADE,
    matched bigint NOT NULL, failed bigint NOT NULL, error text, error_at timestamp
)
"""
