"""Taking charges back: cancelled invoices keep their numbers; paid or locked ones are credited."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import split_every

from .property_charge import NO_MAIL, POST_BATCH


class PropertyCharge(models.Model):
    _inherit = "property.charge"

    def _undo(self):
        """Take posted charges back, in the caller's transaction.

        Unpaid bills are cancelled and keep their numbers; paid, hashed or locked ones get a credit
        note, and what was paid becomes a credit of the payer. Either way the days can be billed
        again.

        :return: dict ``cancelled`` and ``credited``: numbers of bills
        """
        counts = {"cancelled": 0, "credited": 0}
        posted = self.filtered(lambda charge: charge.state == "posted")
        for ids in split_every(POST_BATCH, posted.ids):
            batch = self.browse(ids)
            to_credit = batch._to_credit()
            (batch - to_credit)._cancel_bills()
            to_credit._credit_bills()
            counts["cancelled"] += len(batch - to_credit)
            counts["credited"] += len(to_credit)
        self.flush_recordset(["state"])
        for site, charges in posted.grouped("site_id").items():
            self.env["property.audit"]._log(
                "money",
                charges.run_id[:1] or charges[:1],
                before={"posted": len(charges), "amount": round(sum(charges.mapped("amount")), 2)},
                after={"cancelled": len(charges.filtered(lambda c: c.state == "cancelled"))},
                reason=self.env._("Charges undone"),
                site_id=site.id,
            )
        return counts

    def _undo_and_keep(self, reason):
        """Take charges back, and keep what had paid them as prepayments of their units.

        What is billed in their stead is settled with it the moment it is posted.

        :param reason: why, in people's words
        """
        paid = self._paid_by_fee()
        self._undo()
        for fee, credits_sudo in paid.items():
            lines_sudo = self.env["account.move.line"].sudo().concat(*credits_sudo)
            self.env["property.prepayment"]._keep(lines_sudo, fee.unit_id, reason)

    def _without_credits(self):
        """Return the charges no part of whose bills was credited: that was a decision of its own.

        A bill made anew would ask for the credited part again.
        """
        ids = self.sudo().move_id.ids
        # sudo: that a part was credited is a fact of the bill
        notes_sudo = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("state", "=", "posted"),
                    ("move_type", "=", "out_refund"),
                    "|",
                    ("reversed_entry_id", "in", ids),
                    ("credit_of_bill_id", "in", ids),
                ]
            )
        )
        credited = {*notes_sudo.reversed_entry_id.ids, *notes_sudo.credit_of_bill_id.ids}
        return self.filtered(lambda charge: charge.sudo().move_id.id not in credited)

    def _paid_by_fee(self):
        """Return what paid the bills and their late fees.

        :return: dict property.fee -> dict credit line -> Decimal
        """
        paid = defaultdict(lambda: defaultdict(Decimal))
        # sudo: whoever takes bills back may know what paid them
        for charge_sudo in (self | self._percentages()).sudo():
            late_sudo = charge_sudo.move_id.late_fee_move_ids.property_charge_id
            for one_sudo in charge_sudo | late_sudo.filtered(lambda one: one.state == "posted"):
                if one_sudo.payment_state in ("not_paid", False):
                    continue
                for line_sudo, amount in one_sudo._paying_lines().items():
                    paid[charge_sudo.fee_id][line_sudo] += amount
        return paid

    def _to_credit(self):
        """Return the charges whose bills are paid, hashed or in a locked period."""
        # The invoices follow the access of the run that is undone.
        posted_sudo = self.move_id.sudo().filtered(lambda move: move.state == "posted")
        to_credit_sudo = posted_sudo.filtered(
            lambda move: (
                move.inalterable_hash
                or move.currency_id.compare_amounts(move.amount_residual, move.amount_total)
                or move.matched_payment_ids
            )
        )
        for moves_sudo in posted_sudo.grouped(lambda move: (move.journal_id, move.date)).values():
            # Most periods have no lock at all; only a locked one asks which bills carry VAT.
            if moves_sudo[0]._get_violated_lock_dates(moves_sudo[0].date, True):
                to_credit_sudo |= moves_sudo.filtered(
                    lambda move: move._get_violated_lock_dates(move.date, move._affect_tax_report())
                )
        ids = set(to_credit_sudo.ids)
        return self.filtered(lambda charge: charge.move_id.id in ids)

    def _cancel_bills(self):
        """Cancel unpaid bills; their numbers stay taken."""
        # Undoing is allowed by the billing run's own access; the invoices follow it.
        # Their lines stay as they are: Odoo need not derive them again.
        moves_sudo = self.move_id.sudo().with_context(
            **NO_MAIL, property_undo=True, skip_invoice_sync=True
        )
        moves_sudo.filtered(lambda move: move.state == "posted").button_draft()
        moves_sudo.filtered(lambda move: move.state == "draft").button_cancel()
        # sudo: nobody may edit charges; their state follows the bills
        self.sudo().write({"state": "cancelled"})

    def _credit_bills(self):
        """Post a credit note for bills that can no longer be cancelled."""
        if not self:
            return
        moves_sudo = self.move_id.sudo().with_context(**NO_MAIL, property_undo=True)
        partly_sudo = moves_sudo.filtered(lambda move: move._property_credit_notes())
        self._reverse_bills(moves_sudo - partly_sudo)
        for move_sudo in partly_sudo:
            self._credit_rest(move_sudo)
        self._mark_reversed()

    def _prepare_credit_vals(self, move_sudo):
        """Prepare the credit note of a bill, dated today or, if that is later, like the bill."""
        day = max(move_sudo.site_id._today(), move_sudo.date)
        env = self.with_context(lang=move_sudo.company_id._billing_lang()).env
        return {
            "date": day,
            "invoice_date": day,
            "invoice_date_due": day,
            "ref": env._("Credit for %(bill)s", bill=move_sudo.name),
        }

    def _credit_rest(self, move_sudo):
        """Credit what earlier credit notes left of a bill, so that nobody gets back more."""
        notes_sudo = move_sudo._property_credit_notes()
        rest = move_sudo.currency_id.round(
            move_sudo.amount_total - sum(notes_sudo.mapped("amount_total"))
        )
        move_sudo.line_ids.remove_move_reconcile()
        if move_sudo.currency_id.compare_amounts(rest, 0.0) > 0:
            note_sudo = move_sudo._reverse_moves([self._prepare_credit_vals(move_sudo)])
            line_sudo = note_sudo.invoice_line_ids[:1]
            (note_sudo.invoice_line_ids - line_sudo).unlink()
            line_sudo.write({"quantity": 1.0, "price_unit": rest, "discount": 0.0})
            note_sudo._post(soft=False)
            notes_sudo |= note_sudo
        (move_sudo | notes_sudo).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    def _mark_reversed(self):
        """Free the days of charges whose bills were credited in full."""
        # sudo: nobody may edit charges; their state follows the bills
        self.sudo().filtered(lambda charge: charge.state == "posted").write({"state": "reversed"})
