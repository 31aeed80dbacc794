from datetime import timedelta

from odoo import api, fields, models

from ..bridge.inbox import COUNTERS


class MqttTally(models.Model):
    """What became of the deliveries of an hour: received = stored + duplicate + dead + queued.

    The counters change in the transaction that stores the messages, and only there.
    """

    _name = "mqtt.tally"
    _description = "MQTT Hourly Account"
    _order = "hour desc, id desc"
    _log_access = False

    broker_id = fields.Many2one("mqtt.broker", required=True, index=True, ondelete="restrict")
    subscription_id = fields.Many2one(
        "mqtt.subscription",
        index=True,
        ondelete="restrict",
        help="Empty: what no subscription took any more.",
    )
    hour = fields.Datetime(required=True, help="Beginning of the hour of receipt.")
    received = fields.Integer(required=True, default=0)
    stored = fields.Integer(required=True, default=0)
    duplicate = fields.Integer(string="Duplicates", required=True, default=0)
    dead = fields.Integer(string="Dead Letters", required=True, default=0)
    queued = fields.Integer(string="Waiting", required=True, default=0)
    difference = fields.Integer(
        compute="_compute_difference",
        search="_search_difference",
        help="Received less stored, duplicates, dead letters and waiting: 0 unless something is "
        "lost.",
    )
    is_purged = fields.Boolean(
        string="Purged", help="The messages of this hour are past the days for which they are kept."
    )
    checked_at = fields.Datetime(
        string="Checked", readonly=True, help="Empty when the account has changed since then."
    )
    rows_stored = fields.Integer(string="Messages Found", readonly=True)
    rows_queued = fields.Integer(string="Waiting Found", readonly=True)
    rows_dead = fields.Integer(string="Dead Letters Found", readonly=True)
    is_sound = fields.Boolean(
        string="Balanced",
        compute="_compute_difference",
        help="The account balances, and what was counted when it was checked was there.",
    )

    _hour_unique = models.UniqueIndex("(broker_id, COALESCE(subscription_id, 0), hour)")

    @api.depends(*COUNTERS, "checked_at", "rows_stored", "rows_queued", "rows_dead", "is_purged")
    def _compute_difference(self):
        for tally in self:
            tally.difference = tally.received - (
                tally.stored + tally.duplicate + tally.dead + tally.queued
            )
            counted = (tally.stored, tally.queued, tally.dead)
            found = (tally.rows_stored, tally.rows_queued, tally.rows_dead)
            there = not tally.checked_at or tally.is_purged or counted == found
            tally.is_sound = not tally.difference and there

    @api.model
    def _search_difference(self, operator, value):
        if operator not in ("=", "!=", ">", "<", ">=", "<=", "in", "not in"):
            return NotImplemented
        values = tuple(value) if operator in ("in", "not in") else value
        self.env.cr.execute(
            "SELECT id FROM mqtt_tally"  # noqa: S608  # pylint: disable=sql-injection
            f" WHERE received - stored - duplicate - dead - queued {operator} %s",
            [values],
        )
        return [("id", "in", [row[0] for row in self.env.cr.fetchall()])]

    def action_check(self):
        """Count the messages and dead letters of these hours in the database."""
        self.check_access("read")
        self._check()
        return True

    def _check(self):
        """Count anew what the account says there is, and note both.

        The rows are locked while counting: no batch of the same hour commits in between.

        :return: the hours that do not balance
        """
        self.env.flush_all()
        if self:
            self.env.cr.execute(CHECK, {"ids": tuple(self.ids)})
            self.invalidate_recordset()
        return self.filtered(lambda tally: not tally.is_sound)

    @api.model
    def _recent(self, days=2):
        return self.search([("hour", ">=", fields.Datetime.now() - timedelta(days=days))])


CHECK = """
WITH hours AS (
    SELECT id, broker_id, subscription_id, hour FROM mqtt_tally WHERE id IN %(ids)s
    ORDER BY id FOR UPDATE
), messages AS (
    SELECT hours.id, count(*) FILTER (WHERE m.state = 'stored') AS stored,
        count(*) FILTER (WHERE m.state = 'queued') AS queued
    FROM hours JOIN mqtt_message m ON m.subscription_id = hours.subscription_id
        AND m.received_at >= hours.hour AND m.received_at < hours.hour + interval '1 hour'
    GROUP BY hours.id
), letters AS (
    SELECT hours.id, count(*) AS dead
    FROM hours JOIN mqtt_dead_letter d ON d.broker_id = hours.broker_id
        AND d.subscription_id IS NOT DISTINCT FROM hours.subscription_id
        AND d.received_at >= hours.hour AND d.received_at < hours.hour + interval '1 hour'
        AND d.state <> 'replayed'
    GROUP BY hours.id
)
UPDATE mqtt_tally t SET checked_at = now() AT TIME ZONE 'UTC',
    rows_stored = COALESCE(messages.stored, 0), rows_queued = COALESCE(messages.queued, 0),
    rows_dead = COALESCE(letters.dead, 0)
FROM hours LEFT JOIN messages ON messages.id = hours.id LEFT JOIN letters ON letters.id = hours.id
WHERE t.id = hours.id
"""
