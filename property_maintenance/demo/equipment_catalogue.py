"""What the demo sites have: plain values, invented brands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Gauge:
    """A gauge: its normal value and how far it strays; a counter grows by `normal` a day."""

    name: str
    unit: str
    normal: float
    spread: float
    low: float | None = None
    high: float | None = None
    is_counter: bool = False


@dataclass(frozen=True)
class Piece:
    """One piece of equipment, or one for every building or entrance.

    ``each``: site, building or entrance; ``years``: age; ``plans``: keys of PLANS.
    """

    kind: str
    name: str
    place: str
    brand: str
    model: str
    years: float
    cost: int
    each: str = "site"
    plans: tuple = ()
    gauges: tuple = ()
    count: int = 1


#: name, (every, unit), anchor, hours, tasks come from the class
PLANS = {
    "half_month": ("半月保养", (15, "day"), "fixed", 1.0),
    "month": ("月度保养", (1, "month"), "fixed", 1.5),
    "quarter": ("季度保养", (3, "month"), "last_done", 2.0),
    "half_year": ("半年保养", (6, "month"), "last_done", 3.0),
    "year": ("年度保养", (1, "year"), "fixed", 6.0),
    "hours_500": ("500 小时保养", (500, "h"), "last_done", 3.0),
}
SUPPLIERS = {
    "云梯电梯": "云梯电梯工程有限公司",
    "清源泵业": "清源泵业成套设备有限公司",
    "安澜消防": "安澜消防技术有限公司",
    "恒电电气": "恒电电气设备有限公司",
    "凌霜空调": "凌霜空调设备有限公司",
    "明眸安防": "明眸安防科技有限公司",
    "捷道智能": "捷道智能停车有限公司",
}
HOURS = Gauge("运行时间", "h", 7.5, 2.0, is_counter=True)
STARTS = Gauge("运行次数", "次", 420, 90, is_counter=True)
PRESSURE = Gauge("出水压力", "MPa", 0.48, 0.03, 0.35, 0.6)
FIRE_PRESSURE = Gauge("管网压力", "MPa", 0.62, 0.04, 0.4, 0.8)
OIL = Gauge("绕组温度", "℃", 62, 9, None, 95)
VOLTAGE = Gauge("母线电压", "V", 394, 4, 380, 410)
BATTERY = Gauge("蓄电池电压", "V", 26.4, 0.4, 24.5, 28.5)
CHLORINE = Gauge("余氯", "mg/L", 0.18, 0.05, 0.05, 0.5)
WATER = Gauge("冷冻水出水温度", "℃", 7.1, 0.7, 5, 9.5)
COMMON = (
    Piece(
        "pump",
        "生活水泵 {n}",
        "地下一层生活水泵房",
        "清源泵业",
        "QY-CR32-6",
        6,
        38000,
        plans=("month",),
        gauges=(HOURS, PRESSURE),
        count=2,
    ),
    Piece(
        "water_tank",
        "生活水箱",
        "地下一层生活水泵房",
        "清源泵业",
        "QY-SX-50",
        6,
        46000,
        plans=("half_year",),
        gauges=(CHLORINE,),
    ),
    Piece(
        "sewage_pump",
        "排污泵 {n}",
        "地下车库集水坑",
        "清源泵业",
        "QY-WQ15",
        5,
        6800,
        plans=("quarter",),
        count=2,
    ),
    Piece(
        "fire_alarm",
        "火灾报警控制器",
        "消防控制室",
        "安澜消防",
        "AL-JB9000",
        6,
        88000,
        plans=("month",),
    ),
    Piece(
        "fire_pump",
        "消火栓泵 {n}",
        "地下一层消防泵房",
        "安澜消防",
        "AL-XBD10",
        6,
        42000,
        plans=("month",),
        gauges=(FIRE_PRESSURE,),
        count=2,
    ),
    Piece(
        "sprinkler",
        "自动喷水灭火系统",
        "地下一层消防泵房",
        "安澜消防",
        "AL-ZSFZ150",
        6,
        120000,
        plans=("quarter",),
    ),
    Piece(
        "smoke_exhaust",
        "排烟风机 {n}",
        "屋面",
        "安澜消防",
        "AL-HTF8",
        6,
        15800,
        plans=("quarter",),
        count=2,
    ),
    Piece(
        "transformer",
        "变压器 {n}",
        "地下一层变配电室",
        "恒电电气",
        "HD-SCB13-1000",
        6,
        168000,
        plans=("quarter",),
        gauges=(OIL,),
        count=2,
    ),
    Piece(
        "switchgear",
        "低压配电柜",
        "地下一层变配电室",
        "恒电电气",
        "HD-GCS",
        6,
        92000,
        plans=("month",),
        gauges=(VOLTAGE,),
    ),
    Piece(
        "generator",
        "柴油发电机组",
        "地下一层发电机房",
        "恒电电气",
        "HD-500GF",
        6,
        260000,
        plans=("month", "hours_500"),
        gauges=(Gauge("运行时间", "h", 1.4, 0.6, is_counter=True), BATTERY),
    ),
    Piece("lightning", "防雷接地装置", "各栋屋面", "恒电电气", "HD-FL", 6, 30000, plans=("year",)),
    Piece(
        "gate",
        "车行道闸 {n}",
        "车库出入口",
        "捷道智能",
        "JD-T6",
        3,
        16800,
        plans=("quarter",),
        count=2,
    ),
    Piece(
        "lighting", "公共照明系统", "公共区域", "恒电电气", "HD-LED", 4, 52000, plans=("quarter",)
    ),
)
RESIDENTIAL = (
    Piece(
        "lift",
        "{building}{entrance}单元客梯",
        "电梯井道",
        "云梯电梯",
        "YT-MRL1000",
        7,
        235000,
        each="entrance",
        plans=("half_month",),
        gauges=(STARTS,),
    ),
    Piece(
        "camera",
        "{building}大堂摄像机",
        "一层大堂",
        "明眸安防",
        "MM-C400",
        4,
        1280,
        each="building",
        plans=("half_year",),
    ),
    Piece(
        "access",
        "小区门禁 {n}",
        "南门、北门",
        "明眸安防",
        "MM-A20",
        4,
        5600,
        plans=("half_year",),
        count=2,
    ),
)
COMMERCIAL = (
    Piece(
        "lift",
        "{building}客梯 {number}",
        "核心筒",
        "云梯电梯",
        "YT-HS1600",
        4,
        386000,
        each="building",
        plans=("half_month",),
        gauges=(STARTS,),
        count=2,
    ),
    Piece(
        "escalator",
        "商业街自动扶梯 {n}",
        "一层至二层",
        "云梯电梯",
        "YT-E800",
        4,
        210000,
        plans=("half_month",),
        count=2,
    ),
    Piece(
        "chiller",
        "冷水机组 {n}",
        "地下二层制冷机房",
        "凌霜空调",
        "LS-WCFX30",
        4,
        680000,
        plans=("quarter", "hours_500"),
        gauges=(HOURS, WATER),
        count=2,
    ),
    Piece(
        "air_handler",
        "新风机组 {n}",
        "屋面机房",
        "凌霜空调",
        "LS-AHU12",
        4,
        78000,
        plans=("quarter",),
        count=2,
    ),
    Piece(
        "parking_machine", "机械车库", "地下二层", "捷道智能", "JD-PSH", 4, 560000, plans=("month",)
    ),
    Piece(
        "camera",
        "商业街摄像机 {n}",
        "商业街",
        "明眸安防",
        "MM-C400",
        4,
        1280,
        plans=("half_year",),
        count=3,
    ),
)
#: Days from today to the last day of certificates, dealt out in turn: every state is there.
EXPIRY_DAYS = (-12, 5, 22, 48, 75, 118, 163, 207, 251, 298, 331, 352)
ISSUERS = {
    "lift_annual": "翠湖市特种设备检验研究院",
    "lift_governor": "翠湖市特种设备检验研究院",
    "parking_machine": "翠湖市特种设备检验研究院",
    "fire_test": "正安消防检测有限公司",
    "lightning": "蓝空防雷检测有限公司",
    "electrical": "恒信电力试验有限公司",
    "water_tank": "净泉水质检测有限公司",
}
