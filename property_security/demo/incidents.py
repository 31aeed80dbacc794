"""Incidents of the demo sites. Nobody here exists; no number here is anybody's."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command

SEED = 20261102


@dataclass(frozen=True)
class Case:
    """Something that happened: when, what, where, and what came of it."""

    days: int
    hour: int
    kind: str
    name: str
    place: str
    text: str
    result: str = ""
    is_police_called: bool = False
    loss: float = 0
    people: tuple = ()
    building: int | None = None


CLOSED = (
    Case(
        88,
        9,
        "damage",
        "单元门禁玻璃破裂",
        "单元大堂",
        "早班巡查发现玻璃门右扇裂开,地面有碎渣,已用胶带临时固定。",
        "厂家上门更换玻璃,拍照存档。",
        loss=860,
        building=0,
    ),
    Case(
        84,
        23,
        "noise",
        "深夜装修敲打",
        "12层走廊",
        "业主来电称楼上有敲打声,到场核实为新入住业主组装家具。",
        "业主配合停工,次日白天继续,投诉人表示满意。",
        building=1,
    ),
    Case(
        81,
        15,
        "scratch",
        "两车地库转角剐蹭",
        "地下车库B区转角",
        "白色轿车倒车时碰到右侧停放车辆后视镜,双方在场。",
        "双方自行协商赔付300元,签字确认。",
        people=(("周先生", "party", "13000001101"), ("吴女士", "party", "13000001102")),
    ),
    Case(
        77,
        7,
        "lift",
        "电梯困人",
        "2号电梯",
        "早高峰电梯停在7层与8层之间,轿厢内2人,对讲应答正常。",
        "维保18分钟到场放人,人员无不适,电梯停梯检修后恢复。",
        building=1,
        people=(("钱女士", "victim", "13000001103"),),
    ),
    Case(
        75,
        20,
        "suspect",
        "陌生男子挨户敲门",
        "高层单元",
        "自称做问卷调查,未登记,敲了三户门。",
        "核对身份后请其离开并陪同出门,门岗加强登记。",
        building=2,
    ),
    Case(
        72,
        14,
        "water",
        "消防喷淋漏水",
        "地下车库A区",
        "喷淋接头滴水,地面约2平方米积水。",
        "工程关阀更换接头,清理积水,未影响车辆。",
    ),
    Case(
        69,
        18,
        "thrown",
        "高空落下饮料瓶",
        "北侧人行道",
        "一只未开封的饮料瓶落在绿化带,无人受伤。",
        "调取高空抛物录像,入户走访两户,张贴提醒。",
        building=3,
    ),
    Case(
        66,
        11,
        "theft",
        "快递柜旁电动车电瓶被盗",
        "东侧非机动车棚",
        "业主发现电瓶不见,车锁被剪断。",
        "报警并提供录像,民警已立案,车棚增加照明。",
        True,
        780,
        (("赵先生", "victim", "13000001104"),),
    ),
    Case(
        63,
        16,
        "dog",
        "未牵绳犬只追逐儿童",
        "中心花园",
        "一只中型犬未牵绳,追逐玩耍儿童,无人受伤。",
        "犬主已登记并承诺牵绳,张贴文明养犬提示。",
    ),
    Case(
        60,
        2,
        "suspect",
        "凌晨有人翻越围墙",
        "南侧围墙",
        "电子围栏报警,到场未见人,草地有脚印。",
        "查看录像为送外卖人员抄近路,已教育;围墙加装警示牌。",
    ),
    Case(
        57,
        10,
        "damage",
        "道闸杆被撞弯",
        "南门出口",
        "货车起步过急撞弯道闸杆,司机在场。",
        "司机赔付换杆费用,当日恢复。",
        loss=650,
    ),
    Case(
        54,
        13,
        "fight",
        "两名装修工人争吵推搡",
        "货运通道",
        "因占用电梯发生口角并推搡,两人均无受伤。",
        "劝开后由装修公司负责人带离,写下情况说明。",
        building=4,
    ),
    Case(
        51,
        19,
        "noise",
        "广场舞音响过大",
        "中心花园",
        "多位业主反映音响声音大。",
        "与领队约定20:30前结束并调低音量。",
    ),
    Case(
        48,
        8,
        "lift",
        "电梯困人",
        "1号电梯",
        "一名老人被困3层,情绪稳定。",
        "维保12分钟到场,老人自行回家,维保更换门机皮带。",
        building=4,
    ),
    Case(
        45,
        21,
        "fire",
        "楼道电动车充电冒烟",
        "3层楼道",
        "业主违规飞线充电,插排冒烟,无明火。",
        "切断电源,灭火器备用未使用,电动车移出,上门宣传。",
        building=2,
        loss=120,
    ),
    Case(
        42,
        17,
        "scratch",
        "外卖电动车碰倒业主",
        "东门人行口",
        "业主手部轻微擦伤,外卖员在场。",
        "双方同意去医院检查,费用由外卖员承担。",
        people=(("孙女士", "victim", "13000001105"),),
    ),
    Case(
        39,
        12,
        "theft",
        "会所储物柜手机丢失",
        "会所二层",
        "业主称手机放在未上锁的储物柜内丢失。",
        "失主次日在家中找到手机,误报。",
    ),
    Case(
        36,
        22,
        "noise",
        "棋牌声扰民",
        "架空层",
        "22点后仍有人打牌,声音大。",
        "劝离,架空层照明改为22点关闭。",
        building=5,
    ),
    Case(
        33,
        6,
        "water",
        "暴雨地库进水",
        "地下车库坡道",
        "短时强降雨,坡道截水沟溢水,水深约5厘米。",
        "沙袋围挡,启用两台水泵,1小时排净,无车辆受损。",
    ),
    Case(
        30,
        15,
        "other",
        "业主遗失钥匙被捡到",
        "健身区",
        "保洁捡到一串钥匙交到门岗。",
        "失主凭描述领回,已登记。",
    ),
    Case(
        26,
        18,
        "thrown",
        "阳台花盆坠落",
        "南侧绿化带",
        "大风吹落一只塑料花盆,砸断灌木,无人受伤。",
        "入户提醒加固,全小区发布大风提示。",
        building=3,
        loss=80,
    ),
    Case(
        22,
        9,
        "damage",
        "儿童滑梯护栏松动",
        "儿童游乐区",
        "晨检发现护栏螺丝松脱。",
        "围挡后当天紧固,恢复使用。",
    ),
    Case(
        18,
        20,
        "fight",
        "停车位纠纷",
        "地面停车区12号车位",
        "两位业主因车位被占发生争吵。",
        "民警到场调解,双方和解。",
        True,
        0,
        (("冯先生", "party", "13000001106"), ("褚先生", "party", "13000001107")),
    ),
    Case(
        13,
        3,
        "suspect",
        "车库内有人拉车门",
        "地下车库C区",
        "监控发现一人逐辆拉车门,当班两人到场将其拦下。",
        "移交民警,经查未得手;车库夜间加巡一次。",
        True,
    ),
    Case(
        8,
        14,
        "lift",
        "电梯困人",
        "3号电梯",
        "两名快递员被困,轿厢超载。",
        "维保15分钟放人,张贴限载提示。",
        building=0,
    ),
    Case(
        4,
        19,
        "dog",
        "犬吠扰民",
        "高层单元",
        "邻居反映犬吠一小时。",
        "犬主外出,联系后返回处理。",
        building=5,
    ),
)
OPEN = (  # minutes ago, how far it is
    (
        12,
        "reported",
        Case(
            0,
            0,
            "suspect",
            "北门有人尾随业主进入",
            "北门人行口",
            "门岗看到一名男子跟随业主进入,未刷卡,往3栋方向走。",
            building=2,
        ),
    ),
    (
        95,
        "handling",
        Case(
            0, 0, "water", "水表井持续冒水", "地面停车区东侧", "井盖缝隙冒水,已围挡,通知工程关阀。"
        ),
    ),
    (
        26 * 60,
        "handling",
        Case(
            0,
            0,
            "theft",
            "非机动车棚头盔被拿走",
            "东侧非机动车棚",
            "业主反映两顶头盔不见,正在调录像。",
            "",
            True,
            260,
            (("卫女士", "victim", "13000001108"),),
        ),
    ),
    (
        50 * 60,
        "handling",
        Case(
            0,
            0,
            "damage",
            "地库照明大面积不亮",
            "地下车库B区",
            "B区约十盏灯不亮,行人通道偏暗,已加临时灯。",
        ),
    ),
)
CANCELLED = Case(
    15, 11, "fire", "烟感误报", "5层管道井", "烟感报警,到场为装修粉尘,无火情。", building=1
)


def build(env, site, guards, now, share):
    """Build the incidents of a site that has none.

    :param guards: hr.employee who reported and handled them
    :param now: naive UTC
    :param int share: 1 for all of them, 3 for every third
    """
    if not guards or env["property.incident"].search_count([("site_id", "=", site.id)]):
        return
    rng = random.Random(SEED + share)  # noqa: S311 - the same demo every time
    kinds = {
        name: env.ref(f"property_security.incident_type_{name}")
        for name in {case.kind for case in CLOSED} | {CANCELLED.kind, "theft", "water"}
    }
    zone = ZoneInfo(site.tz)
    vals_list = [
        _closed(site, guards, kinds, _moment(case, now, zone, rng), case, rng)
        for case in CLOSED[::share]
    ]
    vals_list += [
        _open(site, guards, kinds, now - timedelta(minutes=minutes), state, case)
        for minutes, state, case in OPEN[::share]
    ]
    if share == 1:
        at = _moment(CANCELLED, now, zone, rng)
        over = {"state": "cancelled", "cancel_reason": "装修粉尘引起的误报", "closed_at": at}
        vals_list.append({**_vals(site, guards[0], kinds, at, CANCELLED), **over})
    _link(env, site, env["property.incident"].create(vals_list))


def _moment(case, now, zone, rng):
    """Return when a case happened: so many days ago, at its hour of the site; in UTC."""
    today = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
    there = datetime.combine(
        today - timedelta(days=case.days), time(case.hour, rng.randrange(60)), zone
    )
    return there.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _vals(site, guard, kinds, at, case):
    """Return what a report says."""
    buildings = site.building_ids
    building = buildings[case.building % len(buildings)] if case.building is not None else None
    return {
        "name": case.name,
        "description": case.text,
        "type_id": kinds[case.kind].id,
        "site_id": site.id,
        "building_id": building and building.id,
        "place": case.place,
        "occurred_at": at - timedelta(minutes=4),
        "reported_at": at,
        "alarmed_at": at,  # no mail goes out for the demo
        "late_told_at": at,
        "reporter_id": guard.id,
        "is_police_called": case.is_police_called,
        "police_at": case.is_police_called and at + timedelta(minutes=6),
        "amount_loss": case.loss,
        "person_ids": [
            Command.create({"name": name, "role": role, "phone": phone})
            for name, role, phone in case.people
        ],
    }


def _steps(kind, at, spans, user):
    """Return the steps of a kind, done one after the other.

    :param spans: minutes from the report to each step that is done
    """
    steps = kind._prepare_step_vals()
    for step, minutes in zip(steps, spans, strict=False):
        step.update(done_at=at + timedelta(minutes=minutes), done_uid=user.id)
    return [Command.create(step) for step in steps]


def _closed(site, guards, kinds, at, case, rng):
    guard = guards[rng.randrange(len(guards))]
    answer = rng.choice((2, 3, 4, 6, 8, 12, 25, 48))
    end = at + timedelta(hours=rng.choice((1, 2, 3, 6, 20, 26, 40)), minutes=answer)
    user = guard.user_id or site.env.user
    kind = kinds[case.kind]
    return {
        **_vals(site, guard, kinds, at, case),
        "responsible_id": guard.id,
        "state": "closed",
        "responded_at": at + timedelta(minutes=answer),
        "closed_at": end,
        "closed_uid": user.id,
        "result": case.result,
        "step_ids": _steps(kind, at, [answer + 5 * n for n in range(len(kind.step_ids))], user),
    }


def _open(site, guards, kinds, at, state, case):
    guard, user = guards[0], guards[0].user_id or site.env.user
    begun = state == "handling"
    return {
        **_vals(site, guard, kinds, at, case),
        "state": state,
        "responsible_id": begun and guard.id,
        "responded_at": begun and at + timedelta(minutes=3),
        "late_told_at": False,
        "step_ids": _steps(kinds[case.kind], at, [3] if begun else [], user),
    }


def _link(env, site, incidents):
    """Give some incidents the camera that saw them."""
    cameras = env["property.camera"].search([("site_id", "=", site.id)])
    for incident in incidents:
        place = incident.place or ""
        seen = cameras.filtered(lambda one, place=place: one.place and one.place[:2] in place)
        incident.camera_id = seen[:1]
