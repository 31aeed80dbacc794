from datetime import date

from odoo import api, models

from ..tools.cellread import clean_text, is_blank, read_date, read_number, read_text
from ..tools.codes import building_code, entrance_code, room_code, unit_code
from ..tools.headers import Column
from ..tools.rowgraph import OK, Row

STATES = {
    "已交房": "delivered",
    "已交付": "delivered",
    "已交楼": "delivered",
    "已收房": "delivered",
    "已售": "delivered",
    "已出售": "delivered",
    "交房": "delivered",
    "未售": "unsold",
    "未出售": "unsold",
    "未销售": "unsold",
    "待售": "unsold",
    "未交房": "unsold",
    "未交付": "unsold",
    "空置": "vacant",
    "空闲": "vacant",
    "闲置": "vacant",
    "空房": "vacant",
    "未入住": "vacant",
    "已入住": "occupied",
    "入住": "occupied",
    "自住": "occupied",
    "在住": "occupied",
    "常住": "occupied",
    "已装修": "occupied",
    "装修中": "decorating",
    "装修": "decorating",
    "出租": "leased",
    "已出租": "leased",
    "已租": "leased",
    "租赁": "leased",
    "停用": "closed",
    "封闭": "closed",
}
#: Words in a unit's use that tell its kind where the exact type is not known yet.
KIND_WORDS = (
    ("parking", ("车位", "车库", "车位")),
    ("storage", ("储藏", "储物", "杂物", "地下室", "仓")),
    ("shop", ("商铺", "商业", "门面", "店", "底商", "铺")),
    ("office", ("写字", "办公", "商务")),
    ("public", ("公共", "物业用房", "公建", "配套", "设备", "社区用房")),
    ("residence", ("住宅", "住房", "别墅", "公寓", "洋房", "宿舍", "复式", "跃层", "商住", "居住")),
)


class PropertyImportSheetUnit(models.AbstractModel):
    _name = "property.import.sheet.unit"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Units"

    _sheet_kind = "unit"
    _sheet_order = 20
    _sheet_names = ("房屋", "房产", "房间", "户室", "房屋信息", "房号", "房源")
    _sheet_columns = (
        Column(
            "room",
            ("房号", "房间号", "室号", "房屋号", "房间", "门牌号", "户号", "房屋", "房屋编号"),
            True,
        ),
        Column(
            "area_gross", ("建筑面积", "建面", "面积", "产权面积", "房屋面积", "计费面积"), True
        ),
        Column("building", ("楼栋号", "楼栋", "楼号", "栋号", "幢号", "楼幢号", "楼栋编号")),
        Column("entrance", ("单元号", "单元", "单元编号", "门洞")),
        Column("floor", ("楼层", "所在楼层", "所在层", "层")),
        Column("layout", ("户型", "房型", "房屋户型")),
        Column(
            "type", ("用途", "房屋用途", "房屋类型", "物业类型", "性质", "房屋性质", "类型", "业态")
        ),
        Column("area_net", ("套内面积", "使用面积", "室内面积", "套内建筑面积")),
        Column(
            "handover_date",
            ("交房日期", "交付日期", "交楼日期", "收房日期", "交房时间", "接房日期"),
        ),
        Column("state", ("状态", "房屋状态", "入住状态", "使用状态", "房态")),
    )

    _template_required = ("building",)

    @api.model
    def _template_rows(self):
        return [
            {
                "building": "1栋",
                "entrance": 1,
                "floor": 1,
                "room": "101",
                "layout": "三室两厅",
                "type": "住宅",
                "area_gross": 107.97,
                "area_net": 87.46,
                "handover_date": date(2013, 9, 1),
                "state": "已交房",
            },
            {
                "building": "2栋",
                "floor": 1,
                "room": "S01",
                "type": "商铺",
                "area_gross": 60.5,
                "handover_date": date(2013, 9, 1),
                "state": "已交房",
            },
        ]

    @api.model
    def _template_notes(self):
        return {
            "entrance": self.env._("Leave blank where there is none, such as for shops."),
            "type": self.env._("住宅, 商铺, 写字楼, 储藏间, 公共区域; blank means 住宅."),
            "area_gross": self.env._("In m², greater than zero. Charges by area use it."),
            "handover_date": self.env._(
                "The management fee starts on this day. Leave it blank for unsold units."
            ),
        }

    @api.model
    def _convert(self, row, context):
        """Read a unit: building, entrance and room, or one whole code in the room's column."""
        vals = row.vals
        self._read_code(row, context)
        self._read_measures(row, context)
        vals["handover_date"] = self._cell(row, context, "handover_date", read_date)
        vals["state"] = self._read_state(row, context)
        vals["type"] = self._read_type(row, context)

    @api.model
    def _read_measures(self, row, context):
        """Read what every layout says of a room: floor, layout and areas."""
        vals = row.vals
        vals["floor"] = self._cell(
            row, context, "floor", read_number, integer=True, minimum=-10, maximum=200
        )
        vals["layout"] = self._cell(row, context, "layout", read_text)
        vals["area_gross"] = self._cell(
            row, context, "area_gross", read_number, required=True, positive=True, maximum=10**6
        )
        vals["area_net"] = self._cell(
            row, context, "area_net", read_number, minimum=0, maximum=10**6
        )

    @api.model
    def _read_code(self, row, context):
        vals, raw = row.vals, row.raw
        if is_blank(raw.get("building")) and "building" not in row.columns:
            code = self._cell(row, context, "room", unit_code, required=True)
            if code:
                vals["building"], vals["entrance"], vals["room"] = code.split("-", 2)
        else:
            vals["building"] = self._cell(row, context, "building", building_code, required=True)
            vals["entrance"] = self._cell(row, context, "entrance", entrance_code)
            room = clean_text(raw.get("room")).replace(" ", "")
            whole = room.count("-") == 2 and self._cell(row, context, "room", unit_code)
            vals["room"] = (
                whole.split("-", 2)[2]
                if whole
                else self._cell(row, context, "room", room_code, True)
            )
        if vals.get("building") and vals.get("room"):
            row.key = f"{vals['building']}-{vals.get('entrance') or '0'}-{vals['room']}"

    @api.model
    def _read_state(self, row, context):
        raw = row.raw.get("state")
        if is_blank(raw):
            return "delivered" if row.vals.get("handover_date") else None
        state = STATES.get(clean_text(raw).replace(" ", ""))
        if state is None:
            context.warn(
                row,
                "state",
                self.env._(
                    "State “%(value)s” is not known and is read as delivered.",
                    value=clean_text(raw)[:40],
                ),
            )
            return "delivered"
        return state

    @api.model
    def _read_type(self, row, context):
        if is_blank(row.raw.get("type")):
            return "住宅"
        name = clean_text(row.raw["type"]).replace(" ", "")
        if self._type_kind(name) is None and name not in self._type_names():
            context.error(
                row,
                "type",
                self.env._(
                    "Use “%(value)s” is not known. Use one of: %(known)s.",
                    value=name[:40],
                    known="、".join(sorted(self._type_names())),
                ),
            )
        return name

    @api.model
    def _type_names(self):
        groups = self.env["property.unit.type"].sudo()._read_group([], ["name"])
        return {name for (name,) in groups}

    @api.model
    def _type_kind(self, name):
        return next((kind for kind, words in KIND_WORDS if any(w in name for w in words)), None)

    @api.model
    def _types(self, names, context, kind=None):
        """Return dict type name -> id; create the types that are missing.

        :param kind: kind of the new types; told from their names when left out
        """
        names = list(dict.fromkeys(names))
        types = self.env["property.unit.type"].with_context(active_test=False)
        known = types.search([("name", "in", names)])
        found = {unit_type.name: unit_type.id for unit_type in known}
        new = [
            {"name": name, "kind": kind or self._type_kind(name) or "residence"}
            for name in names
            if name not in found
        ]
        for record in context.note_created(types.create(new)):
            found[record.name] = record.id
        return found

    @api.model
    def _references(self, row):
        return [(("building",), row.vals["building"], "building")]

    @api.model
    def _check_references(self, row, context):
        """A workbook without a sheet of buildings makes its buildings from the units."""
        if context.tables.get("building"):
            super()._check_references(row, context)
        if row.state == OK:
            self._check_building(row, context)

    @api.model
    def _check_building(self, row, context):
        building = context.index("building").get(row.vals["building"])
        if building is None:
            return
        vals = building.vals
        floors, entrances = vals.get("floor_count"), vals.get("entrance_count")
        floor, entrance = row.vals.get("floor"), row.vals.get("entrance") or "0"
        if floors and floor and floor > floors:
            context.warn(
                row,
                "floor",
                self.env._("The building has %(count)s floors. Check the floor.", count=floors),
            )
        if entrances and entrance.isdecimal() and int(entrance) > entrances:
            context.error(
                row,
                "entrance",
                self.env._(
                    "The building has %(count)s entrances. Check the entrance.", count=entrances
                ),
            )

    @api.model
    def _check_table(self, rows, context):
        """Make the table of buildings where the workbook has none."""
        if context.tables.get("building"):
            return
        first = {}
        for row in rows:
            code = row.vals["building"]
            if code not in context.existing.get("building", {}):
                first.setdefault(code, row)
        for code, row in first.items():
            name = f"{code}栋" if code.isdecimal() else code
            vals = {"code": code, "name": name}
            context.add(Row(row.sheet, row.number, "building", row.raw, vals, code, row))

    @api.model
    def _existing(self, context):
        """Return the units of the site; parking spaces are found by their number as well."""
        rows = (
            self.env["property.unit"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch([("site_id", "=", context.site_id)], ["code"])
        )
        return {unit.code: unit.id for unit in rows}

    @api.model
    def _import(self, rows, context):
        """Write the units."""
        types = self._types([row.vals["type"] for row in rows], context)

        def prepare(row):
            vals = row.vals
            result = {
                "site_id": context.site_id,
                "code": row.key,
                "building_id": context.record_id(("building",), vals["building"]),
                "entrance": vals.get("entrance") or "0",
                "room": vals["room"],
                "type_id": types[vals["type"]],
                "area_gross": float(vals["area_gross"]),
                "handover_date": vals["handover_date"] or False,
                "state": vals["state"] or ("delivered" if vals["handover_date"] else "unsold"),
            }
            for name in ("floor", "layout"):
                if vals[name] is not None:
                    result[name] = vals[name]
            if vals["area_net"] is not None:
                result["area_net"] = float(vals["area_net"])
            return result

        self._upsert("unit", "property.unit", rows, prepare, context)
