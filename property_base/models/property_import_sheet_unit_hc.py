import re

from odoo import api, models

from ..tools.cellread import CellError, clean_text, is_blank, read_date
from ..tools.codes import plain_code
from ..tools.headers import Column
from ..tools.rowgraph import ERROR, Row
from .property_import_sheet_hc_person import hc_number

HC_TYPES = {"110": "住宅", "119": "宿舍", "120": "写字楼"}


class PropertyImportSheetHcUnit(models.AbstractModel):
    """Layout of HC小区物业管理系统: rooms with their owner's number and their fees."""

    _name = "property.import.sheet.unit_hc"
    _inherit = "property.import.sheet.unit"
    _description = "Workbook Sheet: Rooms (HC)"

    _sheet_order = 21
    _sheet_names = ("房屋信息", "房屋")
    _sheet_columns = (
        Column("room", ("房屋编号", "房号"), True),
        Column("building", ("楼栋编号", "楼栋号"), True),
        Column("area_gross", ("建筑面积", "面积"), True),
        Column("owner", ("业主编号",), True),
        Column("entrance", ("单元编号", "单元号")),
        Column("floor", ("房屋楼层", "楼层")),
        Column("layout", ("房屋户型", "户型")),
        Column("fees", ("房屋费用", "费用", "费用编号")),
        Column("fee_dates", ("费用开始时间", "费用开始日期")),
        Column("type", ("房屋类型",)),
        Column("area_net", ("室内面积", "套内面积")),
        Column("rent", ("租金",)),
    )

    @api.model
    def _convert(self, row, context):
        """Read a room, its owner's number and its fees."""
        vals = row.vals
        self._read_code(row, context)
        self._read_measures(row, context)
        vals["owner"] = self._cell(row, context, "owner", hc_number)
        vals["type"] = self._read_type(row, context)
        vals["fees"] = self._read_fees(row, context)
        starts = [start for _code, start in vals["fees"]]
        vals["handover_date"] = min(starts) if starts and vals["owner"] else None
        vals["state"] = "delivered" if vals["owner"] else "unsold"

    @api.model
    def _read_type(self, row, context):
        code = clean_text(row.raw.get("type"))
        if is_blank(code):
            return "商铺" if row.vals.get("entrance") == "0" else "住宅"
        if code in HC_TYPES:
            return HC_TYPES[code]
        return super()._read_type(row, context)

    @api.model
    def _read_fees(self, row, context):
        """Return list of (fee number, first day) from two cells joined by ``#``."""
        fees = self._parts(row.raw.get("fees"))
        dates = row.raw.get("fee_dates")
        dates = self._parts(dates) if isinstance(dates, str) else [] if dates is None else [dates]
        if not fees:
            return []
        if len(fees) != len(dates):
            context.error(
                row,
                "fee_dates",
                self.env._(
                    "There are %(fees)s fees and %(dates)s dates. Give every fee its first day, "
                    "joined by #.",
                    fees=len(fees),
                    dates=len(dates),
                ),
            )
            return []
        result = []
        for fee, day in zip(fees, dates, strict=True):
            try:
                result.append((plain_code(fee), read_date(day)))
            except CellError as error:
                context.error(row, "fee_dates", self._cell_message(error))
                return []
        return result

    @api.model
    def _parts(self, value):
        text = clean_text(value)
        return [] if is_blank(text) else [p for p in re.split(r"\s*#\s*", text) if p]

    @api.model
    def _explode(self, row, context):
        """Return the room, who lives in it, and the fees it is charged."""
        rows = [row]
        people = self.env["property.import.sheet.hc_person"]
        for person in people._members(row.vals.get("owner"), context) if row.key else ():
            # A faulty member of the family has an error of its own; only the owner is waited for.
            if person.state != ERROR or person.vals["role"] == "owner":
                rows.append(self._occupancy_row(row, person, context))
        if row.key and row.vals["owner"] and len(rows) == 1:
            vals = {"role": "owner", "unit": row.key, "person": row.vals["owner"], "name": "?"}
            rows.append(self._derived(row, "occupancy", vals, f"{row.key}|?"))
        for code, start in row.vals.get("fees", ()):
            vals = {"unit": row.key, "item": code, "date_from": start}
            rows.append(self._derived(row, "hc_fee_link", vals, f"{row.key}|{code}"))
        return rows

    @api.model
    def _occupancy_row(self, row, person, context):
        vals = {
            **person.vals,
            "unit": row.key,
            "person": person.key,
            "date_from": row.vals["handover_date"] or context.today,
            "is_date_guessed": True,
            "date_to": None,
            "note": None,
        }
        return self._derived(row, "occupancy", vals, f"{row.key}|{person.key}")

    @api.model
    def _derived(self, row, kind, vals, key):
        return Row(row.sheet, row.number, kind, row.raw, vals, key, row, row.columns)
