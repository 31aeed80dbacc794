"""Invented prospects of the mall, and how far they are."""

from typing import NamedTuple

RESERVED, SIGNED, LOST = "reserved", "signed", "lost"
SOURCES = {
    "walk_in": "自然到访",
    "agent": "中介介绍",
    "tenant": "租户介绍",
    "fair": "招商大会",
}


class Prospect(NamedTuple):
    """Who looks for what; ``days`` until the visit, negative if it was."""

    brand: str
    company: str
    contact: str
    trade: str
    area: tuple
    budget: float
    floors: tuple = (0, 0)
    source: str = "walk_in"
    step: str = "prospect"
    days: int = -5
    months: int = 36
    is_sent: bool = True
    note: str = ""


PROSPECTS = (
    Prospect(
        "雾里甜品",
        "雾里餐饮管理有限公司",
        "陆先生",
        "餐饮",
        (40, 70),
        16000,
        (1, 2),
        note="要求有上下水",
    ),
    Prospect(
        "圆周率编程",
        "圆周率教育科技有限公司",
        "闻老师",
        "培训",
        (120, 180),
        24000,
        (3, 4),
        "tenant",
    ),
    Prospect(
        "一方茶寮",
        "一方茶业有限公司",
        "方女士",
        "餐饮",
        (80, 120),
        22000,
        (1, 3),
        "fair",
    ),
    Prospect(
        "慢跑者运动", "慢跑者体育用品有限公司", "程先生", "运动", (150, 210), 32000, (3, 4), "agent"
    ),
    Prospect(
        "花涧美甲",
        "花涧美容服务部",
        "花女士",
        "生活服务",
        (40, 60),
        9000,
        (2, 3),
        step="visit",
        days=2,
    ),
    Prospect(
        "八方火锅",
        "八方餐饮管理有限公司",
        "邱经理",
        "餐饮",
        (160, 210),
        45000,
        (2, 3),
        "agent",
        "visit",
        1,
        60,
        note="需要排烟道，用电 150 kW",
    ),
    Prospect(
        "衣见钟情",
        "衣见钟情服饰有限公司",
        "苏女士",
        "服装",
        (60, 100),
        18000,
        (2, 2),
        "tenant",
        "visit",
        -1,
    ),
    Prospect(
        "小鹿绘本馆",
        "小鹿文化传播有限公司",
        "鹿女士",
        "培训",
        (80, 140),
        17000,
        (3, 4),
        "walk_in",
        "offer",
        -6,
    ),
    Prospect(
        "早安豆浆",
        "早安餐饮有限公司",
        "杜先生",
        "餐饮",
        (40, 80),
        15000,
        (1, 2),
        "walk_in",
        "offer",
        -8,
        24,
    ),
    Prospect(
        "云上数据",
        "云上数据服务有限公司",
        "尹经理",
        "办公",
        (80, 200),
        26000,
        (4, 4),
        "agent",
        "offer",
        -4,
        36,
        False,
    ),
    Prospect(
        "半山牙科",
        "半山口腔门诊有限公司",
        "单医生",
        "医疗、零售",
        (100, 170),
        34000,
        (2, 3),
        "fair",
        RESERVED,
        -10,
        60,
    ),
    Prospect(
        "橙子甜品屋",
        "橙子食品有限公司",
        "成女士",
        "餐饮、零售",
        (50, 120),
        26000,
        (1, 3),
        "agent",
        SIGNED,
        -20,
    ),
    Prospect(
        "西街理发",
        "西街美发服务部",
        "席先生",
        "生活服务",
        (40, 70),
        6000,
        (1, 1),
        "walk_in",
        LOST,
        -15,
    ),
    Prospect(
        "麦浪面包",
        "麦浪食品有限公司",
        "麦先生",
        "餐饮",
        (60, 90),
        12000,
        (1, 1),
        "tenant",
        LOST,
        -18,
    ),
    Prospect(
        "满格通讯",
        "满格通讯设备有限公司",
        "满经理",
        "零售",
        (40, 90),
        20000,
        (1, 2),
        "agent",
        "visit",
        3,
    ),
)
