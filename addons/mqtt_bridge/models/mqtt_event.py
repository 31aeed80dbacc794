import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import commands

MOST = 65536  # characters that are kept of a message
KEEP_DAYS = 30  # for which events are kept that are done or discarded
PURGED = 10_000  # events a turn
RECORDS = {
    "mqtt.alarm": "alarm_id",
    "mqtt.device": "device_id",
    "mqtt.rule": "rule_id",
    "mqtt.subscription": "subscription_id",
}


class Wide(fields.Integer):
    """A number that outgrows four bytes, as those of messages do."""

    _column_type = ("int8", "int8")


class Superseded(Exception):
    """Another process has the event by now: what was done for it here is rolled back."""


class MqttEvent(models.Model):
    """A server action that waits for its turn, because a device said something.

    The bridge adds the rows in the transaction of the message; the role ``actions`` runs each in a
    transaction of its own. Nobody writes them by hand.
    """

    _name = "mqtt.event"
    _description = "MQTT Event"
    _order = "id desc"
    _log_access = False

    kind = fields.Selection(
        [
            ("raised", "Alarm raised"),
            ("updated", "Alarm updated"),
            ("cleared", "Alarm cleared"),
            ("acknowledged", "Alarm acknowledged"),
            ("matched", "Message matched"),
            ("silent", "Device silent"),
            ("gap", "Messages missing"),
        ],
        required=True,
        readonly=True,
    )
    broker_id = fields.Many2one(
        "mqtt.broker", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="broker_id.company_id")
    subscription_id = fields.Many2one("mqtt.subscription", readonly=True, ondelete="set null")
    device_id = fields.Many2one("mqtt.device", index=True, readonly=True, ondelete="set null")
    rule_id = fields.Many2one(
        "mqtt.rule", index="btree_not_null", readonly=True, ondelete="set null"
    )
    alarm_id = fields.Many2one(
        "mqtt.alarm", index="btree_not_null", readonly=True, ondelete="set null"
    )
    action_id = fields.Many2one(
        "ir.actions.server",
        string="Server Action",
        index=True,
        readonly=True,
        ondelete="set null",
    )
    topic = fields.Char(readonly=True)
    payload = fields.Text(string="Message", readonly=True)
    device_time = fields.Datetime(readonly=True)
    received = fields.Datetime(readonly=True)
    message_id = Wide(string="Message Number", readonly=True, aggregator=None)
    state = fields.Selection(
        [
            ("waiting", "In the Queue"),
            ("running", "Running"),
            ("done", "Done"),
            ("dead", "Failed for Good"),
            ("discarded", "Discarded"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    tries = fields.Integer(
        required=True, default=0, readonly=True, help="Counted before each run of the action."
    )
    due = fields.Datetime(
        string="Next Try", required=True, default=fields.Datetime.now, readonly=True
    )
    started_at = fields.Datetime(string="Last Started", readonly=True)
    done_at = fields.Datetime(string="Last Ended", readonly=True)
    worker = fields.Char(readonly=True, help="The process that runs it.")
    lease_until = fields.Datetime(
        readonly=True, help="When it is given to another process, if this one does not end it."
    )
    fault = fields.Selection(
        [
            ("error", "It raised an error"),
            ("time", "It took too long"),
            ("ended", "Its process ended while it ran"),
        ],
        readonly=True,
    )
    error = fields.Text(readonly=True, help="The end of the last error, with the lines of code.")
    marks = fields.Text(
        readonly=True, help="What its action did once and does not do again, one a line."
    )
    replays = fields.Integer(readonly=True, help="How often somebody ran it again.")
    replay_user_id = fields.Many2one("res.users", string="Run Again By", readonly=True)

    _waiting = models.Index("(broker_id, id) WHERE state = 'waiting'")
    _running = models.Index("(broker_id) WHERE state = 'running'")
    _dead = models.Index("(id) WHERE state = 'dead'")
    _alarm = models.Index(
        "(alarm_id, id) WHERE alarm_id IS NOT NULL AND state IN ('waiting', 'running')"
    )

    def init(self):
        """Let PostgreSQL fill in what the bridge leaves out."""
        self.env.cr.execute(DEFAULTS)

    @api.depends("kind", "device_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            parts = (event.device_id.display_name, kinds.get(event.kind))
            event.display_name = " · ".join(part for part in parts if part)

    # -- for operators

    def action_replay(self):
        """Run events again that have failed for good."""
        self._check_operator()
        dead_sudo = self.sudo().filtered(lambda event: event.state == "dead")
        if not dead_sudo:
            raise UserError(
                self.env._("None of these has failed for good: there is nothing to run again.")
            )
        return dead_sudo._replay()

    def action_replay_all(self):
        """Run all events again that have failed for good."""
        self._check_operator()
        return self.search([("state", "=", "dead")]).action_replay()

    def action_discard(self):
        """Put events aside that have failed for good, or that wait."""
        self._check_operator()
        self.env.flush_all()
        # a running one is not touched, not even one that has just begun to run
        self.env.cr.execute(DISCARD, [tuple(self.ids) or (0,)])
        self.invalidate_recordset()

    def _check_operator(self):
        """Let operators act on events that they may read; nobody may write them by hand."""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("mqtt_bridge.group_operator"):
            raise AccessError(
                self.env._("Only operators of device messages may do this. Ask one of them.")
            )

    def _replay(self):
        """Let events wait again, with all their tries."""
        for replays, events in self.grouped("replays").items():
            events.write(
                {
                    "state": "waiting",
                    "tries": 0,
                    "due": fields.Datetime.now(),
                    "replays": replays + 1,
                    "replay_user_id": self.env.uid,
                }
            )
        self._notify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("%(count)s will be run again.", count=len(self)),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- for the code of this addon

    @api.model
    def _queue(self, values_list):
        """Add events; they run after this transaction is committed, and not if it is rolled back.

        :param values_list: dictionaries of fields, one for each action; the payload may be any
            JSON value
        :return: the events
        """
        rows = []
        for values in values_list:
            payload = values.get("payload")
            if payload is not None and not isinstance(payload, str):
                payload = commands.form(payload)[1]
            if payload:
                payload = payload.replace("\0", "\N{REPLACEMENT CHARACTER}")[:MOST]
            rows.append({"received": fields.Datetime.now(), **values, "payload": payload})
        # whoever may raise an alarm need not be one who may write the queue
        events_sudo = self.sudo().create(rows)
        events_sudo._notify()
        return events_sudo.sudo(self.env.su)

    def _notify(self):
        """Wake the role that runs actions, when this transaction is committed."""
        self.env.flush_all()
        self.env.cr.execute("NOTIFY mqtt_event")

    def _perform(self, tries):
        """Run the action and mark the event done, in one transaction that the caller commits.

        :param tries: with which the caller has claimed it
        :raise Superseded: when it is not the caller's any more
        """
        self.ensure_one()
        if not self.action_id:
            raise UserError(self.env._("The server action of this event was deleted."))
        user = self.broker_id._runner()
        own = self.with_user(user).with_context(**self._runner_context(user))
        own.action_id._run_for(own)
        self.env.flush_all()
        self.env.cr.execute(DONE, [self.id, tries])
        if not self.env.cr.rowcount:
            raise Superseded
        self.invalidate_recordset()

    def _runner_context(self, user):
        """Return the context in which the user sees what belongs to the broker's company."""
        companies = user.company_ids
        company = self.broker_id.company_id
        if company and company not in companies:
            raise UserError(
                self.env._(
                    "%(user)s, who runs the actions of %(broker)s, does not belong to "
                    "%(company)s. Let them belong to it, or choose somebody else.",
                    user=user.name,
                    broker=self.broker_id.name,
                    company=company.name,
                )
            )
        first = company or user.company_id
        return {
            "lang": user.lang,
            "tz": user.tz,
            "allowed_company_ids": (first | companies).ids,
            "mqtt_event_id": self.id,
        }

    def _content(self):
        """Return the message as values where it is JSON, else as text."""
        self.ensure_one()
        try:
            return json.loads(self.payload or "null")
        except ValueError:
            return self.payload

    def _once(self, name):
        """Say whether this is the first time that the event does something, and remember it.

        It is remembered in the transaction of the action: together with what the action does.

        :param name: of what is done
        """
        self.ensure_one()
        name = " ".join(str(name).split())
        self.env.flush_all()
        self.env.cr.execute(ONCE, {"id": self.id, "name": name})
        return bool(self.env.cr.rowcount)

    def _record_for(self, model):
        """Return what an action of a model acts on; None when the event has no such record."""
        self.ensure_one()
        if model == self._name:
            return self
        return self[RECORDS[model]] or None if model in RECORDS else None

    @api.autovacuum
    def _gc_events(self):
        """Delete what is done or discarded, after a while."""
        found = self.env["ir.config_parameter"].sudo().get_param("mqtt_bridge.event_days")
        days = max(int(found), 1) if found and found.isdigit() else KEEP_DAYS
        self.env.cr.execute(PURGE, [days, PURGED])
        count = self.env.cr.rowcount
        return count, int(count == PURGED)


DEFAULTS = """
ALTER TABLE mqtt_event ALTER COLUMN state SET DEFAULT 'waiting',
    ALTER COLUMN tries SET DEFAULT 0,
    ALTER COLUMN due SET DEFAULT (now() AT TIME ZONE 'UTC')
"""
DONE = """
UPDATE mqtt_event SET state = 'done', done_at = clock_timestamp() AT TIME ZONE 'UTC',
    fault = NULL, error = NULL, worker = NULL, lease_until = NULL
WHERE id = %s AND state = 'running' AND tries = %s
"""
DISCARD = """
UPDATE mqtt_event SET state = 'discarded' WHERE id IN %s AND state IN ('dead', 'waiting')
"""
ONCE = """
UPDATE mqtt_event SET marks = concat_ws(E'\\n', marks, %(name)s)
WHERE id = %(id)s AND NOT %(name)s = ANY(string_to_array(COALESCE(marks, ''), E'\\n'))
"""
PURGE = """
DELETE FROM mqtt_event WHERE id IN (
    SELECT id FROM mqtt_event WHERE state IN ('done', 'discarded')
        AND COALESCE(done_at, due) < (now() AT TIME ZONE 'UTC') - %s * interval '1 day'
    LIMIT %s FOR UPDATE SKIP LOCKED)
"""
