from decimal import Decimal

from odoo import fields, models


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

    def _create_payment(self, **extra_create_values):
        """Override of `account_payment`: money for a stay becomes a parking payment."""
        if self.parking_session_id:
            return self._parking_receive(extra_create_values)
        return super()._create_payment(**extra_create_values)

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
                journal_id=self.provider_id.journal_id.id,
                transaction_id=self.id,
                reference=self.provider_reference or self.reference,
                account_payment_id=self._parking_post_money(extra_create_values).id,
            )
        self.payment_id = payment.account_payment_id
        return self.payment_id

    def _parking_post_money(self, extra_create_values):
        """Post what the provider received, on the account of nameless drivers."""
        area = self.parking_session_id.area_id
        journal = self.provider_id.journal_id
        method_line = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == self.provider_id
        )
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
                    "payment_method_line_id": method_line[:1].id,
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
        """Override of `payment`: money that arrives for a stay after it was given up is money."""
        if target_state == "done" and self and all(tx.parking_session_id for tx in self):
            allowed_states = (*allowed_states, "cancel")
        return super()._update_state(allowed_states, target_state, state_message)
