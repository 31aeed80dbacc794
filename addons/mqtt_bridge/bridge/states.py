"""What rules remember between messages, and last values: sets of rows, read and written at once."""

import io
import json
from dataclasses import astuple, dataclass
from datetime import datetime

from ..tools.judging import IDLE, State

LOCK = 0x6D717474  # class of our advisory locks: one for each device whose rules are judged
RECENT = 200_000  # messages among which the one that a rule acted on is looked for
BACK = 200  # messages of a device among which a newer one is looked for
MOST_DUE = 500


@dataclass(frozen=True)
class Fact:
    """The message that a rule acts on, now or later."""

    device_id: int
    subscription_id: int
    topic: str
    payload: str
    moment: datetime
    received: datetime
    reference: str = ""
    value: str = ""
    name: str = ""
    message_id: int | None = None  # None: it has to be looked for

    def text(self):
        """Write it down."""
        return json.dumps([*astuple(self)], default=datetime.isoformat, ensure_ascii=True)

    @classmethod
    def of(cls, text):
        """Read what was written down; None when there is nothing."""
        if not text:
            return None
        values = json.loads(text)
        values[4:6] = [datetime.fromisoformat(value) for value in values[4:6]]
        return cls(*values)


def read(cr, keys):
    """Read states.

    :param keys: (rule, device)
    :return: by key, (State, Fact or None)
    """
    if not keys:
        return {}
    cr.execute(READ, [sorted({device for _rule, device in keys}), sorted({one for one, _ in keys})])
    found = {}
    for rule, device, facts, *state in cr.fetchall():
        if (rule, device) in keys:
            found[rule, device] = (State(*state), Fact.of(facts))
    return found


def lock(cr, devices):
    """Let nobody else judge these devices until the transaction ends."""
    cr.execute(
        "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS device(id)",
        [LOCK, sorted(devices)],
    )


def write(cr, changed):
    """Write states.

    :param changed: by (rule, device), (State, Fact or None)
    """
    if not changed:
        return
    rows = [
        (*key, fact.text() if fact and state.phase != IDLE else None, *astuple(state))
        for key, (state, fact) in sorted(changed.items())
    ]
    cr.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


def due(cr, broker_id, moment):
    """Return the keys of the states whose time has come."""
    cr.execute(DUE, [moment, broker_id, MOST_DUE])
    return {(rule, device) for rule, device in cr.fetchall()}


def overtaken(cr, items):
    """Find messages after which a newer one of their device had come.

    :param items: Item by id()
    :return: set of these
    """
    if not items:
        return set()
    rows = [
        (
            *(number, item.device_id, item.source.id, item.reading.sent_at),
            item.delivery.received_at,
        )
        for number, item in enumerate(items.values())
    ]
    cr.execute(OVERTAKEN, [*(list(column) for column in zip(*rows, strict=True)), BACK])
    names = list(items)
    return {names[number] for (number,) in cr.fetchall()}


def message_ids(cr, facts):
    """Find the numbers of the messages that rules act on.

    :return: by Fact
    """
    found = {fact: fact.message_id for fact in facts if fact.message_id}
    names = [fact for fact in dict.fromkeys(facts) if not fact.message_id]
    rows = [
        (number, fact.device_id, fact.received, fact.moment, fact.topic, fact.reference or None)
        for number, fact in enumerate(names)
    ]
    if not rows:
        return found
    cr.execute("SELECT last_value FROM mqtt_inbox_id_seq")
    first = cr.fetchone()[0] - RECENT
    cr.execute(NUMBERS, [*(list(column) for column in zip(*rows, strict=True)), first])
    return {**found, **{names[number]: ident for number, ident in cr.fetchall()}}


def turns(calls, ends):
    """Part what happened to each alarm into turns, in each of which it is raised or cleared once.

    :param calls: by key, list of (effect, Call) in order
    :param ends: effects after which, and before which, another turn begins
    :return: list of turns: lists of (effect, Call)
    """
    found = []
    for happened in calls.values():
        turn, before = -1, None
        for effect, call in happened:
            is_end = effect in ends
            if before is None or is_end or before[0] in ends:
                turn += 1
                if turn == len(found):
                    found.append([])
                before = (effect, call)
                found[turn].append(before)
                continue
            # the first effect says what it was, the last message what it is
            call.count += before[1].count
            before = (before[0], call)
            found[turn][-1] = before
    return found


def last_values(cr, devices):
    """Return last values of devices, by (device, metric): (moment, value)."""
    cr.execute(LAST, [sorted(devices)])
    return {
        (device, metric): (moment, text if number is None else number)
        for device, metric, moment, number, text in cr.fetchall()
    }


def keep_values(cr, last):
    """Keep last values, but not over newer ones.

    :param last: by (device, metric), (moment, value, Item)
    """
    if not last:
        return
    rows = []
    for (device, metric), (moment, value, item) in sorted(last.items(), key=lambda one: one[0]):
        is_text = isinstance(value, str)
        rows.append(
            (
                *(device, metric, moment, item.delivery.received_at),
                *(None if is_text else float(value), value if is_text else None),
                item.delivery.is_retained,
            )
        )
    cr.execute(VALUES, [list(column) for column in zip(*rows, strict=True)])


def keep_history(cr, rows):
    """Add to the history.

    :param rows: (moment, device, metric, number)
    """
    if rows:
        text = "".join(
            [f"{moment}\t{one}\t{other}\t{number!r}\n" for moment, one, other, number in rows]
        )
        cr.copy_expert(HISTORY, io.BytesIO(text.encode()))


def count(cr, counts):
    """Add to how often rules matched and failed.

    :param counts: by rule, (matched, failed, last error or None)
    """
    rows = [(rule, *counts[rule]) for rule in sorted(counts)]
    cr.execute(COUNT, [list(column) for column in zip(*rows, strict=True)])


READ = """
SELECT rule_id, device_id, facts, phase, since, since_received, count, fired_at, moment, due_at
FROM mqtt_rule_state
WHERE device_id = ANY(%s) AND rule_id = ANY(%s)
"""
WRITE = """
INSERT INTO mqtt_rule_state (rule_id, device_id, facts, phase, since, since_received, count,
    fired_at, moment, due_at)
SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], %s::varchar[], %s::timestamp[],
    %s::timestamp[], %s::int[], %s::timestamp[], %s::timestamp[], %s::timestamp[])
ON CONFLICT (device_id, rule_id) DO UPDATE SET facts = EXCLUDED.facts, phase = EXCLUDED.phase,
    since = EXCLUDED.since, since_received = EXCLUDED.since_received, count = EXCLUDED.count,
    fired_at = EXCLUDED.fired_at, moment = EXCLUDED.moment, due_at = EXCLUDED.due_at
"""
DUE = """
SELECT s.rule_id, s.device_id FROM mqtt_rule_state s JOIN mqtt_rule r ON r.id = s.rule_id
WHERE s.due_at <= %s AND r.broker_id = %s ORDER BY s.due_at, s.rule_id, s.device_id LIMIT %s
"""
OVERTAKEN = """
SELECT new.number FROM unnest(%s::int[], %s::int[], %s::int[], %s::timestamp[], %s::timestamp[])
    AS new(number, device_id, subscription_id, moment, received)
WHERE EXISTS (SELECT 1 FROM (
    SELECT subscription_id, sent_at, received_at, state, is_retained FROM mqtt_inbox
    WHERE device_id = new.device_id ORDER BY id DESC LIMIT %s
) before WHERE before.subscription_id = new.subscription_id AND before.state = 'stored'
    AND NOT before.is_retained AND before.received_at < new.received
    AND before.sent_at > new.moment)
"""
NUMBERS = """
SELECT new.number, max(m.id)
FROM unnest(%s::int[], %s::int[], %s::timestamp[], %s::timestamp[], %s::varchar[], %s::varchar[])
    AS new(number, device_id, received, moment, topic, reference)
JOIN mqtt_inbox m ON m.device_id = new.device_id AND m.id > %s AND m.received_at = new.received
    AND m.sent_at = new.moment AND m.topic = new.topic
    AND m.message_ref IS NOT DISTINCT FROM new.reference
GROUP BY new.number
"""
LAST = """
SELECT device_id, metric_id, moment, number, text FROM mqtt_value WHERE device_id = ANY(%s)
"""
VALUES = """
INSERT INTO mqtt_value (device_id, metric_id, moment, received_at, number, text, is_retained)
SELECT * FROM unnest(%s::int[], %s::int[], %s::timestamp[], %s::timestamp[], %s::float8[],
    %s::varchar[], %s::boolean[])
ON CONFLICT (device_id, metric_id) DO UPDATE SET moment = EXCLUDED.moment,
    received_at = EXCLUDED.received_at, number = EXCLUDED.number, text = EXCLUDED.text,
    is_retained = EXCLUDED.is_retained
WHERE mqtt_value.moment <= EXCLUDED.moment
"""
HISTORY = "COPY mqtt_history (moment, device_id, metric_id, number) FROM STDIN"
COUNT = """
INSERT INTO mqtt_rule_count (rule_id, matched, failed, error, error_at)
SELECT rule_id, matched, failed, error, CASE WHEN failed > 0 THEN now() AT TIME ZONE 'UTC' END
FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[]) AS new(rule_id, matched, failed, error)
ON CONFLICT (rule_id) DO UPDATE SET matched = mqtt_rule_count.matched + EXCLUDED.matched,
    failed = mqtt_rule_count.failed + EXCLUDED.failed,
    error = COALESCE(EXCLUDED.error, mqtt_rule_count.error),
    error_at = COALESCE(EXCLUDED.error_at, mqtt_rule_count.error_at)
"""
