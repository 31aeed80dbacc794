"""Demo data: a broker with its subscriptions and devices, and what they said in the last day."""

from datetime import datetime, timedelta

from ..bridge import inbox
from ..tools.reading import Delivery
from . import field, rules

CODE = "demo"  # of the broker; scripts/field.py of the project starts one for it
STEP = 86400 // field.PAST  # seconds between two messages that the past has of a device
BATCH = 500


def build(env):
    """Build what is not there yet."""
    if env["mqtt.broker"].with_context(active_test=False).search([("code", "=", CODE)], limit=1):
        return
    broker = env["mqtt.broker"].create(
        {"name": "翠湖花园设备网", "code": CODE, "receive_maximum": 500}
    )
    env["mqtt.subscription"].create(
        [{"broker_id": broker.id, "tz": "Asia/Shanghai", **vals} for vals in subscriptions()]
    )
    env["mqtt.device"].create(
        [
            {
                "broker_id": broker.id,
                "code": device.code,
                "name": device.name,
                "silence_minutes": 10 if device.is_watched else 60,
                "alarm_silence": device.is_watched,
            }
            for device in field.DEVICES
            if device.is_known
        ]
    )
    if "mqtt.rule" in env:
        rules.build(env, broker, field.DEVICES)
    _tell_the_past(env, broker)


def subscriptions():
    """Return the values of the subscriptions."""
    return [
        {
            "name": "设备遥测",
            "topic": "iot/+/data",
            "message_id_path": "$.id",
            "timestamp_path": "$.ts",
            "sequence_path": "$.seq",
            "alarm_gaps": True,
            "unknown_device": "quarantine",
            "ack_topic": "cmd/{device}/ack",
        },
        {
            "name": "设备上下线",
            "topic": "iot/+/state",
            "presence_path": "$.state",
            "unknown_device": "reject",
        },
        {
            "name": "水表集中器(CJ/T 188)",
            "topic": "dtu/+/up",
            "decoder": "template",
            "template": field.WATER_TEMPLATE,
            "device_path": "$.address",
            "sequence_path": "$.number",
            "highest_number": 255,
            "identity": "transport",
            "unknown_device": "quarantine",
        },
        {
            "name": "消防主机",
            "topic": "fire/+/event",
            "decoder": "template",
            "template": field.SMOKE_TEMPLATE,
            "identity": "transport",
            "unknown_device": "quarantine",
        },
    ]


def _tell_the_past(env, broker):
    """Store a day of messages, as if the bridge had heard them."""
    env.flush_all()
    now = inbox.now()
    box = inbox.Inbox(broker.id, broker.subscription_ids._sources())
    deliveries = sorted(_past(now), key=lambda one: one.received_at)
    for start in range(0, len(deliveries), BATCH):
        box.store(env.cr, deliveries[start : start + BATCH])
    env.invalidate_all()
    env["mqtt.tally"]._recent()._check()


def _past(now):
    """Yield what came in the last day: calm, but for an incident in the evening."""
    epoch = datetime(1970, 1, 1)
    for place, device in enumerate(field.DEVICES):
        begin = now - timedelta(seconds=field.PAST * STEP + 7 * place)
        if not device.speaker and device.is_known:
            yield Delivery(*field.birth(device), begin)
        for number in range(0 if device.is_silent else field.PAST):
            at = begin + timedelta(seconds=(number + 1) * STEP)
            if device.is_lost(number):
                continue
            wrong = device.code in field.INCIDENTS and number == 40
            seconds = (at - epoch).total_seconds()
            topic, payload = field.speak(device, number, seconds, wrong)
            yield Delivery(topic, payload, at)
