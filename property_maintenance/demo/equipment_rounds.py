"""The inspection routes of the demo and fourteen months of rounds, results and readings."""

import hashlib
import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta

from odoo.fields import Command

from .equipment import MONTHS, local

_logger = logging.getLogger(__name__)

#: Share of rounds nobody walked, and of results that were not as they should be.
MISSED, ABNORMAL = 0.04, 0.012
#: The last days whose abnormal results still have an open request.
FRESH_DAYS = 12


@dataclass(frozen=True)
class Walk:
    """A route of a site: which equipment, every how many days, when, minutes between points.

    ``watch``: times of every day from today on, so that a phone has a round at any hour.
    """

    name: str
    kinds: tuple
    every: int
    hour: int
    minutes: int
    watch: str = ""


WALKS = (
    Walk(
        "设备房日常巡检",
        ("pump", "water_tank", "transformer", "switchgear", "generator", "chiller"),
        3,
        9,
        4,
        "03:00, 09:00, 15:00, 21:00",
    ),
    Walk("电梯周检", ("lift", "escalator"), 7, 14, 3),
    Walk("消防设施周检", ("fire_alarm", "fire_pump", "sprinkler", "smoke_exhaust"), 7, 10, 5),
)
QUESTIONS = {
    "lift": "轿厢照明、按钮、紧急呼叫正常",
    "escalator": "扶手带、梳齿板无异常",
    "pump": "无异响、无渗漏",
    "water_tank": "人孔上锁、溢流管防虫网完好",
    "transformer": "声音、气味正常,温控仪完好",
    "switchgear": "指示灯、仪表正常,无异味",
    "generator": "油位、水位正常,蓄电池无腐蚀",
    "chiller": "无异响、无泄漏,油位正常",
    "fire_alarm": "无故障、无屏蔽点",
    "fire_pump": "控制柜在自动位,阀门常开",
    "sprinkler": "末端压力正常,信号阀常开",
    "smoke_exhaust": "手动启停正常",
}


def build_rounds(demo):
    """Lay out the routes, plan them, and write what was found in the past."""
    counters = {}
    for site in demo.sites:
        for walk in WALKS:
            equipment = demo.of_kind(*walk.kinds).filtered(
                lambda one, site=site: one.site_id == site and one.state != "scrapped"
            )
            if equipment:
                route = lay_out(demo, site, walk, equipment)
                write_past(demo, walk, route, counters)
                plan_walk(demo, walk, route)
    keep_readings(demo)
    report_defects(demo)
    demo.env.flush_all()


def lay_out(demo, site, walk, equipment):
    """Make a route with a checkpoint for each piece of equipment."""
    items = demo.env["inspection.item"]
    return demo.env["inspection.route"].create(
        {
            "name": f"{site.name}{walk.name}",
            "kind": "equipment",
            "site_id": site.id,
            "minutes": walk.minutes,
            "checkpoint_ids": [
                Command.create(
                    {
                        "name": one.name,
                        "place": one.place_shown,
                        "sequence": 10 * number,
                        "equipment_id": one.id,
                        "item_ids": [
                            Command.create({"name": QUESTIONS[demo.pieces[one.id].kind]}),
                            *(
                                Command.create({"name": gauge.name, **items._gauge_vals(gauge)})
                                for gauge in one.gauge_ids
                            ),
                        ],
                    }
                )
                for number, one in enumerate(equipment, 1)
            ],
        }
    )


def plan_walk(demo, walk, route):
    """Plan the rounds to come, and make those of the next days."""
    plan = demo.env["inspection.plan"].create(
        {
            "name": walk.name,
            "route_id": route.id,
            "repeat": "days",
            "every": 1 if walk.watch else walk.every,
            "times": walk.watch or f"{walk.hour:02d}:00",
            "tz": "Asia/Shanghai",
            "date_from": demo.today,
            "early_minutes": 60,
            "late_minutes": 300,
            "employee_ids": [Command.set([one.id for one in demo.engineers])],
        }
    )
    plan._generate()


def write_past(demo, walk, route, counters):
    """Write the rounds of the past with their check-ins and results.

    :param counters: id of the gauge -> what it reads; it goes on from round to round
    """
    rounds = demo.env["inspection.round"].create(
        [
            round_vals(demo, walk, route, back)
            for back in range(MONTHS * 30 // walk.every * walk.every, 0, -walk.every)
        ]
    )
    checkins = [
        checkin_vals(demo, one, point, number, counters, walk)
        for one in rounds.filtered("started_at").sorted("planned_at")
        for number, point in enumerate(route.checkpoint_ids)
        if demo.rng.random() > 0.004
    ]
    demo.env["inspection.checkin"].create(checkins)


def round_vals(demo, walk, route, back):
    """Return the values of the round so many days ago."""
    day = demo.today - timedelta(days=back)
    planned = local(day, walk.hour)
    vals = {
        "route_id": route.id,
        "planned_at": planned,
        "open_at": planned - timedelta(minutes=30),
        "deadline_at": planned + timedelta(hours=4),
        "required_count": len(route.checkpoint_ids),
        "employee_id": demo.engineer().id if demo.engineers else False,
    }
    if demo.rng.random() < MISSED or not vals["employee_id"]:
        return vals
    started = planned + timedelta(minutes=demo.rng.randint(-20, 70))
    minutes = walk.minutes * len(route.checkpoint_ids) + demo.rng.randint(4, 20)
    return {
        **vals,
        "started_at": started,
        "finished_at": started + timedelta(minutes=minutes),
        "checkpoint_ids": [Command.set(route.checkpoint_ids.ids)],
    }


def checkin_vals(demo, one, point, number, counters, walk):
    """Return the values of a check-in with its results."""
    at = one.started_at + timedelta(minutes=walk.minutes * number, seconds=demo.rng.randint(5, 90))
    uid = str(uuid.UUID(int=demo.rng.getrandbits(128), version=4))
    is_bad = demo.rng.random() < ABNORMAL
    results = [
        demo.env["inspection.result"]._prepare_vals(
            item, answer(demo, item, counters, walk, is_bad), False
        )
        for item in point.item_ids
    ]
    return {
        "uuid": uid,
        "digest": hashlib.sha256(uid.encode()).hexdigest(),
        "round_id": one.id,
        "checkpoint_id": point.id,
        "employee_id": one.employee_id.id,
        "checked_at": at,
        "device_at": at,
        "received_at": at + timedelta(seconds=demo.rng.randint(1, 600)),
        "method": demo.rng.choices(("nfc", "qr", "manual"), (70, 27, 3))[0],
        "result_ids": [Command.create(vals) for vals in results],
    }


def answer(demo, item, counters, walk, is_bad):
    """Return the answer to an item: yes, or a number near the normal one."""
    if not item.gauge_id:
        return not is_bad
    pieces = demo.pieces[item.gauge_id.equipment_id.id].gauges
    gauge = next(one for one in pieces if one.name == item.gauge_id.name)
    if gauge.is_counter:
        before = counters.get(item.gauge_id.id, demo.rng.randint(50, 400))
        grown = max(demo.rng.gauss(gauge.normal, gauge.spread), 0.1) * walk.every
        counters[item.gauge_id.id] = round(before + grown, 1 if gauge.unit == "h" else 0)
        return counters[item.gauge_id.id]
    value = demo.rng.gauss(gauge.normal, gauge.spread / 2)
    if is_bad and gauge.high is not None:
        value = gauge.high * demo.rng.uniform(1.01, 1.08)
    elif gauge.low is not None:
        value = max(value, gauge.low * 1.02)
    return round(min(value, gauge.high or value) if not is_bad else value, 2)


def keep_readings(demo):
    """Keep the numbers as readings of the gauges."""
    results = demo.env["inspection.result"].search(
        [("site_id", "in", demo.sites.ids), ("item_id.gauge_id", "!=", False)], order="checked_at"
    )
    results._keep_readings()
    _logger.info("demo: %s readings of equipment", len(results))


def report_defects(demo):
    """Raise requests for what was abnormal in the last days."""
    found = demo.env["inspection.result"].search(
        [
            ("site_id", "in", demo.sites.ids),
            ("is_abnormal", "=", True),
            ("checked_at", ">=", demo.now - timedelta(days=FRESH_DAYS)),
        ]
    )
    found._on_abnormal()
