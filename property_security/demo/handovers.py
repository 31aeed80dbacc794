"""Ten days of hand-overs at the posts of the demo sites."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command

DAYS = 10
SHIFTS = (8, 20)  # hours of the site at which posts are handed over
POSTS = (
    ("南门岗", "gate", (("对讲机", 4), ("门禁卡", 2), ("钥匙串", 3), ("灭火器", 2), ("手电筒", 2))),
    ("监控室", "control_room", (("对讲机", 2), ("消防柜钥匙", 1), ("灭火器", 4), ("应急灯", 2))),
)
NOTES = (
    "一切正常。3栋有装修,材料车走货运通道。",
    "车库B区照明待工程处理,夜巡带手电。",
    "晚上有业主搬家,已登记放行单。",
    "北门闸机刷卡偶尔不灵,已报修。",
    "明早8点电梯年检,提前放置围挡。",
    "快递柜今日爆满,注意通道畅通。",
)
OBJECTION = "对讲机实际只有3台,1台送修未写明"


def build(env, site, guards, now):
    """Build the posts of a site and their hand-overs, if it has none.

    :param guards: hr.employee, at least two
    :param now: naive UTC
    """
    posts = env["property.handover.post"]
    if len(guards) < 2 or posts.search_count([("site_id", "=", site.id)]):
        return
    posts = posts.create(
        [
            {
                "name": name,
                "sequence": number,
                "site_id": site.id,
                "kind": kind,
                "item_ids": [
                    Command.create({"name": item, "expected": count, "sequence": place})
                    for place, (item, count) in enumerate(items)
                ],
            }
            for number, (name, kind, items) in enumerate(POSTS)
        ]
    )
    moments = _moments(now, ZoneInfo(site.tz))
    for number, post in enumerate(posts):
        _chain(env, post, guards, moments, now, number)


def _moments(now, zone):
    """Return the last changes of shift, in UTC."""
    today = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
    found = [
        datetime.combine(today - timedelta(days=days), time(hour), zone)
        .astimezone(ZoneInfo("UTC"))
        .replace(tzinfo=None)
        for days in range(DAYS, -1, -1)
        for hour in SHIFTS
    ]
    return [moment for moment in found if moment < now]


def _chain(env, post, guards, moments, now, number):
    """Hand a post from guard to guard; the last hand-over of the first post is not signed yet."""
    previous = env["property.handover"]
    for count, moment in enumerate(moments):
        giver, taker = guards[count % len(guards)], guards[(count + 1) % len(guards)]
        end = moment + timedelta(minutes=(count * 7 + number * 3) % 9)
        is_last = count == len(moments) - 1 and not number
        is_odd = count == len(moments) - 6 and not number
        previous = env["property.handover"].create(
            {
                "post_id": post.id,
                "state": "given" if is_last else "taken",
                "from_employee_id": giver.id,
                "to_employee_id": taker.id,
                "previous_id": previous.id,
                "start_at": previous.end_at or end - timedelta(hours=12),
                "end_at": end,
                "taken_at": not is_last and end + timedelta(minutes=5),
                "is_disputed": is_odd,
                "dispute_note": is_odd and OBJECTION,
                "note": NOTES[(count + number) % len(NOTES)],
                "item_ids": [
                    Command.create(
                        {
                            "post_item_id": item.id,
                            "name": item.name,
                            "sequence": item.sequence,
                            "expected": item.expected,
                            "counted": item.expected - (is_odd and item.sequence == 0),
                            "is_counted": True,
                        }
                    )
                    for item in post.item_ids
                ],
            }
        )
    if previous.state == "given":
        previous.incident_ids = previous._open_incidents()
