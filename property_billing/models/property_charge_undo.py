"""Taking charges back: cancelled invoices keep their numbers; paid or locked ones are credited."""

from odoo import fields, models
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
            to_credit = batch.filtered(lambda charge: charge._must_credit())
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

    def _must_credit(self):
        """Tell whether the bill can no longer be cancelled: paid, hashed or in a locked period."""
        self.ensure_one()
        move_sudo = self.move_id.sudo()
        return bool(
            move_sudo.state == "posted"
            and (
                move_sudo.inalterable_hash
                or move_sudo.currency_id.compare_amounts(
                    move_sudo.amount_residual, move_sudo.amount_total
                )
                or move_sudo.matched_payment_ids
                or move_sudo._get_violated_lock_dates(
                    move_sudo.date, move_sudo._affect_tax_report()
                )
            )
        )

    def _cancel_bills(self):
        """Cancel unpaid bills; their numbers stay taken."""
        # Undoing is allowed by the billing run's own access; the invoices follow it.
        moves_sudo = self.move_id.sudo().with_context(**NO_MAIL, property_undo=True)
        moves_sudo.filtered(lambda move: move.state == "posted").button_draft()
        moves_sudo.filtered(lambda move: move.state == "draft").button_cancel()
        self.write({"state": "cancelled"})

    def _credit_bills(self):
        """Post a credit note for bills that can no longer be cancelled."""
        if not self:
            return
        today = fields.Date.context_today(self)
        moves_sudo = self.move_id.sudo().with_context(**NO_MAIL, property_undo=True)
        moves_sudo._reverse_moves(
            [
                {
                    "date": max(today, move.date),
                    "invoice_date": max(today, move.date),
                    "invoice_date_due": max(today, move.date),
                    "ref": self.env._("Credit for %(bill)s", bill=move.name),
                }
                for move in moves_sudo
            ],
            cancel=True,
        )
        self._mark_reversed()

    def _mark_reversed(self):
        """Free the days of charges whose bills were credited in full."""
        self.filtered(lambda charge: charge.state == "posted").write({"state": "reversed"})
