"""Meters of the demo: a master meter over each building's meters, and this month's round."""

from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.addons.property_base.models.property_demo_loader import QUIET

from .staff import staff

MASTERS = {"electricity": ("ZB-E", "总电表", 6), "cold_water": ("ZB-W", "总水表", 6)}
#: What the master counts above its sub-meters, month by month.
LOSSES = (0.031, 0.042, 0.027, 0.036, 0.118)
#: Every so many meters nobody has read yet in the last full month.
SKIPPED = 3


def install(env, sites, today):
    """Put master meters before the meters of the largest buildings, once a site.

    :param today: readings lie before this day
    """
    env = env(context={**env.context, **QUIET})
    for site in sites.with_env(env):
        if env["property.meter"].search_count(
            [("site_id", "=", site.id), ("master_id", "!=", False)], limit=1
        ):
            continue
        for kind in MASTERS:
            _install_master(env, site, kind)
        _read_last_month(env, site, today)


def _install_master(env, site, kind):
    meters = env["property.meter"].search([("site_id", "=", site.id), ("kind", "=", kind)])
    by_building = meters.filtered("unit_id").grouped("building_id")
    by_building.pop(env["property.building"], None)
    if not by_building:
        return
    building = max(by_building, key=lambda one: (len(by_building[one]), -one.id))
    subs = by_building[building]
    readings = env["property.meter.reading"].search(
        [("meter_id", "in", subs.ids), ("state", "in", ("ok", "accepted"))], order="date, id"
    )
    used = defaultdict(float)
    for reading in readings:
        used[reading.date + relativedelta(day=31)] += max(reading.consumption, 0)
    if not used:
        return
    prefix, label, digits = MASTERS[kind]
    master = env["property.meter"].create(
        {
            "code": f"{prefix}{building.id:03d}",
            "site_id": site.id,
            "building_id": building.id,
            "kind": kind,
            "digits": digits,
            "initial_reading": 12000,
            "install_date": min(used) + relativedelta(day=1, days=-1),
        }
    )
    value, rows = 12000.0, []
    for number, (day, quantity) in enumerate(sorted(used.items())):
        loss = LOSSES[number % len(LOSSES)] if kind == "cold_water" else LOSSES[number % 4]
        value += round(quantity * (1 + loss))
        rows.append(
            {
                "meter_id": master.id,
                "date": day,
                "value": value,
                "note": f"{building.name}{label}",
            }
        )
    env["property.meter.reading"].create(rows)
    subs.write({"master_id": master.id})


def _read_last_month(env, site, today):
    """Read most meters of a month that is not billed: two are estimated, one is held."""
    day = today + relativedelta(day=1, days=-1)
    meters = env["property.meter"].search(
        [("site_id", "=", site.id), ("unit_id", "!=", False)], order="code"
    )
    meters = meters.filtered(
        lambda meter: meter.last_reading_date and meter.last_reading_date < day.replace(day=1)
    )
    # a held reading is no last reading, but its day is taken
    meters = meters._unread(day.replace(day=1), day)
    if not meters:
        return
    engineer = staff(env, "engineer")
    read = meters.filtered(lambda meter, keys=meters.ids: keys.index(meter.id) % SKIPPED)
    estimated = (meters - read)[:2]
    estimated.with_user(engineer)._estimate(day)
    last = {
        meter.id: (meter.last_reading, meter.reading_ids.sorted("date")[-1:].consumption)
        for meter in read
    }
    odd = read[len(read) // 2]
    env["property.meter.reading"].with_user(engineer).create(
        [
            {
                "meter_id": meter.id,
                "date": day - timedelta(days=1 if meter == odd else 0),
                "value": value + round(used / meter.multiplier) * (12 if meter == odd else 1),
                "note": "读数已复核，疑似漏水" if meter == odd else False,
            }
            for meter in read
            for value, used in [last[meter.id]]
        ]
    )
