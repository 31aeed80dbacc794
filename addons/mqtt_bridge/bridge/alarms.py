"""Alarms and events in plain SQL, for the bridge and for Odoo's models alike.

One alarm is open for each device and code; the database sees to it. The caller owns the
transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from . import rulebook

STORM = "storm"  # code of the alarm of a device below which many alarms were raised at once
CAPPED = 16_384  # characters of a message that an event carries
NOTIFY = "NOTIFY mqtt_event"
OWN_KINDS = ("silent", "gap")  # codes of alarms that are kinds of events too
RAISED, UPDATED, CLEARED, MATCHED = "raised", "updated", "cleared", "matched"


@dataclass
class Call:
    """What happened to an alarm, or to a rule that has none."""

    device_id: int
    moment: datetime
    code: str = ""
    rule_id: int | None = None
    subscription_id: int | None = None
    severity: str = ""
    name: str = ""
    value: str = ""
    details: str = ""
    topic: str = ""
    payload: str = ""
    message_id: int | None = None
    received: datetime | None = None
    count: int = 1


def raise_alarms(cr, broker_id, calls):
    """Open alarms, or update those that are open; queue the actions of those that are new.

    :param calls: Call, each device and code once
    :return: by (device, code): (id of the alarm, whether it is new)
    """
    if not calls:
        return {}
    calls = sorted(calls, key=lambda call: (call.device_id, call.code))
    cr.execute(RAISE, [broker_id, *_columns(calls, CALL)])
    found = {(device, code): (ident, new) for ident, device, code, new in cr.fetchall()}
    pairs = [(found[call.device_id, call.code], call) for call in calls]
    new = [ident for (ident, is_new), _call in pairs if is_new]
    quiet = _fold(cr, broker_id, new) if new else set()
    told = [
        (RAISED, ident, call) for (ident, is_new), call in pairs if is_new and ident not in quiet
    ]
    queue(cr, broker_id, told)
    return found


def _fold(cr, broker_id, new):
    """Put new alarms under the alarm of the device above, or under one of their storm.

    :return: ids of the new alarms that nobody need be told of
    """
    cr.execute(FOLD, [new])
    quiet = {row[0] for row in cr.fetchall()}
    left = [ident for ident in new if ident not in quiet]
    if not left:
        return quiet
    cr.execute(STORMS, {"broker": broker_id, "ids": left, "storm": STORM})
    for parent, severity, children, moment in cr.fetchall():
        call = Call(parent, moment, STORM, severity=severity, count=len(children))
        [(storm, _is_new)] = raise_alarms(cr, broker_id, [call]).values()
        cr.execute(UNDER_STORM, {"storm": storm, "children": children, "new": left})
        quiet.update(children)
    return quiet


def clear_alarms(cr, broker_id, calls):
    """Close alarms, show those that were folded under them, and queue the actions of the end.

    :param calls: Call, each device and code once
    :return: ids of the alarms that were open
    """
    if not calls:
        return []
    calls = sorted(calls, key=lambda call: (call.device_id, call.code))
    by_key = {(call.device_id, call.code): call for call in calls}
    cr.execute(CLEAR, _columns(calls, ("device_id", "code", "moment", "value")))
    closed = sorted(cr.fetchall(), key=lambda row: row[0])  # a rule hears of them in one order
    told = [
        (CLEARED, ident, by_key[device, code])
        for ident, device, code, _parent, is_told in closed
        if is_told
    ]
    queue(cr, broker_id, told)
    follow(cr, broker_id, [row[0] for row in closed], [row[3] for row in closed if row[3]])
    return [row[0] for row in closed]


def follow(cr, broker_id, closed, parents):
    """After alarms were closed: show what was folded under them, and end storms that are over.

    :param closed: ids of closed alarms
    :param parents: ids of the alarms under which these were folded
    """
    if parents:
        cr.execute(STORM_OVER, [sorted(set(parents)), STORM])
        closed = [*closed, *(row[0] for row in cr.fetchall())]
    if closed:
        cr.execute(UNFOLD, [closed])
        # whoever was not told when it began, is told now
        told = [
            (RAISED, ident, Call(device, moment, code, rule, source, topic=topic or ""))
            for ident, device, moment, code, rule, source, topic, was_told in sorted(
                cr.fetchall(), key=lambda row: row[0]
            )
            if not was_told
        ]
        queue(cr, broker_id, told)


def queue(cr, broker_id, told):
    """Queue the actions of rules, an event for each.

    :param told: list of (kind, id of the alarm or None, Call)
    """
    rows = []
    for kind, alarm, call in told:
        shown = call.code if kind == RAISED and call.code in OWN_KINDS else kind
        for rule in [call.rule_id] if call.rule_id else _listeners(cr, broker_id, call):
            rows.append(
                (
                    *(len(rows), shown, alarm, rule, call.subscription_id, call.device_id),
                    *(call.topic, call.payload[:CAPPED], call.moment),
                    *(call.received or call.moment, call.message_id),
                )
            )
    if not rows:
        return
    cr.execute(EVENTS, [broker_id, *(list(column) for column in zip(*rows, strict=True)), CLEARED])
    if cr.rowcount:
        cr.execute(NOTIFY)


def _listeners(cr, broker_id, call):
    """Find the rules that wait for alarms of a code which others raise."""
    waiting = [
        rule for rule in rulebook.read(cr, broker_id).by_id.values() if rule.trigger == call.code
    ]
    if any(rule.selects for rule in waiting):
        [device] = devices(cr, [call.device_id]).values()
        waiting = [rule for rule in waiting if not rule.selects or rule.selects(device)]
    return [rule.id for rule in waiting]


def devices(cr, ids):
    """Read what rules may know of devices.

    :return: by id, dictionary of the fields that a domain may name, and those of expressions
    """
    cr.execute(DEVICES, [list(ids)])
    return {
        row["id"]: {**row, "parent": row["parent_id.code"] or None} for row in cr.dictfetchall()
    }


def _columns(calls, names):
    return [
        [None if (value := getattr(call, name)) == "" else value for call in calls]
        for name in names
    ]


CALL = (
    *("device_id", "code", "rule_id", "subscription_id", "severity", "name", "value", "details"),
    *("topic", "message_id", "moment", "count"),
)
RAISE = """
INSERT INTO mqtt_alarm (broker_id, device_id, code, rule_id, subscription_id, severity, name,
    value, details, topic, message_id, first_at, last_at, count, state, is_acknowledged,
    is_told, create_uid, write_uid, create_date, write_date)
SELECT %s, device_id, code, rule_id, subscription_id, severity, name, value, details, topic,
    message_id, moment, moment, count, 'active', false, true, 1, 1,
    now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
FROM unnest(%s::int[], %s::varchar[], %s::int[], %s::int[], %s::varchar[], %s::varchar[],
    %s::varchar[], %s::text[], %s::varchar[], %s::bigint[], %s::timestamp[], %s::int[])
    AS new(device_id, code, rule_id, subscription_id, severity, name, value, details, topic,
    message_id, moment, count)
ON CONFLICT (device_id, code) WHERE state = 'active' DO UPDATE SET
    count = mqtt_alarm.count + EXCLUDED.count,
    last_at = GREATEST(mqtt_alarm.last_at, EXCLUDED.last_at),
    name = COALESCE(EXCLUDED.name, mqtt_alarm.name),
    value = COALESCE(EXCLUDED.value, mqtt_alarm.value),
    details = COALESCE(EXCLUDED.details, mqtt_alarm.details),
    message_id = COALESCE(EXCLUDED.message_id, mqtt_alarm.message_id),
    is_acknowledged = mqtt_alarm.is_acknowledged AND EXCLUDED.severity >= mqtt_alarm.severity,
    severity = LEAST(mqtt_alarm.severity, EXCLUDED.severity), write_date = now() AT TIME ZONE 'UTC'
RETURNING id, device_id, code, xmax = 0
"""
# the names of the severities are in the order of their weight
FOLD = """
UPDATE mqtt_alarm a SET parent_id = COALESCE(above.parent_id, above.id), is_told = false
FROM mqtt_device d JOIN LATERAL (
    SELECT id, parent_id FROM mqtt_alarm
    WHERE device_id = d.parent_id AND state = 'active' ORDER BY severity, id LIMIT 1
    FOR SHARE
) above ON true
WHERE a.id = ANY(%s) AND d.id = a.device_id
RETURNING a.id
"""
STORMS = """
SELECT d.parent_id, min(a.severity), array_agg(a.id), max(a.last_at)
FROM mqtt_alarm a JOIN mqtt_device d ON d.id = a.device_id JOIN mqtt_broker b ON b.id = d.broker_id
WHERE b.id = %(broker)s AND b.storm_count > 0 AND a.state = 'active' AND a.parent_id IS NULL
    AND a.code <> %(storm)s
    AND a.create_date >= now() AT TIME ZONE 'UTC' - b.storm_seconds * interval '1 s'
    AND d.parent_id IN (SELECT below.parent_id FROM mqtt_alarm child
        JOIN mqtt_device below ON below.id = child.device_id WHERE child.id = ANY(%(ids)s))
GROUP BY d.parent_id, b.storm_count HAVING count(DISTINCT d.id) >= b.storm_count
ORDER BY d.parent_id
"""
CLEAR = """
UPDATE mqtt_alarm a SET state = 'cleared', cleared_at = new.moment,
    value = COALESCE(new.value, a.value), write_date = now() AT TIME ZONE 'UTC'
FROM unnest(%s::int[], %s::varchar[], %s::timestamp[], %s::varchar[])
    AS new(device_id, code, moment, value)
WHERE a.device_id = new.device_id AND a.code = new.code AND a.state = 'active'
RETURNING a.id, a.device_id, a.code, a.parent_id, a.is_told
"""
STORM_OVER = """
UPDATE mqtt_alarm s SET state = 'cleared', cleared_at = now() AT TIME ZONE 'UTC',
    write_date = now() AT TIME ZONE 'UTC'
WHERE s.id = ANY(%s) AND s.code = %s AND s.state = 'active' AND NOT EXISTS (
    SELECT 1 FROM mqtt_alarm child WHERE child.parent_id = s.id AND child.state = 'active')
RETURNING s.id
"""
EVENTS = """
INSERT INTO mqtt_event (kind, broker_id, subscription_id, device_id, rule_id, alarm_id, action_id,
    topic, payload, device_time, received, message_id, state, tries, due)
SELECT new.kind, broker.id, new.subscription_id, new.device_id, new.rule_id, new.alarm_id,
    action.action_id, new.topic, new.payload, new.moment, new.received, new.message_id, 'waiting',
    0, now() AT TIME ZONE 'UTC'
FROM (SELECT %s::int AS id) AS broker, unnest(%s::int[], %s::varchar[], %s::int[], %s::int[],
    %s::int[], %s::int[], %s::varchar[], %s::text[], %s::timestamp[], %s::timestamp[],
    %s::bigint[]) AS new(number, kind, alarm_id, rule_id, subscription_id, device_id, topic,
    payload, moment, received, message_id)
JOIN (
    SELECT rule_id, action_id, false AS is_end FROM mqtt_rule_action_rel
    UNION ALL SELECT rule_id, action_id, true FROM mqtt_rule_clear_action_rel
) AS action ON action.rule_id = new.rule_id AND action.is_end = (new.kind = %s)
JOIN ir_act_server server ON server.id = action.action_id
ORDER BY new.number, server.sequence, server.id
"""
UNDER_STORM = """
UPDATE mqtt_alarm SET parent_id = %(storm)s, is_told = is_told AND NOT id = ANY(%(new)s)
WHERE id = ANY(%(children)s)
"""
UNFOLD = """
UPDATE mqtt_alarm a SET parent_id = NULL, is_told = true
FROM (SELECT id, is_told FROM mqtt_alarm WHERE parent_id = ANY(%s) AND state = 'active'
    ORDER BY id FOR NO KEY UPDATE) AS before
WHERE a.id = before.id
RETURNING a.id, a.device_id, a.last_at, a.code, a.rule_id, a.subscription_id, a.topic,
    before.is_told
"""
DEVICES = """
SELECT d.id, d.code, d.name, d.state, d.parent_id, p.code AS "parent_id.code",
    p.name AS "parent_id.name"
FROM mqtt_device d LEFT JOIN mqtt_device p ON p.id = d.parent_id WHERE d.id = ANY(%s)
"""
