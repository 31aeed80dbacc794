"""Payments an earlier system received: neither income nor cash of this company's books."""

from collections import defaultdict

from odoo import api, fields, models

from ..tools import shares as shares_tool
from .property_charge import NO_MAIL


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    past_receipt = fields.Char(
        string="Earlier Receipt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Number of the receipt an earlier system gave for it.",
    )

    @api.model
    def _create_past_payments(self, rows):
        """Post a paid opening bill for every row, dated as it was paid.

        The bill stands against the opening account, and so does the payment: the books of today
        do not change, but statements, receipts and the history of a household are complete.

        :param rows: list of dict as for `_create_opening_bills`, with ``paid_on`` (date),
            ``receipt`` (number of the old receipt) and ``method`` (text or nothing)
        :return: (charges, payments, receipts)
        """
        payments = self.env["account.payment"]
        receipts = self.env["property.receipt"].sudo()
        if not rows:
            return self.browse(), payments, receipts
        vals_list = self._prepare_opening_vals(rows)
        shares = self._past_shares(vals_list)
        charges = self.create(
            [
                {**vals, "share": share, "past_receipt": row["receipt"]}
                for vals, share, row in zip(vals_list, shares, rows, strict=True)
            ]
        )
        charges._post()
        by_receipt = defaultdict(self.browse)
        facts = {}
        for charge, row in zip(charges, rows, strict=True):
            key = (row["receipt"], charge.payer_id)
            by_receipt[key] |= charge
            facts[row["receipt"]] = row
        payments = payments.with_context(**NO_MAIL).create(
            [
                self._prepare_past_payment(paid, payer, facts[number])
                for (number, payer), paid in by_receipt.items()
            ]
        )
        payments.action_post()
        plan = []
        for payment, paid in zip(payments, by_receipt.values(), strict=True):
            credit = payment.move_id.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            plan += [credit + bill._property_receivable_lines() for bill in paid.move_id]
        self.env["account.move.line"]._reconcile_plan(plan)
        return charges, payments, self._create_past_receipts(payments, by_receipt, facts)

    @api.model
    def _past_shares(self, vals_list):
        """Return the share of each charge: the whole, or, beside what stands for the same days
        (arrears of a partly paid period, another part payment), a key of its own.
        """
        taken = defaultdict(list)
        standing = self.search(
            [
                ("fee_id", "in", [vals["fee_id"] for vals in vals_list]),
                ("state", "not in", ("cancelled", "reversed")),
            ]
        )
        for charge in standing:
            taken[charge.fee_id.id, charge.share].append((charge.date_from, charge.date_to))
        shares = []
        for vals in vals_list:
            share, count = 0, 0
            while any(
                start <= vals["date_to"] and vals["date_from"] <= end
                for start, end in taken[vals["fee_id"], share]
            ):
                count += 1
                share = shares_tool.key_of("past", vals["date_from"], vals["date_to"], count)
            taken[vals["fee_id"], share].append((vals["date_from"], vals["date_to"]))
            shares.append(share)
        return shares

    @api.model
    def _prepare_past_payment(self, charges, payer, row):
        """Prepare the payment of one receipt and payer, through the journal of past payments."""
        company = charges.company_id
        journal = company._billing_past_journal()
        account = charges.move_id._property_receivable_lines().account_id[:1]
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": payer.id,
            "destination_account_id": account.id,
            "amount": company.currency_id.round(sum(charges.mapped("amount"))),
            "currency_id": company.currency_id.id,
            "date": row["paid_on"],
            "journal_id": journal.id,
            "payment_method_line_id": journal.inbound_payment_method_line_ids[:1].id,
            "memo": " ".join(filter(None, (row["receipt"], row["method"]))),
            "site_id": charges.site_id[:1].id,
            "unit_id": charges.unit_id.id if len(charges.unit_id) == 1 else False,
        }

    @api.model
    def _create_past_receipts(self, payments, by_receipt, facts):
        """Put the old receipts on file under their own numbers."""
        grouped = defaultdict(payments.browse)
        for payment, (number, _payer) in zip(payments, by_receipt, strict=True):
            grouped[number] |= payment
        # sudo: nobody creates receipts by hand; the import's right was checked
        receipts_sudo = self.env["property.receipt"].sudo()
        vals_list = []
        for number, paid in grouped.items():
            row = facts[number]
            lines = [line for payment in paid for line in payment._property_receipt_lines()]
            vals = receipts_sudo._prepare_receipt(
                paid.company_id, paid.site_id[:1], paid, lines, None, row["paid_on"]
            )
            total = f"{vals['amount_total']:.2f}"
            method = row["method"] or paid[:1].journal_id.name
            vals_list.append(
                {
                    **vals,
                    "name": number,
                    "is_imported": True,
                    "tenders": [{"method": method, "amount": total}],
                }
            )
        receipts_sudo = receipts_sudo.create(vals_list)
        for receipt in receipts_sudo:
            receipt.payment_ids.receipt_id = receipt
        return receipts_sudo
