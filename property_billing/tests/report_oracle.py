"""A second opinion on every report: each item and reconciliation walked once, in plain Python."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from ..tools.rounding import largest_remainder

ZERO = Decimal(0)


def fen(value):
    """Return an amount as Decimal to the fen."""
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))


def is_money(move):
    """Say whether an entry is money: taken, or taken earlier and handed over."""
    if move.is_invoice():
        return False
    kinds = set(move.line_ids.account_id.mapped("account_type"))
    return (
        bool(move.origin_payment_id)
        or move.journal_id.type in ("cash", "bank")
        or kinds == {"asset_receivable"}
    )


class Oracle:
    """Figures by walking every item and reconciliation once; knows none of the reports' SQL."""

    def __init__(self, env, company):
        self.env = env
        lines = env["account.move.line"].search(
            [("company_id", "=", company.id), ("parent_state", "=", "posted")]
        )
        self.lines = lines
        self.receivables = lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.documents = self.receivables.filtered(
            lambda line: line.move_id.is_sale_document(True) and line.move_id.site_id
        )
        partials = env["account.partial.reconcile"].search([("company_id", "=", company.id)])
        posted = set(lines.ids)
        #: line id -> list of (day, other line, what it takes off the line)
        self.settled = defaultdict(list)
        for partial in partials:
            debit, credit = partial.debit_move_id, partial.credit_move_id
            if debit.id in posted and credit.id in posted:
                self.settled[debit.id].append((partial.max_date, credit, fen(partial.amount)))
                self.settled[credit.id].append((partial.max_date, debit, -fen(partial.amount)))

    def open(self, line, day):
        """Return what an item was open at the end of a day."""
        if line.date > day:
            return ZERO
        return fen(line.balance) - sum(
            (amount for when, _other, amount in self.settled[line.id] if when <= day), ZERO
        )

    def ageing(self, day):
        """Return dict line id -> open amount."""
        found = {line.id: self.open(line, day) for line in self.receivables}
        return {key: amount for key, amount in found.items() if amount}

    def ledger(self, accounts, day, since=None):
        """Return the balance of accounts at the end of a day, or of a span."""
        return sum(
            (
                fen(line.balance)
                for line in self.lines
                if line.account_id in accounts and (since or date.min) <= line.date <= day
            ),
            ZERO,
        )

    def collection(self, day, group):
        """Return dict group -> [billed, credited, collected, settled otherwise]."""
        sums = defaultdict(lambda: [ZERO, ZERO, ZERO, ZERO])
        documents = set(self.documents.ids)
        for line in self.documents:
            key = group(line)
            if line.date <= day:
                is_note = line.move_id.move_type == "out_refund"
                sums[key][1 if is_note else 0] += fen(line.balance) * (-1 if is_note else 1)
            for when, other, amount in self.settled[line.id]:
                if when <= day and other.id not in documents:
                    sums[key][2 if is_money(other.move_id) else 3] += amount
        return dict(sums)

    def arrears(self, first, last):
        """Return dict line id -> (open at the start, collected, open at the end)."""
        found = {}
        for line in self.documents.filtered(lambda one: one.balance > 0):
            start = self.open(line, first - timedelta(days=1))
            if start <= 0 or line.date >= first:
                continue
            collected = sum(
                (
                    amount
                    for when, other, amount in self.settled[line.id]
                    if first <= when <= last and is_money(other.move_id)
                ),
                ZERO,
            )
            found[line.id] = (start, collected, self.open(line, last))
        return found

    def income(self):
        """Return dict (line id, month for) -> net amount, by days and largest remainders."""
        parts = {}
        for line in self.lines:
            if line.account_id.account_type not in ("income", "income_other"):
                continue
            move = line.move_id
            first, last = move.period_from or line.date, move.period_to or line.date
            months = []
            start = first.replace(day=1)
            while start <= last:
                months.append(start)
                start += relativedelta(months=1)
            days = [
                sum(
                    1
                    for offset in range((last - first).days + 1)
                    if (first + timedelta(days=offset)).replace(day=1) == month
                )
                for month in months
            ]
            shares = largest_remainder(-fen(line.balance), days)
            parts.update(
                {(line.id, month): share for month, share in zip(months, shares, strict=True)}
            )
        return parts
