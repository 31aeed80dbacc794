"""Car parks of the demo sites: areas, lanes and the kinds of tariff that are really posted."""

from dataclasses import dataclass, field
from datetime import timedelta

from odoo.fields import Command

from odoo.addons.property_base.models.property_demo_loader import QUIET

from . import parking_cars, parking_traffic


@dataclass(frozen=True)
class Place:
    """An area with its tariffs: lists of (values, rates)."""

    name: str
    capacity: int
    tariffs: tuple = ()
    inside: str = ""
    lanes: tuple[str, ...] = ()
    values: dict = field(default_factory=dict)


DAY, NIGHT = {"hour_from": 7, "hour_to": 21}, {"hour_from": 21, "hour_to": 7}

RESIDENTIAL = (
    Place(
        "地面停车区",
        90,
        (
            (
                {"name": "小区临停", "free_minutes": 30, "cap_period": 15},
                (
                    {
                        "name": "白天",
                        **DAY,
                        "first_minutes": 120,
                        "first_price": 3,
                        "block_minutes": 60,
                        "block_price": 1,
                    },
                    {"name": "夜间", **NIGHT, "kind": "flat", "flat_price": 5},
                ),
            ),
            (
                {
                    "name": "新能源临停",
                    "vehicle_class": "new_energy",
                    "free_minutes": 120,
                    "free_rule": "deducted",
                    "cap_period": 15,
                },
                (
                    {"name": "白天", **DAY, "block_minutes": 60, "block_price": 1.5},
                    {"name": "夜间", **NIGHT, "kind": "flat", "flat_price": 5},
                ),
            ),
        ),
        lanes=("南门入口", "南门出口", "北门入口", "北门出口"),
    ),
    Place(
        "地下车库",
        280,
        inside="地面停车区",
        lanes=("车库入口", "车库出口"),
        values={"is_temporary_allowed": False},
    ),
    Place(
        "北门路侧车位",
        16,
        (
            (
                {
                    "name": "路侧停车(计满收费)",
                    "free_minutes": 0,
                    "rounding": "completed",
                    "steps_restart": "segment",
                },
                (
                    {
                        "name": "白天",
                        **DAY,
                        "first_minutes": 60,
                        "first_block_minutes": 15,
                        "first_price": 1.5,
                        "block_minutes": 15,
                        "block_price": 2.25,
                    },
                    {"name": "夜间", **NIGHT, "block_minutes": 120, "block_price": 1},
                ),
            ),
        ),
        lanes=("路侧入口", "路侧出口"),
    ),
)
MALL_RATES = (
    {
        "name": "工作日",
        "on_weekend": False,
        "on_holiday": False,
        "block_minutes": 30,
        "block_price": 2.5,
    },
    {"name": "周末及节假日", "on_weekday": False, "block_minutes": 30, "block_price": 3.5},
)
MIXED = (
    Place(
        "商业停车场",
        160,
        (
            (
                {"name": "商业临停(新价)", "free_minutes": 15, "cap_day": 50},
                MALL_RATES,
            ),
            (
                {"name": "商业临停", "free_minutes": 15, "cap_day": 40, "years_ago": 1},
                ({"name": "全天", "block_minutes": 60, "block_price": 4},),
            ),
        ),
        lanes=("东入口", "东出口", "西入口", "西出口"),
    ),
    Place(
        "办公车库B2",
        60,
        inside="商业停车场",
        lanes=("B2入口", "B2出口"),
        values={"is_temporary_allowed": False},
    ),
    Place(
        "卸货区",
        8,
        (({"name": "货车按次", "free_minutes": 30, "entry_price": 10}, ()),),
        lanes=("卸货入口", "卸货出口"),
    ),
)


def build(env, sites, today):
    """Build the car parks of sites that have none yet, and two weeks of traffic."""
    env = env(context={**env.context, **QUIET})
    for site in sites.with_env(env):
        if env["property.parking.area"].search_count([("site_id", "=", site.id)]):
            continue
        places = RESIDENTIAL if site.kind == "residential" else MIXED
        areas = _build_areas(env, site, places, today)
        parking_cars.register(env, site, areas, today)
        parking_traffic.drive(env, site, areas, today)


def _build_areas(env, site, places, today):
    """Return the areas of a site by name, with lanes and tariffs."""
    areas = {}
    for number, place in enumerate(places):
        areas[place.name] = env["property.parking.area"].create(
            {
                "name": place.name,
                "sequence": number,
                "site_id": site.id,
                "parent_id": areas[place.inside].id if place.inside else False,
                "capacity": place.capacity,
                "lane_ids": [
                    Command.create(
                        {"name": name, "direction": "out" if name.endswith("出口") else "in"}
                    )
                    for name in place.lanes
                ],
                "tariff_ids": [
                    Command.create(_tariff_vals(vals, rates, today))
                    for vals, rates in place.tariffs
                ],
                **place.values,
            }
        )
    return areas


def _tariff_vals(vals, rates, today):
    years = vals.get("years_ago", 0)
    newest = today.replace(month=1, day=1) if "新价" in vals["name"] else today
    return {
        **{name: value for name, value in vals.items() if name != "years_ago"},
        "date_from": (
            newest if newest != today else (today - timedelta(days=365 * (years + 1)))
        ).replace(month=1, day=1),
        "line_ids": [
            Command.create({"sequence": number, **rate}) for number, rate in enumerate(rates)
        ],
    }
