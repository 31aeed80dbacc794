"""What the process needs to know, from records or straight from the tables.

The process reads the tables: it starts in a moment, for it loads no addon.
"""

import os

from odoo.tools import config

from ..tools import commands, paths, presence, reading, settings, template
from .inbox import Source

BROKER = (
    *("id", "code", "host", "port", "protocol", "client_id", "username", "tls", "ca_path"),
    *("cert_path", "key_path", "keepalive", "session_days", "receive_maximum"),
)
SUBSCRIPTION = (
    *("id", "topic", "decoder", "largest_kib", "device_path", "message_id_path", "timestamp_path"),
    *("sequence_path", "highest_number", "tz", "identity", "unknown_device", "ack_topic"),
    *("template", "presence_path", "presence_online", "presence_offline"),
    *("reply_path", "reply_result_path", "reply_good"),
)


def connection(row):
    """Say how to connect, the machine's own settings first; this holds the password.

    :param row: the values of BROKER
    :return: dictionary
    """
    section = settings.section_of(config["config"])
    found = {name: row.get(name) or None for name in settings.NAMES}
    for name in settings.NAMES:
        value = settings.lookup(os.environ, section, row["code"], name)
        if value is not None:
            found[name] = int(value) if name == "port" else value
    return {
        **found,
        "protocol": row["protocol"],
        "tls": row["tls"],
        "keepalive": row["keepalive"],
        "session_seconds": row["session_days"] * 86400,
        "receive_maximum": row["receive_maximum"],
    }


def source(row):
    """Say how to read a subscription's messages.

    :param row: the values of SUBSCRIPTION
    :return: Source
    """
    return Source(
        id=row["id"],
        filter=row["topic"],
        unknown=row["unknown_device"],
        ack_topic=row["ack_topic"] or "",
        answers=answers(row),
        presence=presence.parse(
            row["presence_path"], row["presence_online"], row["presence_offline"]
        ),
        highest=row["highest_number"] or 0,
        plan=reading.Plan(
            scope=row["id"],
            decoder=row["decoder"],
            largest=row["largest_kib"] * 1024,
            device=path(row["device_path"]),
            reference=path(row["message_id_path"]),
            moment=path(row["timestamp_path"]),
            sequence=path(row["sequence_path"]),
            zone=row["tz"],
            identity=row["identity"],
            template=template.parse(row["template"]) if row["decoder"] == "template" else (),
        ),
    )


def answers(row):
    """Say how a subscription's messages answer commands; None when they do not."""
    if not row["reply_path"]:
        return None
    good = commands.words(row["reply_good"])
    return commands.Answers(path(row["reply_path"]), path(row["reply_result_path"]), good)


def path(text):
    """Parse a path, None when there is none."""
    return paths.parse(text) if text else None


def load(cr, code):
    """Read a broker that is in use.

    :return: (its id, how to connect, its sources, a stamp that changes with these); None without it
    """
    cr.execute(
        f"SELECT {', '.join(BROKER)} FROM mqtt_broker WHERE code = %s AND active",  # noqa: S608
        [code],
    )
    row = cr.dictfetchone()
    if not row:
        return None
    cr.execute(
        f"SELECT {', '.join(SUBSCRIPTION)} FROM mqtt_subscription"  # noqa: S608
        " WHERE broker_id = %s AND active ORDER BY id",
        [row["id"]],
    )
    sources = [source(one) for one in cr.dictfetchall()]
    return row["id"], connection(row), sources, stamp(cr, code)


def stamp(cr, code):
    """Return what changes when a broker or its subscriptions do; None when it is not in use."""
    cr.execute(STAMP, [code])
    return cr.fetchone()


STAMP = """
SELECT b.id, b.write_date, count(s.id), max(s.write_date), count(s.id) FILTER (WHERE s.active)
FROM mqtt_broker b LEFT JOIN mqtt_subscription s ON s.broker_id = b.id
WHERE b.code = %s AND b.active GROUP BY b.id
"""
