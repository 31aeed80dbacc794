"""Generate the ledger of the second demo site: a mixed office and shopping centre.

Pure: the same seed, day and plan give the same workbook. The history is told relative to
`today`: it ends with the last full month, so that a demo installed on any day looks alive.
"""

import calendar
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from .people import Cast, credit_code
from .workbook import write_workbook

OFFICE, SHOP = "写字楼", "商铺"
TOWER, MALL = "A座", "B座"
SEASON_POWER = (1.25, 1.10, 0.90, 0.80, 0.90, 1.15, 1.45, 1.50, 1.20, 0.85, 0.90, 1.20)
SEASON_WATER = (0.90, 0.75, 0.90, 0.95, 1.05, 1.15, 1.30, 1.30, 1.10, 1.00, 0.95, 0.90)
HEADERS = {
    "楼栋": ("楼栋号", "单元数", "总层数", "每层户数", "电梯", "竣工日期"),
    "房屋": (
        *("楼栋号", "单元号", "楼层", "房号", "户型"),
        *("用途", "建筑面积(㎡)", "套内面积(㎡)", "交房日期", "状态"),
    ),
    "业主住户": ("房屋", "姓名", "身份", "手机号", "证件号码", "入住日期", "迁出日期", "备注"),
    "车位": ("车位号", "类型", "面积(㎡)", "所属房屋", "车牌号", "计费起始", "到期日期"),
    "收费标准": (
        *("编码", "收费项目", "计费方式", "单价", "单位", "适用范围"),
        *("周期", "生效日期", "失效日期", "税率", "违约金日率"),
    ),
    "水电表": ("表号", "房屋", "类型", "倍率", "初始读数", "位数", "安装日期"),
    "抄表": ("表号", "抄表日期", "读数"),
    "公摊": ("楼栋", "项目", "账期", "金额(元)"),
    "期初欠费": ("房屋", "收费编码", "账期起", "账期止", "金额(元)"),
}


@dataclass(frozen=True)
class Plan:
    """How large the site is and what happens in its history."""

    site_name: str = "星澜中心"
    months: int = 14
    office_floors: int = 9
    rooms_per_floor: int = 4
    shops: int = 20
    garage_spaces: int = 16
    yard_spaces: int = 6
    unsold: int = 3
    handovers: int = 3
    owner_changes: int = 2
    new_tenants: int = 5
    leaving_tenants: int = 5
    vacant: int = 4
    arrears: int = 5


@dataclass
class Stay:
    """Somebody's time in a unit; `until` is inclusive, None = still there."""

    who: tuple
    role: str
    since: date
    until: date | None = None
    note: str | None = None
    uses: bool = False

    def covers(self, day: date) -> bool:
        """Return whether the stay includes `day`."""
        return self.since <= day and (not self.until or day <= self.until)


@dataclass
class Unit:
    """A room of the site while its story is told."""

    code: str
    row: tuple
    kind: str
    area: float
    handover: date | None
    stays: list[Stay] = field(default_factory=list)

    def state(self, day: date) -> str:
        """Return the unit's state on `day` as the site office writes it."""
        if not self.handover:
            return "未售"
        users = [stay.role for stay in self.stays if stay.uses and stay.covers(day)]
        if not users:
            return "空置"
        return "已出租" if "租户" in users else "自住"

    def in_use(self, first: date, last: date) -> float:
        """Return the share (0-1) of the days of [first, last] on which somebody used the unit."""
        days = (last - first).days + 1
        using = [stay for stay in self.stays if stay.uses]
        return (
            sum(
                any(stay.covers(first + timedelta(days=offset)) for stay in using)
                for offset in range(days)
            )
            / days
        )


def month_starts(today: date, months: int) -> list[date]:
    """Return the first days of the last `months` full months before `today`, oldest first.

    >>> month_starts(date(2026, 3, 1), 2)
    [datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)]
    """
    index = today.year * 12 + today.month - 1
    return [date((index - back) // 12, (index - back) % 12 + 1, 1) for back in range(months, 0, -1)]


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


class Ledger:
    """Tells the story of one site and writes it down as sheets."""

    def __init__(self, seed: int, today: date, plan: Plan):
        self.plan = plan
        self.rng = random.Random(f"{seed}/{plan.site_name}")  # noqa: S311  invented data
        self.cast = Cast(self.rng)
        self.months = month_starts(today, plan.months)
        self.start, self.end = self.months[0], month_end(self.months[-1])
        self.units = self._build_units()
        self._hand_over()
        self._move_owners()
        self._let()

    def sheets(self) -> dict:
        """Return sheet name -> (headers, rows) in the order of the site office's workbook."""
        meters, readings = self._meters()
        rows = {
            "楼栋": self._buildings(),
            "房屋": [(*unit.row, unit.handover, unit.state(self.end)) for unit in self.units],
            "业主住户": self._people(),
            "车位": self._spaces(),
            "收费标准": self._prices(),
            "水电表": meters,
            "抄表": readings,
            "公摊": self._pools(),
            "期初欠费": self._arrears(),
        }
        return {name: (HEADERS[name], rows[name]) for name in HEADERS}

    # The story

    def _some_day(self, months: slice | None = None) -> date:
        """Return a day inside the history, never its first or last of a month."""
        month = self.rng.choice(self.months[months] if months else self.months)
        return month + timedelta(days=self.rng.randrange(4, 25))

    def _build_units(self) -> list[Unit]:
        plan, units = self.plan, []
        for floor in range(3, 3 + plan.office_floors):
            for number in range(1, plan.rooms_per_floor + 1):
                area = round(self.rng.uniform(86, 240), 2)
                room = f"{floor}{number:02d}"
                units.append(self._unit(TOWER, floor, room, OFFICE, area))
        for number in range(1, plan.shops + 1):
            area = round(self.rng.uniform(38, 165), 2)
            floor = 1 if number * 2 <= plan.shops + 1 else 2
            units.append(self._unit(MALL, floor, f"S{number:02d}", SHOP, area))
        return units

    def _unit(self, building: str, floor: int, room: str, kind: str, area: float) -> Unit:
        row = (building, None, floor, room, None, kind, area, round(area * 0.72, 2))
        handover = date(2019, 6, 1) + timedelta(days=30 * self.rng.randrange(30))
        return Unit(f"{building[:-1]}-0-{room}", row, kind, area, handover)

    def _hand_over(self):
        """Leave some units unsold, hand some over inside the history, give each an owner."""
        plan = self.plan
        offices = [unit for unit in self.units if unit.kind == OFFICE]
        picked = self.rng.sample(offices, min(plan.unsold + plan.handovers, len(offices) - 1))
        developer = ("星澜置业有限公司", self.cast.phone(), credit_code(self.rng.randrange(10**7)))
        for unit in self.units:
            if unit in picked[: plan.unsold]:
                unit.handover = None
            elif unit in picked:
                unit.handover = self._some_day(slice(2, None))
            if unit.handover:
                who = self._owner(unit, developer)
                moves_in = unit.handover >= self.start
                unit.stays.append(Stay(who, "业主", unit.handover, uses=moves_in))

    def _owner(self, unit: Unit, developer: tuple) -> tuple:
        lot = self.rng.random()
        if lot < 0.2 and unit.kind == OFFICE:
            return developer
        return self.cast.company() if lot < 0.35 else self.cast.person()

    def _move_owners(self):
        """Sell some units in the middle of a month."""
        old = [u for u in self.units if u.handover and u.handover < self.start]
        for unit in self.rng.sample(old, min(self.plan.owner_changes, len(old))):
            day = self._some_day()
            unit.stays[0].until = day - timedelta(days=1)
            unit.stays[0].note = "已过户"
            unit.stays.append(Stay(self.cast.person(), "业主", day, note="二手房过户"))

    def _let(self):
        """Let most units: for the whole history, from a day on, up to a day, or not at all."""
        plan = self.plan
        units = [u for u in self.units if u.handover and u.handover < self.start]
        self.rng.shuffle(units)
        vacant, units = units[: plan.vacant], units[plan.vacant :]
        coming, units = units[: plan.new_tenants], units[plan.new_tenants :]
        leaving, units = units[: plan.leaving_tenants], units[plan.leaving_tenants :]
        for unit in vacant:
            unit.stays[0].note = unit.stays[0].note or "空置"
        for unit in coming:
            self._tenant(unit, self._some_day())
        for unit in leaving:
            until = self._some_day(slice(0, max(1, len(self.months) - 3)))
            self._tenant(unit, self.start - timedelta(days=200), until)
            if self.rng.random() < 0.6:
                self._tenant(unit, until + timedelta(days=self.rng.randrange(12, 75)))
        for unit in units:
            if self.rng.random() < 0.3:
                for stay in unit.stays:
                    stay.uses = True
            else:
                self._tenant(unit, self.start - timedelta(days=self.rng.randrange(60, 700)))

    def _tenant(self, unit: Unit, since: date, until: date | None = None):
        if since > self.end:
            return
        who = self.cast.shop() if unit.kind == SHOP else self.cast.company()
        unit.stays.append(Stay(who, "租户", max(since, unit.handover), until, "租约", uses=True))

    # The sheets

    def _buildings(self) -> list[tuple]:
        plan = self.plan
        office = (TOWER, 0, plan.office_floors + 2, plan.rooms_per_floor, "有", "2018-12-31")
        return [office, (MALL, 0, 2, (plan.shops + 1) // 2, "有", "2018-12-31")]

    def _people(self) -> list[tuple]:
        rows = []
        for unit in self.units:
            for stay in unit.stays:
                name, phone, number = stay.who
                rows.append(
                    (unit.code, name, stay.role, phone, number, stay.since, stay.until, stay.note)
                )
        return rows

    def _spaces(self) -> list[tuple]:
        plan, rng = self.plan, self.rng
        homes = [unit for unit in self.units if unit.handover and unit.handover < self.start]
        rows = []
        for number in range(plan.garage_spaces + plan.yard_spaces):
            garage = number < plan.garage_spaces
            code = f"B1-{number + 1:02d}" if garage else f"G-{number + 1 - plan.garage_spaces:02d}"
            home = homes[number * len(homes) // (plan.garage_spaces + plan.yard_spaces)]
            since = max(home.handover, self.start - timedelta(days=rng.randrange(30, 900)))
            until = None
            if number % 9 == 4:
                since = self._some_day()
            elif number % 9 == 8:
                until = self._some_day()
            kind = "地下固定" if garage else "地上月租"
            rows.append((code, kind, 12.5, home.code, self.cast.plate(), since, until))
        return rows

    def _prices(self) -> list[tuple]:
        step = self.months[len(self.months) // 2]
        fixed = ("月", "2019-01-01", None)
        area = ("WYF-XZL", "物业服务费(写字楼)", "面积")
        per = ("元/㎡·月", OFFICE, "月")
        return [
            (*area, 8.5, *per, "2019-01-01", (step - timedelta(days=1)).isoformat(), "6%", "0.05%"),
            (*area, 9.2, *per, step.isoformat(), None, "6%", "0.05%"),
            ("WYF-SP", "物业服务费(商铺)", "面积", 12, "元/㎡·月", SHOP, *fixed, "6%", "0.05%"),
            ("CW-DX", "地下车位管理费", "固定", 260, "元/位·月", "地下固定", *fixed, "6%", None),
            ("CW-DS", "地上车位月租", "固定", 350, "元/位·月", "地上月租", *fixed, "9%", None),
            (
                "SF",
                "水费",
                "阶梯",
                "0-30:5.2;30-80:6.1;80-:7",
                "元/m³",
                "冷水表",
                *fixed,
                "3%",
                None,
            ),
            ("DF", "电费", "用量", 0.92, "元/kWh", "电表", *fixed, "13%", None),
            ("GT-DF", "公摊电费", "分摊", None, "按建筑面积", OFFICE, *fixed, "13%", None),
        ]

    def _meters(self) -> tuple[list[tuple], list[tuple]]:
        meters, readings = [], []
        installed = self.start - timedelta(days=1)
        for unit in self.units:
            kinds = [("电", "E", 20 if unit.kind == SHOP else 1, 6)]
            if unit.kind == SHOP:
                kinds.append(("冷水", "W", 1, 5))
            for kind, prefix, multiplier, digits in kinds:
                code = f"{prefix}{len(meters) + 1:04d}"
                reading = self.rng.randrange(200, 9000)
                meters.append((code, unit.code, kind, multiplier, reading, digits, installed))
                thirst = self.rng.uniform(0.7, 1.5)
                for first in self.months:
                    used = self._consumption(unit, kind, first) * thirst / multiplier
                    reading = (reading + round(used)) % 10**digits
                    readings.append((code, month_end(first), reading))
        return meters, readings

    def _consumption(self, unit: Unit, kind: str, first: date) -> float:
        """Return the units (kWh, m³) an average user of `unit` draws in the month of `first`."""
        share = unit.in_use(first, month_end(first))
        noise = self.rng.uniform(0.9, 1.1)
        if kind == "电":
            per_area = 7.5 if unit.kind == SHOP else 3.2
            return unit.area * per_area * SEASON_POWER[first.month - 1] * share * noise
        return unit.area * 0.35 * SEASON_WATER[first.month - 1] * share * noise

    def _pools(self) -> list[tuple]:
        size = len([unit for unit in self.units if unit.kind == OFFICE])
        return [
            (
                TOWER,
                "公摊电费",
                f"{first:%Y-%m}",
                round(62 * size * SEASON_POWER[first.month - 1] * self.rng.uniform(0.94, 1.06), 2),
            )
            for first in self.months
        ]

    def _arrears(self) -> list[tuple]:
        until = self.start - timedelta(days=1)
        since = month_starts(self.start, 3)[0]
        old = [unit for unit in self.units if unit.handover and unit.handover < since]
        rows = []
        for unit in self.rng.sample(old, min(self.plan.arrears, len(old))):
            code, price = ("WYF-XZL", 8.5) if unit.kind == OFFICE else ("WYF-SP", 12)
            rows.append((unit.code, code, since, until, round(unit.area * price * 3, 2)))
        return rows


def build_ledger(seed: int, today: date, plan: Plan | None = None) -> tuple[str, bytes]:
    """Return the ledger of the generated demo site.

    :param seed: same seed, day and plan: same bytes
    :param today: the history ends with the last full month before this day
    :param plan: size and events of the site
    :return: (file name, .xlsx content)
    """
    plan = plan or Plan()
    ledger = Ledger(seed, today, plan)
    content = write_workbook(plan.site_name, ledger.sheets(), ledger.end)
    return f"{plan.site_name}.xlsx", content
