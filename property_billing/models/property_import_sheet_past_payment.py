from datetime import date

from odoo import api, models

from odoo.addons.property_base.tools.cellread import read_date, read_number, read_text
from odoo.addons.property_base.tools.codes import plain_code, unit_code
from odoo.addons.property_base.tools.headers import Column
from odoo.addons.property_base.tools.rowgraph import OK

from .property_import_sheet_opening import first_day, last_day


class PropertyImportSheetPastPayment(models.AbstractModel):
    """Money an earlier system received: opening bills that are paid, by the old receipt number."""

    _name = "property.import.sheet.past_payment"
    _inherit = "property.import.sheet.opening"
    _description = "Workbook Sheet: Past Payments"

    _sheet_kind = "past_payment"
    _sheet_order = 92
    _sheet_names = ("历史收款", "历史收款明细", "收款记录", "收款明细")
    _sheet_columns = (
        Column("unit", ("房屋", "房号", "房屋编号", "车位号", "所属房屋"), True),
        Column("item", ("收费编码", "编码", "收费项目", "项目", "费用项目", "项目编码"), True),
        Column("date_from", ("账期起", "开始日期", "起始日期", "账期开始", "费用开始"), True),
        Column("date_to", ("账期止", "结束日期", "截止日期", "账期结束", "费用结束"), True),
        Column("amount", ("收款金额", "实收金额", "金额", "实缴金额"), True),
        Column("paid_on", ("收款日期", "缴费日期", "交款日期", "收款时间"), True),
        Column("receipt", ("收据号", "票据号", "收据编号", "票据号码", "收据号码"), True),
        Column("method", ("收款方式", "支付方式", "缴费方式")),
        Column("note", ("备注", "附注")),
    )

    @api.model
    def _template_rows(self):
        return [
            {
                "unit": "1-1-101",
                "item": "WYF-ZZ",
                "date_from": date(2023, 1, 1),
                "date_to": date(2023, 7, 31),
                "amount": 2116.21,
                "paid_on": date(2023, 7, 20),
                "receipt": "0001234",
                "method": "现金",
            }
        ]

    @api.model
    def _template_notes(self):
        return {
            "amount": self.env._(
                "What was received for this item and period. It becomes a paid opening bill: "
                "neither income nor cash of today."
            ),
            "receipt": self.env._(
                "Number of the old receipt. Rows of one receipt share number, date and method; a "
                "number that was imported already is left alone."
            ),
        }

    @api.model
    def _convert(self, row, context):
        """Read what was received for one item and period."""
        vals = row.vals
        vals["unit"] = self._cell(row, context, "unit", unit_code, required=True)
        vals["item"] = self._cell(row, context, "item", plain_code, required=True)
        vals["date_from"] = self._cell(row, context, "date_from", first_day, required=True)
        vals["date_to"] = self._cell(row, context, "date_to", last_day, required=True)
        vals["amount"] = self._cell(
            row, context, "amount", read_number, required=True, positive=True
        )
        vals["paid_on"] = self._cell(row, context, "paid_on", read_date, required=True)
        vals["receipt"] = self._cell(row, context, "receipt", plain_code, required=True)
        vals["method"] = self._cell(row, context, "method", read_text)
        start, end, paid_on = vals["date_from"], vals["date_to"], vals["paid_on"]
        if start and end and end < start:
            context.error(
                row,
                "date_to",
                self.env._("The period ends before it starts. Correct one of the two dates."),
            )
        if paid_on and paid_on > context.today:
            context.error(
                row,
                "paid_on",
                self.env._("A past payment cannot lie in the future. Correct the date."),
            )
        if all(vals[name] for name in ("receipt", "unit", "item")) and start and end:
            row.key = f"{vals['receipt']}|{vals['unit']}|{vals['item']}|{start}|{end}"

    @api.model
    def _key_column(self):
        return "receipt"

    @api.model
    def _check_table(self, rows, context):
        """Refuse receipts that contradict themselves or what was imported before."""
        first = {}
        for row in rows:
            twin = first.setdefault(row.vals["receipt"], row)
            for name in ("paid_on", "method"):
                if twin.vals[name] != row.vals[name]:
                    context.error(
                        row,
                        name,
                        self.env._(
                            "Receipt %(receipt)s says something else in row %(row)s. One receipt "
                            "has one date and one method: correct one of the rows.",
                            receipt=row.vals["receipt"],
                            row=twin.number,
                        ),
                    )
                    break
        known = self._known_lines(rows, context)
        for row in rows:
            lines = known.get(row.vals["receipt"])
            if row.state == OK and lines is not None and self._line_key(row, context) not in lines:
                context.error(
                    row,
                    "receipt",
                    self.env._(
                        "Receipt %(receipt)s was imported already and says something else. Compare "
                        "the amount, period and room, or undo that import first.",
                        receipt=row.vals["receipt"],
                    ),
                )
        self._check_owners([row for row in rows if row.state == OK], context)

    @api.model
    def _line_key(self, row, context):
        """Return what a row says, its item by code also where the row has the item's name."""
        vals, code = row.vals, row.vals["item"]
        item = context.find(("item",), code)[0]
        if item is not None:
            code = item.vals["code"]
        elif code in context.existing.get("item", {}):
            item_id = context.existing["item"][code]
            code = self.env["property.charge.item"].browse(item_id).sudo().code
        return (
            vals["unit"],
            code.upper(),
            vals["date_from"],
            vals["date_to"],
            f"{vals['amount']:.2f}",
        )

    @api.model
    def _known_lines(self, rows, context):
        """Return what valid receipts of the site say: dict number -> set of line keys."""
        if not context.site_id:
            return {}
        # sudo: the import's own right was checked
        receipts_sudo = (
            self.env["property.receipt"]
            .sudo()
            .search(
                [
                    ("site_id", "=", context.site_id),
                    ("is_imported", "=", True),
                    ("state", "!=", "void"),
                    ("name", "in", list({row.vals["receipt"] for row in rows})),
                ]
            )
        )
        return {
            receipt.name: {
                (
                    line.unit_id.code.upper(),
                    line.item_id.code.upper(),
                    line.date_from,
                    line.date_to,
                    f"{line.amount:.2f}",
                )
                for line in receipt.line_ids
            }
            for receipt in receipts_sudo
        }

    @api.model
    def _import(self, rows, context):
        """Post a paid opening bill a row, and a receipt for every old number."""
        known = self._known_lines(rows, context)
        new = [row for row in rows if row.vals["receipt"] not in known]
        created = self.env["property.charge"]._create_past_payments(
            [
                {
                    "unit_id": context.record_id(("unit", "parking"), row.vals["unit"]),
                    "item_id": context.record_id(("item",), row.vals["item"]),
                    "date_from": row.vals["date_from"],
                    "date_to": row.vals["date_to"],
                    "amount": float(row.vals["amount"]),
                    "paid_on": row.vals["paid_on"],
                    "receipt": row.vals["receipt"],
                    "method": row.vals["method"],
                    "import_id": context.import_id,
                }
                for row in new
            ]
        )
        for records in created:
            context.note_created(records)
