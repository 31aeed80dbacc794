"""Issuing receipts: what payments were for, frozen, with the next numbers of a book."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .property_receipt_line import LINE_FIELDS


class PropertyReceipt(models.Model):
    _inherit = "property.receipt"

    @api.model
    def _issue(self, payments, merged=True, payer=None, date=None):
        """Give payments a receipt with the next number of the book in use.

        The number comes from the user's own book of the site, else from the site's book made on
        demand. Payments of several sites get a receipt for each, for books belong to sites.

        :param payments: posted customer payments (money received) without a valid receipt
        :param merged: one receipt for all; else one an item
        :param payer: `res.partner` who brought the money; found from the payments when left out
        :param date: day of issue, today when left out
        :return: the receipts, sudo
        :raise UserError: when a payment is no posted receipt of money or has a receipt already
        """
        payments = payments.sorted("id")
        self._check_payments(payments)
        by_place = payments.grouped(lambda payment: (payment.company_id, payment.site_id))
        receipts_sudo = self.sudo()
        for (company, site), group in by_place.items():
            env = self._issue_env(company, site)
            issued_sudo = self.with_env(env)._issue_place(
                company, site, group.with_env(env), merged, payer, date
            )
            receipts_sudo += issued_sudo.with_env(receipts_sudo.env)
        for receipt in receipts_sudo:
            # the first of several per item stands for them; written once a receipt's payments
            without = receipt.payment_ids.filtered(lambda payment: not payment.receipt_id)
            without.receipt_id = receipt
        return receipts_sudo

    @api.model
    def _issue_env(self, company, site):
        """Return the environment papers are issued in: the company's language, the site's time."""
        # sudo: the time zone of the site
        tz = site.sudo().tz or self.env.tz.zone
        return self.with_context(lang=company._billing_lang(), tz=tz).env

    @api.model
    def _check_payments(self, payments):
        if not payments:
            raise UserError(self.env._("Choose the payments the receipt is for."))
        for payment in payments:
            if (
                payment.payment_type != "inbound"
                or payment.partner_type != "customer"
                or payment.state not in ("in_process", "paid")
            ):
                raise UserError(
                    self.env._(
                        "%(payment)s is not money received and posted, so there is no receipt "
                        "for it.",
                        payment=payment.display_name,
                    )
                )
            # sudo: the receipt of a payment the user may read
            if payment.sudo().receipt_id:
                raise UserError(
                    self.env._(
                        "%(payment)s has receipt %(receipt)s already. Void that one first, or "
                        "print it again.",
                        payment=payment.display_name,
                        receipt=payment.sudo().receipt_id.name,
                    )
                )
        if len(payments.currency_id) > 1:
            raise UserError(
                self.env._("A receipt has one currency. Choose payments of one currency.")
            )

    @api.model
    def _issue_place(self, company, site, payments, merged, payer, date):
        lines = [line for payment in payments for line in payment._property_receipt_lines()]
        groups = [lines]
        if not merged:
            by_item = defaultdict(list)
            for line in lines:
                by_item[line["item_id"], line["name"]].append(line)
            groups = list(by_item.values())
        # sudo: nobody creates receipts by hand; the payments are the caller's
        receipts_sudo = self.sudo().create(
            [self._prepare_receipt(company, site, payments, group, payer, date) for group in groups]
        )
        self._number(receipts_sudo, site, company)
        return receipts_sudo

    @api.model
    def _prepare_receipt(self, company, site, payments, lines, payer, date):
        """Prepare a receipt without its number.

        :param lines: what `account.payment._property_receipt_lines` returns
        """
        ids = {line["payment_id"] for line in lines}
        payments = payments.filtered(lambda payment: payment.id in ids)
        payer = payer or payments._property_receipt_payer()
        others = [
            name for name in dict.fromkeys(payments.partner_id.mapped("name")) if name != payer.name
        ]
        currency = payments.currency_id or company.currency_id
        amounts = defaultdict(Decimal)
        methods = {payment.id: payment._property_receipt_method() for payment in payments}
        for line in lines:
            amounts[methods[line["payment_id"]]] += Decimal(str(line["amount"]))
        total = currency.round(sum(line["amount"] for line in lines))
        return {
            "company_id": company.id,
            "site_id": site.id,
            "currency_id": currency.id,
            "payment_ids": [fields.Command.set(payments.ids)],
            "payer_id": payer.id,
            "payer_name": payer.name or payer.display_name,
            "on_behalf": "、".join(others) or False,
            "date": max(payments.mapped("date")),
            "issued_on": date or self._day_of_issue(),
            "cashier_id": self.env.uid,
            "units_text": "、".join(
                dict.fromkeys(line["unit_text"] for line in lines if line["unit_text"])
            ),
            "tenders": [
                {"method": method, "amount": str(amount)} for method, amount in amounts.items()
            ],
            "amount_total": total,
            "amount_words": self._words(total, currency),
            "line_ids": [
                fields.Command.create({**line, "sequence": index})
                for index, line in enumerate(lines, start=1)
            ],
        }

    @api.model
    def _words(self, amount, currency):
        if currency.name != "CNY":
            return False
        payments = self.env["account.payment"]
        if amount < 0:
            return "负" + payments._property_amount_in_words(-amount)
        return payments._property_amount_in_words(amount)

    @api.model
    def _number(self, receipts_sudo, site, company):
        """Number new receipts: from the user's books of the site, then from the one on demand."""
        receipts_sudo.flush_recordset()
        books = self.env["property.receipt.book"]
        rest = receipts_sudo
        for book_sudo in books._in_use(self.env.user, site, company):
            if rest:
                rest = book_sudo._take_numbers(rest)
        while rest:
            rest = books._automatic(site, company)._take_numbers(rest)

    def _reissue(self):
        """Issue a new receipt that says the same as a void one.

        :return: the new receipt, sudo
        """
        self.ensure_one()
        # sudo: nobody creates receipts by hand; the caller's right was checked
        old = self.sudo()
        if old.state != "void" or old.is_blank or old.is_imported or old.replaced_by_ids:
            raise UserError(
                self.env._("Only a void receipt issued here is replaced, and only once.")
            )
        if any(payment.state not in ("in_process", "paid") for payment in old.payment_ids):
            raise UserError(
                self.env._(
                    "The money of %(receipt)s was taken back, so there is nothing to receipt.",
                    receipt=old.name,
                )
            )
        kept = [
            "company_id",
            "site_id",
            "currency_id",
            "payer_id",
            "payer_name",
            "on_behalf",
            "date",
            "units_text",
            "tenders",
            "amount_total",
            "amount_words",
        ]
        values = old.read(kept, load=False)[0]
        values.pop("id")
        rows = old.line_ids.read(LINE_FIELDS, load=False)
        new = old.create(
            {
                **values,
                "payment_ids": [fields.Command.set(old.payment_ids.ids)],
                "line_ids": [
                    fields.Command.create({key: row[key] for key in LINE_FIELDS}) for row in rows
                ],
                "issued_on": self._today(),
                "cashier_id": self.env.uid,
                "replaces_id": old.id,
            }
        )
        self._number(new, old.site_id, old.company_id)
        without = new.payment_ids.filtered(lambda payment: not payment.receipt_id)
        without.receipt_id = new
        return new

    def _today(self):
        # sudo: the time zone of the site
        return self.sudo().site_id[:1]._today()
