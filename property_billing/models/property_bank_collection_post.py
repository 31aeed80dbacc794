"""Booking what the bank collected: as a set where it is plain, in chunks that survive a crash."""

from collections import Counter, defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.settlement import allocate, due_of_bill
from . import payment_lane_sql
from .payment_lane import PaymentLane, PaymentOrder

POST_CHUNK = 2000
ZERO = Decimal(0)
#: How many bills were settled otherwise than they were to be, or by more than they owe.
SETTLED = """
SELECT count(*)
  FROM (SELECT bill_id, sum(amount) AS amount
          FROM unnest(%(bills)s::int[], %(amounts)s::numeric[]) AS part (bill_id, amount)
      GROUP BY bill_id) wanted
  FULL JOIN (SELECT owed.move_id AS bill_id, sum(partial.amount) AS amount,
                    min(owed.amount_residual) AS rest
               FROM unnest(%(payments)s::int[]) AS payment (id)
              CROSS JOIN LATERAL (SELECT id FROM account_move_line
                                   WHERE payment_id = payment.id OFFSET 0) credit
              CROSS JOIN LATERAL (SELECT debit_move_id, amount FROM account_partial_reconcile
                                   WHERE credit_move_id = credit.id OFFSET 0) partial
              CROSS JOIN LATERAL (SELECT move_id, amount_residual FROM account_move_line
                                   WHERE id = partial.debit_move_id OFFSET 0) owed
           GROUP BY owed.move_id) settled USING (bill_id)
 WHERE wanted.amount IS DISTINCT FROM settled.amount OR settled.rest < 0
"""


class PropertyBankCollection(models.Model):
    _inherit = "property.bank.collection"

    lane_cells = fields.Integer(
        string="Cells Compared", readonly=True, copy=False, help="Between both ways of posting."
    )
    lane_reasons = fields.Json(readonly=True, copy=False)
    lane_census = fields.Json(
        readonly=True, copy=False, help="Modules with a say in payments, and what they override."
    )
    lane_note = fields.Text(compute="_compute_lane_note", string="Why One by One")

    @api.depends("lane_reasons")
    def _compute_lane_note(self):
        for one in self:
            one.lane_note = "\n".join(
                f"{reason}: {count}" for reason, count in (one.lane_reasons or {}).items()
            )

    def action_post(self):
        """Book what the bank collected, now or in the background when it is much."""
        self.ensure_one()
        self.check_access("write")
        self.env["account.payment"].check_access("create")
        self._lock()
        self._expect("partial", "imported")
        if not self._unposted(1):
            raise UserError(
                self.env._(
                    "Everything the bank collected so far is booked. Import the next answer."
                )
            )
        # sudo: the state is written by these steps only
        self.sudo().write({"state": "posting", "error_message": False})
        if len(self._unposted(POST_CHUNK + 1)) > POST_CHUNK:
            return self._go_background("property_billing.ir_cron_bank_collections")
        lane = self._new_lane()
        while self._post_chunk(lane):
            pass
        return True

    @api.model
    def _cron_post(self):
        """Go on with batches in the background, a chunk a transaction; safe to kill any time."""
        batches = self.search([("state", "=", "posting")], order="write_date, id")
        batches._work_off(("posting",), len(batches))

    def _new_step(self):
        """Return the step of the scheduled action; its lane remembers what it has proved."""
        lane = self._new_lane()
        return lambda: 0 if self._post_chunk(lane) else 1

    def _stop(self, message):
        """Put a batch that met an error back, and say why on it."""
        self.write({"state": "imported", "error_message": message})
        self._settle_state()

    def _new_lane(self):
        """Return the lane of the batch, which remembers what it has proved."""
        journal = self.journal_id
        # sudo: methods of the journal, by whoever may book payments
        methods_sudo = journal.sudo().inbound_payment_method_line_ids
        method_sudo = methods_sudo.filtered(lambda line: line.code == "manual")[:1]
        if not method_sudo:
            raise UserError(
                self.env._(
                    "Journal %(journal)s has no manual payment method for money received. Add it "
                    "on the journal.",
                    journal=journal.display_name,
                )
            )
        return PaymentLane(self.env, journal, method_sudo, self.date)

    def _unposted(self, limit):
        """Return lines the bank collected and nobody booked yet, in order."""
        return self.env["property.bank.collection.line"].search(
            [
                ("collection_id", "=", self.id),
                ("result", "in", ("success", "part")),
                ("payment_id", "=", False),
            ],
            order="sequence",
            limit=limit,
        )

    def _post_chunk(self, lane):
        """Book one chunk of lines: payments, matching, receipts, prepayments of what is over.

        :param lane: PaymentLane of the batch
        :return: whether there may be more
        """
        self.ensure_one()
        self._lock()
        lines = self._unposted(POST_CHUNK)
        if not lines:
            self.sudo().write({"state": "imported"})
            self.sudo()._settle_state()
            return False
        lane.attach(self.env)
        orders, rests = self._orders(lines)
        paid, reasons = lane.pay(orders)
        self._check_settled(orders, list(paid.values()))
        payments = self.env["account.payment"].browse([paid[line.id] for line in lines])
        self._link_payments(lines, paid, rests)
        self._keep_rests(lines, rests)
        if self.is_receipted:
            self.env["property.receipt"]._issue_each(payments, lanes=lane.receipt_lanes)
        self._note_lane(lane, len(lines), reasons)
        self.env["property.audit"]._log(
            "money",
            self,
            after={
                "posted": len(lines),
                "amount": str(sum((order.amount for order in orders), ZERO)),
                "prepayments": str(sum(rests.values(), ZERO)),
            },
        )
        return True

    # What each line settles -------------------------------------------------------------------

    def _orders(self, lines):
        """Share the money of each line out over what its bills owe now.

        The bills are locked; late fees that were asked for become bills first. The order is the
        site's order of settlement.

        :return: (list of PaymentOrder, dict line id -> Decimal that nothing is owed for)
        """
        bills = self._bills_of(lines)
        dues = self._lock_dues({bill for own in bills.values() for bill in own})
        order = self.site_id.settlement_order or "law"
        orders, rests = [], {}
        for line in lines.sudo():
            own = [dues[bill] for bill in dict.fromkeys(bills[line.id]) if bill in dues]
            amount = Decimal(str(line.amount_paid)).quantize(Decimal("0.01"))
            shares, rest = allocate(amount, own, order)
            if rest:
                rests[line.id] = rest
            orders.append(
                PaymentOrder(
                    line.id,
                    line.partner_id.id,
                    line.unit_id.id,
                    self.site_id.id,
                    amount,
                    self._memo(line),
                    tuple((key[0], share) for key, share in shares),
                )
            )
        return orders, rests

    def _bills_of(self, lines):
        """Return the bills of lines, with those of the late fees that were asked for.

        :return: dict line id -> list of bill ids
        """
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT line_id, bill_id, amount_late_fee <> 0 FROM property_bank_collection_bill"
            " WHERE line_id = ANY(%s) ORDER BY line_id, id",
            [lines.ids],
        )
        bills, asked = defaultdict(list), {}
        for line_id, bill_id, is_asked in self.env.cr.fetchall():
            bills[line_id].append(bill_id)
            if is_asked:
                asked[bill_id] = line_id
        if asked:
            # sudo: a bill of the batch is the site's own, also where the user sees no accounting
            moves_sudo = self.env["account.move"].sudo()
            moves_sudo.browse(
                {bill for own in bills.values() for bill in own}
            )._property_lock_for_late_fees()
            asked_sudo = moves_sudo.browse(asked)
            # the bank took the money for them: what was left in advance stays
            asked_sudo.with_context(property_no_prepayments=True)._property_crystallise_late_fees(
                self.date
            )
            for late_sudo in asked_sudo._property_open_late_fees():
                bills[asked[late_sudo.late_fee_bill_id.id]].append(late_sudo.id)
        return bills

    def _lock_dues(self, bill_ids):
        """Lock bills, and read what each owes now.

        :return: dict bill id -> Due; only of bills that owe something
        """
        cr, bill_ids = self.env.cr, list(bill_ids)
        self.env.flush_all()
        cr.execute(SQL(payment_lane_sql.LOCK, bill_ids), log_exceptions=False)
        rows = cr.fetchall()
        cr.execute(SQL(payment_lane_sql.LOCK_LINE, bill_ids), log_exceptions=False)
        self.env["account.move"].invalidate_model(["amount_residual", "payment_state", "state"])
        return {
            bill_id: due_of_bill(bill_id, owed, (day, first), sequence, is_late)
            for bill_id, text, day, first, sequence, is_late in rows
            if (owed := Decimal(text)) > 0
        }

    def _memo(self, line):
        """Return the memo of a payment: batch, agreement, units and the bank's reference."""
        parts = [self.name, line.agreement, line.unit_text, line.bank_reference]
        return " · ".join(part for part in parts if part)

    def _check_settled(self, orders, payment_ids):
        """Make sure the payments settled of each bill what they were to, and no bill too much.

        Each row is looked up by itself, whatever is known about the ledger: it may be large, and
        these rows so new that PostgreSQL has not counted them.
        """
        parts = [part for order in orders for part in order.parts]
        self.env.flush_all()
        self.env.cr.execute(
            SETTLED,
            {
                "bills": [bill for bill, _part in parts],
                "amounts": [amount for _bill, amount in parts],
                "payments": payment_ids,
            },
        )
        if self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._(
                    "The bills could not be settled exactly, so nothing of this part was booked. "
                    "Post again; if it stays so, ask your administrator."
                )
            )

    # Afterwards -------------------------------------------------------------------------------

    def _link_payments(self, lines, paid, rests):
        """Tie lines to their payments, in one statement that no line passes twice."""
        lines.flush_recordset()
        self.env.cr.execute(
            """
            UPDATE property_bank_collection_line line
               SET payment_id = given.payment_id, amount_surplus = given.rest,
                   write_uid = %s, write_date = now() at time zone 'UTC'
              FROM unnest(%s::int[], %s::int[], %s::numeric[]) AS given (id, payment_id, rest)
             WHERE line.id = given.id AND line.payment_id IS NULL
            """,
            [
                self.env.uid,
                lines.ids,
                [paid[line.id] for line in lines],
                [rests.get(line.id, ZERO) for line in lines],
            ],
        )
        if self.env.cr.rowcount != len(lines):
            raise AssertionError("a line of a bank collection was booked twice")
        lines.invalidate_recordset(["payment_id", "amount_surplus"])
        self.invalidate_recordset()  # its totals

    def _keep_rests(self, lines, rests):
        """Keep what nothing is owed for as a prepayment of the payer."""
        for line in lines.filtered(lambda line: line.id in rests):
            payment = line.payment_id
            # sudo: the units of the bills of the line
            unit = line.unit_id or line.sudo().bill_ids.bill_id.unit_id[:1].sudo(False)
            credit = payment.move_id.line_ids.filtered(
                lambda one, account=payment.destination_account_id: one.account_id == account
            )
            self.env["property.prepayment"]._keep(credit, unit, self._memo(line))

    def _note_lane(self, lane, count, reasons):
        """Add up which way payments were booked, and why not as a set; receipts likewise."""
        total = Counter(self.lane_reasons or {})
        total.update(reasons)
        slow, cells = sum(reasons.values()), lane.cells
        for own in lane.receipt_lanes.values():
            for reason, number in own.reasons.items():
                total[self.env._("Receipt: %(reason)s", reason=reason)] += number
            own.reasons.clear()
            cells, own.cells = cells + own.cells, 0
        # sudo: who may post may not write what the posting says about itself
        self.sudo().write(
            {
                "fast_count": self.fast_count + count - slow,
                "orm_count": self.orm_count + slow,
                "lane_cells": self.lane_cells + cells,
                "lane_reasons": dict(total),
                "lane_census": lane.census,
            }
        )
        lane.cells = 0
