"""The statements of the inbox. A batch is one row of arrays for each."""

DEVICES = "SELECT code, id, state FROM mqtt_device WHERE broker_id = %s AND code = ANY(%s)"
NEW_DEVICES = """
INSERT INTO mqtt_device
    (broker_id, code, name, state, silence_minutes, create_uid, write_uid, create_date, write_date)
SELECT %s, code, code, state, 30, 1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
FROM unnest(%s::varchar[], %s::varchar[]) AS new(code, state)
ON CONFLICT (broker_id, code) DO NOTHING
"""
CLAIM = """
INSERT INTO mqtt_seen (key, seen_on)
SELECT decode(key, 'hex'), (now() AT TIME ZONE 'UTC')::date
FROM unnest(string_to_array(%s, ',')) AS new(key)
ON CONFLICT (key) DO NOTHING RETURNING key
"""
DELIVERED = """
INSERT INTO mqtt_delivery (broker_id, number, key)
SELECT %s, number, key FROM unnest(%s::int[], %s::bytea[]) AS new(number, key)
ON CONFLICT (broker_id, number) DO UPDATE SET key = EXCLUDED.key
"""
# PostgreSQL takes rows of COPY many at a time, and has no statement of a megabyte to parse
MESSAGES = """
COPY mqtt_inbox (id, received_at, subscription_id, device_id, topic, payload, state,
    message_ref, sequence, sent_at, clock, is_retained) FROM STDIN
"""
NUMBERS = "SELECT nextval('mqtt_inbox_id_seq') FROM generate_series(1, %s)"
DEAD_LETTERS = """
INSERT INTO mqtt_dead_letter (broker_id, subscription_id, received_at, topic, payload, size,
    is_cut, is_retained, reason, detail, state, tries, create_uid, write_uid, create_date,
    write_date)
SELECT %s, new.*, 'open', 0, 1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
FROM unnest(%s::int[], %s::timestamp[], %s::text[], %s::bytea[], %s::int[], %s::boolean[],
    %s::boolean[], %s::varchar[], %s::text[]) AS new
"""
SEEN = """
UPDATE mqtt_device SET last_seen = GREATEST(last_seen, new.seen)
FROM (SELECT * FROM unnest(%s::int[], %s::timestamp[]) AS pair(id, seen)) AS new
WHERE mqtt_device.id = new.id
    AND (last_seen IS NULL OR last_seen < new.seen - interval '1 s' OR state = 'quarantined')
"""
TALLY = """
INSERT INTO mqtt_tally (broker_id, subscription_id, hour, received, stored, duplicate, dead, queued)
SELECT %s, NULLIF(new.subscription_id, 0), hour, received, stored, duplicate, dead, queued
FROM unnest(%s::int[], %s::timestamp[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[])
    AS new(subscription_id, hour, received, stored, duplicate, dead, queued)
ON CONFLICT (broker_id, COALESCE(subscription_id, 0), hour) DO UPDATE SET
    received = mqtt_tally.received + EXCLUDED.received,
    stored = mqtt_tally.stored + EXCLUDED.stored,
    duplicate = mqtt_tally.duplicate + EXCLUDED.duplicate,
    dead = mqtt_tally.dead + EXCLUDED.dead,
    queued = mqtt_tally.queued + EXCLUDED.queued
"""
RELEASE = """
WITH released AS (
    UPDATE mqtt_inbox SET state = 'stored' WHERE device_id IN %s AND state = 'queued'
    RETURNING subscription_id, date_trunc('hour', received_at) AS hour
), moved AS (
    SELECT subscription_id, hour, count(*) AS number FROM released GROUP BY 1, 2
)
UPDATE mqtt_tally t SET queued = queued - number, stored = stored + number
FROM moved WHERE moved.subscription_id = t.subscription_id AND moved.hour = t.hour
"""
REFUSE = """
WITH refused AS (
    DELETE FROM mqtt_inbox WHERE {where} AND state = 'queued' RETURNING *
), letters AS (
    INSERT INTO mqtt_dead_letter (broker_id, subscription_id, received_at, topic, payload, size,
        is_cut, is_retained, reason, state, tries, create_uid, write_uid, create_date, write_date)
    SELECT s.broker_id, s.id, r.received_at, r.topic,
        convert_to(translate(encode(r.payload, 'base64'), E'\\n', ''), 'UTF8'),
        length(r.payload), false, r.is_retained, %s, 'open', 0, 1, 1,
        now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
    FROM refused r JOIN mqtt_subscription s ON s.id = r.subscription_id
), moved AS (
    SELECT subscription_id, date_trunc('hour', received_at) AS hour, count(*) AS number
    FROM refused GROUP BY 1, 2
)
UPDATE mqtt_tally t SET queued = queued - number, dead = dead + number
FROM moved WHERE moved.subscription_id = t.subscription_id AND moved.hour = t.hour
"""
