from odoo import api, models

from ..tools.codes import entrance_code
from ..tools.headers import Column


class PropertyImportSheetHcBuilding(models.AbstractModel):
    """Layout of HC小区物业管理系统: one row per entrance of a building."""

    _name = "property.import.sheet.building_hc"
    _inherit = "property.import.sheet.building"
    _description = "Workbook Sheet: Buildings (HC)"

    _sheet_order = 11
    _sheet_names = ("楼栋单元", "楼栋单元信息")
    _sheet_columns = (
        Column("building", ("楼栋号", "楼栋编号", "楼号"), True),
        Column("entrance", ("单元编号", "单元号", "单元"), True),
        Column("floor_count", ("总层数", "楼层数"), True),
        Column("has_lift", ("是否有电梯", "电梯")),
    )

    @api.model
    def _convert(self, row, context):
        """Read one entrance."""
        super()._convert(row, context)
        row.vals["entrance"] = self._cell(row, context, "entrance", entrance_code)
        row.vals["entrance_count"] = 0 if row.vals["entrance"] == "0" else 1

    @api.model
    def _explode(self, row, context):
        """Gather the entrances of a building in its first row."""
        seen = context.scratch.setdefault("hc_buildings", {})
        first, entrances = seen.setdefault(row.key, (row, {}))
        other = entrances.setdefault(row.vals["entrance"], row)
        if other is not row and row.key:
            context.error(
                row,
                "entrance",
                self.env._(
                    "This entrance stands in row %(row)s too. Correct the one that is wrong.",
                    row=other.number,
                ),
            )
        if first is row or row.key is None:
            return [row]
        first.vals["entrance_count"] = len([code for code in entrances if code != "0"])
        floors = (first.vals["floor_count"] or 0, row.vals["floor_count"] or 0)
        first.vals["floor_count"] = max(floors) or None
        first.vals["has_lift"] = first.vals["has_lift"] or row.vals["has_lift"]
        return []
