"""Barriers and doors of the demo sites, and who opened them by hand in the last two weeks."""

import random
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

SEED = 20
DAYS = 14
OPENINGS = (
    ("plate", "车牌污损,人工核对后放行", 5),
    ("delivery", "搬家公司货车,业主已登记", 3),
    ("emergency", "120救护车,3栋接病人", 1),
    ("visitor", "装修监理,业主电话确认", 3),
    ("resident", "业主换新车,月卡未变更", 3),
    ("fault", "道闸不落杆,手动复位", 1),
    ("test", "厂家例行保养测试", 1),
)
DOORS = ("1单元门", "2单元门")
SITE_DOOR = "南门人行门"
CARDS, SWIPES = 40, 300


def build(env, sites):
    """Give the lanes of sites their barriers, and buildings their doors, where there are none."""
    rng = random.Random(SEED)  # noqa: S311 - the same demo every time
    for site in sites.with_env(env):
        if env["property.gate"].search_count([("site_id", "=", site.id)]):
            continue
        gates = _barriers(env, site) + _doors(env, site)
        gates._touch()
        _open_by_hand(env, site, gates, rng)
        _use_doors(env, site, gates.filtered(lambda gate: gate.kind == "door"), rng)
        _without_plate(env, gates.lane_ids)


def _barriers(env, site):
    """Return one barrier for each pair of lanes, such as 南门入口 and 南门出口."""
    lanes = env["property.parking.lane"].search([("site_id", "=", site.id)], order="id")
    places = lanes.grouped(lambda lane: lane.name.removesuffix("入口").removesuffix("出口"))
    gates = env["property.gate"].create(
        [
            {
                "name": f"{place}道闸",
                "site_id": site.id,
                "driver": "simulator",
                "place": place,
                "sequence": number,
            }
            for number, place in enumerate(places)
        ]
    )
    for gate, pair in zip(gates, places.values(), strict=True):
        gate._make_secret()
        for lane in pair:
            lane.write({"gate_id": gate.id, "channel": "1" if lane.direction == "in" else "2"})
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE property_parking_passage p SET gate_id = l.gate_id"
            " FROM property_parking_lane l WHERE l.id = p.lane_id AND l.site_id = %s",
            site.id,
        )
    )
    env["property.parking.passage"].invalidate_model(["gate_id"])
    return gates


def _doors(env, site):
    buildings = env["property.building"].search([("site_id", "=", site.id)], limit=3, order="id")
    at_site = {
        "name": SITE_DOOR,
        "kind": "door",
        "driver": "simulator",
        "site_id": site.id,
        "is_for_visitors": True,
        "place": "南门岗亭旁",
        "sequence": 45,
    }
    return env["property.gate"].create(
        [
            at_site,
            *(
                {
                    "name": f"{building.name}{door}",
                    "kind": "door",
                    "driver": "simulator",
                    "is_for_visitors": True,
                    "site_id": site.id,
                    "building_id": building.id,
                    "entrance": door[0],
                    "sequence": 50,
                }
                for building in buildings
                for door in DOORS
            ),
        ]
    )


def _open_by_hand(env, site, gates, rng):
    """Add what guards opened by hand, with the answers of the gates, and the daily reports."""
    guards = env.ref("property_base.group_guard").all_user_ids.filtered(
        lambda user: (
            site in user.property_site_ids and not user.has_group("property_base.group_manager")
        )
    )
    guards = guards or env.user
    kinds = [(kind, reason) for kind, reason, weight in OPENINGS for _again in range(weight)]
    barriers = gates.filtered("lane_ids")
    now, rows = fields.Datetime.now(), []
    for ago in reversed(range(DAYS * 24)):  # the last command is the newest
        if rng.random() < 0.09:
            gate = rng.choice(barriers)
            kind, reason = rng.choice(kinds)
            at = now - timedelta(hours=ago, minutes=rng.randrange(1, 59))
            rows.append((gate, rng.choice(gate.lane_ids), kind, reason, at, rng.choice(guards)))
    commands = env["property.gate.command"].create(
        [
            {
                "gate_id": gate.id,
                "lane_id": lane.id,
                "kind": "open",
                "key": f"demo-{number}",
                "reason": reason,
                "user_id": user.id,
                "state": "confirmed",
                "given_at": at,
                "sent_at": at,
                "confirmed_at": at + timedelta(seconds=1),
                "expires_at": at + timedelta(seconds=30),
            }
            for number, (gate, lane, _kind, reason, at, user) in enumerate(rows)
        ]
    )
    env["property.gate.opening"].create(
        [
            {
                "gate_id": gate.id,
                "lane_id": lane.id,
                "reason_kind": kind,
                "reason": reason,
                "at": at,
                "user_id": user.id,
                "command_id": command.id,
            }
            for command, (gate, lane, kind, reason, at, user) in zip(commands, rows, strict=True)
        ]
    )
    _report(env, site)


def _report(env, site):
    """Add the daily reports, which nobody is sent any more."""
    days = env["property.gate.day"]
    for ago in range(7, 0, -1):
        days._write_report(site, fields.Date.today() - timedelta(days=ago))


def _use_doors(env, site, doors, rng):
    """Give residents behind the doors cards, a guard one too, and let them be used for a week."""
    today = fields.Date.today()
    rows = env["property.occupancy"].search(
        [
            ("unit_id.building_id", "in", doors.building_id.ids),
            ("date_from", "<=", today),
            "|",
            ("date_to", "=", False),
            ("date_to", ">=", today),
        ],
        limit=CARDS,
        order="id",
    )
    if not rows:
        return
    cards = env["property.gate.card"].create(
        [
            {
                "number": f"04{site.id:02X}{number:04X}",
                "site_id": site.id,
                "partner_id": partner.id,
                "date_from": today - timedelta(days=400),
                "is_lost": number % 17 == 16,
            }
            for number, partner in enumerate(rows.partner_id)
        ]
    )
    permissions = {card: {door: card._permission(door, today) for door in doors} for card in cards}
    homes = {
        card: [door for door, reason in found.items() if reason == "resident"]
        for card, found in permissions.items()
    }
    at_home = [card for card in cards if homes[card]] or cards
    now, vals_list = fields.Datetime.now(), []
    for number in range(SWIPES):
        # who walks up to a door mostly lives behind it
        card = rng.choice(at_home if rng.random() < 0.97 else cards)
        is_stray = not homes[card] or rng.random() < 0.04
        door = rng.choice(doors if is_stray else homes[card])
        reason = permissions[card][door]
        vals_list.append(
            {
                "gate_id": door.id,
                "key": f"demo-{number}",
                "at": now - timedelta(minutes=rng.randrange(7 * 24 * 60)),
                "kind": "card",
                "card_id": card.id,
                "reason": reason,
                "is_open": reason == "resident",
            }
        )
    env["property.gate.event"].create(vals_list)


def _without_plate(env, lanes):
    """Let a car without plate in at two of the lanes; their drivers scanned the code there."""
    ways_in = lanes.filtered(
        lambda lane: lane.direction == "in" and lane.area_id.is_temporary_allowed
    )[:2]
    ways_in.unplated_at = fields.Datetime.now()
    for lane in ways_in:
        env["property.gate.guest"]._enter(lane)
