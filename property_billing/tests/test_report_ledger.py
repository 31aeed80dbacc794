"""Every report equals the general ledger to the fen, whatever happened to the books."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

from dateutil.relativedelta import relativedelta
from odoo.tests import tagged
from odoo.tools import SQL

from .common import BillingCommon
from .report_history import HistoryMixin
from .report_oracle import ZERO, Oracle, fen
from .report_pages import PagesMixin

DAYS = [
    date(2025, 5, 31),
    date(2025, 12, 31),
    date(2026, 4, 14),
    date(2026, 8, 31),
    date(2026, 12, 31),
]
AMOUNTS = ("amount_billed", "amount_credited", "amount_collected", "amount_other")
INCOME_SUMS = [f"amount_{name}:sum" for name in ("net", "vat", "total", "earned", "deferred")]
BUCKETS = [
    (0, "amount_not_due"),
    (30, "amount_30"),
    (90, "amount_90"),
    (180, "amount_180"),
    (365, "amount_365"),
    (10**6, "amount_older"),
]


class LedgerCase(PagesMixin, HistoryMixin, BillingCommon):
    SEED = 0
    STEPS = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_history(cls.SEED)

    def setUp(self):
        super().setUp()
        self.live(self.STEPS)
        self.oracle = Oracle(self.env, self.company)

    def report(self, name, domain=(), as_of=None, since=None):
        """Return the rows of a report."""
        model = self.env[f"property.report.{name}"].with_context(
            property_as_of=as_of, property_from=since
        )
        return model.search([("company_id", "=", self.company.id), *domain])

    def total(self, name, amount, domain=(), **days):
        """Return one sum of a report, added up by the database."""
        model = self.env[f"property.report.{name}"].with_context(
            property_as_of=days.get("as_of"), property_from=days.get("since")
        )
        [(found,)] = model._read_group(
            [("company_id", "=", self.company.id), *domain], [], [f"{amount}:sum"]
        )
        return fen(found)

    def accounts(self, *kinds):
        return self.oracle.lines.account_id.filtered(lambda one: one.account_type in kinds)

    def check_history(self):
        """Check every report against the books on every day."""
        self.assertGreater(len(self.bills), 10)
        self.assertGreater(len(self.payments), 10)
        self.assertTrue(self.handed_over)
        self.check_settlements()
        self.check_ageing()
        self.check_collection()
        self.check_arrears()
        self.check_income()
        self.check_cashier()
        self.check_pages()

    def kept(self, table, columns):
        """Return the rows of columns as PostgreSQL has them."""
        self.env.flush_all()
        names = SQL(", ").join(SQL.identifier(name) for name in ("id", *columns))
        self.env.cr.execute(SQL("SELECT %s FROM %s ORDER BY id", names, SQL.identifier(table)))
        return self.env.cr.fetchall()

    def check_settlements(self):
        """Check that an update fills a ledger with exactly what the ORM has kept in it."""
        for table, columns, fill in (
            (
                "account_move_line",
                ("site_document", "is_opening"),
                self.env["account.move.line"]._fill_site_documents,
            ),
            (
                "account_partial_reconcile",
                ("bill_line_id", "settled_by", "settling_payment_id"),
                self.env["account.partial.reconcile"]._fill_settlements,
            ),
        ):
            before = self.kept(table, columns)
            self.assertTrue({row[1] for row in before} - {None})
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s",
                    SQL.identifier(table),
                    SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in columns),
                )
            )
            fill()
            self.env.invalidate_all()
            self.assertEqual(
                [[value or None for value in row] for row in self.kept(table, columns)],
                [[value or None for value in row] for row in before],
                table,
            )

    def check_ageing(self):
        receivable = self.accounts("asset_receivable")
        for day in DAYS:
            rows = self.report("ageing", as_of=day)
            self.assertEqual(
                {row.id: fen(row.amount_open) for row in rows}, self.oracle.ageing(day), day
            )
            ledger = self.oracle.ledger(receivable, day)
            self.assertEqual(self.total("ageing", "amount_open", as_of=day), ledger, day)
            for row in rows:
                self.check_bucket(row, day)

    def check_bucket(self, row, day):
        if row.amount_open < 0:
            due, wanted = None, "amount_credit"
        else:
            move = row.move_id
            line = self.env["account.move.line"].browse(row.id)
            due = move.invoice_date_due if move.is_invoice() else line.date_maturity or row.date
            late = max((day - due).days, 0)
            wanted = next(name for limit, name in BUCKETS if late <= limit)
        for name in [name for _limit, name in BUCKETS] + ["amount_credit"]:
            self.assertEqual(
                row[name],
                row.amount_open if name == wanted else 0.0,
                (row.id, day, due, row.date_due, name, wanted, row.move_id.move_type),
            )

    def check_collection(self):
        for day in DAYS:
            wanted = self.oracle.collection(
                day, lambda line: (line.move_id.site_id, line.move_id.charge_item_id)
            )
            found = {
                (site, item): [fen(amount) for amount in amounts]
                for site, item, *amounts in self.env["property.report.collection"]._read_group(
                    [("company_id", "=", self.company.id), ("date", "<=", day)],
                    ["site_id", "charge_item_id"],
                    [f"{name}:sum" for name in AMOUNTS],
                )
            }
            self.assertEqual(
                {key: value for key, value in found.items() if any(value)},
                {key: value for key, value in wanted.items() if any(value)},
                day,
            )
            open_documents = sum(
                (self.oracle.open(line, day) for line in self.oracle.documents), ZERO
            )
            self.assertEqual(
                self.total("collection", "amount_open", [("date", "<=", day)]), open_documents
            )

    def check_arrears(self):
        for first, last in pairwise(DAYS):
            rows = self.report("arrears", as_of=last, since=first)
            self.assertEqual(
                {
                    row.id: (fen(row.amount_start), fen(row.amount_collected), fen(row.amount_end))
                    for row in rows
                },
                self.oracle.arrears(first, last),
                (first, last),
            )

    def check_income(self):
        income = self.accounts("income", "income_other")
        wanted = self.oracle.income()
        found = {
            (row.id // 1000, row.month_for): fen(row.amount_net)
            for row in self.report("income")
            if row.amount_net
        }
        self.assertEqual(found, {key: amount for key, amount in wanted.items() if amount})
        self.check_income_sums()
        for day in DAYS:
            end = day + relativedelta(day=31)
            earned = self.total("income", "amount_earned", as_of=day)
            deferred = self.total("income", "amount_deferred", as_of=day)
            self.assertEqual(earned + deferred, -self.oracle.ledger(income, end), day)
            month = day.replace(day=1)
            dates = {line.id: line.date for line in self.oracle.lines}
            self.assertEqual(
                deferred,
                sum(
                    (
                        amount
                        for (line, start), amount in wanted.items()
                        if start > month and dates[line] <= end
                    ),
                    ZERO,
                ),
            )

    def check_income_sums(self):
        """Check that what is added up before the split is what its single rows add up to."""
        sums = [*INCOME_SUMS, "__count"]
        for groups in (
            ["site_id", "charge_item_id", "month_earned:month"],
            ["building_id", "category", "date:month"],
            ["account_id", "month_for:month"],
            ["unit_id"],
            ["partner_id"],
        ):
            for domain in (
                [("is_deferred", "=", True)],
                [("date", ">=", DAYS[1]), ("charge_item_id", "!=", False)],
                [],
            ):
                domain = [("company_id", "=", self.company.id), *domain]
                model = self.env["property.report.income"].with_context(property_as_of=DAYS[2])
                found = model._read_group(domain, groups, sums)
                rows = model.search(domain).grouped(
                    lambda row, groups=groups: tuple(self.group_of(row, name) for name in groups)
                )
                self.assertEqual(
                    {
                        tuple(values[: len(groups)]): [
                            *map(fen, values[len(groups) : -1]),
                            values[-1],
                        ]
                        for values in found
                    },
                    {
                        key: [
                            *(
                                sum((fen(row[name.partition(":")[0]]) for row in of_key), ZERO)
                                for name in INCOME_SUMS
                            ),
                            len(of_key),
                        ]
                        for key, of_key in rows.items()
                    },
                    groups,
                )

    def group_of(self, row, group):
        """Return what a row is grouped by."""
        name, _colon, interval = group.partition(":")
        return row[name].replace(day=1) if interval else row[name]

    def check_cashier(self):
        accounts = self.accounts("asset_cash") | self.payments.outstanding_account_id
        wanted = defaultdict(Decimal)
        for line in self.oracle.lines:
            if line.account_id in accounts:
                wanted[line.date, line.move_id.site_id] += fen(line.balance)
        found = {
            (day, site): fen(amount)
            for day, site, amount in self.env["property.report.cashier"]._read_group(
                [("company_id", "=", self.company.id)], ["date:day", "site_id"], ["amount_net:sum"]
            )
        }
        self.assertEqual(
            {key: amount for key, amount in found.items() if amount},
            {key: amount for key, amount in wanted.items() if amount},
        )
        inbound = self.payments.filtered(
            lambda one: one.payment_type == "inbound" and one.move_id.state == "posted"
        )
        by_bank = sum(
            amount
            for line in self.receivable(self.statement_lines.move_id)
            for _day, bill, amount in self.oracle.settled[line.id]
            if bill.move_id.charge_item_id
        )
        self.assertTrue(by_bank)
        self.assertEqual(
            self.total("cashier", "amount_taken"),
            fen(sum(inbound.mapped("amount"))) - by_bank,
        )
        voided = self.payments.filtered(lambda one: one.state == "canceled")
        self.assertEqual(
            self.total("cashier", "amount_void"),
            fen(sum(-p.amount if p.payment_type == "outbound" else p.amount for p in voided)),
        )


@tagged("post_install", "-at_install")
class TestReportLedger(LedgerCase):
    SEED, STEPS = 19, 120

    def test_reports_equal_the_ledger_after_a_random_history(self):
        self.check_history()


@tagged("post_install", "-at_install")
class TestReportLedgerAgain(LedgerCase):
    SEED, STEPS = 2026, 150

    def test_reports_equal_the_ledger_after_another_history(self):
        self.check_history()
