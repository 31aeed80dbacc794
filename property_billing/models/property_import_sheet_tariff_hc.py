from datetime import date

from odoo import api, models

from odoo.addons.property_base.tools.cellread import clean_text, read_date, read_number, read_text
from odoo.addons.property_base.tools.codes import plain_code
from odoo.addons.property_base.tools.headers import Column
from odoo.addons.property_base.tools.rowgraph import Row

from .property_import_sheet_hc_fee_link import SURCHARGE

OPEN_END = date(2037, 1, 1)
METHODS = {"1001": "area", "2002": "fixed", "面积*单价+附加费": "area", "固定费用": "fixed"}


class PropertyImportSheetHcFee(models.AbstractModel):
    """Layout of HC小区物业管理系统: fees by number; rooms say which they are charged."""

    _name = "property.import.sheet.tariff_hc"
    _inherit = "property.import.sheet.tariff"
    _description = "Workbook Sheet: Fee Settings (HC)"

    _sheet_order = 51
    _sheet_names = ("费用设置", "费用信息", "费用项")
    _sheet_columns = (
        Column("code", ("费用编号",), True),
        Column("name", ("收费项目", "费用名称"), True),
        Column("formula", ("计算公式",), True),
        Column("price", ("计费单价", "单价")),
        Column("fixed", ("固定费用", "附加费", "附加费用")),
        Column("kind", ("费用类型",)),
        Column("flag", ("费用标识",)),
        Column("payment", ("付费类型",)),
        Column("cycle", ("缴费周期",)),
        Column("issue", ("出账类型",)),
        Column("date_from", ("计费起始时间", "计费开始时间", "开始时间")),
        Column("date_to", ("计费结束时间", "结束时间")),
    )

    @api.model
    def _convert(self, row, context):
        """Read a fee: area × price + surcharge, or a fixed sum."""
        vals = row.vals
        vals["code"] = self._cell(row, context, "code", plain_code, required=True)
        vals["name"] = self._cell(row, context, "name", read_text, required=True)
        vals["method"] = self._choice(row, context, "formula", METHODS, required=True)
        vals.update(scope=[], meter_kind=None, basis="area", tiers=[], tax=None, late=None)
        vals["kind"] = clean_text(row.raw.get("kind"))
        is_area = vals["method"] == "area"
        fixed = self._cell(row, context, "fixed", read_number, required=not is_area, minimum=0)
        price = self._cell(row, context, "price", read_number, required=is_area, minimum=0)
        vals["price"] = price if is_area else fixed
        vals["surcharge"] = fixed if is_area else None
        if "一次" in clean_text(row.raw.get("flag")):
            vals["method"] = "one_off"
        vals["date_from"] = self._cell(row, context, "date_from", read_date) or date(2000, 1, 1)
        end = self._cell(row, context, "date_to", read_date)
        vals["date_to"] = None if end and end >= OPEN_END else end
        self._check_dates(row, context)
        if vals["code"]:
            row.key = f"{vals['code']}|{vals['date_from']}"

    @api.model
    def _explode(self, row, context):
        """Return the fee and, where it has a surcharge, a second item for that."""
        surcharge = row.vals.get("surcharge")
        if not surcharge or not row.vals["code"] or not row.vals["name"]:
            return [row]
        vals = {
            **row.vals,
            "code": SURCHARGE % row.vals["code"],
            "name": SURCHARGE % row.vals["name"],
            "method": "fixed",
            "price": surcharge,
        }
        key = f"{vals['code']}|{vals['date_from']}"
        return [row, Row(row.sheet, row.number, "tariff", row.raw, vals, key, row, row.columns)]
