"""Two weeks of cars through the gates of a demo site, with what goes wrong at gates."""

import random
from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import fields

from .parking_cars import SEED, new_plate

DAYS = 14
RESIDENTS, GUESTS = 14, 10  # cars a day through the yard
GARAGE = 4


def drive(env, site, areas, today):
    """Let cars drive in and out of the areas of a site, up to now."""
    rng = random.Random(SEED * 3 + site.id)  # noqa: S311 - the same demo every time
    trips = _trips(env, site, areas, rng, today)
    now = fields.Datetime.now()
    reads = sorted(
        (read for trip in trips for read in trip if read["at"] <= now),
        key=lambda read: (read["at"], read["key"]),
    )
    for lane, batch in _batches(reads):
        env["property.parking.passage"]._take(lane, batch)
    _confirm_older(env, site, today)
    _read_unsurely(env, site, now)


def _confirm_older(env, site, today):
    """Let the guard have confirmed what the cameras were not sure of, but for today."""
    waiting = env["property.parking.passage"].search(
        [
            ("site_id", "=", site.id),
            ("action", "=", "confirm"),
            ("at", "<", datetime.combine(today, time()) - timedelta(hours=8)),
        ]
    )
    for passage in waiting:
        passage.action_confirm()


def _read_unsurely(env, site, now):
    """Leave the guard two cars whose plates the camera has misread by one character."""
    cards = env["property.parking.pass"].search(
        [("site_id", "=", site.id), ("kind", "=", "staff")], limit=2
    )
    for minutes, card in zip((6, 3), cards, strict=False):
        lane = card.area_id.lane_ids.filtered(lambda lane: lane.direction == "in")[0]
        plate, moment = card.vehicle_ids[0].plate, now - timedelta(minutes=minutes)
        read = {
            "key": f"unsure-{plate}",
            "plate": plate[:-1] + ("B" if plate[-1] == "8" else "8"),
            "at": moment,
            "received_at": moment,
            "confidence": 60.0 + minutes,
        }
        env["property.parking.passage"]._take(lane, [read])


def _batches(reads):
    """Yield (lane, reads) of hours, the ways out before the ways in."""
    hours = defaultdict(lambda: defaultdict(list))
    for read in reads:
        hours[read["at"].replace(minute=0, second=0)][read.pop("lane")].append(read)
    for _hour, lanes in sorted(hours.items()):
        for lane in sorted(lanes, key=lambda lane: (lane.direction != "out", lane.id)):
            yield lane, lanes[lane]


def _trips(env, site, areas, rng, today):
    """Return lists of reads, one for each stay."""
    garage = next(area for area in areas.values() if area.parent_id)
    yard = garage.parent_id
    aside = next(area for area in areas.values() if area not in (garage, yard))
    passes = env["property.parking.pass"].search([("site_id", "=", site.id)], order="id")
    holders = passes.filtered(lambda card: card.area_id == yard).vehicle_ids
    owners = passes.filtered(lambda card: card.area_id == garage)[:40].vehicle_ids
    trips = _parked(garage, passes.filtered(lambda card: card.area_id == garage)[40:], rng, today)
    for ago in range(DAYS, -1, -1):
        day = today - timedelta(days=ago)
        weekend = day.weekday() >= 5
        for car in rng.sample(list(holders), min(RESIDENTS, len(holders))):
            trips.append(_trip(rng, yard, car.plate, day, rng.gauss(18.2, 1.0), rng.gauss(13, 1.5)))
        for car in rng.sample(list(owners), min(GARAGE, len(owners))):
            trips.append(
                _trip(rng, garage, car.plate, day, rng.gauss(18.5, 1.2), rng.gauss(12.5, 1.5))
            )
        for _guest in range(GUESTS + (5 if weekend else 0)):
            start, hours = rng.gauss(14, 3), abs(rng.gauss(1.8, 1.5)) + 0.1
            trips.append(_trip(rng, yard, new_plate(rng), day, start, hours))
        if ago in (0, 1, 5):
            black = env["property.vehicle"].search(
                [("site_id", "=", site.id), ("access_list", "=", "black")], limit=1
            )
            trips.append(_trip(rng, yard, black.plate, day, rng.gauss(9, 1), 1)[:1])
        for _van in range(2):
            trips.append(_trip(rng, aside, new_plate(rng), day, rng.gauss(11, 2), rng.random() * 2))
    return trips


def _parked(garage, cards, rng, today):
    """Return the reads of cars that have stood on their own spaces since the evenings before."""
    way_in = garage.lane_ids.filtered(lambda lane: lane.direction == "in")[0]
    trips = []
    for card in cards[: garage.capacity * 2 // 3]:
        evening = datetime.combine(today, time()) - timedelta(hours=rng.randrange(2, 52, 2))
        minute = timedelta(minutes=rng.randrange(60))
        trips.append([_read(garage, way_in, card.vehicle_ids[0].plate, evening + minute, rng)])
    return trips


def _trip(rng, area, plate, day, start, hours):
    """Return the reads of a stay; now and then one is missing, comes twice or is unsure."""
    way_in, way_out = (
        rng.choice(area.lane_ids.filtered(lambda lane, way=way: lane.direction == way))
        for way in ("in", "out")
    )
    begin = datetime.combine(day, time()) + timedelta(hours=max(0.2, start))
    reads = [
        _read(area, way_in, plate, begin, rng),
        _read(area, way_out, plate, begin + timedelta(hours=max(0.05, hours)), rng),
    ]
    fate = rng.random()
    if fate < 0.012:
        return reads[:1]
    if fate < 0.024:
        return reads[1:]
    if fate < 0.045:
        again = reads[0]["at"] + timedelta(seconds=rng.randrange(3, 20))
        reads.append({**reads[0], "key": reads[0]["key"] + "r", "at": again, "received_at": again})
    elif fate < 0.055:
        reads[0]["confidence"] = rng.randrange(60, 84)
    return reads


def _read(area, lane, plate, at, rng):
    moment = area._utc(at.replace(microsecond=0))
    return {
        "lane": lane,
        "key": f"{lane.id}-{at:%m%d%H%M%S}-{plate}",
        "plate": plate,
        "at": moment,
        "received_at": moment,
        "confidence": round(min(99.9, rng.gauss(97, 1.2)), 1),
    }
