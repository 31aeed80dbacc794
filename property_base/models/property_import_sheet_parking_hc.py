from datetime import date

from odoo import api, models

from ..tools import plate as plates
from ..tools.cellread import clean_text, read_date, read_number, read_text
from ..tools.codes import plain_code
from ..tools.headers import Column
from ..tools.rowgraph import Row
from .property_import_sheet_hc_person import hc_number

OPEN_END = date(2037, 1, 1)
HC_VEHICLES = {"9901": "car", "9902": "other", "9903": "truck"}


class PropertyImportSheetHcParking(models.AbstractModel):
    """Layout of HC小区物业管理系统: spaces and cars with their owner's number."""

    _name = "property.import.sheet.parking_hc"
    _inherit = "property.import.sheet.parking"
    _description = "Workbook Sheet: Parking Spaces (HC)"

    _sheet_order = 31
    _sheet_names = ("车位信息", "车位")
    _sheet_columns = (
        Column("code", ("车位编码", "车位编号", "车位号"), True),
        Column("owner", ("业主编号",), True),
        Column("lot", ("停车场编号",)),
        Column("type", ("停车场类型", "车位类型")),
        Column("area", ("面积",)),
        Column("plate", ("车牌号",)),
        Column("brand", ("车品牌", "品牌")),
        Column("vehicle_kind", ("车类型",)),
        Column("color", ("颜色",)),
        Column("tenure", ("出租还是出售", "租售")),
        Column("date_from", ("开始时间",)),
        Column("date_to", ("结束时间",)),
    )

    @api.model
    def _convert(self, row, context):
        """Read a space; its household is the first room of its owner."""
        vals = row.vals
        vals["code"] = row.key = self._code(row, context)
        underground = "地下" in clean_text(row.raw.get("type"))
        vals["type"] = "地下固定" if underground else "地上月租"
        vals["area"] = self._cell(row, context, "area", read_number, minimum=0, maximum=10**5)
        vals["owner"] = self._cell(row, context, "owner", hc_number)
        vals["plates"] = self._cell(row, context, "plate", plates.read_plates) or []
        vals["date_from"] = self._cell(row, context, "date_from", read_date)
        end = self._cell(row, context, "date_to", read_date)
        vals["date_to"] = None if end == OPEN_END else end
        vals["vehicle"] = {
            "brand": self._cell(row, context, "brand", read_text) or False,
            "color": self._cell(row, context, "color", read_text) or False,
            "kind": HC_VEHICLES.get(clean_text(row.raw.get("vehicle_kind")), "car"),
        }
        vals["unit"] = next(
            (
                unit.key
                for unit in context.tables.get("unit", ())
                if vals["owner"] and unit.vals.get("owner") == vals["owner"]
            ),
            None,
        )
        self._check_dates(row, context)
        self._check_plates(row, context)

    @api.model
    def _code(self, row, context):
        """Return the space's number, with the car park's where two car parks have the same."""
        code = self._cell(row, context, "code", plain_code, required=True)
        lot = self._cell(row, context, "lot", plain_code) or ""
        lots = context.scratch.setdefault("hc_lots", {})
        return f"{lot}-{code}" if code and lots.setdefault(code, lot) != lot else code

    @api.model
    def _explode(self, row, context):
        """Return the space and, where its owner has no room, who owns it."""
        rows = [row]
        vals = row.vals
        if row.key and vals["owner"] and not vals["unit"]:
            people = self.env["property.import.sheet.hc_person"]
            person = next(iter(people._members(vals["owner"], context)), None)
            facts = {
                **(person.vals if person else {"name": "?"}),
                "role": "owner",
                "unit": row.key,
                "person": vals["owner"],
                "date_from": vals["date_from"] or context.today,
                "is_date_guessed": True,
                "date_to": None,
                "note": None,
            }
            key = f"{row.key}|{vals['owner']}"
            rows.append(
                Row(row.sheet, row.number, "occupancy", row.raw, facts, key, row, row.columns)
            )
        return rows
