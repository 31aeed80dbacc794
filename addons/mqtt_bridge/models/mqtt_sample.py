from datetime import timedelta

import babel.dates
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import get_lang

KEEP_DAYS = 400
HOUR = "HH:00 dd MMM"
AHEAD = 2  # months for which partitions stand ready


class MqttSample(models.Model):
    """The history of metrics. Only the bridge writes it.

    A view of a table with one partition a month: months that are past are dropped whole.
    """

    _name = "mqtt.sample"
    _description = "MQTT Metric History"
    _auto = False
    _log_access = False
    _order = "moment desc, id desc"
    _rec_name = "metric_id"

    moment = fields.Datetime(
        string="Time", readonly=True, help="By the device's clock where it has one."
    )
    device_id = fields.Many2one("mqtt.device", readonly=True)
    metric_id = fields.Many2one("mqtt.metric", readonly=True)
    number = fields.Float(string="Value", readonly=True, aggregator="avg")

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        """Override of `web`: name hours by the clock of 24, or those of a day's halves are one."""
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        if groupby_spec != "moment:hour":
            return formatter
        locale = get_lang(self.env).code

        def by_24_hours(value):
            found, domain = formatter(value)
            if found:
                found = (found[0], babel.dates.format_datetime(value, HOUR, locale=locale))
            return found, domain

        return by_24_hours

    def init(self):
        """Make the tables."""
        self.env.cr.execute(TABLES)
        self._make_partitions()

    @api.model
    def _make_partitions(self):
        """Make the partitions of this month and the next; what falls between goes to the last."""
        first = fields.Date.today().replace(day=1)
        for month in (first + relativedelta(months=ahead) for ahead in range(-1, AHEAD + 1)):
            following = month + relativedelta(months=1)
            name = f"mqtt_history_{month:%Y%m}"
            self.env.cr.execute(
                "SELECT to_regclass(%s) IS NOT NULL OR EXISTS (SELECT 1 FROM mqtt_history_rest"
                " WHERE moment >= %s AND moment < %s)",
                [name, month, following],
            )
            if self.env.cr.fetchone()[0]:
                continue
            self.env.cr.execute(
                SQL(
                    "CREATE TABLE %s PARTITION OF mqtt_history FOR VALUES FROM (%s) TO (%s)",
                    SQL.identifier(name),
                    month.isoformat(),
                    following.isoformat(),
                )
            )

    @api.model
    def _cron_purge(self):
        """Make partitions, and drop the months that are past the retention."""
        self._make_partitions()
        days = self.env["mqtt.message"]._days("metric_days", KEEP_DAYS)
        before = fields.Date.today() - timedelta(days=days)
        self.env.cr.execute(PARTITIONS)
        for (name,) in self.env.cr.fetchall():
            if name.removeprefix("mqtt_history_") < f"{before:%Y%m}":
                self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))
        self.env.cr.execute("DELETE FROM mqtt_history_rest WHERE moment < %s", [before])
        self.env.invalidate_all()


TABLES = """
CREATE SEQUENCE IF NOT EXISTS mqtt_history_id_seq;
CREATE TABLE IF NOT EXISTS mqtt_history (
    id bigint NOT NULL DEFAULT nextval('mqtt_history_id_seq'),
    moment timestamp NOT NULL,
    device_id integer NOT NULL,
    metric_id integer NOT NULL,
    number double precision NOT NULL
) PARTITION BY RANGE (moment);
ALTER SEQUENCE mqtt_history_id_seq OWNED BY mqtt_history.id;
CREATE INDEX IF NOT EXISTS mqtt_history_index ON mqtt_history (device_id, metric_id, moment);
CREATE TABLE IF NOT EXISTS mqtt_history_rest PARTITION OF mqtt_history DEFAULT;
DROP VIEW IF EXISTS mqtt_sample;
CREATE VIEW mqtt_sample AS SELECT id, moment, device_id, metric_id, number FROM mqtt_history;
"""
PARTITIONS = r"""
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'mqtt_history'::regclass AND c.relname ~ '^mqtt_history_\d{6}$'
"""
