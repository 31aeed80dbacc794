from datetime import date

from odoo import api, models

from odoo.addons.property_base.tools.cellread import (
    CellError,
    read_date,
    read_number,
    read_period,
)
from odoo.addons.property_base.tools.codes import plain_code, unit_code
from odoo.addons.property_base.tools.headers import Column
from odoo.addons.property_base.tools.rowgraph import ERROR, OK


def first_day(value):
    """Return a day, or the first day of a month written without one."""
    try:
        return read_date(value)
    except CellError:
        return read_period(value)[0]


def last_day(value):
    """Return a day, or the last day of a month written without one."""
    try:
        return read_date(value)
    except CellError:
        return read_period(value)[1]


class PropertyImportSheetOpening(models.AbstractModel):
    _name = "property.import.sheet.opening"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Opening Arrears"

    _sheet_kind = "opening"
    _sheet_order = 90
    _sheet_names = ("期初欠费", "历史欠费", "欠费", "期初余额", "欠费明细")
    _sheet_columns = (
        Column("unit", ("房屋", "房号", "房屋编号", "车位号", "所属房屋"), True),
        Column("item", ("收费编码", "编码", "收费项目", "项目", "费用项目", "项目编码"), True),
        Column(
            "date_from",
            ("账期起", "开始日期", "欠费开始", "起始日期", "账期开始", "费用开始"),
            True,
        ),
        Column(
            "date_to", ("账期止", "结束日期", "欠费截止", "截止日期", "账期结束", "费用结束"), True
        ),
        Column("amount", ("金额", "欠费金额", "欠费", "应收金额", "未缴金额"), True),
        Column("note", ("备注", "附注")),
    )

    @api.model
    def _template_rows(self):
        return [
            {
                "unit": "1-1-101",
                "item": "WYF-ZZ",
                "date_from": date(2023, 8, 1),
                "date_to": date(2023, 12, 31),
                "amount": 1511.58,
            }
        ]

    @api.model
    def _template_notes(self):
        return {
            "amount": self.env._(
                "What is still owed. It becomes one bill to the owner of the last day, without VAT."
            ),
        }

    @api.model
    def _convert(self, row, context):
        """Read one sum of arrears."""
        vals = row.vals
        vals["unit"] = self._cell(row, context, "unit", unit_code, required=True)
        vals["item"] = self._cell(row, context, "item", plain_code, required=True)
        vals["date_from"] = self._cell(row, context, "date_from", first_day, required=True)
        vals["date_to"] = self._cell(row, context, "date_to", last_day, required=True)
        vals["amount"] = self._cell(
            row, context, "amount", read_number, required=True, positive=True
        )
        start, end = vals["date_from"], vals["date_to"]
        if start and end and end < start:
            context.error(
                row,
                "date_to",
                self.env._("The period ends before it starts. Correct one of the two dates."),
            )
        elif end and end > context.today:
            context.error(
                row,
                "date_to",
                self.env._("Arrears cannot lie in the future. Correct the date."),
            )
        if vals["unit"] and vals["item"] and start and end:
            row.key = f"{vals['unit']}|{vals['item']}|{start}|{end}"

    @api.model
    def _shown_key(self, row):
        return " ".join(row.key.split("|"))

    @api.model
    def _references(self, row):
        return [
            (("unit", "parking"), row.vals["unit"], "unit"),
            (("item",), row.vals["item"], "item"),
        ]

    @api.model
    def _check_table(self, rows, context):
        """Refuse overlapping periods; leave out arrears that nobody can be billed for."""
        taken = {}
        for row in rows:
            vals = row.vals
            spans = taken.setdefault((vals["unit"], vals["item"]), [])
            clash = next(
                (
                    other
                    for other in spans
                    if other.vals["date_from"] <= vals["date_to"]
                    and vals["date_from"] <= other.vals["date_to"]
                ),
                None,
            )
            if clash is None:
                spans.append(row)
                continue
            context.error(
                row,
                "date_from",
                self.env._(
                    "The period overlaps row %(row)s of the same unit and item. Correct one.",
                    row=clash.number,
                ),
            )
        self._check_owners([row for row in rows if row.state == OK], context)

    @api.model
    def _check_owners(self, rows, context):
        owned, faulty = set(), {}
        for row in context.tables.get("occupancy", ()):
            if row.vals.get("role") != "owner" or not row.vals.get("unit"):
                continue
            if row.state == OK:
                owned.add(row.vals["unit"])
            elif row.state == ERROR:
                faulty.setdefault(row.vals["unit"], row)
        stored = self._stored_owned(rows, owned, context)
        for row in rows:
            unit, _faulty, _known = context.find(("unit", "parking"), row.vals["unit"])
            codes = [row.vals["unit"]]
            if unit is not None and unit.vals.get("unit"):
                codes.append(unit.vals["unit"])
            if any(code in owned or code in stored for code in codes):
                continue
            cause = next((faulty[code] for code in codes if code in faulty), None)
            if cause is not None:
                self._skip(row, cause, "unit", context)
            else:
                context.skip(
                    row,
                    None,
                    "unit",
                    self.env._(
                        "Left out: this unit has no owner to bill. Add the owner and import again."
                    ),
                )

    @api.model
    def _stored_owned(self, rows, owned, context):
        """Return the unit codes among the rows that have an owner in the system."""
        ids = {}
        for row in rows:
            if row.vals["unit"] not in owned:
                found = context.record_id(("unit", "parking"), row.vals["unit"])
                if found:
                    ids[found] = row.vals["unit"]
        payers = (
            self.env["property.unit"].sudo().browse(ids)._property_payer_on("owner", context.today)
        )
        return {ids[unit_id] for unit_id, partner in payers.items() if partner}

    @api.model
    def _import(self, rows, context):
        """Post one opening bill a row."""
        charges = self.env["property.charge"]
        before = set(
            charges.search([("site_id", "=", context.site_id), ("is_opening", "=", True)]).ids
        )
        found = charges._create_opening_bills(
            [
                {
                    "unit_id": context.record_id(("unit", "parking"), row.vals["unit"]),
                    "item_id": context.record_id(("item",), row.vals["item"]),
                    "date_from": row.vals["date_from"],
                    "date_to": row.vals["date_to"],
                    "amount": float(row.vals["amount"]),
                    "import_id": context.import_id,
                }
                for row in rows
            ]
        )
        context.note_created(found.filtered(lambda charge: charge.id not in before))
