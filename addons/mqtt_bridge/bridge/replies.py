"""Answers of devices to commands, found among the messages of a batch, in its transaction."""

from ..tools import commands


def settle(cr, items):
    """Close the commands that devices answer; a device answers only for itself.

    :param items: of a batch, stored
    """
    rows = []
    for item in items:
        plan = item.source.answers if item.source else None
        if not plan or item.outcome != "stored" or item.delivery.is_retained:
            continue
        found = commands.answer(plan, item.delivery.topic, item.reading.data)
        if found:
            text = item.delivery.payload[: commands.LONGEST_REPLY].decode("utf-8", "replace")
            rows.append(
                (
                    item.device_id,
                    *found,
                    text.replace("\0", "\N{REPLACEMENT CHARACTER}"),
                    item.delivery.received_at,
                )
            )
    if rows:
        # the last of several: a device may say first that it heard, and then that it is done
        last = {row[:2]: row for row in rows}
        cr.execute(SETTLE, [list(column) for column in zip(*sorted(last.values()), strict=True)])


SETTLE = """
UPDATE mqtt_command c SET state = CASE WHEN new.is_good THEN 'done' ELSE 'rejected' END,
    reply = new.text, replied_at = new.received_at,
    write_uid = 1, write_date = now() AT TIME ZONE 'UTC'
FROM unnest(%s::int[], %s::varchar[], %s::boolean[], %s::text[], %s::timestamp[])
    AS new(device_id, reference, is_good, text, received_at)
WHERE c.device_id = new.device_id AND c.reference = new.reference
    AND c.published_at IS NOT NULL AND c.state <> 'done'
"""
