from decimal import Decimal

from cn2an import an2cn
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AccountPayment(models.Model):
    _inherit = "account.payment"

    receipt_ids = fields.Many2many(
        "property.receipt", string="Receipts", readonly=True, copy=False, groups="base.group_user"
    )
    receipt_id = fields.Many2one(
        "property.receipt",
        string="Property Receipt",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The valid receipt of the money; the first of them when there is one an item.",
    )

    # What a person paid is asked for at every visit of the portal.
    _property_payer_index = models.Index("(partner_id) WHERE partner_type = 'customer'")
    _property_transaction_index = models.Index(
        "(payment_transaction_id) WHERE payment_transaction_id IS NOT NULL"
    )

    # Issuing and voiding ----------------------------------------------------------------------

    def action_property_issue_receipt(self):
        """Issue one receipt for the payments and show it."""
        return self._property_issue_receipts(merged=True)

    def action_property_issue_receipts_per_item(self):
        """Issue a receipt for each charge item of the payments and show them."""
        return self._property_issue_receipts(merged=False)

    def _property_issue_receipts(self, merged):
        self.check_access("write")
        receipts = self.env["property.receipt"]._issue(self, merged=merged)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_receipt_action"
        )
        if len(receipts) == 1:
            return {**action, "views": [(False, "form")], "res_id": receipts.id}
        return {**action, "domain": [("id", "in", receipts.ids)], "context": {}}

    def action_property_view_receipts(self):
        """Show the receipts of the payment, void ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_receipt_action"
        )
        return {**action, "domain": [("payment_ids", "in", self.ids)], "context": {}}

    def action_cancel(self):
        """Override of `account`: the receipt of money that was not received is void."""
        result = super().action_cancel()
        self._property_void_receipts()
        return result

    def action_draft(self):
        """Override of `account`: the receipt of money that was not received is void."""
        result = super().action_draft()
        self._property_void_receipts()
        return result

    def action_reject(self):
        """Override of `account`: the receipt of money that was not received is void."""
        result = super().action_reject()
        self._property_void_receipts()
        return result

    def _property_void_receipts(self):
        """Void the receipts of payments that were taken back."""
        # sudo: who may take a payment back voids its receipt with it
        receipts_sudo = self.sudo().receipt_ids.filtered(lambda receipt: receipt.state != "void")
        for receipt in receipts_sudo:
            back = receipt.payment_ids & self.sudo()
            # the counter asks the cashier why and passes it on
            reason = self.env.context.get("property_void_reason") or self.env._(
                "Payment %(payments)s was taken back.",
                payments="、".join(name or "" for name in back.mapped("name")),
            )
            receipt._void(reason)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_receipt(self):
        # sudo: whether there ever was a receipt
        if self.sudo().receipt_ids:
            raise UserError(
                self.env._("A payment that had a receipt stays on file. Cancel it instead.")
            )

    # What a receipt says ----------------------------------------------------------------------

    @api.model
    def _property_portal_payment_domain(self, partner):
        """Return the domain of the payments a person made, or that others made on its account.

        :param partner: `res.partner` of the user
        """
        # sudo: whoever belongs to the same payer; ids first, for an OR of joins reads every payment
        people_sudo = self.env["res.partner"].sudo().with_context(active_test=False)
        people_sudo = people_sudo.search(
            [("commercial_partner_id", "=", partner.commercial_partner_id.id)]
        )
        transactions_sudo = self.env["payment.transaction"].sudo()
        transactions_sudo = transactions_sudo.search([("partner_id", "in", people_sudo.ids)])
        return (
            Domain("payment_type", "=", "inbound")
            & Domain("partner_type", "=", "customer")
            & Domain("state", "in", ("in_process", "paid"))
            & (
                Domain("partner_id", "in", people_sudo.ids)
                | Domain("payment_transaction_id", "in", transactions_sudo.ids)
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
        payer = self._property_receipt_payer()
        lines, receipts_sudo = payments._property_receipt_known_lines()
        items = [line for line in lines if line["kind"] in ("bill", "late_fee")]
        total = sum(payments.mapped("amount"))
        settled = sum(item["amount"] for item in items)
        currency = self.currency_id
        transaction_sudo = self.payment_transaction_id.sudo()
        # who sees only its part of a paper sees neither its picture nor the way to it
        is_whole = receipts_sudo and receipts_sudo.payment_ids <= payments.sudo()
        return {
            "id": self.id,
            "number": "、".join(receipts_sudo.mapped("name")) or self.name,
            "is_numbered": bool(receipts_sudo),
            "qr_codes": [receipt._verify_qr() for receipt in receipts_sudo] if is_whole else [],
            "date": self.date,
            "payer": payer.name,
            "for_names": [
                name for name in payments.partner_id.mapped("name") if name and name != payer.name
            ],
            "company": self.company_id,
            "site": "、".join(dict.fromkeys(item["site"] for item in items if item["site"])),
            "units": list(dict.fromkeys(item["unit"] for item in items if item["unit"])),
            "method": self._property_receipt_method(),
            "reference": transaction_sudo.reference or self.memo or "",
            "items": items,
            "advance": max(currency.round(total - settled), 0.0),
            "total": total,
            "total_words": self._property_amount_in_words(total),
            "currency": currency,
        }

    def _property_receipt_payer(self):
        """Return who brought the money: the payer of the transaction, else of the first payment."""
        # sudo: the transaction of a payment the user may read
        return self.sudo().payment_transaction_id.partner_id[:1] or self.partner_id[:1]

    def _property_receipt_method(self):
        """Return how the money came, for people."""
        self.ensure_one()
        transaction_sudo = self.payment_transaction_id.sudo()
        # sudo: the name of the journal
        return transaction_sudo.payment_method_id.name or self.sudo().journal_id.name

    def _property_receipt_known_lines(self):
        """Return the lines of payments: as frozen on their receipts, else as they are now.

        :return: (list of dict for templates, the valid receipts as sudo)
        """
        # sudo: the receipt of a payment the caller has checked
        receipts_sudo = self.sudo().receipt_ids.filtered(lambda receipt: receipt.state != "void")
        receipts_sudo = receipts_sudo.sorted("id")
        lines = [
            {
                "kind": line.kind,
                "bill": line.bill_name or "",
                "item": line.name,
                "unit": line.unit_text or "",
                "site": line.receipt_id.site_id.name or "",
                "date_from": line.date_from,
                "date_to": line.date_to,
                "amount": line.amount,
            }
            for line in receipts_sudo.line_ids
            if line.payment_id in self.sudo()
        ]
        for payment in self.sudo() - receipts_sudo.payment_ids:
            lines += [
                {
                    "kind": line["kind"],
                    "bill": line["bill_name"] or "",
                    "item": line["name"],
                    "unit": line["unit_text"] or "",
                    "site": payment.site_id.name or "",
                    "date_from": line["date_from"],
                    "date_to": line["date_to"],
                    "amount": line["amount"],
                }
                for line in payment._property_receipt_lines()
            ]
        statements = self.env["property.statement"]
        return [
            {**line, "period": statements._period(line["date_from"], line["date_to"])}
            for line in lines
        ], receipts_sudo

    def _property_receipt_lines(self):
        """Return the values of the receipt lines of a payment: bills it settled, then the rest.

        :return: list of dict of `property.receipt.line`; their amounts sum to the payment's
        """
        self.ensure_one()
        amounts = {}
        # sudo: a receipt names its bills also to those who may not open them
        lines_sudo = self.sudo().move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        for partial in lines_sudo.matched_debit_ids:
            bill = partial.debit_move_id.move_id
            amounts[bill] = amounts.get(bill, 0.0) + partial.debit_amount_currency
        values = [
            {
                "kind": "late_fee" if bill._property_is_late_fee() else "bill",
                "name": self._property_receipt_name(bill),
                "item_id": bill.charge_item_id.id,
                "unit_id": bill.unit_id.id,
                "unit_text": bill.unit_id.code or False,
                "date_from": bill.period_from,
                "date_to": bill.period_to,
                "bill_id": bill.id,
                "bill_name": bill.name,
                "payment_id": self.id,
                "amount": amount,
            }
            for bill, amount in sorted(
                amounts.items(),
                key=lambda pair: (
                    pair[0].unit_id.sort_key or "",
                    str(pair[0].period_from or ""),
                    pair[0].id,
                ),
            )
        ]
        rest = self.currency_id.round(self.amount - sum(line["amount"] for line in values))
        if not self.currency_id.is_zero(rest):
            values.append(self._property_receipt_rest(rest))
        return values

    def _property_receipt_name(self, bill):
        """Return what a line of a receipt is for; a late fee names the item it is on."""
        item = bill.late_fee_bill_id.charge_item_id
        if item:
            return self._property_late_fee_name(item.name)
        return bill.charge_item_id.name or bill.ref or bill.name

    @api.model
    def _property_late_fee_name(self, item):
        """Return what a late fee is for.

        :param str item: name of the charge item that it is on
        """
        return self.env._("%(item)s, late fee", item=item)

    def _property_receipt_rest(self, amount):
        """Return the line of a receipt for money that settles no bill: an advance payment.

        :param float amount: below zero when a discount settled more than was paid
        """
        # sudo: what the money is for, of a payment the user may read
        prepayment_sudo = self.env["property.prepayment"].sudo()
        prepayment_sudo = prepayment_sudo.search([("payment_id", "=", self.id)], limit=1)
        item = prepayment_sudo.item_id
        unit = prepayment_sudo.unit_id or self.sudo().unit_id
        name = self.env._("Paid in advance") if amount > 0 else self.env._("Discount")
        return {
            "kind": "advance" if amount > 0 else "other",
            "name": f"{name} · {item.name}" if item else name,
            "item_id": item.id,
            "unit_id": unit.id,
            "unit_text": unit.code or False,
            "date_from": False,
            "date_to": False,
            "bill_id": False,
            "bill_name": False,
            "payment_id": self.id,
            "amount": amount,
        }

    @api.model
    def _property_amount_in_words(self, amount):
        """Return an amount of CNY in formal Chinese characters, as receipts need it.

        :param float amount: zero or more
        """
        return an2cn(str(Decimal(str(amount)).quantize(Decimal("0.01"))), "rmb")
