"""The numbers of devices that count their messages, followed in the transaction of a batch."""

from collections import defaultdict

from ..tools import sequences
from ..tools.sequences import Count, Gap

KEPT = ("stored", "queued")


def follow(cr, items):
    """Follow the numbers of a batch, and note which are missing.

    Messages that cannot be read have no number: theirs is missing until they are stored again.

    :param items: Items of the inbox, claimed
    """
    arrivals, highest = defaultdict(list), {}
    for item in items:
        numbered = item.outcome in KEPT and item.reading.sequence is not None
        if numbered and not item.delivery.is_retained:
            place = item.source.id, item.device_id
            highest[place] = item.source.highest
            arrivals[place].append(
                (item.reading.sequence, item.reading.sent_at, item.delivery.received_at)
            )
    if not arrivals:
        return
    places = sorted(arrivals)
    rows = _rows(cr, places)
    gaps = _gaps(cr, rows, arrivals)
    counted = []
    for place in places:
        ident, count = rows[place]
        before = gaps.get(ident, [])
        after_count, after = sequences.follow(count, before, arrivals[place], highest[place])
        counted.append((ident, after_count, before, after, len(arrivals[place])))
    _keep(cr, counted)


def _rows(cr, places):
    """Lock the counts, those that are new being made.

    :return: (id, Count or None) by place
    """
    columns = [list(column) for column in zip(*places, strict=True)]
    cr.execute(LOCK, columns)
    found = cr.fetchall()
    if len(found) < len(places):
        cr.execute(MAKE, columns)
        cr.execute(LOCK, columns)
        found = cr.fetchall()
    return {
        (subscription, device): (ident, Count(*rest) if rest[0] is not None else None)
        for ident, subscription, device, *rest in found
    }


def _gaps(cr, rows, arrivals):
    """Read the open gaps of those whose numbers do not simply go on."""
    wanted = [
        ident
        for place, (ident, count) in rows.items()
        if count and any(number <= count.last for number, *_times in arrivals[place])
    ]
    gaps = defaultdict(list)
    if wanted:
        cr.execute(GAPS, [wanted])
        for ident, *rest in cr.fetchall():
            gaps[ident].append(Gap(*rest))
    return gaps


def _keep(cr, counted):
    """Write counts and the gaps that have changed."""
    shut, opened, rows = [], [], []
    for ident, count, before, after, number in counted:
        gone, new = set(before) - set(after), set(after) - set(before)
        shut += [(ident, gap.epoch, gap.first) for gap in gone]
        opened += [
            (ident, gap.epoch, gap.first, gap.last, gap.since, gap.is_settled)
            for gap in sorted(new)
        ]
        values = (count.first, count.last, count.sent_at, count.epoch, count.late, count.resets)
        rows.append((ident, *values, number))
    if shut:
        cr.execute(SHUT, _columns(shut))
    if opened:
        cr.execute(OPEN, _columns(opened))
    cr.execute(COUNT, _columns(sorted(rows)))


def _columns(rows):
    return [list(column) for column in zip(*rows, strict=True)]


LOCK = """
SELECT s.id, s.subscription_id, s.device_id, s.first_number, s.last_number, s.sent_at, s.epoch,
    s.late, s.resets
FROM mqtt_sequence s
JOIN unnest(%s::int[], %s::int[]) AS wanted(subscription_id, device_id)
    ON s.subscription_id = wanted.subscription_id AND s.device_id = wanted.device_id
ORDER BY s.id FOR UPDATE OF s
"""
MAKE = """
INSERT INTO mqtt_sequence (subscription_id, device_id, epoch, received, late, resets)
SELECT subscription_id, device_id, 0, 0, 0, 0
FROM unnest(%s::int[], %s::int[]) AS new(subscription_id, device_id)
ON CONFLICT (subscription_id, device_id) DO NOTHING
"""
GAPS = """
SELECT g.sequence_id, g.epoch, g.first_number, g.last_number, g.noticed_at, g.is_settled
FROM mqtt_gap g JOIN mqtt_sequence s ON s.id = g.sequence_id AND s.epoch = g.epoch
WHERE g.sequence_id = ANY(%s)
"""
SHUT = """
DELETE FROM mqtt_gap g USING unnest(%s::int[], %s::int[], %s::bigint[]) AS gone(id, epoch, first)
WHERE g.sequence_id = gone.id AND g.epoch = gone.epoch AND g.first_number = gone.first
"""
OPEN = """
INSERT INTO mqtt_gap (sequence_id, subscription_id, device_id, epoch, first_number, last_number,
    noticed_at, missing, is_settled)
SELECT s.id, s.subscription_id, s.device_id, new.epoch, first, last, since, last - first + 1,
    settled
FROM unnest(%s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::timestamp[], %s::boolean[])
    AS new(id, epoch, first, last, since, settled) JOIN mqtt_sequence s ON s.id = new.id
"""
COUNT = """
UPDATE mqtt_sequence s SET first_number = new.first, last_number = new.last,
    sent_at = new.sent_at, epoch = new.epoch, late = new.late, resets = new.resets,
    received = s.received + new.number
FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::timestamp[], %s::int[], %s::int[],
    %s::int[], %s::int[])
    AS new(id, first, last, sent_at, epoch, late, resets, number)
WHERE s.id = new.id
"""
