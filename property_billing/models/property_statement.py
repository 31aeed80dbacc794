from calendar import monthrange
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.statement import PAYMENT, Entry, build_statement, entry_kind

BILL_TYPES = ("out_invoice", "out_receipt", "out_refund")


class PropertyStatement(models.AbstractModel):
    """Statements of account, computed from posted journal items with the rights of the caller."""

    _name = "property.statement"
    _description = "Statement of Account"

    @api.model
    def _for_payer(self, partner, company, date_from, date_to):
        """Return the statement of everything one payer owes and paid.

        :param partner: `res.partner`; its whole commercial entity is meant
        :param company: `res.company`
        :param date date_from: first day
        :param date date_to: last day
        :return: `Statement`
        """
        domain = self._receivable_domain(company) & Domain(
            "partner_id.commercial_partner_id", "=", partner.commercial_partner_id.id
        )
        lines = self.env["account.move.line"]
        [(opening,)] = lines._read_group(
            domain & Domain("date", "<", date_from), [], ["balance:sum"]
        )
        movements = lines.search(
            domain & Domain("date", ">=", date_from) & Domain("date", "<=", date_to),
            order="date, id",
        )
        # One payment may carry several receivable lines; people know it as one movement.
        entries = [
            self._prepare_entry(move, date, sum(rows.mapped("balance")), company)
            for (move, date), rows in movements.grouped(
                lambda line: (line.move_id, line.date)
            ).items()
        ]
        return build_statement(self._decimal(opening, company), entries)

    @api.model
    def _for_units(self, units, company, date_from, date_to, partners=None):
        """Return the statement of what was billed on units and how it was settled.

        Payments count as far as they settle bills of these units, on the day they did.

        :param units: `property.unit`: a household with its parking spaces
        :param company: `res.company`
        :param date date_from: first day
        :param date date_to: last day
        :param partners: only bills of these payers; everybody's when left out
        :return: `Statement`
        """
        domain = (
            self._receivable_domain(company)
            & Domain("unit_id", "in", units.ids)
            & Domain("move_id.move_type", "in", BILL_TYPES)
            & Domain("date", "<=", date_to)
        )
        if partners is not None:
            domain &= Domain(
                "partner_id.commercial_partner_id", "in", partners.commercial_partner_id.ids
            )
        bills = self.env["account.move.line"].search(domain, order="date, id")
        opening = Decimal(0)
        entries = []
        for (move, date), rows in bills.grouped(lambda line: (line.move_id, line.date)).items():
            balance = sum(rows.mapped("balance"))
            if date < date_from:
                opening += self._decimal(balance, company)
            else:
                entries.append(self._prepare_entry(move, date, balance, company))
        for (move, date), amount in self._settlements(bills).items():
            if date < date_from:
                opening -= self._decimal(amount, company)
            elif date <= date_to:
                entries.append(self._prepare_entry(move, date, -amount, company, kind=PAYMENT))
        return build_statement(opening, entries)

    @api.model
    def _receivable_domain(self, company):
        return (
            Domain("parent_state", "=", "posted")
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("company_id", "=", company.id)
        )

    @api.model
    def _settlements(self, lines):
        """Return what others contributed to the lines: {(move, day): amount}."""
        amounts = defaultdict(float)
        # sudo: partial reconciliations have no rights of their own; the lines were searched with
        # the caller's
        lines_sudo = lines.sudo()
        for partial in lines_sudo.matched_credit_ids:
            if partial.credit_move_id not in lines_sudo:
                amounts[partial.credit_move_id.move_id, partial.max_date] += partial.amount
        for partial in lines_sudo.matched_debit_ids:
            if partial.debit_move_id not in lines_sudo:
                amounts[partial.debit_move_id.move_id, partial.max_date] -= partial.amount
        return amounts

    @api.model
    def _prepare_entry(self, move, date, balance, company, kind=None):
        """Return a movement of the statement.

        :param move: `account.move` it comes from
        :param date date: its day
        :param float balance: what it adds to the debt
        :param str kind: bill, payment or credit; from the move's type when left out
        """
        kind = kind or entry_kind(move.move_type)
        amount = self._decimal(balance, company)
        if kind != "bill":
            amount = -amount
        return Entry(date, kind, amount, self._describe(move, kind), move.name)

    @api.model
    def _describe(self, move, kind):
        """Say in a few words what a movement is, for people who know no accounting."""
        if kind == PAYMENT:
            payment_sudo = move.sudo().origin_payment_id
            method = (
                payment_sudo.payment_transaction_id.payment_method_id.name
                or payment_sudo.journal_id.name
                or move.sudo().journal_id.name
            )
            return self.env._("Payment (%(method)s)", method=method)
        bill_sudo = move.sudo()
        parts = [
            bill_sudo.charge_item_id.name or bill_sudo.ref or bill_sudo.name,
            bill_sudo.unit_id.code,
            self._period(bill_sudo.period_from, bill_sudo.period_to),
        ]
        return " · ".join(part for part in parts if part)

    @api.model
    def _period(self, date_from, date_to):
        """Return a period as people say it: a whole month by its name, else both days.

        :param date date_from: first day or nothing
        :param date date_to: last day or nothing
        """
        if not date_from or not date_to:
            return ""
        last_day = monthrange(date_to.year, date_to.month)[1]
        same_month = (date_from.year, date_from.month) == (date_to.year, date_to.month)
        if same_month and date_from.day == 1 and date_to.day == last_day:
            return format_date(self.env, date_from, date_format=self.env._("MMMM y"))
        first, last = (
            format_date(self.env, day, date_format=self.env._("MMM d, y"))
            for day in (date_from, date_to)
        )
        return f"{first} – {last}" if first != last else first

    @api.model
    def _decimal(self, amount, company):
        return Decimal(str(company.currency_id.round(float(amount or 0.0)))).quantize(
            Decimal(1).scaleb(-company.currency_id.decimal_places)
        )
