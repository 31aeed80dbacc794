"""Carrying out what seller and buyer agreed, and certifying it."""

from odoo import fields, models
from odoo.exceptions import UserError


class PropertySettlement(models.Model):
    _inherit = "property.settlement"

    # Hooks of the approval --------------------------------------------------------------------

    def _approval_impact(self):
        self.ensure_one()
        return len(self._open_bills_sudo()), self.amount_arrears

    def _approval_impact_text(self):
        """Override: say each sum with what is decided about it."""
        self.ensure_one()
        parts = [
            self._decision_text("arrears_decision", self.amount_arrears),
            self._decision_text("prepayment_decision", self.amount_prepaid),
            self._decision_text("deposit_decision", self.amount_deposits),
            self._lapse_text(),
        ]
        return "; ".join(part for part in parts if part) or self.env._("Nothing is open.")

    def _decision_text(self, name, amount):
        field = self._fields[name]
        if self.currency_id.is_zero(amount):
            return ""
        return self.env._(
            "%(what)s %(amount)s: %(decision)s",
            what=field._description_string(self.env),
            amount=self.currency_id.format(amount),
            decision=dict(field._description_selection(self.env)).get(self[name], ""),
        )

    def _lapse_text(self):
        amount = sum(self._gifts().mapped("amount_left"))
        if self.currency_id.is_zero(amount):
            return ""
        return self.env._(
            "Given free by campaigns and not used, lapses: %(amount)s",
            amount=self.currency_id.format(amount),
        )

    def _check_request(self):
        self.ensure_one()
        if self.approval_state == "cancelled":
            return
        (self._credits("property.prepayment")._lock_lines())
        (self._credits("property.deposit")._lock_lines())
        missing = self._missing()
        if missing:
            raise UserError("\n".join(missing))

    def _on_approved(self):
        self.ensure_one()
        if self.arrears_decision == "assumed":
            self._readdress_arrears()
        reason = self.env._("Settlement %(number)s", number=self.name)
        for model, decision in (
            ("property.prepayment", self.prepayment_decision),
            ("property.deposit", self.deposit_decision),
        ):
            for credit in self._credits(model):
                if decision == "refund":
                    credit._refund(credit.amount_left, self.journal_id, memo=reason)
                elif decision == "buyer":
                    credit._hand_over(
                        self.buyer_id, credit.unit_id, credit.amount_left, reason=reason
                    )
        for gift in self._gifts():
            gift._lapse(gift.amount_left, reason)

    def _readdress_arrears(self):
        """Bill the buyer for what the seller still owes, to the fen, and credit the seller."""
        # sudo: nobody makes charges by hand; the settlement was approved
        charges_sudo = self.env["property.charge"].sudo()
        note = self.env._(
            "assumed from %(seller)s, settlement %(number)s",
            seller=self.seller_id.name,
            number=self.name,
        )
        values = []
        for bill_sudo in self._open_bills_sudo():
            charge_sudo = bill_sudo.property_charge_id
            if not charge_sudo:
                raise UserError(
                    self.env._(
                        "%(bill)s was not made by billing. Have the seller pay it, or leave it on "
                        "the seller's account.",
                        bill=bill_sudo.name,
                    )
                )
            charge_sudo._lock_bills()
            owed = charge_sudo.env["property.statement"]._decimal(
                bill_sudo.amount_residual, self.company_id
            )
            if owed == charge_sudo._amount_standing():
                charge_sudo._credit_whole()
                values.append(
                    charge_sudo._prepare_replacement_vals(
                        charge_sudo.basis,
                        charge_sudo.basis.get("note") or note,
                        payer_id=self.buyer_id.id,
                    )
                )
            else:
                charge_sudo._credit_part(owed, note)
                values.append(charge_sudo._prepare_rest_vals(owed, self.buyer_id, note))
        created_sudo = charges_sudo.create(values)
        created_sudo._post()
        self._remember(created_sudo)

    def _remember(self, charges_sudo):
        # sudo: results are not written by hand
        self.sudo().charge_ids = [(4, charge.id) for charge in charges_sudo]

    def _certificate_rows(self):
        """Return what the certificate says of each decision: list of (what, how)."""
        self.ensure_one()
        rows = []
        for name in ("arrears_decision", "prepayment_decision", "deposit_decision"):
            field = self._fields[name]
            label = dict(field._description_selection(self.env)).get(self[name])
            rows.append((field._description_string(self.env), label or self.env._("none")))
        return rows

    # Certificate ------------------------------------------------------------------------------

    def action_certificate(self):
        """Number the clearance certificate once, and print it.

        :raise UserError: while nothing is decided, or money the seller was to pay is open again
        """
        self.ensure_one()
        self.check_access("write")
        if self.approval_state != "approved":
            raise UserError(
                self.env._("The decisions must be approved before the certificate is printed.")
            )
        if self.arrears_decision != "stay" and not self.currency_id.is_zero(self.amount_arrears):
            raise UserError(
                self.env._(
                    "%(seller)s owes %(amount)s again. Have it paid, then print the certificate.",
                    seller=self.seller_id.name,
                    amount=self.currency_id.format(self.amount_arrears),
                )
            )
        if not self.certificate_number:
            number = self.env["ir.sequence"].sudo().next_by_code("property.settlement.certificate")
            # sudo: an approved request is not edited; the number is no part of what was approved
            self.sudo().write(
                {
                    "certificate_number": number,
                    "certificate_date": fields.Date.context_today(self),
                    "certificate_user_id": self.env.uid,
                }
            )
            self.env["property.audit"]._log(
                "money", self, after={"action": "certificate", "reference": number}
            )
        return self.env.ref("property_billing.action_report_clearance").report_action(self)
