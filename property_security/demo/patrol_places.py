"""Where guards of the demo walk: routes of the sites with their points and times."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Walk:
    """A route: its points as (name, place), when it is walked, and whether by wand.

    ``weak``: names of points that guards like to leave out, in the dark above all.
    """

    name: str
    points: tuple
    times: str
    window: int = 20
    late: int = 60
    minutes: int = 4
    is_wand: bool = False
    weak: tuple = ()


RESIDENTIAL = (
    Walk(
        "夜间巡更",
        (
            ("南门岗亭", "南门人行通道旁"),
            ("1栋大堂", "1栋首层信报箱旁"),
            ("3栋天台", "3栋顶层电梯机房门口"),
            ("中心花园水景", "水泵控制箱旁"),
            ("儿童游乐场", "滑梯东侧灯杆"),
            ("垃圾分类房", "西侧围墙边"),
            ("配电房外", "5栋北侧"),
            ("北门岗亭", "北门道闸旁"),
        ),
        "21:00, 23:00, 01:00, 03:00, 05:00",
        weak=("垃圾分类房", "3栋天台"),
    ),
    Walk(
        "日间巡查",
        (
            ("南门岗亭", "南门人行通道旁"),
            ("消防通道东段", "2栋与3栋之间"),
            ("非机动车棚", "充电桩旁"),
            ("会所门前", "公告栏旁"),
            ("消防通道西段", "6栋西侧"),
            ("北门岗亭", "北门道闸旁"),
        ),
        "09:00, 12:30, 16:00, 18:30",
        window=30,
    ),
    Walk(
        "地下车库巡更(巡更棒)",
        (
            ("车库入口坡道", "B1 入口右侧墙"),
            ("A区消火栓", "B1 A12 柱"),
            ("水泵房门口", "B1 设备区"),
            ("B区排风机房", "B1 B30 柱"),
            ("车库出口坡道", "B1 出口左侧墙"),
        ),
        "22:00, 02:00",
        is_wand=True,
    ),
)
MIXED = (
    Walk(
        "商场闭店巡更",
        (
            ("一层中庭", "服务台背面"),
            ("二层扶梯口", "东扶梯下行口"),
            ("三层餐饮区", "后厨走廊防火门"),
            ("四层影院出口", "疏散楼梯口"),
            ("卸货平台", "地面西侧"),
            ("消防控制室", "B1 值班窗口"),
            ("天台设备区", "冷却塔旁"),
        ),
        "22:30, 00:30, 02:30, 04:30",
        window=25,
        weak=("天台设备区",),
    ),
    Walk(
        "办公楼及地库巡更",
        (
            ("写字楼大堂", "闸机旁"),
            ("10层避难层", "避难间门口"),
            ("20层走廊", "消防前室"),
            ("B2车库东区", "E08 柱"),
            ("B2车库西区", "W15 柱"),
            ("垃圾压缩站", "B1 西北角"),
        ),
        "10:00, 15:00, 20:30, 06:00",
        weak=("垃圾压缩站", "20层走廊"),
    ),
)
#: Guards of a site that the personnel of the demo does not have yet: name and telephone.
GUARDS = {
    "residential": (
        ("柯建军", "13000009047"),
        ("闵志远", "13000009057"),
        ("覃卫国", "13000009067"),
    ),
    "mixed": (("龚海涛", "13000009077"), ("苗长青", "13000009087"), ("瞿文斌", "13000009097")),
}
