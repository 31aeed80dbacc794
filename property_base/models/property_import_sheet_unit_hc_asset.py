import re

from odoo import api, models

from ..tools.cellread import clean_text, is_blank, read_number, read_text
from ..tools.headers import Column
from ..tools.rowgraph import Row
from .property_import_sheet_hc_person import HC_ROLES, hc_id_number, hc_phones
from .property_import_sheet_occupancy import ROLES
from .property_import_sheet_unit_hc import HC_TYPES

HC_STATES = {
    "2001": "occupied",
    "2002": "unsold",
    "2003": "delivered",
    "2004": "vacant",
    "2005": "occupied",
    "2006": "leased",
    "2007": "delivered",
    "2008": "vacant",
    "2009": "decorating",
}


class PropertyImportSheetHcAsset(models.AbstractModel):
    """Flat layout of HC小区物业管理系统: one row per person, the room repeated."""

    _name = "property.import.sheet.unit_hc_asset"
    _inherit = ["property.import.sheet.unit", "property.import.people"]
    _description = "Workbook Sheet: Rooms and People (HC)"

    _sheet_order = 22
    _sheet_names = ("资产信息", "资产", "房产信息", "房屋业主")
    _sheet_columns = (
        Column("building", ("楼号", "楼栋", "楼栋号"), True),
        Column("room", ("房间", "房号", "房间号"), True),
        Column("area_gross", ("建筑面积", "面积"), True),
        Column("name", ("业主名称", "业主姓名", "姓名"), True),
        Column("entrance", ("单元", "单元号")),
        Column("floor", ("楼层",)),
        Column("floor_count", ("总层数",)),
        Column("has_lift", ("是否有电梯", "电梯")),
        Column("type", ("房屋类型",)),
        Column("layout", ("房屋户型", "户型")),
        Column("area_net", ("室内面积", "套内面积")),
        Column("rent", ("租金",)),
        Column("state", ("房屋状态", "状态")),
        Column("sex", ("性别",)),
        Column("phone", ("手机号", "联系电话", "电话")),
        Column("id_number", ("身份证号", "身份证", "证件号码")),
        Column("role", ("业主类型", "身份")),
    )

    @api.model
    def _convert(self, row, context):
        """Read a room; its people are read with the rows it stands for."""
        super()._convert(row, context)
        row.vals["role"] = self._choice(
            row, context, "role", {**HC_ROLES, **ROLES}, default="owner"
        )

    @api.model
    def _read_state(self, row, context):
        state = HC_STATES.get(clean_text(row.raw.get("state")))
        return state or super()._read_state(row, context)

    @api.model
    def _read_type(self, row, context):
        return HC_TYPES.get(clean_text(row.raw.get("type"))) or super()._read_type(row, context)

    @api.model
    def _explode(self, row, context):
        """Return the building and the room where they come first, and the people of the row."""
        if row.key is None:
            return [row]
        seen = context.scratch.setdefault("hc_assets", set())
        rows = self._building_rows(row, context, seen)
        if ("unit", row.key) not in seen:
            seen.add(("unit", row.key))
            rows.append(row)
        people = [] if is_blank(row.raw.get("name")) else self._people(row, context)
        return rows + people

    @api.model
    def _building_rows(self, row, context, seen):
        code = row.vals["building"]
        if ("building", code) in seen or any(
            other.key == code for other in context.tables.get("building", ())
        ):
            return []
        seen.add(("building", code))
        vals = {
            "code": code,
            "name": f"{code}栋" if code.isdecimal() else code,
            "floor_count": self._cell(
                row, context, "floor_count", read_number, integer=True, minimum=0, maximum=200
            ),
            "has_lift": {"有": True, "是": True, "无": False, "否": False}.get(
                read_text(row.raw.get("has_lift"))
            ),
        }
        return [Row(row.sheet, row.number, "building", row.raw, vals, code, row, row.columns)]

    @api.model
    def _people(self, row, context):
        """Return a row per person; names, phones and ID numbers may be joined by commas."""
        lists = {key: self._split(row.raw.get(key)) for key in ("name", "phone", "id_number")}
        rows = []
        for index, name in enumerate(lists["name"]):
            raw = {
                "name": name,
                "phone": self._nth(lists["phone"], index),
                "id_number": self._nth(lists["id_number"], index),
            }
            part = Row(row.sheet, row.number, "occupancy", raw, origin=row, columns=row.columns)
            self._read_person(part, context)
            role = row.vals["role"]
            part.vals.update(
                unit=row.key,
                role="co_owner" if index and role == "owner" else role,
                date_from=context.today,
                is_date_guessed=True,
                date_to=None,
                note=None,
            )
            part.key = "|".join(
                (row.key, role or "", part.vals["name"] or "", str(raw["id_number"] or index))
            )
            rows.append(part)
        return rows

    @api.model
    def _split(self, value):
        if not isinstance(value, str):
            return [] if value is None else [value]
        return [part for part in re.split(r"[,，、;；]", value) if part.strip()]

    @api.model
    def _nth(self, values, index):
        return values[index] if index < len(values) else None

    @api.model
    def _read_phones(self, row, context):
        return self._cell(row, context, "phone", hc_phones) or []

    @api.model
    def _read_id_number(self, row, context):
        return self._cell(row, context, "id_number", hc_id_number, today=context.today)
