from datetime import timedelta

from odoo import api, models

from odoo.addons.property_base.tools import plate as plates
from odoo.addons.property_base.tools.cellread import CellError, read_date
from odoo.addons.property_base.tools.codes import plain_code, unit_code
from odoo.addons.property_base.tools.headers import Column

PARKING = "property.import.sheet.parking"


class PropertyImportSheetPastPaymentHc(models.AbstractModel):
    """Layout of HC小区物业管理系统: what was paid for rooms and cars, without receipt numbers."""

    _name = "property.import.sheet.past_payment_hc"
    _inherit = "property.import.sheet.past_payment"
    _description = "Workbook Sheet: Past Payments (HC)"

    _sheet_order = 93
    _sheet_names = ("房屋缴费历史", "车辆缴费历史", "缴费历史")
    _sheet_columns = (
        Column("item", ("收费项目", "费用项目"), True),
        Column("paid_on", ("缴费时间", "缴费日期"), True),
        Column("amount", ("实缴金额", "实收金额"), True),
        Column("unit", ("房屋", "房屋编号", "车位", "车牌号"), True),
        Column("date_from", ("开始时间",), True),
        Column("date_to", ("结束时间",), True),
        Column("cycle", ("缴费周期",)),
        Column("asked", ("应缴金额", "应收金额")),
        Column("method", ("支付方式", "缴费方式")),
        Column("cashier", ("收银员",)),
        Column("note", ("备注",)),
    )

    @api.model
    def _convert(self, row, context):
        """Read what was received; the layout's last day is the first that was not paid for."""
        super()._convert(row, context)
        if row.vals["amount"] == 0:
            context.skip(
                row, None, "amount", self.env._("Left out: nothing was received for this row.")
            )

    @api.model
    def _cell(self, row, context, key, reader, required=False, **options):
        """Extend: the cells that this layout writes in its own way."""
        if key == "receipt":
            return self._receipt_number(row)
        if key == "unit":
            spaces = self._spaces(context)
            return super()._cell(row, context, key, lambda raw: self._place(raw, spaces), required)
        if key == "date_to":
            return super()._cell(row, context, key, self._day_before, required)
        if key == "amount":
            return super()._cell(row, context, key, reader, required, minimum=0)
        return super()._cell(row, context, key, reader, required, **options)

    @api.model
    def _place(self, raw, spaces):
        """Return the code of a room or a space; a car stands for its space."""
        code = plain_code(raw)
        return spaces.get(code) or spaces.get(plates.normalise(code or "")) or unit_code(raw)

    @api.model
    def _spaces(self, context):
        """Return codes of spaces by themselves and by the cars on them, here and in the file."""
        if "past_spaces" not in context.scratch:
            found = {}
            if context.site_id:
                found = {code: code for code in self.env[PARKING]._existing(context)}
                vehicles_sudo = self.env[
                    "property.vehicle"
                ].sudo()  # the import's right was checked
                parked = [("site_id", "=", context.site_id), ("space_id", "!=", False)]
                for vehicle in vehicles_sudo.search(parked):
                    found[vehicle.plate] = vehicle.space_id.code
            for row in context.tables.get("parking", ()):
                if row.key:
                    found.update(dict.fromkeys((row.key, *row.vals.get("plates", ())), row.key))
            context.scratch["past_spaces"] = found
        return context.scratch["past_spaces"]

    @api.model
    def _day_before(self, raw):
        day = read_date(raw)
        return day and day - timedelta(days=1)

    @api.model
    def _receipt_number(self, row):
        """Return a number made of what was paid together: a room on one day."""
        try:
            day, place = read_date(row.raw.get("paid_on")), plain_code(row.raw.get("unit"))
        except CellError:
            return None
        return f"HC-{day:%Y%m%d}-{place}" if day and place else None

    @api.model
    def _shown_key(self, row):
        return " ".join(row.key.split("|")[1:])
