from decimal import Decimal

from cn2an import an2cn
from odoo import api, models
from odoo.fields import Domain


class AccountPayment(models.Model):
    _inherit = "account.payment"

    @api.model
    def _property_portal_payment_domain(self, partner):
        """Return the domain of the payments a person made, or that others made on its account.

        :param partner: `res.partner` of the user
        """
        payer = partner.commercial_partner_id
        return (
            Domain("payment_type", "=", "inbound")
            & Domain("partner_type", "=", "customer")
            & Domain("state", "in", ("in_process", "paid"))
            & (
                Domain("partner_id.commercial_partner_id", "=", payer.id)
                | Domain("payment_transaction_id.partner_id.commercial_partner_id", "=", payer.id)
            )
        )

    def _property_receipt_payments(self, partner=None):
        """Return the payments that belong on one receipt.

        One transaction may have been booked as several payments, one for each person whose bills
        it settled. Who paid sees them all, the others only what concerns them.

        :param partner: `res.partner` the receipt is for; the payer when left out
        """
        self.ensure_one()
        transaction_sudo = self.payment_transaction_id.sudo()
        payer = transaction_sudo.partner_id.commercial_partner_id
        if not payer or (partner and partner.commercial_partner_id != payer):
            return self
        return self.search(
            Domain("payment_transaction_id", "=", transaction_sudo.id)
            & Domain("payment_type", "=", "inbound")
            & Domain("state", "in", ("in_process", "paid")),
            order="id",
        )

    def _property_receipt_head(self, partner):
        """Return the payment under which a person finds the receipt.

        :param partner: `res.partner` the receipt is for
        """
        self.ensure_one()
        transaction_sudo = self.payment_transaction_id.sudo()
        is_payer = (
            transaction_sudo.partner_id.commercial_partner_id == partner.commercial_partner_id
        )
        return (is_payer and transaction_sudo.payment_id) or self

    def _property_receipt(self, partner=None):
        """Return everything a receipt says, as plain values.

        :param partner: `res.partner` the receipt is for; the payer when left out
        :return: dict
        """
        payments = self._property_receipt_payments(partner)
        transaction_sudo = self.payment_transaction_id.sudo()
        payer = transaction_sudo.partner_id or self.partner_id
        items = [item for payment in payments for item in payment._property_receipt_items()]
        total = sum(payments.mapped("amount"))
        settled = sum(item["amount"] for item in items)
        currency = self.currency_id
        return {
            "id": self.id,
            "number": self.name,
            "date": self.date,
            "payer": payer.name,
            "for_names": [
                name for name in payments.partner_id.mapped("name") if name and name != payer.name
            ],
            "company": self.company_id,
            "site": "、".join(dict.fromkeys(item["site"] for item in items if item["site"])),
            "units": list(dict.fromkeys(item["unit"] for item in items if item["unit"])),
            "method": transaction_sudo.payment_method_id.name or self.journal_id.name,
            "reference": transaction_sudo.reference or self.memo or "",
            "items": items,
            "advance": max(currency.round(total - settled), 0.0),
            "total": total,
            "total_words": self._property_amount_in_words(total),
            "currency": currency,
        }

    def _property_receipt_items(self):
        """Return the bills a payment settled, with the amount each of them got."""
        self.ensure_one()
        lines = self.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        bill_sudo_amounts = {}
        # sudo: a receipt names its bills also to those who may not open them
        for partial in lines.sudo().matched_debit_ids:
            bill = partial.debit_move_id.move_id
            bill_sudo_amounts[bill] = (
                bill_sudo_amounts.get(bill, 0.0) + partial.debit_amount_currency
            )
        return [
            {
                "bill": bill.name,
                "item": bill.charge_item_id.name or bill.ref or bill.name,
                "unit": bill.unit_id.code or "",
                "site": bill.site_id.name or "",
                "period": self.env["property.statement"]._period(bill.period_from, bill.period_to),
                "amount": amount,
            }
            for bill, amount in sorted(
                bill_sudo_amounts.items(),
                key=lambda pair: (
                    pair[0].unit_id.sort_key or "",
                    str(pair[0].period_from or ""),
                    pair[0].id,
                ),
            )
        ]

    @api.model
    def _property_amount_in_words(self, amount):
        """Return an amount of CNY in formal Chinese characters, as receipts need it.

        :param float amount: zero or more
        """
        return an2cn(str(Decimal(str(amount)).quantize(Decimal("0.01"))), "rmb")
