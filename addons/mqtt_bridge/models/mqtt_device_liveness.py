from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..bridge import liveness

YEAR = 366 * 24 * 60  # minutes; the table refuses more when a device is saved
SILENT, GAP = "silent", "gap"  # codes of alarms
SEVERITIES = {SILENT: "major", GAP: "warning"}


class MqttDevice(models.Model):
    """Whether a device is there: by birth and will, or by its messages. The bridge notes it."""

    _inherit = "mqtt.device"

    is_online = fields.Boolean(string="Online", default=False, index=True, readonly=True)
    by_presence = fields.Boolean(
        string="Says When It Goes",
        readonly=True,
        copy=False,
        help="It announces itself, and its broker tells when it is gone: birth and will.",
    )
    status_at = fields.Datetime(string="Online or Offline Since", readonly=True, copy=False)
    status = fields.Selection(
        [
            ("online", "Online"),
            ("silent", "Silent"),
            ("offline", "Offline"),
            ("never", "Never heard"),
        ],
        compute="_compute_status",
        search="_search_status",
        help="Offline: its broker said so. Silent: no message for longer than it should be.",
    )
    alarm_silence = fields.Boolean(
        string="Alarm When Silent",
        help="Raise an alarm when it goes offline, or is silent for too long.",
    )
    silent_since = fields.Datetime(
        readonly=True, copy=False, index=True, help="When it was noticed that it should speak."
    )
    sequence_ids = fields.One2many("mqtt.sequence", "device_id", string="Message Numbers")
    missing = fields.Integer(
        string="Missing Messages", compute="_compute_missing", help="Numbers that never came."
    )

    @api.depends("is_online", "by_presence", "last_seen", "silence_minutes", "status_at")
    def _compute_status(self):
        now = fields.Datetime.now()
        for device in self:
            since = now - timedelta(minutes=min(device.silence_minutes, YEAR))
            if device.by_presence and not device.is_online:
                device.status = "offline"
            elif not device.last_seen:
                device.status = "online" if device.is_online else "never"
            else:
                device.status = "online" if device.last_seen >= since else "silent"

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env.cr.execute(STATUS, [fields.Datetime.now(), tuple(value)])
        return [("id", "in", [row[0] for row in self.env.cr.fetchall()])]

    @api.depends("sequence_ids.missing")
    def _compute_missing(self):
        groups = self.env["mqtt.gap"]._read_group(
            [("device_id", "in", self.ids), ("is_settled", "=", False)],
            ["device_id"],
            ["missing:sum"],
        )
        sums = {device.id: number for device, number in groups}
        for device in self:
            device.missing = sums.get(device._origin.id, 0)

    def action_missing(self):
        """Open the numbers that are missing."""
        action = self.env["ir.actions.act_window"]._for_xml_id("mqtt_bridge.mqtt_gap_action")
        return {**action, "domain": [("device_id", "in", self.ids)]}

    @api.model
    def _cron_watch(self):
        """Notice who has fallen silent, and what is missing, and raise or clear alarms."""
        self.env.flush_all()
        now = fields.Datetime.now()
        self.env.cr.execute(TIMED_OUT)
        changed = {row[0] for row in self.env.cr.fetchall()}
        self.env.cr.execute(SILENCE)
        rows = self.env.cr.fetchall()
        self.env.invalidate_all()
        silent = self.browse(ident for ident, is_silent in rows if is_silent)
        heard = self.browse(ident for ident, is_silent in rows if not is_silent)
        silent.silent_since = now
        heard.silent_since = False
        for device in silent:
            device._raise_alarm(SILENT, device._for_people()._silence_message(), {})
        for device in heard:
            device._clear_alarm(SILENT)
        self.env["mqtt.sequence"]._watch()
        self._tell(changed | set(silent.ids) | set(heard.ids))

    def _for_people(self):
        """Return the device in the language of those who will read about it."""
        company = self.company_id or self.env.company
        return self.with_context(lang=company.partner_id.lang or self.env.lang)

    def _silence_message(self):
        """Say in which way a device is away."""
        self.ensure_one()
        if self.by_presence and not self.is_online:
            return self.env._("It is offline.")
        return self.env._("Nothing for %(minutes)s minutes.", minutes=self.silence_minutes)

    def _raise_alarm(self, code, message, details):
        """Raise an alarm of a device, or bring the one that is open up to date."""
        if "mqtt.alarm" in self.env:
            self.env["mqtt.alarm"]._raise(self, code, SEVERITIES[code], message, details)

    def _clear_alarm(self, code):
        """Say that what an alarm was raised for is over."""
        if "mqtt.alarm" in self.env:
            self.env["mqtt.alarm"]._clear(self, code)

    @api.model
    def _tell(self, heard, changed=()):
        """Let the screens of readers read devices again.

        :param heard: ids
        :param changed: ids of those that came or went
        """
        if heard or changed:
            told = sorted({*heard, *changed})[: liveness.MOST_TOLD]
            payload = {"devices": told, "changed": len(changed)}
            self.env.ref("mqtt_bridge.group_reader")._bus_send(liveness.NEWS, payload)


STATUS = """
SELECT id FROM mqtt_device WHERE CASE
    WHEN by_presence AND is_online IS NOT TRUE THEN 'offline'
    WHEN last_seen IS NULL AND is_online THEN 'online'
    WHEN last_seen IS NULL THEN 'never'
    WHEN last_seen >= %s - silence_minutes * interval '1 min' THEN 'online'
    ELSE 'silent' END IN %s
"""
# while no bridge listens, nobody is silent; a broker without any has devices that push over HTTP
LISTENING = """
SELECT b.id, max(p.connected_at) AS since FROM mqtt_broker b
LEFT JOIN mqtt_process p ON p.broker_id = b.id AND p.role = 'ingest'
WHERE b.active GROUP BY b.id
HAVING count(p.id) = 0 OR bool_or(p.is_connected
    AND p.heartbeat_at > (now() AT TIME ZONE 'UTC') - interval '30 s')
"""
TIMED_OUT = SQL(
    """
UPDATE mqtt_device d SET is_online = false, status_at = now() AT TIME ZONE 'UTC'
FROM (%s) AS listening WHERE listening.id = d.broker_id AND d.is_online
    AND d.by_presence IS NOT TRUE AND GREATEST(d.last_seen, listening.since)
        < (now() AT TIME ZONE 'UTC') - d.silence_minutes * interval '1 min'
RETURNING d.id
""",
    SQL(LISTENING),
)
SILENCE = SQL(
    """
WITH watched AS (
    SELECT d.id, d.silent_since, d.alarm_silence IS TRUE AND d.state = 'accepted' AND (
        (d.by_presence IS TRUE AND d.is_online IS NOT TRUE)
        OR GREATEST(COALESCE(d.last_seen, d.create_date), listening.since)
            < (now() AT TIME ZONE 'UTC') - d.silence_minutes * interval '1 min') AS is_silent
    FROM mqtt_device d JOIN (%s) AS listening ON listening.id = d.broker_id
    WHERE d.alarm_silence IS TRUE OR d.silent_since IS NOT NULL
)
SELECT id, is_silent FROM watched WHERE is_silent <> (silent_since IS NOT NULL) ORDER BY id
""",
    SQL(LISTENING),
)
