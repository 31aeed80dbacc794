from odoo import api, models

from ..tools.headers import Column


class PropertyImportSheetHcHistory(models.AbstractModel):
    """Layout of HC小区物业管理系统: past payments, which stay in the old system."""

    _name = "property.import.sheet.hc_history"
    _inherit = "property.import.sheet"
    _description = "Workbook Sheet: Past Payments (HC)"

    _sheet_kind = "hc_history"
    _sheet_order = 99
    _sheet_imports = False
    _sheet_names = ("房屋缴费历史", "车辆缴费历史", "缴费历史")
    _sheet_columns = (
        Column("item", ("收费项目", "费用项目"), True),
        Column("paid_at", ("缴费时间", "缴费日期"), True),
        Column("amount_paid", ("实缴金额", "实收金额"), True),
        Column("unit", ("房屋", "车位", "车牌号")),
        Column("cycle", ("缴费周期",)),
        Column("date_from", ("开始时间",)),
        Column("date_to", ("结束时间",)),
        Column("amount", ("应缴金额", "应收金额")),
        Column("cashier", ("收银员",)),
        Column("note", ("备注",)),
    )

    @api.model
    def _ignored_message(self):
        """Say where past payments belong."""
        return self.env._(
            "Past payments are recognised but not imported: they stay in the old system. Enter "
            "what is still owed in a sheet 期初欠费."
        )
