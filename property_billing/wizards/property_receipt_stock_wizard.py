from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import UserError


class PropertyReceiptStockWizard(models.TransientModel):
    _name = "property.receipt.stock.wizard"
    _description = "Days of the Receipt Stock"

    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=1),
    )
    date_to = fields.Date(string="Until", required=True, default=fields.Date.context_today)

    def action_show(self):
        """Show the stock of receipt forms between two days."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(
                self.env._("The first day must not be after the last. Correct the dates.")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_receipt_stock_action_report"
        )
        name = self.env._(
            "Receipt Stock %(date_from)s – %(date_to)s",
            date_from=self.date_from,
            date_to=self.date_to,
        )
        context = {
            "receipt_stock_from": fields.Date.to_string(self.date_from),
            "receipt_stock_to": fields.Date.to_string(self.date_to),
        }
        return {**action, "name": name, "context": context}
