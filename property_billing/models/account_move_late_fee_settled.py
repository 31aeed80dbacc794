"""Late fees of bills that were paid late by any reconciliation: bills of their own by morning."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from .property_charge import POST_BATCH

_logger = logging.getLogger(__name__)

LOOK_BACK_DAYS = 40


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _cron_late_fees_of_settled(self):
        """Bill the late fees of bills settled since, up to the day the money arrived.

        A payment of stock accounting, a line of a bank statement or a batch knows nothing of late
        fees. What a settled bill owes of them grows no more, so the figure is that of the day of
        payment whenever the night comes. A batch that cannot be billed is tried bill by bill; a
        bill that cannot is told so in its chatter, and the late fee stays live.
        """
        ids = self._property_settled_late_ids()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(ids))
        for batch in split_every(POST_BATCH, ids, list):
            self._property_bill_settled(batch)
            if not cron._commit_progress(len(batch)):
                return

    @api.model
    def _property_settled_late_ids(self):
        """Return the ids of bills that money settled late in the last weeks and that owe a fee.

        Left out are bills whose late fee somebody took back: that was a decision.

        :return: list of ids in order
        """
        self.env.flush_all()
        today = fields.Date.today()
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT bill.id
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move bill ON bill.id = line.move_id
                  JOIN property_charge_item item ON item.id = bill.charge_item_id
             LEFT JOIN property_charge charge ON charge.id = bill.property_charge_id
             LEFT JOIN property_fee fee ON fee.id = charge.fee_id
                  JOIN property_late_fee_policy policy
                    ON policy.id = COALESCE(fee.late_fee_policy_id, item.late_fee_policy_id)
                  JOIN account_move_line other ON other.id = partial.credit_move_id
                  JOIN account_move other_move ON other_move.id = other.move_id
                 WHERE partial.create_date >= %(since)s
                   AND partial.max_date > bill.invoice_date_due
                   AND policy.is_billed_at_settlement
                   AND bill.state = 'posted' AND bill.move_type = 'out_invoice'
                   AND bill.payment_state IN ('paid', 'in_payment') AND bill.amount_residual = 0
                   AND bill.unit_id IS NOT NULL AND bill.late_fee_bill_id IS NULL
                   AND other_move.move_type <> 'out_refund'
                   AND NOT EXISTS (SELECT FROM property_charge late
                                    WHERE late.late_fee_bill_id = bill.id
                                      AND late.state IN ('cancelled', 'reversed'))
              ORDER BY bill.id
                """,
                since=today - timedelta(days=LOOK_BACK_DAYS),
            )
        )
        bills = self.browse(row[0] for row in self.env.cr.fetchall())
        fees = bills._property_late_fees(today + timedelta(days=1))
        return [bill_id for bill_id in bills.ids if fees[bill_id]]

    @api.model
    def _property_bill_settled(self, ids):
        # a note is read by people, not by the user of the scheduled action
        self = self.with_context(lang=self.browse(ids).company_id[:1]._billing_lang())
        try:
            with self.env.cr.savepoint():
                self.browse(ids)._property_crystallise_settled()
        except UserError as error:
            if len(ids) > 1:
                for bill_id in ids:
                    self._property_bill_settled([bill_id])
                return
            _logger.warning("late fee of the settled bill %s was not billed: %s", ids[0], error)
            self.browse(ids).message_post(
                body=self.env._("The late fee could not be billed: %(why)s", why=error)
            )

    def _property_crystallise_settled(self):
        """Bill late fees by the calendar of each site.

        :return: the posted invoices
        """
        moves = self.browse()
        for tz, bills in self.grouped(lambda bill: bill.site_id.tz).items():
            today = fields.Date.context_today(self.with_context(tz=tz or "UTC"))
            moves |= bills._property_crystallise_late_fees(today)
        return moves
