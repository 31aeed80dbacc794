import base64

from odoo import api, fields, models
from odoo.tools.image import image_data_uri


class AccountMove(models.Model):
    _inherit = "account.move"

    def _property_notices(self):
        """Group bills into notices: one for each payer and household, by period.

        A parking space or storage room goes onto the notice of the household it belongs to.

        :return: list of dicts, in the natural order of the households
        """
        bills = self.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.unit_id
                and not move._property_is_settled()
            )
        ).sorted(
            lambda bill: (
                bill.site_id.id,
                (bill.unit_id.parent_id or bill.unit_id).sort_key or "",
                bill.commercial_partner_id.id,
                bill.period_from or bill.invoice_date,
                bill.charge_item_id.sequence,
                bill.id,
            )
        )
        groups = bills.grouped(
            lambda bill: (
                bill.unit_id.parent_id or bill.unit_id,
                bill.commercial_partner_id,
                bill.company_id,
                bill.currency_id,
            )
        )
        return [unit_bills._property_prepare_notice(*key) for key, unit_bills in groups.items()]

    def _property_prepare_notice(self, unit, payer, company, currency):
        """Return what one notice says.

        :param unit: household
        :param payer: `res.partner` who owes
        :param company: `res.company`
        :param currency: `res.currency`
        """
        facts = self._property_late_fee_facts()
        late_fees = {bill: float(facts[bill.id]["live"]) for bill in self if bill.id in facts}
        late_fee = currency.round(sum(late_fees.values()))
        total = currency.round(sum(self.mapped("amount_residual")) + late_fee)
        statements = self.env["property.statement"]
        return {
            "unit": unit,
            "payer": payer,
            "company": company,
            "currency": currency,
            "date": fields.Date.context_today(self),
            "due": max(bill.invoice_date_due for bill in self),
            "periods": [
                {
                    "label": statements._period(date_from, date_to),
                    "bills": bills,
                    "total": sum(bills.mapped("amount_residual")),
                }
                for (date_from, date_to), bills in self.grouped(
                    lambda bill: (bill.period_from, bill.period_to)
                ).items()
            ],
            "late_fee": late_fee,
            "late_fees": {
                bill: (fee, self._property_late_fee_text(facts[bill.id]))
                for bill, fee in late_fees.items()
                if fee
            },
            "total": total,
            "total_words": self.env["account.payment"]._property_amount_in_words(total),
        }

    @api.model
    def _property_bills_qr(self, company):
        """Return the QR code that opens the page of the bills, as a data URI.

        :param company: `res.company` whose address the page has
        """
        reports = self.env["ir.actions.report"]
        url = f"{company.get_base_url()}/my/bills"
        code = reports.barcode(barcode_type="QR", value=url, width=240, height=240, quiet=False)
        return image_data_uri(base64.b64encode(code))
