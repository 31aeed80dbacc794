import re
from datetime import date, timedelta

from odoo import api, models

from odoo.addons.property_base.tools.cellread import (
    clean_text,
    is_blank,
    read_date,
    read_number,
    read_rate,
    read_text,
)
from odoo.addons.property_base.tools.codes import plain_code
from odoo.addons.property_base.tools.headers import Column
from odoo.addons.property_base.tools.rowgraph import OK, SKIPPED, Row

from ..tools.tiercell import is_tier_text, read_tiers
from ..tools.tiers import check_tiers

METHODS = {
    "面积": "area",
    "按面积": "area",
    "建筑面积": "area",
    "按建筑面积": "area",
    "套内面积": "area",
    "按套内面积": "area",
    "计费面积": "area",
    "按计费面积": "area",
    "固定": "fixed",
    "定额": "fixed",
    "按户": "fixed",
    "固定金额": "fixed",
    "按人": "fixed",
    "按人数": "fixed",
    "按车位": "fixed",
    "按车": "fixed",
    "按车辆": "fixed",
    "包月": "fixed",
    "用量": "metered",
    "按用量": "metered",
    "抄表": "metered",
    "计量": "metered",
    "按表": "metered",
    "阶梯": "metered",
    "阶梯价": "metered",
    "分摊": "allocated",
    "公摊": "allocated",
    "均摊": "allocated",
    "一次性": "one_off",
    "单次": "one_off",
}
METER_WORDS = (
    ("hot_water", ("热水",)),
    ("cold_water", ("冷水", "自来水", "水表", "水")),
    ("electricity", ("电",)),
    ("gas", ("燃气", "天然气", "煤气", "气")),
    ("heat", ("热力", "供热", "暖", "热")),
)
EVERY_HOUSEHOLD = ("全部", "所有", "全体", "全小区", "所有房屋", "全部房屋", "通用")
EVERY_SPACE = ("车位", "全部车位", "所有车位", "停车位")


class PropertyImportSheetTariff(models.AbstractModel):
    _name = "property.import.sheet.tariff"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Charge Items and Tariffs"

    _sheet_kind = "tariff"
    _sheet_order = 50
    _sheet_names = ("收费标准", "收费项目", "费用标准", "收费价格", "价格表")
    _sheet_columns = (
        Column("code", ("编码", "收费编码", "项目编码", "费用编码", "代码", "编号"), True),
        Column("name", ("收费项目", "项目", "项目名称", "费用名称", "名称", "收费名称"), True),
        Column("method", ("计费方式", "计费方法", "计算方式", "收费方式"), True),
        Column("price", ("单价", "价格", "标准", "收费标准", "计费单价"), True),
        Column("uom", ("单位", "计价单位", "单价单位", "分摊方式")),
        Column("scope", ("适用范围", "适用对象", "范围", "适用", "收费对象")),
        Column("cycle", ("周期", "收费周期", "缴费周期")),
        Column(
            "date_from", ("生效日期", "开始日期", "执行日期", "启用日期", "起始日期", "生效时间")
        ),
        Column("date_to", ("失效日期", "结束日期", "截止日期", "停用日期", "失效时间")),
        Column("tax", ("税率", "增值税率", "增值税")),
        Column("late", ("违约金日率", "滞纳金日率", "违约金", "违约金比例", "滞纳金", "日率")),
    )

    @api.model
    def _template_rows(self):
        start = date(2024, 1, 1)
        common = {"cycle": "月", "date_from": start}
        return [
            {
                **common,
                "code": "WYF-ZZ",
                "name": "物业服务费(住宅)",
                "method": "面积",
                "price": 2.8,
                "uom": "元/㎡·月",
                "scope": "住宅",
                "tax": "6%",
                "late": "0.03%",
            },
            {
                **common,
                "code": "CW-DX",
                "name": "地下车位管理费",
                "method": "固定",
                "price": 80,
                "uom": "元/位·月",
                "scope": "地下固定",
                "tax": "6%",
            },
            {
                **common,
                "code": "SF",
                "name": "水费",
                "method": "阶梯",
                "price": "0-15:3.45;15-25:4.83;25-:5.83",
                "uom": "元/m³",
                "scope": "冷水表",
                "tax": "3%",
            },
            {
                **common,
                "code": "GT-DF",
                "name": "公摊电费",
                "method": "分摊",
                "uom": "按建筑面积",
                "scope": "住宅",
                "tax": "13%",
            },
        ]

    @api.model
    def _template_notes(self):
        return {
            "method": self.env._("面积, 固定, 用量, 阶梯, 分摊 or 一次性."),
            "price": self.env._(
                "VAT included, per month. Tiers like 0-15:3.45;15-25:4.83;25-:5.83."
            ),
            "scope": self.env._("Types of units, or for metered items the meters: 冷水表, 电表."),
            "date_from": self.env._(
                "A new price is a new row with the same code and its first day."
            ),
            "late": self.env._("Late fee per day, like 0.03%."),
        }

    @api.model
    def _convert(self, row, context):
        """Read one price of a charge item for one span of time."""
        vals = row.vals
        vals["code"] = self._cell(row, context, "code", plain_code, required=True)
        vals["name"] = self._cell(row, context, "name", read_text, required=True)
        vals["method"] = self._choice(row, context, "method", METHODS, required=True)
        vals["scope"] = self._read_scope(row, context)
        vals["meter_kind"] = self._read_meter_kind(row, context)
        vals["basis"] = self._read_basis(row)
        vals["base"] = self._read_base(row)
        vals["cycle_months"] = self._read_cycle(row, context)
        self._read_price(row, context)
        vals["date_from"] = self._cell(row, context, "date_from", read_date)
        if vals["date_from"] is None and row.state == OK:
            vals["date_from"] = date(2000, 1, 1)
        vals["date_to"] = self._cell(row, context, "date_to", read_date)
        vals["tax"] = self._cell(row, context, "tax", read_rate)
        vals["late"] = self._cell(row, context, "late", read_rate)
        start = vals["date_from"]
        self._check_dates(row, context)
        if vals["code"]:
            row.key = f"{vals['code']}|{start or clean_text(row.raw.get('date_from'))}"

    @api.model
    def _check_dates(self, row, context):
        """Report a tariff that ends before it starts."""
        start, end = row.vals["date_from"], row.vals["date_to"]
        if start and end and end < start:
            context.error(
                row,
                "date_to",
                self.env._("The tariff ends before it starts. Correct one of the two dates."),
            )

    @api.model
    def _read_price(self, row, context):
        vals, raw = row.vals, row.raw.get("price")
        vals["price"], vals["tiers"] = None, []
        if is_tier_text(raw):
            self._read_tiers(row, context, raw)
        elif "阶梯" in clean_text(row.raw.get("method")):
            context.error(
                row,
                "price",
                self.env._("Write the tiers like 0-15:3.45;15-25:4.83;25-:5.83."),
            )
        else:
            needed = vals["method"] in ("area", "fixed", "metered")
            vals["price"] = self._cell(
                row, context, "price", read_number, required=needed, minimum=0
            )
        unit = clean_text(row.raw.get("uom"))
        if vals["method"] in ("area", "fixed") and re.search(r"[/·每]\s*[年季]|年$|季度?$", unit):
            context.error(
                row,
                "uom",
                self.env._(
                    "Prices are per month here. Convert the price and write 月 in the unit."
                ),
            )

    @api.model
    def _read_tiers(self, row, context, raw):
        message = None
        try:
            tiers = read_tiers(raw)
        except ValueError as error:
            message = self.env._(
                "“%(value)s” cannot be read. Write the tiers like 0-15:3.45;15-25:4.83;25-:5.83.",
                value=str(error)[:40],
            )
        else:
            row.vals["tiers"] = sorted(tiers, key=lambda tier: tier[0])
            if check_tiers(row.vals["tiers"]):
                message = self.env._(
                    "The tiers must start at 0, follow each other without gap or overlap, and the "
                    "last one stays open, like 25-:5.83."
                )
        if message:
            context.error(row, "price", message)

    @api.model
    def _read_scope(self, row, context):
        raw = row.raw.get("scope")
        if is_blank(raw):
            return []
        return [
            part for part in re.split(r"[、,;/+和及]", clean_text(raw).replace(" ", "")) if part
        ]

    @api.model
    def _read_meter_kind(self, row, context):
        if row.vals["method"] != "metered":
            return None
        words = [word for word in row.vals["scope"] if word.endswith("表")]
        for text in (*words, row.vals["name"] or ""):
            for kind, hints in METER_WORDS:
                if any(hint in text for hint in hints):
                    row.vals["scope"] = [w for w in row.vals["scope"] if w not in words]
                    return kind
        context.error(
            row,
            "scope",
            self.env._("Say which meters this item bills, like 冷水表 or 电表."),
        )
        return None

    @api.model
    def _read_basis(self, row):
        text = clean_text(row.raw.get("uom")) + clean_text(row.raw.get("method"))
        for basis, words in (
            ("consumption", ("用量", "用水", "用电")),
            ("coefficient", ("系数", "比例")),
            ("unit", ("户", "均摊", "平均")),
        ):
            if any(word in text for word in words):
                return basis
        return "area"

    @api.model
    def _shown_key(self, row):
        return " ".join(row.key.split("|"))

    @api.model
    def _check_table(self, rows, context):
        """Check the spans of an item's tariffs, their scope, and make the table of items."""
        unit_sheet = self.env["property.import.sheet.unit"]
        known = unit_sheet._type_names() | {
            row.vals.get("type") for kind in ("unit", "parking") for row in context.good(kind)
        }
        for row in rows:
            for word in row.vals["scope"]:
                if (
                    word not in known
                    and word not in EVERY_HOUSEHOLD + EVERY_SPACE
                    and unit_sheet._type_kind(word) is None
                ):
                    context.error(
                        row,
                        "scope",
                        self.env._(
                            "“%(value)s” is no type of unit. Use one of: %(known)s.",
                            value=word[:40],
                            known="、".join(sorted(name for name in known if name)),
                        ),
                    )
                    break
        by_code = {}
        for row in rows:
            by_code.setdefault(row.vals["code"], []).append(row)
        for tariffs in by_code.values():
            self._check_spans([row for row in tariffs if row.state == OK], context)
        self._make_items(context)

    @api.model
    def _check_spans(self, rows, context):
        rows.sort(key=lambda row: row.vals["date_from"])
        earlier = None
        for later in rows:
            if earlier is None or self._follows(earlier, later, context):
                earlier = later

    @api.model
    def _follows(self, earlier, later, context):
        """Check two neighbours in time; return whether the later one takes the earlier's place."""
        end, start = earlier.vals["date_to"], later.vals["date_from"]
        if end is None:
            earlier.vals["date_to"] = start - timedelta(days=1)
            context.warn(
                earlier,
                "date_to",
                self.env._(
                    "No last day, but row %(row)s continues from %(day)s; read as ending the day "
                    "before.",
                    row=later.number,
                    day=start,
                ),
            )
            return True
        if end < start:
            return True
        faulty = max(earlier, later, key=lambda row: row.number)
        context.error(
            faulty,
            "date_from",
            self.env._(
                "Overlaps the tariff in row %(row)s. End one the day before the other starts.",
                row=(earlier if faulty is later else later).number,
            ),
        )
        return faulty is earlier

    @api.model
    def _make_items(self, context):
        """Make the table of items that other sheets refer to, by code and by name."""
        items = {}
        for row in context.tables.get("tariff", ()):
            for key in dict.fromkeys((row.vals.get("code"), row.vals.get("name"))):
                if key and (key not in items or items[key].state != OK):
                    item = Row(row.sheet, row.number, "item", row.raw, row.vals, key, row)
                    if row.state != OK:
                        item.state, item.cause = SKIPPED, row
                    items[key] = item
        context.tables["item"] = list(items.values())

    @api.model
    def _existing(self, context):
        items = self._known_items(context)
        context.existing["item"] = {}
        for item in items.sorted(lambda item: not item.site_id):
            for key in (item.code.upper(), item.name):
                context.existing["item"].setdefault(key, item.id)
        tariffs = self.env["property.tariff"].sudo().search([("item_id", "in", items.ids)])
        return {f"{row.item_id.code.upper()}|{row.date_from}": row.id for row in tariffs}

    @api.model
    def _known_items(self, context):
        return (
            self.env["property.charge.item"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", context.company_id),
                    ("site_id", "in", (False, context.site_id)),
                ]
            )
        )
