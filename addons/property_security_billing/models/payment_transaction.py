import logging
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    parking_session_id = fields.Many2one(
        "property.parking.session",
        string="Parking Stay",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    parking_quoted_at = fields.Datetime(
        readonly=True, copy=False, help="Time until which the fee counts that the driver saw."
    )

    parking_pass_id = fields.Many2one(
        "property.parking.pass",
        string="Parking Card",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    parking_months = fields.Integer(
        readonly=True, copy=False, help="Months for which the card is renewed."
    )

    parking_refund_id = fields.Many2one(
        "property.parking.refund",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: money for a stay becomes a parking payment, money for a
        card renews it, money given back settles its refund.
        """
        if self.parking_refund_id:
            self.payment_id = self.parking_refund_id._receive_answer(self)
            return self.payment_id
        if self.parking_session_id:
            return self._parking_receive(extra_create_values)
        problem = ""
        if self.parking_pass_id and not self.property_amounts:
            problem = self._parking_renew()
        if problem:
            card = self.parking_pass_id
            place = {"unit_id": card.unit_id.id, "site_id": card.site_id.id}
            extra_create_values = {**place, **extra_create_values}
        payment = super()._create_payment(**extra_create_values)
        if problem:
            self._parking_keep(payment, problem)
        return payment

    def _parking_renew(self):
        """Renew the card and note the new bill as what this money pays.

        :return: why that was not possible, or nothing
        """
        self.ensure_one()
        card = self.parking_pass_id
        amount, today = Decimal(f"{self.amount:.2f}"), fields.Date.context_today(self)
        try:
            with self.env.cr.savepoint():
                _card, bill = card._renew_paid(self.parking_months, amount, today)
        except UserError as error:
            _logger.warning("transaction %s: card %s not renewed: %s", self.id, card.id, error)
            return str(error)
        self.property_amounts = {str(bill.id): self.amount}
        return ""

    def _parking_keep(self, payment, reason):
        """Keep money for a card that cannot be renewed as the payer's prepayment."""
        card = self.parking_pass_id
        lines = self.env["property.parking.payment"]._receivable(payment.move_id)
        self.env["property.prepayment"]._keep(lines, card.unit_id, reason)
        card.message_post(
            body=self.env._(
                "%(amount)s came for this card, which cannot be renewed. It is kept as a "
                "prepayment: %(reason)s",
                amount=self.currency_id.format(self.amount),
                reason=reason,
            )
        )

    def _parking_receive(self, extra_create_values):
        """Take the money for the stay; what it no longer needs is noted to be given back.

        :return: the account.payment that the transaction keeps
        """
        self.ensure_one()
        stay = self.parking_session_id
        key = f"tx-{self.id}"
        payment = stay._meet_money(key)
        if not payment:
            received = Decimal(f"{self.amount:.2f}")
            due = stay._due_at(stay.left_at or self.parking_quoted_at)
            payment = stay._add_payment(
                min(received, due),
                received,
                key=key,
                quoted_at=self.parking_quoted_at,
                method="online",
                journal_id=self._parking_journal().id,
                transaction_id=self.id,
                reference=self.provider_reference or self.reference,
                account_payment_id=self._parking_post_money(extra_create_values).id,
            )
        self.payment_id = payment.account_payment_id
        return self.payment_id

    def _parking_journal(self):
        """Return where the provider's money arrives: in a bank, also when it was switched off.

        A provider loses its journal then, and what drivers have paid is money all the same.
        """
        company = (self.parking_session_id or self.parking_refund_id).company_id
        return self.provider_id.journal_id or self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "parent_of", company.ids)], limit=1
        )

    def _parking_post_money(self, extra_create_values):
        """Post what the provider received, on the account of nameless drivers."""
        area = self.parking_session_id.area_id
        journal = self._parking_journal()
        lines = journal.inbound_payment_method_line_ids
        method_line = lines.filtered(lambda line: line.payment_provider_id == self.provider_id)
        payment = (
            self.env["account.payment"]
            .with_context(force_payment_move=True)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": area.company_id._parking_partner().id,
                    "amount": self.amount,
                    "currency_id": self.currency_id.id,
                    "journal_id": journal.id,
                    "company_id": area.company_id.id,
                    "payment_method_line_id": (method_line or lines)[:1].id,
                    "payment_transaction_id": self.id,
                    "memo": " - ".join(filter(None, (self.reference, self.provider_reference))),
                    "site_id": area.site_id.id,
                    "parking_area_id": area.id,
                    **extra_create_values,
                }
            )
        )
        payment.action_post()
        return payment

    def _update_state(self, allowed_states, target_state, state_message):
        """Override of `payment`: money that arrives for a stay after it was given up is money, and
        refunds follow what the provider says of theirs.
        """
        if target_state == "done" and self and all(tx.parking_session_id for tx in self):
            allowed_states = (*allowed_states, "cancel")
        processed = super()._update_state(allowed_states, target_state, state_message)
        for tx in processed.filtered("parking_refund_id"):
            tx.parking_refund_id._follow(tx)
        return processed

    def _refund(self, amount_to_refund=None):
        """Override of `payment`: money for a stay is given back with a second person's approval.

        :raise UserError: for money of a stay
        """
        if self.parking_session_id:
            raise UserError(
                self.env._(
                    "%(reference)s paid for parking. Open the parking payment and ask for the "
                    "refund there.",
                    reference=self.reference,
                )
            )
        return super()._refund(amount_to_refund=amount_to_refund)
