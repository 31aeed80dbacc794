from datetime import date

from odoo import api, models

from odoo.addons.property_base.tools.cellread import read_date, read_number
from odoo.addons.property_base.tools.codes import plain_code, unit_code
from odoo.addons.property_base.tools.headers import Column
from odoo.addons.property_base.tools.rowgraph import OK

KINDS = {
    "冷水": "cold_water",
    "冷水表": "cold_water",
    "水": "cold_water",
    "水表": "cold_water",
    "自来水": "cold_water",
    "自来水表": "cold_water",
    "热水": "hot_water",
    "热水表": "hot_water",
    "电": "electricity",
    "电表": "electricity",
    "燃气": "gas",
    "燃气表": "gas",
    "天然气": "gas",
    "煤气": "gas",
    "气表": "gas",
    "气": "gas",
    "热": "heat",
    "热力": "heat",
    "热量表": "heat",
    "热表": "heat",
    "暖气": "heat",
}


class PropertyImportSheetMeter(models.AbstractModel):
    _name = "property.import.sheet.meter"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Meters"

    _sheet_kind = "meter"
    _sheet_order = 60
    _sheet_names = ("水电表", "仪表", "表具", "水表", "电表", "表计")
    _sheet_columns = (
        Column("code", ("表号", "表编号", "仪表编号", "水表号", "电表号", "表具编号"), True),
        Column("unit", ("房屋", "房号", "房屋编号", "所属房屋", "安装位置", "用户")),
        Column("kind", ("类型", "表类型", "仪表类型", "表种类", "种类"), True),
        Column("multiplier", ("倍率", "倍数", "互感倍率", "变比")),
        Column("initial_reading", ("初始读数", "初始值", "起始读数", "起度", "底数", "期初读数")),
        Column("digits", ("位数", "表位数", "量程位数", "最大位数")),
        Column("install_date", ("安装日期", "启用日期", "装表日期", "安装时间")),
        Column("master", ("总表", "总表号", "上级表", "上级表号", "父表号")),
    )

    @api.model
    def _template_rows(self):
        return [
            {
                "code": "W00001",
                "unit": "1-1-101",
                "kind": "冷水",
                "multiplier": 1,
                "initial_reading": 456,
                "digits": 5,
                "install_date": date(2024, 1, 1),
            }
        ]

    @api.model
    def _template_notes(self):
        return {
            "kind": self.env._("冷水, 热水, 电, 燃气 or 热力."),
            "multiplier": self.env._(
                "Consumption is the difference of readings times this; usually 1."
            ),
            "digits": self.env._("Digits of the counter; it starts again after 99999."),
            "master": self.env._(
                "Number of the meter this one is behind, of the same kind; in this sheet or on "
                "file."
            ),
        }

    @api.model
    def _convert(self, row, context):
        """Read a meter."""
        vals = row.vals
        row.key = vals["code"] = self._cell(row, context, "code", plain_code, required=True)
        vals["unit"] = self._cell(row, context, "unit", unit_code)
        vals["kind"] = self._choice(row, context, "kind", KINDS, required=True)
        vals["multiplier"] = self._cell(
            row, context, "multiplier", read_number, positive=True, maximum=10**6
        )
        vals["initial_reading"] = self._cell(
            row, context, "initial_reading", read_number, minimum=0
        )
        vals["digits"] = self._cell(
            row, context, "digits", read_number, integer=True, minimum=1, maximum=12
        )
        vals["install_date"] = self._cell(row, context, "install_date", read_date)
        vals["master"] = self._cell(row, context, "master", plain_code)
        if vals["install_date"] and vals["install_date"] > context.today:
            context.error(
                row,
                "install_date",
                self.env._("This day is still to come. Correct the date."),
            )
        initial, digits = vals["initial_reading"], vals["digits"]
        if initial is not None and digits and initial >= 10**digits:
            context.error(
                row,
                "initial_reading",
                self.env._(
                    "A counter of %(digits)s digits cannot show this. Correct the reading or the "
                    "digits.",
                    digits=digits,
                ),
            )

    @api.model
    def _references(self, row):
        return [(("unit", "parking"), row.vals["unit"], "unit")] if row.vals["unit"] else []

    @api.model
    def _check_table(self, rows, context):
        """Check that every master meter is known, of the same kind, and behind no meter of its own
        behind it.
        """
        here = {row.key: row for row in rows if row.state == OK}
        existing = context.existing.get("meter", {})
        meters_sudo = self.env["property.meter"].sudo()
        for row in rows:
            code = row.vals["master"]
            if not code or row.state != OK:
                continue
            if code in here:
                kind = here[code].vals["kind"]
            else:
                kind = meters_sudo.browse(existing.get(code)).kind
            if not kind:
                context.error(
                    row,
                    "master",
                    self.env._("There is no meter %(code)s. Add it, or correct this.", code=code),
                )
            elif kind != row.vals["kind"]:
                context.error(
                    row,
                    "master",
                    self.env._(
                        "Meter %(code)s is of another kind. Choose a master of the same kind.",
                        code=code,
                    ),
                )
            elif self._is_behind_itself(row, here):
                context.error(
                    row,
                    "master",
                    self.env._("A meter cannot be behind itself. Choose another master meter."),
                )

    @api.model
    def _is_behind_itself(self, row, here):
        seen = set()
        while row is not None and row.key not in seen:
            seen.add(row.key)
            row = here.get(row.vals["master"])
        return row is not None

    @api.model
    def _existing(self, context):
        meters = (
            self.env["property.meter"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch([("site_id", "=", context.site_id)], ["code"])
        )
        return {meter.code.upper(): meter.id for meter in meters}

    @api.model
    def _import(self, rows, context):
        """Write the meters."""

        def prepare(row):
            vals = row.vals
            result = {
                "site_id": context.site_id,
                "code": row.key,
                "unit_id": (vals["unit"] and context.record_id(("unit", "parking"), vals["unit"]))
                or False,
                "kind": vals["kind"],
            }
            for name in ("multiplier", "initial_reading"):
                if vals[name] is not None:
                    result[name] = float(vals[name])
            for name in ("digits", "install_date"):
                if vals[name] is not None:
                    result[name] = vals[name]
            return result

        self._upsert("meter", "property.meter", rows, prepare, context)
        self._set_masters(rows, context)

    @api.model
    def _set_masters(self, rows, context):
        """Put meters behind their masters once all of them exist."""
        behind, before = {}, set(context.existing.get("meter", {}).values())
        for row in rows:
            if row.vals["master"]:
                behind.setdefault(row.vals["master"], []).append(
                    context.record_id(("meter",), row.key)
                )
        for code, ids in behind.items():
            master = context.record_id(("meter",), code)
            for meter in self.env["property.meter"].browse(ids):
                if meter.id in before:
                    self._update(meter, {"master_id": master}, context)
                else:
                    meter.master_id = master
