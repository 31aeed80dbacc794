from datetime import date

from odoo import api, models

from ..tools import plate as plates
from ..tools.cellread import clean_text, is_blank, read_date, read_number
from ..tools.codes import plain_code, unit_code
from ..tools.headers import Column


class PropertyImportSheetParking(models.AbstractModel):
    _name = "property.import.sheet.parking"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Parking Spaces"

    _sheet_kind = "parking"
    _sheet_order = 30
    _sheet_names = ("车位", "车位信息", "停车位", "车位车辆", "车库")
    _sheet_columns = (
        Column("code", ("车位号", "车位编号", "车位编码", "车位", "泊位号", "车位名称"), True),
        Column("type", ("类型", "车位类型", "停车场类型", "车位性质", "性质", "用途")),
        Column("area", ("面积", "车位面积", "建筑面积")),
        Column(
            "unit", ("所属房屋", "房屋", "关联房屋", "房号", "业主房号", "绑定房屋", "房屋编号")
        ),
        Column("plate", ("车牌号", "车牌", "车牌号码", "车号")),
        Column(
            "date_from",
            (
                "计费起始",
                "计费起始日期",
                "计费开始",
                "开始日期",
                "起始日期",
                "计费日期",
                "计费开始日期",
                "开始时间",
            ),
        ),
        Column(
            "date_to",
            (
                "到期日期",
                "计费截止",
                "计费结束",
                "到期",
                "结束日期",
                "截止日期",
                "有效期至",
                "到期时间",
                "结束时间",
            ),
        ),
    )

    @api.model
    def _template_rows(self):
        return [
            {
                "code": "B1-001",
                "type": "地下固定",
                "area": 12.5,
                "unit": "1-1-101",
                "plate": "浙A12345",
                "date_from": date(2022, 5, 1),
            },
            {"code": "G-001", "type": "地上月租", "area": 12.5},
        ]

    @api.model
    def _template_notes(self):
        return {
            "unit": self.env._("The household whose owner pays for the space."),
            "plate": self.env._("Province, letter and 5 or 6 characters, like 浙A12345."),
            "date_from": self.env._("First day charged."),
        }

    @api.model
    def _convert(self, row, context):
        """Read a parking space and the cars on it."""
        vals = row.vals
        row.key = vals["code"] = self._cell(row, context, "code", plain_code, required=True)
        name = clean_text(row.raw.get("type")).replace(" ", "")
        vals["type"] = "地下固定" if is_blank(name) else name
        vals["area"] = self._cell(row, context, "area", read_number, minimum=0, maximum=10**5)
        vals["unit"] = self._cell(row, context, "unit", unit_code)
        vals["plates"] = self._cell(row, context, "plate", plates.read_plates) or []
        vals["date_from"] = self._cell(row, context, "date_from", read_date)
        vals["date_to"] = self._cell(row, context, "date_to", read_date)
        self._check_dates(row, context)
        self._check_plates(row, context)

    @api.model
    def _check_dates(self, row, context):
        start, end = row.vals["date_from"], row.vals["date_to"]
        if start and end and end < start:
            context.error(
                row,
                "date_to",
                self.env._("The last day is before the first. Correct one of the two dates."),
            )

    @api.model
    def _check_plates(self, row, context):
        for plate in row.vals["plates"]:
            if plates.is_new_energy(plate) and not plates.is_well_formed_new_energy(plate):
                context.warn(
                    row,
                    "plate",
                    self.env._(
                        "%(plate)s has the length of a new-energy plate but not its form. "
                        "Compare it with the car.",
                        plate=plate,
                    ),
                )

    @api.model
    def _references(self, row):
        return [(("unit",), row.vals["unit"], "unit")] if row.vals["unit"] else []

    @api.model
    def _check_table(self, rows, context):
        """Point out plates that stand on several spaces."""
        seen = {}
        for row in rows:
            for plate in row.vals["plates"]:
                first = seen.setdefault(plate, row)
                if first is not row:
                    context.warn(
                        row,
                        "plate",
                        self.env._(
                            "%(plate)s stands in row %(row)s too; the car stays with that space.",
                            plate=plate,
                            row=first.number,
                        ),
                    )

    @api.model
    def _existing(self, context):
        units = (
            self.env["property.unit"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("site_id", "=", context.site_id), ("building_id", "=", False)], ["code"]
            )
        )
        return {unit.code.upper(): unit.id for unit in units}

    @api.model
    def _import(self, rows, context):
        """Write the spaces; their cars follow when owners are known."""
        unit_sheet = self.env["property.import.sheet.unit"]
        types = unit_sheet._types([row.vals["type"] for row in rows], context, kind="parking")

        def prepare(row):
            vals = row.vals
            result = {
                "site_id": context.site_id,
                "code": row.key,
                "type_id": types[vals["type"]],
                "state": "delivered",
                "billing_date_from": vals["date_from"] or False,
                "billing_date_to": vals["date_to"] or False,
                "parent_id": (vals["unit"] and context.record_id(("unit",), vals["unit"])) or False,
            }
            if vals["area"] is not None:
                result["area_gross"] = float(vals["area"])
            return result

        self._upsert("parking", "property.unit", rows, prepare, context)

    @api.model
    def _finish(self, context):
        """Register the cars of the spaces with the owners of their households."""
        wanted = {}
        for row in context.good("parking"):
            for plate in row.vals["plates"]:
                wanted.setdefault(plate, row)
        if not wanted:
            return
        vehicles = self.env["property.vehicle"].search(
            [("site_id", "=", context.site_id), ("plate", "in", list(wanted))]
        )
        existing = {vehicle.plate: vehicle for vehicle in vehicles.sorted("active")}
        units = self.env["property.unit"].browse(
            {context.record_id(("unit",), row.vals["unit"]) for row in wanted.values()} - {None}
        )
        owners = units._property_payer_on("owner", context.today)
        new = []
        for plate, row in wanted.items():
            unit_id = row.vals["unit"] and context.record_id(("unit",), row.vals["unit"])
            vals = {
                "plate": plate,
                "site_id": context.site_id,
                "unit_id": unit_id or False,
                "space_id": context.record_id(("parking",), row.key),
                "partner_id": (unit_id and owners[unit_id].id) or False,
                **row.vals.get("vehicle", {}),
            }
            if plate in existing:
                self._update(existing[plate], {**vals, "active": True}, context)
            else:
                new.append(vals)
        self._create("property.vehicle", new, context)
