"""Bills settle with the money their payers left in advance, the moment they are posted."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools.prepay import apply_credits


class AccountMove(models.Model):
    _inherit = "account.move"

    def _property_apply_prepayments(self):
        """Settle posted bills with their payers' prepayments, oldest first.

        Money is only used for the payer it came from, and for the unit it was left for with the
        parking spaces and storage rooms that belong to it; earmarked money only for its item, and
        before money on account. Set-based: one query when there is nothing to use.

        :return: dict bill id -> Decimal settled
        """
        if not self or self.env.context.get("property_no_prepayments"):
            return {}
        rows = self._property_prepayment_matches()
        if not rows:
            return {}
        # sudo: posting, or taking money, was checked; using what was left in advance follows
        bills_sudo = self.sudo().browse({row[0] for row in rows})
        paying_elsewhere = set(bills_sudo._property_in_progress().ids)
        self.env["property.prepayment"].browse({row[4] for row in rows})._lock_lines()
        due, credits, candidates, lines = {}, {}, defaultdict(list), {}
        for bill, bill_line, day, residual, prepayment, line, received, left, earmarked in rows:
            if bill in paying_elsewhere:
                continue
            due[bill] = (day, Decimal(str(residual)))
            credits[prepayment] = (earmarked, received, Decimal(str(left)))
            candidates[bill].append(prepayment)
            lines[bill], lines[-prepayment] = bill_line, line
        ordered = sorted(due, key=lambda bill: (due[bill][0], bill))
        uses = apply_credits([(bill, due[bill][1]) for bill in ordered], credits, candidates)
        lines_sudo = self.env["account.move.line"].sudo()
        lines_sudo._reconcile_plan(
            [
                lines_sudo.browse((lines[-prepayment], lines[bill]))
                for bill, prepayment, _amount in uses
            ]
        )
        self.env["property.prepayment"].invalidate_model(["amount_left", "amount_used"])
        self._property_log_prepayments(uses)
        applied = defaultdict(Decimal)
        for bill, _prepayment, amount in uses:
            applied[bill] += amount
        return dict(applied)

    def _property_prepayment_matches(self):
        """Return every bill of the recordset with every open prepayment that may pay it.

        From the bills to their prepayments and only then to the lines of both, whatever PostgreSQL
        believes about the size of the tables: bills just posted are not in its statistics yet.

        :return: list of (bill id, its receivable line, due date, residual, prepayment id, its line,
            date, left, is earmarked)
        """
        for model in ("account.move", "account.move.line", "property.prepayment", "property.unit"):
            self.env[model].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH pair AS MATERIALIZED (
                    SELECT bill.id, bill.day, prepayment.id AS prepayment_id, prepayment.line_id,
                           prepayment.date, prepayment.item_id IS NOT NULL AS is_earmarked
                      FROM unnest(%(ids)s::int[]) AS given (id)
                CROSS JOIN LATERAL (
                           SELECT id, unit_id, company_id, commercial_partner_id, charge_item_id,
                                  COALESCE(invoice_date_due, invoice_date) AS day
                             FROM account_move
                            WHERE id = given.id AND state = 'posted' AND move_type = 'out_invoice'
                           OFFSET 0) bill
                      JOIN property_prepayment prepayment
                           ON prepayment.commercial_partner_id = bill.commercial_partner_id
                          AND prepayment.company_id = bill.company_id
                          AND (prepayment.item_id IS NULL
                               OR prepayment.item_id = bill.charge_item_id)
                      JOIN property_unit unit
                           ON unit.id = bill.unit_id
                          AND prepayment.unit_id IN (unit.id, unit.parent_id)
                )
                SELECT pair.id, owed.id, pair.day, owed.amount_residual, pair.prepayment_id,
                       line.id, pair.date, -line.amount_residual, pair.is_earmarked
                  FROM pair
                  JOIN account_move_line line
                       ON line.id = pair.line_id AND line.parent_state = 'posted'
                      AND line.amount_residual < 0
            CROSS JOIN LATERAL (
                       SELECT id, amount_residual FROM account_move_line
                        WHERE move_id = pair.id AND account_id = line.account_id
                          AND amount_residual > 0 AND currency_id = line.currency_id
                       OFFSET 0) owed
              ORDER BY pair.id, pair.prepayment_id
                """,
                ids=self.ids,
            )
        )
        return self.env.cr.fetchall()

    def _property_log_prepayments(self, uses):
        """Log what was used, one entry a site."""
        bills_sudo = self.sudo().browse({bill for bill, _prepayment, _amount in uses})
        for site_sudo, moves_sudo in bills_sudo.grouped("site_id").items():
            ids = set(moves_sudo.ids)
            amounts = [amount for bill, _prepayment, amount in uses if bill in ids]
            self.env["property.audit"]._log(
                "money",
                after={
                    "action": "prepayments_used",
                    "bills": len(ids),
                    "amount": f"{sum(amounts):.2f}",
                },
                model="property.prepayment",
                res_name=self.env._("Prepayments used"),
                site_id=site_sudo.id,
                company_id=moves_sudo.company_id[:1].id,
            )

    def _property_settle_with(self, credits):
        """Settle a bill with certain credits before anything else, then with prepayments.

        :param credits: dict credit line -> Decimal that may be used of it
        :return: what is left of them: dict credit line -> Decimal
        """
        self.ensure_one()
        owed = self._property_receivable_lines()
        lines = [line for line in credits if line.account_id == owed.account_id]
        if lines:
            owed._reconcile_plan([line + owed for line in lines])
        used = defaultdict(Decimal)
        for partial in self.line_ids.matched_credit_ids:
            used[partial.credit_move_id] += Decimal(str(partial.amount))
        self._property_apply_prepayments()
        return {line: max(amount - used[line], Decimal(0)) for line, amount in credits.items()}
