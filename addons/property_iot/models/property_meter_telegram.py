"""How the meters of a subscription report: where the reading stands, and what it is kept for."""

import copy
import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.mqtt_bridge.bridge import configuration, rulebook
from odoo.addons.mqtt_bridge.tools import measuring, paths
from odoo.addons.property_billing.models.property_meter import METER_KINDS

from ..tools import days

FACTORS = {"same": 1.0, "wh": 0.001, "mwh": 1000.0, "litre": 0.001, "tens": 0.01, "gj": 277.777778}
ADDRESS = 64  # characters
#: A change of these is a change of the rule that listens.
LISTENING = frozenset(
    ("name", "active", "subscription_id", "metric_id", "list_path", "address_path", "reading_path")
    + ("pause_minutes",)
)


class PropertyMeterTelegram(models.Model):
    _name = "property.meter.telegram"
    _description = "Automatic Reading"
    _inherit = ["mail.thread"]
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    subscription_id = fields.Many2one(
        "mqtt.subscription",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="In whose messages the meters report.",
    )
    broker_id = fields.Many2one(related="subscription_id.broker_id")
    kind = fields.Selection(
        METER_KINDS, tracking=True, help="Of meters that may report in this way; empty: any."
    )
    metric_id = fields.Many2one(
        "mqtt.metric",
        ondelete="restrict",
        tracking=True,
        domain="[('subscription_id', '=', subscription_id), ('kind', '=', 'number')]",
        help="The value that is the reading, where a device is one meter: it has a chart then.",
    )
    list_path = fields.Char(
        string="List of Meters",
        tracking=True,
        help="Where a gateway lists its meters: $.meters. Empty: a message is about one meter.",
    )
    address_path = fields.Char(
        tracking=True,
        help="Where, in a row of that list or in the message, the number of the meter stands: "
        "$.addr",
    )
    reading_path = fields.Char(
        tracking=True,
        help="Where, in a row of that list or in the message, the reading stands: $.value",
    )
    unit = fields.Selection(
        [
            ("same", "As the meter counts: kWh, m³"),
            ("wh", "Wh"),
            ("mwh", "MWh"),
            ("litre", "Litres"),
            ("tens", "Hundredths"),
            ("gj", "GJ, to kWh"),
            ("other", "Other"),
        ],
        string="Sent In",
        required=True,
        default="same",
        tracking=True,
    )
    factor = fields.Float(
        compute="_compute_factor",
        store=True,
        readonly=False,
        precompute=True,
        digits=(16, 9),
        tracking=True,
        help="What is sent is multiplied by this, after the factor of the metric if it has one. "
        "The result is what the counter shows; the multiplier of the meter is not in it.",
    )
    frequency = fields.Selection(
        [(days.DAILY, "Every day"), (days.MONTHLY, "Once a month")],
        string="Keep a Reading",
        required=True,
        default=days.DAILY,
        tracking=True,
    )
    month_day = fields.Integer(
        string="Reading Day",
        required=True,
        default=31,
        tracking=True,
        help="Day of the month at whose end the meters are read; 31 is the last. When a meter says "
        "nothing on that day, the first day after it on which it does.",
    )
    late_hours = fields.Integer(
        string="Day Ends Later By",
        required=True,
        default=0,
        tracking=True,
        help="Hours after midnight for which the day before still goes on, for meters that send "
        "the value of midnight a little later.",
    )
    pause_minutes = fields.Integer(
        string="At Most Every",
        required=True,
        default=0,
        tracking=True,
        help="Minutes in which only one message of a device is taken. 0: each one. With a pause, "
        "what a device kept while it was offline and sends at once is not taken for each day.",
    )
    ignores_unknown = fields.Boolean(
        string="Ignore Unknown Meters",
        tracking=True,
        help="Say nothing of meters that are connected to no meter here. Otherwise each such "
        "message is an event that failed and can be run again.",
    )
    rule_id = fields.Many2one(
        "mqtt.rule", readonly=True, copy=False, ondelete="set null", help="That listens for it."
    )
    meter_ids = fields.One2many("property.meter", "telegram_id", string="Meters")
    meter_count = fields.Integer(compute="_compute_meter_count")

    _ranges = models.Constraint(
        "CHECK(month_day BETWEEN 1 AND 31 AND late_hours BETWEEN 0 AND 12"
        " AND pause_minutes BETWEEN 0 AND 1440 AND factor > 0)",
        "The reading day is 1 to 31, a day ends at most 12 hours later, the pause is at most 1440 "
        "minutes, and the factor is positive.",
    )

    @api.depends("unit")
    def _compute_factor(self):
        for telegram in self:
            telegram.factor = FACTORS.get(telegram.unit) or telegram.factor or 1.0

    def _compute_meter_count(self):
        groups = self.env["property.meter"]._read_group(
            [("telegram_id", "in", self.ids)], ["telegram_id"], ["__count"]
        )
        counts = {telegram.id: count for telegram, count in groups}
        for telegram in self:
            telegram.meter_count = counts.get(telegram._origin.id, 0)

    @api.constrains("metric_id", "subscription_id", "list_path", "address_path", "reading_path")
    def _check_paths(self):
        for telegram in self:
            metric = telegram.metric_id
            if bool(metric) == bool(telegram.reading_path):
                raise ValidationError(
                    self.env._("Say where the reading stands: choose a metric, or write its path.")
                )
            if metric and (telegram.list_path or telegram.address_path):
                raise ValidationError(
                    self.env._(
                        "A metric is one value of a device. Where it has several meters, write the "
                        "path of the reading instead."
                    )
                )
            if metric and metric.subscription_id != telegram.subscription_id:
                raise ValidationError(
                    self.env._("%(metric)s is of another subscription.", metric=metric.name)
                )
            if telegram.list_path and not telegram.address_path:
                raise ValidationError(
                    self.env._("Say where, in a row of the list, the number of the meter stands.")
                )
            for name in ("list_path", "address_path", "reading_path"):
                telegram._parsed(name)

    @api.constrains("pause_minutes", "address_path")
    def _check_pause(self):
        for telegram in self:
            if telegram.pause_minutes and telegram.address_path and not telegram.list_path:
                raise ValidationError(
                    self.env._(
                        "The messages of a gateway are about one meter each: a pause would take "
                        "those of one meter only. Set it to 0."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Let a rule listen for the telegrams."""
        telegrams = super().create(vals_list)
        telegrams._listen()
        return telegrams

    def write(self, vals):
        """Keep the rule that listens up to date."""
        result = super().write(vals)
        if LISTENING & vals.keys():
            self._listen()
        return result

    def unlink(self):
        """Let no rule listen any more."""
        # whoever may delete this need not set up rules
        rules_sudo = self.sudo().rule_id
        result = super().unlink()
        rules_sudo.unlink()
        return result

    def _listen(self):
        """Make or mend the rule of each."""
        for telegram in self:
            # only administrators choose the actions of a rule, and this one is shipped
            telegram_sudo = telegram.sudo()
            if telegram_sudo.rule_id:
                telegram_sudo.rule_id.write(telegram_sudo._prepare_rule_vals())
            else:
                telegram_sudo.rule_id = telegram_sudo.rule_id.create(
                    telegram_sudo._prepare_rule_vals()
                )

    def _prepare_rule_vals(self):
        """Prepare the rule that runs the shipped action for each message with a reading."""
        self.ensure_one()
        return {
            "name": self.name,
            "active": self.active,
            "broker_id": self.broker_id.id,
            "subscription_id": self.subscription_id.id,
            "effect": rulebook.EACH,
            "severity": "warning",
            "condition": f"has({self._expression()})",
            "cooldown": self.pause_minutes * 60,
            "oldest_minutes": 0,
            "action_server_ids": [(6, 0, self.env.ref("property_iot.action_take_reading").ids)],
        }

    def _expression(self):
        """Return what a condition calls the place of the reading or of the list."""
        if self.metric_id:
            return f"metrics.{self.metric_id.code}"
        path = self._parsed("list_path" if self.list_path else "reading_path")
        if isinstance(path, int):
            return "topic"
        return "payload" + "".join(
            f".{step}" if isinstance(step, str) and step.isidentifier() else f"[{step!r}]"
            for step in path
        )

    def _parsed(self, name):
        """Return a path as paths.find() takes it; None when there is none."""
        self.ensure_one()
        if not self[name]:
            return None
        try:
            return configuration.path(self[name])
        except ValueError:
            raise ValidationError(
                self.env._(
                    "%(path)s is no path. Write $.value for a field, $.list[0].value for one "
                    "inside, or topic:2 for a level of the topic.",
                    path=self[name],
                )
            ) from None

    # -- reading

    def _rows(self, topic, data):
        """Find the meters in a message.

        :return: list of (address, what was sent or MISSING, the row itself)
        :raise UserError: when there is no list where one should be
        """
        self.ensure_one()
        if self.metric_id:
            return [("", paths.find(configuration.path(self.metric_id.path), topic, data), data)]
        rows = [data]
        if self.list_path:
            rows = paths.find(self._parsed("list_path"), topic, data)
            if not isinstance(rows, list):
                raise UserError(
                    self.env._(
                        "There is no list of meters at %(path)s in this message.",
                        path=self.list_path,
                    )
                )
        of_address, of_reading = self._parsed("address_path"), self._parsed("reading_path")
        found = []
        for row in rows:
            address = ""
            if of_address is not None:
                there = paths.find(of_address, topic, row)
                is_named = isinstance(there, (str, int)) and not isinstance(there, bool)
                address = str(there).strip()[:ADDRESS] if is_named else ""
            found.append((address, paths.find(of_reading, topic, row), row))
        return found

    def _part(self, data, rows):
        """Return a message that has only these rows of the list."""
        if not self.list_path:
            return data
        part, path = copy.deepcopy(data), self._parsed("list_path")
        if not path:
            return rows
        holder = part
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = rows
        return part

    def _number(self, there):
        """Return what the counter shows, or None when what was sent is no number."""
        if there is paths.MISSING:
            return None
        factor = self.metric_id.factor if self.metric_id else 1.0
        number = measuring.read(there, measuring.NUMBER, factor)
        if number is None or not math.isfinite(number) or abs(number) >= 1e15:
            return None
        return days.shown(number, self.factor)

    def action_view_meters(self):
        """Open the meters that report in this way."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_iot.property_meter_action_automatic"
        )
        return {**action, "domain": [("telegram_id", "=", self.id)], "context": {}}

    def action_connect(self):
        """Open the screen that connects meters."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_iot.property_meter_connect_action"
        )
        return {**action, "context": {"default_telegram_id": self.id}}
