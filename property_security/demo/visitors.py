"""Three weeks of visitors at a demo site: friends, couriers, fitters, movers; all invented."""

import random
from datetime import datetime, time, timedelta

from odoo.fields import Command

from . import visitor_doors
from .parking_cars import SEED, new_plate

DAYS = 21
VISITORS = ("赵阿姨", "钱先生", "孙小姐", "李老师", "周叔叔", "吴女士", "郑同学", "王奶奶")
COURIERS = ("速达快递", "鲜到家买菜", "晨风外卖", "桶装水配送", "家电配送")
FITTERS = ("安居装修队", "净源空调清洗", "巧手家政", "宽带安装", "橱柜安装师傅")
NAMES = {"visitor": VISITORS, "delivery": COURIERS, "contractor": FITTERS}
NOTES = ("", "", "", "带一只小狗", "行动不便,请放行到单元门口", "自带工具箱")
GATES = ("东门岗", "南门岗", "地库入口")
ITEMS = (
    ("三人沙发", 1),
    ("双开门冰箱", 1),
    ("床垫", 2),
    ("纸箱", 12),
    ("书柜", 1),
    ("电视机", 1),
    ("餐椅", 6),
)


def build(env, site, now):
    """Let visitors come and go, up to now.

    :param site: property.site
    :param datetime now: UTC
    """
    rng = random.Random(SEED * 7 + site.id)  # noqa: S311 - the same demo every time
    homes = env["property.unit"].search(
        [("site_id", "=", site.id), ("kind", "in", ("residence", "shop", "office"))], order="id"
    )
    homes = homes.filtered("owner_id")[:60]
    if not homes or env["property.visitor.rule"].search_count([("site_id", "=", site.id)]):
        return
    env["property.visitor.rule"].create(
        {"site_id": site.id, "kind": "contractor", "needs_approval": True, "days_max": 90}
    )
    job = env.ref("property_base.demo_job_guard", raise_if_not_found=False)
    guards = env["hr.employee"].search(
        [("site_ids", "in", site.ids), ("job_id", "=", job and job.id)]
    )
    _bans(env, site, now)
    visits = _past(rng, homes, guards, now) + _today(rng, homes, guards, now)
    _receive(env, visits)
    _expected(env, rng, homes, now)
    _releases(env, rng, homes, guards[:1], now)
    resident = env["res.users"].search([("login", "=", "owner"), ("share", "=", True)], limit=1)
    rows = resident.partner_id._property_current_occupancies_sudo()
    home = rows.filtered(lambda row: row.site_id == site).unit_id[:1]
    if home:
        _of_resident(env, resident.partner_id, home, guards[:1], now)
        _without_pass(env, resident.partner_id, home, guards[:1], now)
    visitor_doors.build(env, site, now)


def _bans(env, site, now):
    """Keep somebody out, and let a manager decide about another."""
    until = now.date() + timedelta(days=120)
    first, _proposed = env["property.visitor.ban"].create(
        [
            {
                "name": "冒充燃气检修的男子",
                "phone": f"130000077{site.id % 90 + 10}",
                "site_id": site.id,
                "reason": "多次冒充燃气公司上门推销报警器",
                "date_to": until,
            },
            {
                "name": "发小广告的面包车",
                "plate": f"皖C0{site.id % 90 + 10}77",
                "site_id": site.id,
                "reason": "反复进小区散发小广告,劝阻无效",
                "date_to": until,
            },
        ]
    )
    first.action_approve()
    first.approved_uid = site.manager_id.user_id or env.user


def _story(rng, homes, guards, start, minutes, **more):
    """Return what becomes of one visitor: values of a pass and of a visit."""
    kind = rng.choices(("visitor", "delivery", "contractor"), (6, 3, 2))[0]
    home, guard = rng.choice(homes), rng.choice(guards) if guards else guards
    has_car = kind != "delivery" and rng.random() < 0.4
    visit = {
        "name": rng.choice(NAMES[kind]),
        "kind": kind,
        "unit_id": home.id,
        "plate": new_plate(rng) if has_car else False,
        "method": rng.choices(("qr", "code", "list", "walk_in"), (6, 2, 1, 3))[0],
        "entered_at": start,
        "left_at": minutes and start + timedelta(minutes=minutes),
        "gate": rng.choice(GATES),
        "guard_id": guard.id,
        "guard_out_id": minutes and guard.id,
        **more,
    }
    if visit["method"] == "walk_in":
        visit["confirmed_by"] = f"{home.owner_id.name}(对讲确认)"
        return None, visit
    shared = {name: visit[name] for name in ("name", "kind", "unit_id", "plate")}
    return {
        **shared,
        "partner_id": home.owner_id.id,
        "phone": f"1300000{rng.randrange(1000, 9999)}",
        "note": rng.choice(NOTES) or False,
        "valid_from": start - timedelta(hours=rng.randrange(1, 5)),
        "valid_to": start + timedelta(hours=6),
        "uses_max": 1,
    }, visit


def _past(rng, homes, guards, now):
    """Return the visitors of the last weeks, two or three a day."""
    stories = []
    for days in range(1, DAYS):
        for _number in range(rng.choice((1, 2, 2, 3))):
            day = datetime.combine(now.date() - timedelta(days=days), time())
            start = day + timedelta(minutes=rng.randrange(0, 13 * 60))  # 8:00 to 21:00 there
            stories.append(_story(rng, homes, guards, start, rng.randrange(8, 200)))
    return stories


def _today(rng, homes, guards, now):
    """Return those of today: some have left, some are inside, one stays too long."""
    stories = [
        _story(rng, homes, guards, now - timedelta(minutes=ago), minutes)
        for ago, minutes in ((300, 40), (220, 25), (150, 70), (95, 20), (35, 0), (20, 0), (6, 0))
    ]
    late = now - timedelta(hours=7)
    stories.append(
        _story(rng, homes, guards, late, 0, method="walk_in", due_at=now - timedelta(hours=3))
    )
    return stories


def _receive(env, stories):
    """Put passes and visits into the database."""
    with_pass = [story for story in stories if story[0]]
    passes = env["property.visitor.pass"].create([vals for vals, _visit in with_pass])
    _issue(passes)
    ids = {id(vals): one.id for (vals, _visit), one in zip(with_pass, passes, strict=True)}
    visits = env["property.visitor.visit"].create(
        [{**visit, "pass_id": ids.get(id(vals))} for vals, visit in stories]
    )
    # a pass that was shown at two gates: phones without a network cannot know of each other
    doubled = visits.filtered(lambda visit: visit.pass_id and visit.left_at)[:1]
    if doubled:
        doubled.copy(
            {
                "entered_at": doubled.entered_at + timedelta(minutes=4),
                "left_at": doubled.left_at,
                "gate": GATES[1],
                "pass_id": doubled.pass_id.id,
                "method": "qr",
                "problem": "used_up",
            }
        )


def _issue(tickets, approval="none"):
    """Hand tickets out some hours before they count."""
    for start, some in tickets.grouped("valid_from").items():
        some.write({"issued_at": start - timedelta(hours=1), "approval": approval})


def _expected(env, rng, homes, now):
    """Let residents expect somebody today and tomorrow, and fitters wait for approval."""
    vals_list = []
    for number in range(8):
        vals, _visit = _story(
            rng, homes, homes.env["hr.employee"], now + timedelta(hours=number * 3), 0, method="qr"
        )
        vals_list.append({**vals, "valid_from": now + timedelta(hours=number * 3 - 5)})
    passes = env["property.visitor.pass"].create(vals_list)
    fitters = passes.filtered(lambda one: one.kind == "contractor")
    _issue(fitters, approval="waiting")
    _issue(passes - fitters)


def _release(rng, home, start, count):
    return {
        "unit_id": home.id,
        "partner_id": home.owner_id.id,
        "carrier": rng.choice(("顺心搬家", "蚂蚁力量搬运", "旧货回收站", "本人自运")),
        "plate": new_plate(rng),
        "valid_from": start,
        "valid_to": start + timedelta(hours=10),
        "line_ids": [
            Command.create({"name": name, "quantity": quantity})
            for name, quantity in rng.sample(ITEMS, count)
        ],
    }


def _releases(env, rng, homes, guard, now):
    """Let things be carried out: some were, some may be today, one was counted short."""
    releases = env["property.item.release"].create(
        [
            _release(rng, home, now - timedelta(days=days, hours=3), rng.randrange(1, 4))
            for home, days in zip(homes[3:], (15, 9, 6, 2, 0, 0), strict=False)
        ]
    )
    _issue(releases)
    for number, release in enumerate(releases[:4]):
        for line in release.line_ids:
            line.counted = line.quantity
        if number == 2:
            release.line_ids[:1].counted = 0
            release.problem = "实际数量与清单不符"
        release.write({"done_at": release.valid_from + timedelta(hours=2), "guard_id": guard.id})


def _of_resident(env, person, home, guard, now):
    """Give the resident of the demo visitors of every kind."""
    hour, mine = timedelta(hours=1), {"unit_id": home.id, "partner_id": person.id}
    passes = env["property.visitor.pass"].create(
        [
            {
                **mine,
                "name": "陈阿姨",
                "plate": "浙A6K218",
                "valid_from": now - hour,
                "valid_to": now + 9 * hour,
                "uses_max": 0,
                "note": "我妈妈,可能晚点到",
            },
            {
                **mine,
                "name": "鲜到家买菜",
                "kind": "delivery",
                "valid_from": now + 20 * hour,
                "valid_to": now + 26 * hour,
            },
            {
                **mine,
                "name": "橱柜安装师傅",
                "kind": "contractor",
                "phone": "13000004416",
                "valid_from": now + 18 * hour,
                "valid_to": now + 66 * hour,
                "uses_max": 0,
            },
            {
                **mine,
                "name": "同学聚会(老周)",
                "phone": "13000004420",
                "valid_from": now - 72 * hour,
                "valid_to": now - 62 * hour,
            },
            {
                **mine,
                "name": "二手书买家",
                "valid_from": now - 30 * hour,
                "valid_to": now - 20 * hour,
            },
        ]
    )
    fitters = passes.filtered(lambda one: one.kind == "contractor")
    _issue(fitters, approval="waiting")
    _issue(passes - fitters)
    passes[4].revoked_at = now - 28 * hour
    env["property.visitor.visit"].create(
        {
            "pass_id": passes[3].id,
            "name": passes[3].name,
            "unit_id": home.id,
            "method": "qr",
            "entered_at": now - 70 * hour,
            "left_at": now - 66 * hour,
            "gate": GATES[0],
            "guard_id": guard.id,
        }
    )
    releases = env["property.item.release"].create(
        [
            {
                **mine,
                "carrier": "顺心搬家",
                "plate": "浙A9M033",
                "valid_from": start,
                "valid_to": start + 10 * hour,
                "line_ids": [
                    Command.create({"name": name, "quantity": quantity}) for name, quantity in items
                ],
            }
            for start, items in ((now - hour, ITEMS[:2]), (now - 200 * hour, ITEMS[3:5]))
        ]
    )
    _issue(releases)
    for line in releases[1].line_ids:
        line.counted = line.quantity
    releases[1].write({"done_at": now - 196 * hour, "guard_id": guard.id})


def _without_pass(env, person, home, guard, now):
    """Let three come to the resident of the demo without a pass, one of whom he does not know."""
    visits = env["property.visitor.visit"].create(
        [
            {
                "name": name,
                "kind": kind,
                "unit_id": home.id,
                "method": "walk_in",
                "confirmed_by": agreed,
                "entered_at": now - timedelta(hours=hours),
                "left_at": now - timedelta(hours=hours - 1),
                "gate": gate,
                "guard_id": guard.id,
                "guard_out_id": guard.id,
            }
            for name, kind, agreed, hours, gate in (
                ("桶装水配送", "delivery", "业主电话确认", 3, GATES[0]),
                ("家电维修师傅", "contractor", "业主女儿,对讲确认", 27, GATES[1]),
                ("自称装宽带的人", "contractor", "自称已约好", 51, GATES[1]),
            )
        ]
    )
    visits[2]._deny(person)
