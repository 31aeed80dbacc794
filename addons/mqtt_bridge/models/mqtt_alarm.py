import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..bridge import alarms, inbox
from ..tools.judging import IDLE
from .mqtt_event import Wide

# the bridge compares them by their names: in the order of the alphabet they fall in weight
SEVERITIES = [
    ("critical", "Critical"),
    ("major", "Major"),
    ("minor", "Minor"),
    ("warning", "Warning"),
]


class MqttAlarm(models.Model):
    """Something that is wrong with a device, from when it began until it was over.

    One is open for each device and rule, or for each device and code where no rule raised it.
    """

    _name = "mqtt.alarm"
    _description = "MQTT Alarm"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, is_acknowledged, severity, last_at desc, id desc"
    _rec_names_search = ["name", "device_id.name", "device_id.code"]
    _mail_post_access = "read"  # who sees an alarm may say something about it

    name = fields.Char(string="Text", readonly=True)
    title = fields.Char(compute="_compute_title")
    code = fields.Char(required=True, readonly=True)
    broker_id = fields.Many2one(
        "mqtt.broker", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="broker_id.company_id")
    device_id = fields.Many2one(
        "mqtt.device", required=True, index=True, readonly=True, ondelete="restrict"
    )
    rule_id = fields.Many2one("mqtt.rule", index=True, readonly=True, ondelete="restrict")
    subscription_id = fields.Many2one("mqtt.subscription", readonly=True, ondelete="set null")
    severity = fields.Selection(SEVERITIES, required=True, readonly=True)
    state = fields.Selection(
        [("active", "Active"), ("cleared", "Cleared")],
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    is_acknowledged = fields.Boolean(string="Acknowledged", readonly=True, tracking=True)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True)
    acknowledged_at = fields.Datetime(string="Acknowledged On", readonly=True)
    color = fields.Integer(compute="_compute_color")
    stage = fields.Selection(
        [
            ("open", "Not Acknowledged"),
            ("seen", "Acknowledged"),
            ("cleared", "Over, Not Acknowledged"),
            ("done", "Over"),
        ],
        compute="_compute_stage",
    )
    first_at = fields.Datetime(string="Began", required=True, readonly=True)
    last_at = fields.Datetime(string="Last Heard", required=True, readonly=True)
    cleared_at = fields.Datetime(string="Over Since", readonly=True)
    cleared_by_id = fields.Many2one(
        "res.users", readonly=True, help="Empty: it was over by itself."
    )
    count = fields.Integer(
        string="Times Heard", readonly=True, help="Messages for which it held, the first included."
    )
    value = fields.Char(string="Values", readonly=True)
    details = fields.Text(readonly=True)
    topic = fields.Char(readonly=True)
    message_id = Wide(string="Message Number", readonly=True, aggregator=None)
    parent_id = fields.Many2one(
        "mqtt.alarm",
        string="Folded Under",
        readonly=True,
        ondelete="set null",
        help="The alarm of the device above, which explains this one.",
    )
    child_ids = fields.One2many("mqtt.alarm", "parent_id", string="Folded Alarms")
    folded_count = fields.Integer(
        string="Folded", compute="_compute_folded_count", help="Open alarms that this explains."
    )
    is_told = fields.Boolean(
        readonly=True, help="The actions of its beginning were run, or wait to be run."
    )

    _open_unique = models.UniqueIndex("(device_id, code) WHERE state = 'active'")
    _folded = models.Index("(parent_id) WHERE parent_id IS NOT NULL")

    @api.depends("name", "code", "rule_id.name", "device_id.name")
    def _compute_title(self):
        own = {
            "storm": self.env._("Many alarms below this device"),
            "silent": self.env._("The device is silent"),
            "gap": self.env._("Messages are missing"),
        }
        for alarm in self:
            alarm.title = alarm.name or alarm.rule_id.name or own.get(alarm.code) or alarm.code

    @api.depends("title", "device_id.name")
    def _compute_display_name(self):
        for alarm in self:
            alarm.display_name = f"{alarm.device_id.name}: {alarm.title}"

    @api.depends("severity", "state")
    def _compute_color(self):
        colors = {"critical": 1, "major": 2, "minor": 3, "warning": 4}
        for alarm in self:
            alarm.color = colors[alarm.severity] if alarm.state == "active" else 0

    @api.depends("state", "is_acknowledged")
    def _compute_stage(self):
        for alarm in self:
            stages = {"active": ("open", "seen"), "cleared": ("cleared", "done")}
            alarm.stage = stages[alarm.state][alarm.is_acknowledged]

    def _compute_folded_count(self):
        groups = self._read_group(
            [("parent_id", "in", self.ids), ("state", "=", "active")], ["parent_id"], ["__count"]
        )
        counts = {parent.id: count for parent, count in groups}
        for alarm in self:
            alarm.folded_count = counts.get(alarm.id, 0)

    # -- for operators

    def action_acknowledge(self):
        """Say that somebody knows of these alarms and takes care of them."""
        self._check_operator()
        self.lock_for_update()
        self.invalidate_recordset(["is_acknowledged", "state"])
        # nobody may write alarms by hand
        new_sudo = self.sudo().filtered(lambda alarm: not alarm.is_acknowledged)
        folded_sudo = new_sudo.child_ids.filtered(lambda alarm: not alarm.is_acknowledged)
        (new_sudo | folded_sudo).write(
            {
                "is_acknowledged": True,
                "acknowledged_by_id": self.env.uid,
                "acknowledged_at": fields.Datetime.now(),
            }
        )
        return True

    def action_clear(self):
        """End alarms by hand. They are raised anew if their condition holds in a later message."""
        self._check_operator()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        open_sudo = self.sudo().filtered(lambda alarm: alarm.state == "active")
        if not open_sudo:
            raise UserError(self.env._("None of these alarms is active any more."))
        open_sudo._close(self.env.user)
        return True

    def action_message(self):
        """Open the message that raised the alarm."""
        self.ensure_one()
        message = self.env["mqtt.message"].search([("id", "=", self.message_id)])
        if not message:
            raise UserError(self.env._("The message is past the days for which they are kept."))
        return {
            "type": "ir.actions.act_window",
            "res_model": "mqtt.message",
            "res_id": message.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_folded(self):
        """Open the alarms that are folded under this one."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_alarm_action")
        return {**action, "domain": [("parent_id", "in", self.ids)], "context": {}}

    def _check_operator(self):
        """Let operators act on alarms that they may read; nobody may write them by hand."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("mqtt_bridge.group_operator"):
            raise AccessError(
                self.env._("Only operators of device messages may do this. Ask one of them.")
            )

    # -- for the code of this and other addons

    @api.model
    def _raise(self, device, code, severity, message, details=None):
        """Raise an alarm of each device, or update the one of this code that is open.

        Alarms are folded and tell rules like those that messages raise.

        :param device: mqtt.device, one or several
        :param code: what is wrong, in a word of the caller: one alarm of it is open for a device
        :param severity: one of SEVERITIES; an open alarm keeps its own where that is graver
        :param message: text for people; None: that of the code
        :param details: text, or any JSON value
        :return: the alarms
        """
        if severity not in dict(SEVERITIES):
            raise ValidationError(self.env._("There is no severity %(name)s.", name=severity))
        if not code or str(code).startswith("rule:"):
            raise ValidationError(self.env._("%(code)s is no code for an alarm.", code=code))
        if details and not isinstance(details, str):
            details = json.dumps(details, ensure_ascii=False, default=str)
        moment, found = inbox.now().replace(microsecond=0), []
        self.env.flush_all()
        for broker, devices in device.grouped("broker_id").items():
            calls = [
                alarms.Call(
                    one.id,
                    moment,
                    code,
                    severity=severity,
                    name=inbox.printable(message or ""),
                    details=inbox.printable(details or ""),
                )
                for one in devices
            ]
            raised = alarms.raise_alarms(self.env.cr, broker.id, calls)
            found += [ident for ident, _is_new in raised.values()]
        self.env.invalidate_all()
        return self.browse(found)

    @api.model
    def _clear(self, device, code):
        """End the open alarms of a code of these devices.

        :return: the alarms that were open
        """
        moment, found = inbox.now().replace(microsecond=0), []
        self.env.flush_all()
        for broker, devices in device.grouped("broker_id").items():
            calls = [alarms.Call(one.id, moment, code) for one in devices]
            found += alarms.clear_alarms(self.env.cr, broker.id, calls)
        self.env.invalidate_all()
        return self.browse(found)

    def _close(self, user=None):
        """End alarms, whoever raised them.

        :param user: who does it by hand
        """
        moment = inbox.now().replace(microsecond=0)
        self.env.flush_all()
        for broker, mine in self.grouped("broker_id").items():
            calls = [
                alarms.Call(
                    alarm.device_id.id,
                    moment,
                    alarm.code,
                    alarm.rule_id.id or None,
                    alarm.subscription_id.id or None,
                )
                for alarm in mine
            ]
            alarms.clear_alarms(self.env.cr, broker.id, calls)
        self.env.invalidate_all()
        if user:
            self.cleared_by_id = user
            for alarm in self:
                alarm.message_post(body=self.env._("Ended by hand."))
        rules = self.rule_id
        states = self.env["mqtt.rule.state"].sudo()
        begun = states.search(
            [("rule_id", "in", rules.ids), ("device_id", "in", self.device_id.ids)]
        )
        pairs = {(alarm.rule_id, alarm.device_id) for alarm in self}
        begun.filtered(lambda state: (state.rule_id, state.device_id) in pairs).write(
            {
                "phase": IDLE,
                "since": False,
                "since_received": False,
                "count": 0,
                "due_at": False,
                "facts": False,
            }
        )

    @api.model
    def _show_forgotten(self):
        """Show alarms whose explanation ended at the very moment when they were folded."""
        forgotten = self.search(
            Domain("state", "=", "active") & Domain("parent_id.state", "=", "cleared")
        )
        for broker, mine in forgotten.grouped("broker_id").items():
            alarms.follow(self.env.cr, broker.id, mine.parent_id.ids, [])
        self.env.invalidate_all()
