"""Put the demo's devices on the estate, and let its meters for common use be read by them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from odoo import fields

from odoo.addons.mqtt_bridge.demo import builder as bridge
from odoo.addons.mqtt_bridge.demo import field, rules
from odoo.addons.mqtt_bridge.tools import decoding, template
from odoo.addons.property_billing.demo.builder import CUIHU

MONTHS = 4  # of readings before the devices came
#: By kind of device: kind of meter, how its telegrams are called, metric, digits.
KINDS = {
    "energy": ("electricity", "公共电表(遥测)", "energy", 8, rules.TELEMETRY),
    "water": ("cold_water", "公共水表(集中器)", "volume", 6, rules.WATER),
}
PREFIXES = {"energy": "E", "water": "W"}
CALLING = ("电梯困人", "集水井水位过高", "配电房温度过高", "烟感报警")


def build(env):
    """Build what is not there yet."""
    broker = env["mqtt.broker"].search([("code", "=", bridge.CODE)], limit=1)
    company = env.ref("property_base.demo_company", raise_if_not_found=False)
    site = company and env["property.site"].search(
        [("name", "=", CUIHU), ("company_id", "=", company.id)], limit=1
    )
    if not broker or not site:
        return
    broker, site = broker.with_env(env), site.with_env(env)
    devices = env["mqtt.device"].search([("broker_id", "=", broker.id)])
    if devices.filtered("site_id"):
        return
    devices.site_id = site
    broker.user_id = _robot(env, company)
    _call(env, broker)
    by_code = {device.code: device for device in devices}
    for kind in KINDS:
        _connect(env, broker, site, kind, by_code)


def _robot(env, company):
    """Make the user with whose rights server actions run."""
    return env["res.users"].create(
        {
            "name": "设备账号",
            "login": "device.robot",
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
            "group_ids": [(6, 0, env.ref("mqtt_bridge.group_reader").ids)],
        }
    )


def _call(env, broker):
    """Let the graver alarms call the engineers."""
    found = env["mqtt.rule"].search([("broker_id", "=", broker.id), ("name", "in", CALLING)])
    found.write(
        {
            "action_server_ids": [(4, env.ref("property_iot.action_call_engineer").id)],
            "clear_action_server_ids": [(4, env.ref("property_iot.action_end_call").id)],
        }
    )


def _connect(env, broker, site, kind, by_code):
    meter_kind, name, code, digits, topic = KINDS[kind]
    source = broker.subscription_ids.filtered(lambda one: one.topic == topic)
    metric = env["mqtt.metric"].search(
        [("subscription_id", "=", source.id), ("code", "=", code)], limit=1
    )
    telegram = env["property.meter.telegram"].create(
        {
            "name": name,
            "subscription_id": source.id,
            "metric_id": metric.id,
            "kind": meter_kind,
            "pause_minutes": 5,
            "ignores_unknown": True,
        }
    )
    mine = [device for device in field.DEVICES if device.kind == kind]
    for number, device in enumerate(mine, 1):
        # the last one is left to be connected: it has the number of its device
        is_left = number == len(mine)
        code = device.code if is_left else f"GG-{PREFIXES[kind]}{number:02}"
        meter = _meter(env, site, device, {"code": code, "kind": meter_kind, "digits": digits})
        if not is_left:
            meter.write({"device_id": by_code[device.code].id, "telegram_id": telegram.id})
            _catch_up(env, meter, metric)


def _meter(env, site, device, values):
    """Make a meter that people have read at the end of each month."""
    today = fields.Date.context_today(site)
    ends = [today + relativedelta(months=-ago, day=1, days=-1) for ago in reversed(range(MONTHS))]
    meter = env["property.meter"].create(
        {
            **values,
            "site_id": site.id,
            "building_id": _building(site, device.name).id,
            "install_date": ends[0],
            "initial_reading": _shown(device, ends[0], site.tz),
        }
    )
    env["property.meter.reading"].create(
        [
            {"meter_id": meter.id, "date": day, "value": _shown(device, day, site.tz)}
            for day in ends[1:]
        ]
    )
    return meter


def _catch_up(env, meter, metric):
    """Take what the device has said before it was connected: yesterday has a reading then."""
    samples = env["mqtt.sample"].search(
        [("device_id", "=", meter.device_id.id), ("metric_id", "=", metric.id)],
        order="moment, id",
    )
    last = {}
    for sample in samples:
        last[meter._telegram_day(sample.moment)] = sample
    for sample in last.values():
        meter._take_telegrams({meter: round(sample.number, 3)}, sample.moment)


def _building(site, name):
    """Return the building that a device is named after."""
    number = name.partition("号楼")[0]
    return site.building_ids.filtered(lambda one: one.code == number)[:1]


def _shown(device, day, zone):
    """Return what the counter of a device showed at the end of a day."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    _topic, payload = field.speak(device, 0, end.timestamp())
    if device.kind == "energy":
        return decoding.decode(payload, "json", len(payload))["energy"]
    kinds = template.parse(field.WATER_TEMPLATE)
    return decoding.decode(payload, "template", len(payload), kinds)["volume"]
