import logging
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.payment_split import split_payment

_logger = logging.getLogger(__name__)

# What the stock Chinese of `payment_demo` sends instead of its states.
DEMO_STATES = {"完成": "done", "进行中": "pending", "取消": "cancel", "错误": "error"}


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    property_amounts = fields.Json(
        string="Bills and Amounts",
        readonly=True,
        copy=False,
        help="What the payer saw and meant to pay of each bill: invoice id and amount.",
    )

    property_terms = fields.Json(
        string="Late Fees and Discounts",
        readonly=True,
        copy=False,
        help="The late fees and discounts within those amounts, and the day they are of.",
    )

    _property_payer_index = models.Index("(partner_id)")

    def _apply_updates(self, payment_data):
        """Override of `payment` for the demo provider: its Chinese translates the values of the
        state selector along with their labels, so that every payment made in Chinese failed.
        """
        if self.provider_code == "demo":
            state = payment_data.get("simulated_state")
            payment_data["simulated_state"] = DEMO_STATES.get(state, state)
        return super()._apply_updates(payment_data)

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: payments made in the portal for households' bills
        become one payment per person whose bills they settle.
        """
        amounts = self._property_intended_amounts()
        if not amounts:
            return super()._create_payment(**extra_create_values)
        return self._property_create_payments(amounts, extra_create_values)

    def _property_intended_amounts(self):
        """Return what the payer chose: {invoice id: amount}; captures follow their source."""
        self.ensure_one()
        amounts = self.property_amounts
        if not amounts and self.operation == self.source_transaction_id.operation:
            amounts = self.source_transaction_id.property_amounts
        return {int(invoice_id): amount for invoice_id, amount in (amounts or {}).items()}

    def _property_create_payments(self, amounts, extra_create_values):
        """Book the money that arrived and settle the chosen bills with it, one by one.

        A payment carries the partner of the bills it settles — the owner's, also when the tenant
        paid them — else the bill would look paid while that partner's account stayed open. What
        the bills no longer owe stays with the payer as an advance payment.

        :param dict amounts: invoice id -> amount the payer meant to pay
        :param dict extra_create_values: values for every payment
        :return: the first payment, which the transaction keeps
        """
        bills = self.env["account.move"].browse(amounts).exists()
        self._property_lock(bills)
        shares, rest = split_payment(
            self._property_decimal(self.amount), self._property_wanted(bills, amounts)
        )
        payer = self.partner_id.commercial_partner_id
        groups = {}
        for bill, share in shares:
            key = (bill.commercial_partner_id, bill.site_id)
            group = groups.setdefault(key, {"bills": bill.browse(), "amount": Decimal(0)})
            group["bills"] |= bill
            group["amount"] += share
        if rest:
            key = next((key for key in groups if key[0] == payer), (payer, bills.site_id[:1]))
            group = groups.setdefault(key, {"bills": bills.browse(), "amount": Decimal(0)})
            group["amount"] += rest
        payments = (
            self.env["account.payment"]
            .with_context(force_payment_move=True)
            .create(
                [
                    {
                        **self._property_prepare_payment_vals(partner, site, group),
                        **extra_create_values,
                    }
                    for (partner, site), group in groups.items()
                ]
            )
        )
        payments.action_post()
        self.payment_id = payments[:1]
        self._property_reconcile(
            [
                (payment, group["bills"])
                for payment, group in zip(payments, groups.values(), strict=True)
            ],
            {bill: float(share) for bill, share in shares},
        )
        self.env["property.audit"]._log(
            "money",
            payments,
            after={
                "reference": self.reference,
                "amount": self.amount,
                "bills": {bill.name: str(share) for bill, share in shares},
                "advance": str(rest),
            },
        )
        self.env["property.receipt"]._issue(payments, payer=self.partner_id)
        return payments[:1]

    def _property_wanted(self, bills, amounts):
        """Return what each bill is meant to get and still owes, in the order of settlement.

        The late fees the payer was shown become bills first and are settled before their bill;
        the discounts become credit notes.

        :param bills: the chosen bills, locked
        :param dict amounts: invoice id -> amount the payer meant to pay, late fee included
        :return: list of (bill, intended, residual)
        """
        late = self._property_honour_terms(bills)
        wanted = []
        for bill in bills.sorted(lambda bill: (bill.invoice_date_due, bill.id)):
            own = self._property_decimal(amounts[bill.id])
            for late_bill, share in late:
                if late_bill.late_fee_bill_id == bill:
                    wanted.append((late_bill, share))
                    own -= share
            wanted.append((bill, max(own, Decimal(0))))
        return [
            (
                bill,
                intended,
                self._property_decimal(0 if bill._property_is_settled() else bill.amount_residual),
            )
            for bill, intended in wanted
        ]

    def _property_honour_terms(self, bills):
        """Bill the late fees and grant the discounts that were shown; money that arrived is
        booked even where that fails, and is then an advance of the payer.
        """
        terms = self.property_terms or self.source_transaction_id.property_terms
        try:
            with self.env.cr.savepoint():
                return bills._property_honour_terms(terms)
        except UserError as error:
            _logger.warning("transaction %s: late fees were not billed: %s", self.id, error)
            return []

    def _property_prepare_payment_vals(self, partner, site, group):
        """Return the values of one payment.

        :param partner: whose account it settles
        :param site: site of the bills
        :param dict group: `bills` (none for a pure advance) and `amount`
        """
        journal = self.provider_id.journal_id
        method_line = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == self.provider_id
        )
        vals = {
            "amount": float(group["amount"]),
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "currency_id": self.currency_id.id,
            "journal_id": journal.id,
            "company_id": self.provider_id.company_id.id,
            "payment_method_line_id": method_line[:1].id,
            "payment_token_id": self.token_id.id,
            "payment_transaction_id": self.id,
            "memo": " - ".join(filter(None, (self.reference, self.provider_reference))),
            "invoice_ids": [fields.Command.set(group["bills"].ids)],
            "site_id": site.id,
        }
        account = group["bills"]._property_receivable_lines().account_id[:1]
        if account:
            vals["destination_account_id"] = account.id
        return vals

    def _property_reconcile(self, settlements, shares):
        """Settle bills with payments in one plan, bill by bill: reconciling them in one heap pays
        the smallest first, reconciling them one call each takes five times as long.

        :param list settlements: (posted payment, bills it settles)
        :param dict shares: invoice -> amount it is to get
        """
        plan = []
        for payment, bills in settlements:
            payment_lines = payment.move_id.line_ids.filtered(
                lambda line, account=payment.destination_account_id: line.account_id == account
            )
            # bills that get all they owe come first: none is starved by a partly paid one
            for bill in bills.sorted(
                lambda bill: bill.currency_id.compare_amounts(bill.amount_residual, shares[bill])
            ):
                plan.append(payment_lines + bill._property_receivable_lines())
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    def _property_lock(self, bills):
        """Wait for whoever else is settling the bills, then read them anew."""
        if bills:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM account_move WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    tuple(bills.ids),
                ),
                log_exceptions=False,  # whoever loses the race is retried by the poll or the cron
            )
            bills.invalidate_recordset(["amount_residual", "payment_state", "state"])

    def _property_decimal(self, amount):
        return Decimal(str(self.currency_id.round(float(amount)))).quantize(
            Decimal(1).scaleb(-self.currency_id.decimal_places)
        )
