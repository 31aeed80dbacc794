from datetime import date

from odoo import api, models

from ..tools.cellread import clean_text, read_date, read_number, read_text
from ..tools.codes import building_code
from ..tools.headers import Column

YES_NO = {
    "有": True,
    "是": True,
    "Y": True,
    "√": True,
    "无": False,
    "否": False,
    "N": False,
    "没有": False,
}


class PropertyImportSheetBuilding(models.AbstractModel):
    _name = "property.import.sheet.building"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Buildings"

    _sheet_kind = "building"
    _sheet_order = 10
    _sheet_names = ("楼栋", "楼栋信息", "楼宇", "楼幢", "栋数")
    _sheet_columns = (
        Column(
            "building",
            ("楼栋号", "楼栋", "楼号", "栋号", "楼幢号", "幢号", "楼宇", "楼栋名称", "楼栋编号"),
            True,
        ),
        Column("entrance_count", ("单元数", "单元数量", "单元总数", "门洞数"), True),
        Column("floor_count", ("总层数", "层数", "楼层数", "地上层数")),
        Column(
            "units_per_floor", ("每层户数", "每层房数", "一层户数", "每单元每层户数", "每梯户数")
        ),
        Column("has_lift", ("电梯", "是否有电梯", "有无电梯")),
        Column("completion_date", ("竣工日期", "竣工时间", "建成日期", "竣工")),
    )

    @api.model
    def _template_rows(self):
        return [
            {
                "building": "1栋",
                "entrance_count": 2,
                "floor_count": 18,
                "units_per_floor": 4,
                "has_lift": "有",
                "completion_date": date(2013, 6, 30),
            },
            {"building": "2栋", "entrance_count": 0, "floor_count": 2, "has_lift": "无"},
        ]

    @api.model
    def _template_notes(self):
        return {
            "building": self.env._("1栋, 1号楼 and 1 are the same building."),
            "entrance_count": self.env._(
                "0 for a building without entrances, such as a row of shops."
            ),
        }

    @api.model
    def _convert(self, row, context):
        """Read a building."""
        vals = row.vals
        vals["code"] = row.key = self._cell(row, context, "building", building_code, required=True)
        name = clean_text(row.raw.get("building"))
        vals["name"] = f"{name}栋" if name.isdecimal() else name
        for key in ("entrance_count", "floor_count", "units_per_floor"):
            vals[key] = self._cell(
                row, context, key, read_number, integer=True, minimum=0, maximum=200
            )
        vals["has_lift"] = self._lift(row, context)
        vals["completion_date"] = self._cell(row, context, "completion_date", read_date)

    @api.model
    def _lift(self, row, context):
        # "无" is an answer here, where other columns read it as a blank
        text = read_text(row.raw.get("has_lift"))
        if text is None:
            return None
        if text.upper() in YES_NO:
            return YES_NO[text.upper()]
        count = self._cell(row, context, "has_lift", read_number, minimum=0)
        return bool(count)

    @api.model
    def _existing(self, context):
        buildings = (
            self.env["property.building"]
            .sudo()
            .with_context(active_test=False)
            .search([("site_id", "=", context.site_id)])
        )
        return {building.code: building.id for building in buildings}

    @api.model
    def _import(self, rows, context):
        """Write the buildings."""
        self._upsert(
            "building",
            "property.building",
            rows,
            lambda row: self._prepare_building(row, context),
            context,
        )

    @api.model
    def _prepare_building(self, row, context):
        """Return the values of a building; what the sheet does not say stays as it is."""
        fields = self.env["property.building"]._fields
        known = {key: value for key, value in row.vals.items() if key in fields}
        return {
            "site_id": context.site_id,
            **{key: value for key, value in known.items() if value is not None},
        }
