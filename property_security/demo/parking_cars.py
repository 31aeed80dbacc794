"""Cards, passes, lists and coupons of the demo sites. Nobody here exists."""

import random
from datetime import timedelta

from odoo.fields import Command

SEED = 20261101
PROVINCES = "沪苏浙皖"
LETTERS = "ABCDEFGH"
LISTED = (
    ("浙A0119消", "white", "消防车辆"),
    ("浙A8120急", "white", "急救车辆"),
    ("浙AT5566", "white", "物业工程车"),
    ("苏E77K31", "black", "撞坏道闸后逃离"),
    ("沪BX0417", "black", "多次堵塞消防通道"),
)
#: Days until a monthly card ends: some are in grace, some expired, some end this week.
ENDS = (25, 58, 3, 120, -2, 6, 88, -20, 31, 45, -4, 12)


def new_plate(rng):
    """Return an invented plate, one in three of a new-energy car."""
    energy = rng.choice(("", "", "D"))
    return f"{rng.choice(PROVINCES)}{rng.choice(LETTERS)}{energy}{rng.randrange(100000):05d}"


def register(env, site, areas, today):
    """Give the registered cars their passes, and the site its lists and coupons."""
    rng = random.Random(SEED + site.id)  # noqa: S311 - the same demo every time
    garage = next(area for area in areas.values() if area.parent_id)
    yard = garage.parent_id
    cars = env["property.vehicle"].search([("site_id", "=", site.id)], order="id")
    _share_spaces(env, site, cars, rng)
    cars = env["property.vehicle"].search([("site_id", "=", site.id)], order="id")
    env["property.parking.pass"].create(
        [*_space_passes(cars, garage, today), *_monthly_cards(env, site, yard, rng, today)]
    )
    _staff_passes(env, site, yard, rng, today)
    _list_vehicles(env, site, today)
    if site.kind != "residential":
        _coupons(env, site, yard, rng, today)


def _share_spaces(env, site, cars, rng):
    """Give every ninth household with a space a second car."""
    env["property.vehicle"].create(
        [
            {
                "plate": new_plate(rng),
                "unit_id": car.unit_id.id,
                "space_id": car.space_id.id,
                "partner_id": car.partner_id.id,
                "brand": rng.choice(("远山", "青禾", "云帆")),
            }
            for car in cars.filtered("space_id")[::9]
        ]
    )


def _space_passes(cars, garage, today):
    """Return the passes of owners' spaces, with all cars of a space."""
    return [
        {
            "kind": "owner_space",
            "area_id": garage.id,
            "vehicle_ids": [Command.set(group.ids)],
            "space_id": space.id,
            "unit_id": group.unit_id[:1].id,
            "partner_id": group.partner_id[:1].id,
            "date_from": today - timedelta(days=400),
        }
        for space, group in cars.grouped("space_id").items()
        if space
    ]


def _monthly_cards(env, site, yard, rng, today):
    """Return monthly cards of people without a space of their own."""
    homes = env["property.unit"].search(
        [
            ("site_id", "=", site.id),
            ("kind", "in", ("residence", "shop", "office")),
            ("owner_id", "!=", False),
        ],
        limit=600,
    )
    homes = homes.filtered(lambda home: not home.child_ids)[: 36 if site.kind != "mall" else 20]
    vehicles = env["property.vehicle"].create(
        [
            {
                "plate": new_plate(rng),
                "unit_id": home.id,
                "partner_id": (home.tenant_id or home.owner_id).id,
            }
            for home in homes
        ]
    )
    return [
        {
            "kind": "monthly",
            "area_id": yard.id,
            "vehicle_ids": [Command.set(vehicle.ids)],
            "unit_id": vehicle.unit_id.id,
            "partner_id": vehicle.partner_id.id,
            "date_from": today - timedelta(days=150),
            "date_to": today + timedelta(days=ENDS[number % len(ENDS)]),
        }
        for number, vehicle in enumerate(vehicles)
    ]


def _staff_passes(env, site, yard, rng, today):
    employees = env["hr.employee"].search([("site_ids", "in", site.ids)], limit=5)
    vehicles = env["property.vehicle"].create(
        [{"plate": new_plate(rng), "site_id": site.id} for _employee in employees]
    )
    env["property.parking.pass"].create(
        [
            {
                "kind": "staff",
                "area_id": yard.id,
                "vehicle_ids": [Command.set(vehicle.ids)],
                "date_from": today - timedelta(days=200),
                "note": employee.name,
            }
            for employee, vehicle in zip(employees, vehicles, strict=True)
        ]
    )


def _list_vehicles(env, site, today):
    env["property.vehicle"].create(
        [
            {
                "plate": plate,
                "site_id": site.id,
                "access_list": kind,
                "access_list_reason": reason,
                "access_list_until": today + timedelta(days=180) if kind == "black" else False,
            }
            for plate, kind, reason in LISTED
        ]
    )


def _coupons(env, site, yard, rng, today):
    """Give shops coupons for their guests."""
    shops = env["property.unit"].search(
        [("site_id", "=", site.id), ("kind", "=", "shop"), ("owner_id", "!=", False)], limit=6
    )
    kinds = (
        {"kind": "minutes", "minutes": 120},
        {"kind": "amount", "amount": 10},
        {"kind": "percent", "percent": 50},
        {"kind": "day"},
    )
    env["property.parking.coupon"].create(
        [
            {
                "site_id": site.id,
                "area_id": yard.id,
                "partner_id": (shop.tenant_id or shop.owner_id).id,
                "date_from": today,
                "date_to": today + timedelta(days=rng.choice((0, 7, 30))),
                **kind,
            }
            for shop in shops
            for kind in kinds
        ]
    )
