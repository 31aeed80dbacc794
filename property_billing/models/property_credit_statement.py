"""What became of money kept for a payer: its statement, and its balance on any day."""

from decimal import Decimal

from odoo import models
from odoo.tools import SQL


class PropertyCredit(models.AbstractModel):
    _inherit = "property.credit"

    def _statement_rows(self, day=None):
        """Return what happened to the money, in order.

        :param date day: the last day to look at; everything when left out
        :return: list of dict ``date``, ``kind``, ``name``, ``document``, ``amount`` (Decimal,
            negative when it leaves) and ``balance``
        """
        self.ensure_one()
        # sudo: partial reconciliations have no rights of their own; the credit was checked
        line_sudo = self.sudo().line_id
        if line_sudo.parent_state != "posted":
            return []
        rows = [
            {
                "date": line_sudo.date,
                "kind": "received",
                "name": self._received_text(),
                "document": line_sudo.move_id.name,
                "amount": self._fen(-line_sudo.balance),
            }
        ]
        for partial_sudo in line_sudo.matched_debit_ids.sorted(lambda one: (one.max_date, one.id)):
            rows.append(self._statement_row(partial_sudo))
        rows = [row for row in rows if not day or row["date"] <= day]
        balance = Decimal(0)
        for row in rows:
            balance += row["amount"]
            row["balance"] = balance
        return rows

    def _statement_row(self, partial_sudo):
        move_sudo = partial_sudo.debit_move_id.move_id
        statements = self.env["property.statement"]
        if move_sudo.is_invoice():
            kind, name = "used", statements._describe(move_sudo, "bill")
        elif move_sudo.origin_payment_id:
            kind, name = "refunded", self.env._("Paid back")
        elif partial_sudo.debit_move_id.account_id == self.sudo().line_id.account_id and (
            move_sudo.journal_id == self.company_id._billing_entry_journal()
        ):
            kind, name = "handed_over", self._handed_over_text(move_sudo)
        else:
            kind, name = "other", move_sudo.ref or move_sudo.name
        return {
            "date": partial_sudo.max_date,
            "kind": kind,
            "name": name,
            "document": move_sudo.name,
            "amount": -self._fen(partial_sudo.amount),
        }

    def _handed_over_text(self, move_sudo):
        """Say what an entry did with the money."""
        # sudo: the successor may lie with somebody whose records the reader does not see
        heirs_sudo = self.sudo().search([("line_id", "in", move_sudo.line_ids.ids)])
        if not heirs_sudo:
            return move_sudo.ref or move_sudo.name
        return self.env._("Handed over: %(number)s", number=heirs_sudo[0].name)

    def _received_text(self):
        origin = self.sudo().origin_id
        if origin:
            return self.env._("Taken over from %(number)s", number=origin.name)
        method = self.sudo().payment_id.journal_id.name
        return self.env._("Received (%(method)s)", method=method or self.env._("credit"))

    def _fen(self, amount):
        return self.env["property.statement"]._decimal(amount, self.company_id)

    def _balance_on(self, day):
        """Return dict record id -> Decimal left at the end of a day, in two queries."""
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.flush_model(["line_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT credit.id,
                       -line.balance - COALESCE(SUM(partial.amount), 0)
                  FROM %(table)s credit
                  JOIN account_move_line line ON line.id = credit.line_id
             LEFT JOIN account_partial_reconcile partial
                       ON partial.credit_move_id = line.id AND partial.max_date <= %(day)s
                 WHERE credit.id = ANY(%(ids)s) AND line.parent_state = 'posted'
                   AND line.date <= %(day)s
              GROUP BY credit.id, line.id
                """,
                table=SQL.identifier(self._table),
                day=day,
                ids=self.ids,
            )
        )
        found = dict(self.env.cr.fetchall())
        return {credit.id: credit._fen(found.get(credit.id, 0)) for credit in self}
