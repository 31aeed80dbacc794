from datetime import date
from decimal import Decimal

from odoo import api, models

from odoo.addons.property_base.tools.cellread import clean_text, read_date, read_number
from odoo.addons.property_base.tools.codes import plain_code
from odoo.addons.property_base.tools.headers import Column
from odoo.addons.property_base.tools.rowgraph import OK

from ..tools.metering import is_turn

ESTIMATED = {
    "是": True,
    "估抄": True,
    "估读": True,
    "估算": True,
    "否": False,
    "实抄": False,
    "抄表": False,
    "正常": False,
}


class PropertyImportSheetReading(models.AbstractModel):
    _name = "property.import.sheet.reading"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Meter Readings"

    _sheet_kind = "reading"
    _sheet_order = 70
    _sheet_names = ("抄表", "抄表记录", "读数", "抄表数据", "抄表明细")
    _sheet_columns = (
        Column("meter", ("表号", "表编号", "仪表编号", "水表号", "电表号", "表具编号"), True),
        Column("date", ("抄表日期", "日期", "抄表时间", "读数日期"), True),
        Column(
            "value", ("读数", "本期读数", "抄表读数", "表读数", "止度", "本次读数", "示数"), True
        ),
        Column("is_estimated", ("估抄", "是否估抄", "估算", "估读", "抄表方式")),
        Column("note", ("备注", "附注")),
    )

    @api.model
    def _template_rows(self):
        return [
            {"meter": "W00001", "date": date(2024, 1, 31), "value": 467},
            {"meter": "W00001", "date": date(2024, 2, 29), "value": 486},
        ]

    @api.model
    def _template_notes(self):
        return {
            "date": self.env._("A day that has passed; one reading a meter and day."),
            "is_estimated": self.env._(
                "估抄 or 是 for a reading that was estimated: the next real one settles it."
            ),
        }

    @api.model
    def _convert(self, row, context):
        """Read one reading of one meter."""
        vals = row.vals
        vals["meter"] = self._cell(row, context, "meter", plain_code, required=True)
        vals["date"] = self._cell(row, context, "date", read_date, required=True)
        vals["value"] = self._cell(row, context, "value", read_number, required=True, minimum=0)
        vals["is_estimated"] = self._choice(row, context, "is_estimated", ESTIMATED)
        vals["note"] = clean_text(row.raw.get("note"))
        if vals["date"] and vals["date"] > context.today:
            context.error(row, "date", self.env._("This day is still to come. Correct the date."))
        if vals["meter"] and vals["date"]:
            row.key = f"{vals['meter']}|{vals['date']}"

    @api.model
    def _shown_key(self, row):
        return " ".join(row.key.split("|"))

    @api.model
    def _references(self, row):
        return [(("meter",), row.vals["meter"], "meter")]

    @api.model
    def _check_table(self, rows, context):
        """Check readings against the counter: its digits, its installation, its direction."""
        by_meter = {}
        for row in rows:
            by_meter.setdefault(row.vals["meter"], []).append(row)
        known = self._known_meters(by_meter, context)
        for code, readings in by_meter.items():
            facts = known.get(code, {})
            digits, installed = facts.get("digits"), facts.get("install_date")
            for row in readings:
                self._check_counter(row, digits, installed, context)
            good = [row for row in readings if row.state == OK]
            self._check_direction(good, digits, facts.get("initial_reading"), installed, context)

    @api.model
    def _known_meters(self, codes, context):
        """Return dict code -> digits, install_date and initial_reading of the meters."""
        result = {row.key: row.vals for row in context.tables.get("meter", ()) if row.state == OK}
        existing = context.existing.get("meter", {})
        stored = [existing[code] for code in codes if code in existing and code not in result]
        for meter in self.env["property.meter"].sudo().browse(stored):
            result[meter.code.upper()] = {
                "digits": meter.digits,
                "install_date": meter.install_date or None,
                "initial_reading": Decimal(str(meter.initial_reading)),
            }
        return result

    @api.model
    def _check_counter(self, row, digits, installed, context):
        if digits and row.vals["value"] >= 10**digits:
            context.error(
                row,
                "value",
                self.env._(
                    "The counter has %(digits)s digits and cannot show this. Correct the reading.",
                    digits=digits,
                ),
            )
        elif installed and row.vals["date"] < installed:
            context.error(
                row,
                "date",
                self.env._(
                    "The meter was installed on %(day)s only. Correct the date.", day=installed
                ),
            )

    @api.model
    def _check_direction(self, rows, digits, initial, installed, context):
        """Report a counter that runs backwards, unless it may have turned over."""
        rows = sorted(rows, key=lambda row: row.vals["date"])
        before_last, last = None, initial
        last_row = None
        for row in rows:
            value = row.vals["value"]
            if installed and row.vals["date"] == installed:
                last, last_row = value, row
                continue
            if last is not None and value < last and not self._turned_over(last, value, digits):
                # Where the row fits the one before last, the last one is the odd one out.
                odd = row
                if last_row is not None and before_last is not None and before_last <= value:
                    odd = last_row
                context.error(
                    odd,
                    "value",
                    self.env._(
                        "The counter runs backwards from %(before)s to %(after)s. Compare both "
                        "readings with the counter.",
                        before=last,
                        after=value,
                    ),
                )
                if odd is row:
                    continue
            else:
                before_last = last
            last, last_row = value, row

    @api.model
    def _turned_over(self, before, after, digits):
        """Return whether a lower reading may be a turn: under half of the counter's range."""
        return is_turn(before, after, digits)

    @api.model
    def _existing(self, context):
        rows = (
            self.env["property.meter.reading"]
            .sudo()
            .search_fetch(
                [("site_id", "=", context.site_id), ("state", "!=", "rejected")],
                ["meter_id", "date"],
            )
        )
        return {f"{row.meter_id.code.upper()}|{row.date}": row.id for row in rows}

    @api.model
    def _import(self, rows, context):
        """Write the readings."""

        def prepare(row):
            vals = {
                "meter_id": context.record_id(("meter",), row.vals["meter"]),
                "date": row.vals["date"],
                "value": float(row.vals["value"]),
            }
            if row.vals["is_estimated"] is not None:
                vals["is_estimated"] = row.vals["is_estimated"]
            if row.vals["note"]:
                vals["note"] = row.vals["note"]
            return vals

        self.with_context(property_reading_notes=True)._upsert(
            "reading", "property.meter.reading", rows, prepare, context
        )
