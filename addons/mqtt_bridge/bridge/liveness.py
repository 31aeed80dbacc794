"""Which devices are there: what a batch tells of them, and the news of it for whoever looks on."""

import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime

import psycopg2
from odoo import sql_db

from ..tools import presence

_logger = logging.getLogger(__name__)

DUPLICATE, QUEUED = "duplicate", "queued"
NEWS = "mqtt.device/live"  # type of the notification
AT_ONCE, AT_REST = 0.5, 5.0  # seconds between two notifications: that one came or went, and else
MOST_TOLD = 500  # devices that a notification names


@dataclass
class Sign:
    """What a batch tells of a device."""

    seen_at: datetime | None = None  # when it spoke itself
    at: datetime | None = None
    is_online: bool | None = None
    by_presence: bool = False


def note(cr, items):
    """Note the devices of a batch that spoke, came, or went.

    A will is spoken by the broker: it is no sign of life. What a broker keeps is how things stand
    now, even when the same words were stored before.

    :param items: Items of the inbox, claimed
    :return: (ids of all devices that were heard, ids of those that came or went)
    """
    signs = {}
    for item in items:
        delivery, rule = item.delivery, item.source and item.source.presence
        if not item.device_id or item.reason:
            continue
        said = presence.said(rule, delivery.topic, item.reading.data) if rule else None
        if said is not None and item.outcome == DUPLICATE and not delivery.is_retained:
            continue
        spoke = said is not False and (not delivery.is_retained or item.outcome == QUEUED)
        if said is None and not spoke:
            continue
        sign = signs.get(item.device_id)
        if sign is None:
            sign = signs[item.device_id] = Sign()
        sign.at, sign.is_online = delivery.received_at, said is not False
        sign.by_presence |= said is not None
        if spoke and (sign.seen_at is None or sign.seen_at < delivery.received_at):
            sign.seen_at = delivery.received_at
    if not signs:
        return set(), set()
    ids = sorted(signs)
    columns = [[getattr(signs[ident], name) for ident in ids] for name in COLUMNS]
    cr.execute(NOTE, [ids, *columns])
    return set(ids), {ident for ident, has_changed in cr.fetchall() if has_changed}


COLUMNS = ("seen_at", "at", "is_online", "by_presence")
NOTE = """
UPDATE mqtt_device d SET
    last_seen = GREATEST(d.last_seen, new.seen_at),
    is_online = CASE WHEN d.status_at > new.at THEN d.is_online ELSE new.is_online END,
    by_presence = COALESCE(d.by_presence, false) OR new.by_presence,
    status_at = CASE WHEN d.status_at IS NULL OR d.is_online IS DISTINCT FROM new.is_online
        THEN GREATEST(d.status_at, new.at) ELSE d.status_at END
FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[], %s::boolean[], %s::boolean[])
    AS new(id, seen_at, at, is_online, by_presence)
WHERE d.id = new.id AND (d.last_seen IS NULL OR d.last_seen < new.seen_at - interval '1 s'
    OR d.state = 'quarantined' OR d.status_at IS NULL OR (d.is_online IS DISTINCT FROM new.is_online
        AND (d.status_at IS NULL OR d.status_at <= new.at))
    OR new.by_presence > COALESCE(d.by_presence, false))
RETURNING d.id, d.status_at = new.at
"""


class News:
    """What users who look at devices are told: which to read again. Told late rather than often."""

    def __init__(self):
        self.heard, self.changed = set(), set()
        self.told_at = 0.0

    def add(self, heard, changed):
        """Take what a batch told."""
        self.heard |= heard
        self.changed |= changed

    def tell(self, database):
        """Tell, when it is time; nobody depends on it.

        :param database: whose cursor() gives a cursor
        """
        wait = AT_ONCE if self.changed else AT_REST
        if not self.heard or time.monotonic() < self.told_at + wait:
            return
        told = sorted(self.changed) + sorted(self.heard - self.changed)
        changed, self.heard, self.changed = len(self.changed), set(), set()
        self.told_at = time.monotonic()
        try:
            with database.cursor() as cr:
                cr.execute(GROUP)
                group = cr.fetchone()
                if not group:
                    return
                channel = compact([cr.dbname, "res.groups", group[0]])
                payload = {"devices": told[:MOST_TOLD], "changed": changed}
                cr.execute(SEND, [channel, compact({"type": NEWS, "payload": payload})])
            # the bus of Odoo wakes up on the database that all servers of a cluster share
            with sql_db.db_connect("postgres").cursor() as cr:
                cr.execute("SELECT pg_notify('imbus', %s)", [compact([json.loads(channel)])])
        except psycopg2.Error as error:
            _logger.info("mqtt: no news of devices: %s", type(error).__name__)


def compact(value):
    """Write JSON as Odoo's bus does, which compares channels as texts."""
    return json.dumps(value, separators=(",", ":"))


GROUP = "SELECT res_id FROM ir_model_data WHERE module = 'mqtt_bridge' AND name = 'group_reader'"
SEND = """
INSERT INTO bus_bus (channel, message, create_uid, write_uid, create_date, write_date)
VALUES (%s, %s, 1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
"""
