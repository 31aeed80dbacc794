"""A second opinion: bills a ledger workbook day by day, in the plainest Python there is.

It shares no code with the addon, imports no Odoo, and takes no short cut: a month is walked day by
day, a pool is handed out fen by fen. Tests compare its answers with the billing run.
"""

import calendar
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import openpyxl

FEN = Decimal("0.01")


def _cents(value):
    return value.quantize(FEN, ROUND_HALF_UP)


def _day(value):
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return date(*map(int, value.split("-")))
    return value


def _dec(value):
    return Decimal(str(value))


def _sheet(book, name):
    rows = list(book[name].iter_rows(values_only=True))
    heads = rows[2]
    return [dict(zip(heads, row, strict=True)) for row in rows[3:] if any(row)]


class Ledger:
    """What the workbook says, in dictionaries."""

    def __init__(self, path):
        book = openpyxl.load_workbook(path, data_only=True)
        self.units, self.spaces = {}, {}
        self.owners, self.tenants = defaultdict(list), defaultdict(list)
        for row in _sheet(book, "房屋"):
            building = row["楼栋号"].removesuffix("栋")
            code = f"{building}-{row['单元号'] or 0}-{row['房号']}"
            self.units[code] = {
                "building": row["楼栋号"],
                "type": row["用途"],
                "area": _dec(row["建筑面积(㎡)"]),
                "handover": _day(row["交房日期"]),
                "order": (
                    int(building),
                    int(row["单元号"] or 0),
                    int(row["楼层"]),
                    int(re.sub(r"\D", "", str(row["房号"]))),
                ),
            }
        for row in _sheet(book, "业主住户"):
            entry = (_day(row["入住日期"]), _day(row["迁出日期"]), row["姓名"])
            if row["身份"] == "业主":
                self.owners[row["房屋"]].append(entry)
            elif row["身份"] == "租户":
                self.tenants[row["房屋"]].append(entry)
        for people in (*self.owners.values(), *self.tenants.values()):
            people.sort(key=lambda entry: entry[0])
        for row in _sheet(book, "车位"):
            self.spaces[row["车位号"]] = {
                "type": row["类型"],
                "home": row["所属房屋"],
                "from": _day(row["计费起始"]),
                "to": _day(row["到期日期"]),
            }
        self.prices = _sheet(book, "收费标准")
        self.meters = {row["表号"]: row for row in _sheet(book, "水电表")}
        self.readings = defaultdict(dict)
        for number, meter in self.meters.items():
            self.readings[number][_day(meter["安装日期"])] = _dec(meter["初始读数"])
        for row in _sheet(book, "抄表"):
            self.readings[row["表号"]][_day(row["抄表日期"])] = _dec(row["读数"])
        self.pools = _sheet(book, "公摊")
        self.openings = _sheet(book, "期初欠费")

    def owner_on(self, code, day):
        """Name who owns a unit on a day; the first owner answers for the days before."""
        people = self.owners.get(code)
        if not people:
            return None
        owner = people[0][2]
        for start, _end, name in people:
            if start <= day:
                owner = name
        return owner

    def tenant_on(self, code, day):
        """Name the tenant of a day, or else the owner."""
        for start, end, name in self.tenants.get(code, ()):
            if start <= day and (end is None or day <= end):
                return name
        return self.owner_on(code, day)

    def price_on(self, code, day):
        """Return the row of 收费标准 in force."""
        for row in self.prices:
            end = _day(row["失效日期"])
            if row["编码"] == code and _day(row["生效日期"]) <= day and (not end or day <= end):
                return row
        return None


def _time_based(ledger, item, subject, base, start, end, first, last):
    """Bill one subject for one month by walking its days."""
    length = calendar.monthrange(first.year, first.month)[1]
    segments, payers = [], []
    day = first
    while day <= last:
        if start <= day and (not end or day <= end):
            price = _dec(ledger.price_on(item, day)["单价"])
            payer = ledger.owner_on(subject, day)
            if not segments or segments[-1][0] != price:
                segments.append([price, 0])
            segments[-1][1] += 1
            if not payers or payers[-1][0] != payer:
                payers.append([payer, 0, day, day])
            payers[-1][1] += 1
            payers[-1][3] = day
        day += timedelta(days=1)
    whole = sum((_cents(base * price * n / length) for price, n in segments), Decimal(0))
    return _hand_out(whole, payers)


def _hand_out(whole, payers):
    """Give every payer the fen of its days, then the fen left over one by one."""
    if not payers:
        return []
    total_days = sum(entry[1] for entry in payers)
    fen = int(whole * 100)
    parts = [fen * entry[1] // total_days for entry in payers]
    rests = [fen * entry[1] % total_days for entry in payers]
    while sum(parts) < fen:
        lucky = max(range(len(parts)), key=lambda i: (rests[i], -i))
        parts[lucky] += 1
        rests[lucky] = -1
    return [
        (entry[0], entry[2], entry[3], Decimal(part) / 100)
        for entry, part in zip(payers, parts, strict=True)
    ]


def _metered(ledger, number, price, first, last):
    """Bill one meter: count the cubic metres one by one through the tiers."""
    meter = ledger.meters[number]
    book = ledger.readings[number]
    before = max((day for day in book if day < first), default=None)
    closing = max((day for day in book if first <= day <= last), default=None)
    if closing is None:
        return None
    if before is None:
        before = min(book)
    used = book[closing] - book[before]
    if used < 0:
        used += 10 ** int(meter["位数"])
    used *= _dec(meter["倍率"])
    if not used:
        return None
    if price["计费方式"] != "阶梯":
        return _cents(used * _dec(price["单价"])), before + timedelta(days=1), closing
    amount = Decimal(0)
    for part in price["单价"].split(";"):
        limits, unit_price = part.split(":")
        low, high = limits.split("-")
        inside = (min(used, Decimal(high)) if high else used) - Decimal(low)
        if inside > 0:
            amount += _cents(inside * Decimal(unit_price))
    return amount, before + timedelta(days=1), closing


def _pool(ledger, pool, unit_type, last):
    """Split one pool by area over the units handed over, fen by fen."""
    members = [
        (unit["order"], code, unit["area"])
        for code, unit in ledger.units.items()
        if unit["building"] == pool["楼栋"]
        and unit["type"] == unit_type
        and unit["handover"]
        and unit["handover"] <= last
    ]
    members.sort()
    area = sum(member[2] for member in members)
    fen = int(_dec(pool["金额(元)"]) * 100)
    exact = [fen * member[2] / area for member in members]
    parts = [int(value) for value in exact]
    by_rest = sorted(range(len(members)), key=lambda i: (-(exact[i] - parts[i]), i))
    for i in by_rest[: fen - sum(parts)]:
        parts[i] += 1
    return [(members[i][1], Decimal(parts[i]) / 100) for i in range(len(members))]


def _bill_area(ledger, price, first, last):
    for code, unit in ledger.units.items():
        if unit["type"] == price["适用范围"] and unit["handover"]:
            for part in _time_based(
                ledger, price["编码"], code, unit["area"], unit["handover"], None, first, last
            ):
                yield code, *part


def _bill_fixed(ledger, price, first, last):
    for code, space in ledger.spaces.items():
        if space["type"] == price["适用范围"]:
            start, end = space["from"], space["to"]
            for part in _time_based(
                ledger, price["编码"], space["home"], Decimal(1), start, end, first, last
            ):
                yield code, *part


def _bill_meters(ledger, price, first, last):
    kind = price["适用范围"].removesuffix("表")
    price = ledger.price_on(price["编码"], last)
    for number, meter in ledger.meters.items():
        part = _metered(ledger, number, price, first, last) if meter["类型"] == kind else None
        if part:
            amount, begin, end = part
            yield meter["房屋"], ledger.tenant_on(meter["房屋"], last), begin, end, amount


def _bill_pools(ledger, price, first, last):
    for pool in ledger.pools:
        if pool["项目"] == price["收费项目"] and pool["账期"] == f"{last:%Y-%m}":
            for code, amount in _pool(ledger, pool, price["适用范围"], last):
                yield code, ledger.owner_on(code, last), first, last, amount


METHODS = {
    "面积": _bill_area,
    "固定": _bill_fixed,
    "阶梯": _bill_meters,
    "用量": _bill_meters,
    "分摊": _bill_pools,
}


def bill_month(path, year, month):
    """Bill a ledger for one month.

    :return: list of (item code, unit code, payer's name, first day, last day, amount)
    """
    ledger = Ledger(path)
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    items = {price["编码"]: price for price in reversed(ledger.prices)}
    return [
        (code, *bill)
        for code, price in items.items()
        for bill in METHODS[price["计费方式"]](ledger, price, first, last)
        if bill[-1]
    ]


def summary(bills):
    """Total and count the bills of every item.

    :return: dict item code -> (amount, count)
    """
    totals = defaultdict(lambda: [Decimal(0), 0])
    for item, _unit, _payer, _first, _last, amount in bills:
        totals[item][0] += amount
        totals[item][1] += 1
    return {item: tuple(total) for item, total in totals.items()}
