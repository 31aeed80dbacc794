"""Collection rate (收缴率): what was billed, credited and settled, each on its own day."""

from odoo import fields, models
from odoo.tools import SQL

from .property_report import FENCE, IS_MONEY


class PropertyReportCollection(models.Model):
    """One row for every bill, credit note and settlement, dated the day it happened.

    As of any day: keep the rows up to that day. Billed − credited − collected − settled otherwise
    is what these documents were open by then.
    """

    _name = "property.report.collection"
    _description = "Collection Rate"
    _inherit = ["property.report"]
    _auto = False
    _order = "date desc, id desc"
    _ratios = {"rate": ("amount_collected", "amount_due")}
    _depends = {
        "account.move.line": [
            "balance",
            "company_id",
            "date",
            "display_type",
            "journal_id",
            "move_id",
            "parent_state",
            "partner_id",
            "site_id",
            "unit_id",
            "charge_item_id",
            "period_from",
            "period_to",
        ],
        "account.move": [
            "commercial_partner_id",
            "is_opening",
            "move_type",
            "origin_payment_id",
            "statement_line_id",
        ],
        "account.payment": ["collector_id", "payment_method_line_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "property.unit": ["building_id"],
        "property.charge.item": ["category"],
    }

    kind = fields.Selection(
        [
            ("billed", "Billed"),
            ("credited", "Credited"),
            ("collected", "Collected"),
            ("other", "Settled otherwise"),
        ],
        string="What",
        readonly=True,
    )
    period_from = fields.Date(readonly=True)
    period_to = fields.Date(string="Billed Period", readonly=True)
    bill_date = fields.Date(readonly=True)
    is_opening = fields.Boolean(string="Opening Arrears", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True, help="Who took the money.")
    journal_id = fields.Many2one("account.journal", string="Money Journal", readonly=True)
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line", string="Payment Method", readonly=True
    )
    amount_billed = fields.Monetary(string="Billed", readonly=True)
    amount_credited = fields.Monetary(string="Credited", readonly=True)
    amount_due = fields.Monetary(string="Net Billed", readonly=True, help="Billed less credited.")
    amount_collected = fields.Monetary(
        string="Collected", readonly=True, help="Settled with money, refunds taken off."
    )
    amount_other = fields.Monetary(
        string="Settled Otherwise",
        readonly=True,
        help="Settled by entries that are no money: write-offs, deductions from deposits.",
    )
    amount_open = fields.Monetary(
        string="Uncollected", readonly=True, help="Net billed less collected and settled otherwise."
    )
    rate = fields.Float(
        string="Collection Rate", readonly=True, aggregator="avg", help="Collected ÷ due."
    )

    @property
    def _table_query(self):
        return SQL(
            "%s SELECT row.*, row.amount_billed - row.amount_credited AS amount_due,"
            " row.amount_billed - row.amount_credited - row.amount_collected - row.amount_other"
            " AS amount_open, NULL::float8 AS rate FROM (%s UNION ALL %s UNION ALL %s) row",
            FENCE,
            self._documents(),
            self._settlements(SQL("debit_move_id"), SQL("credit_move_id"), SQL("partial.amount")),
            self._settlements(SQL("credit_move_id"), SQL("debit_move_id"), SQL("-partial.amount")),
        )

    def _dimensions(self):
        return SQL(
            """line.company_id, line.company_currency_id AS currency_id, line.site_id,
               unit.building_id, line.unit_id, line.charge_item_id, charge_item.category,
               COALESCE(move.commercial_partner_id, line.partner_id) AS partner_id,
               line.move_id, line.period_from, line.period_to, line.date AS bill_date,
               COALESCE(move.is_opening, FALSE) AS is_opening"""
        )

    def _documents_from(self):
        return SQL(
            """account_move_line line
               JOIN account_move move ON move.id = line.move_id
          LEFT JOIN property_unit unit ON unit.id = line.unit_id
          LEFT JOIN property_charge_item charge_item ON charge_item.id = line.charge_item_id"""
        )

    def _documents_where(self):
        return SQL(
            """line.parent_state = 'posted' AND line.display_type = 'payment_term'
               AND line.site_id IS NOT NULL
               AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund') AND %s""",
            self._report_sites(SQL("line.site_id"), strict=True),
        )

    def _documents(self):
        """Return the query of bills and credit notes."""
        return SQL(
            """
            SELECT line.id::bigint * 2 AS id, line.date,
                   CASE move.move_type WHEN 'out_refund' THEN 'credited' ELSE 'billed' END AS kind,
                   %s,
                   NULL::integer AS collector_id, NULL::integer AS journal_id,
                   NULL::integer AS payment_method_line_id,
                   CASE move.move_type WHEN 'out_refund' THEN 0 ELSE line.balance END
                       AS amount_billed,
                   CASE move.move_type WHEN 'out_refund' THEN -line.balance ELSE 0 END
                       AS amount_credited,
                   0 AS amount_collected, 0 AS amount_other
              FROM %s
             WHERE %s
            """,
            self._dimensions(),
            self._documents_from(),
            self._documents_where(),
        )

    def _settlements(self, own, others, amount):
        """Return the query of what settled documents, unless it is a document of a site itself.

        :param own: column of the reconciliation that names the document's item
        :param others: column that names the other one
        :param amount: what it took off the document
        """
        kind = SQL(
            "CASE WHEN other_move.move_type = 'out_refund' THEN 'credited'"
            " WHEN %s THEN 'collected' ELSE 'other' END",
            IS_MONEY,
        )
        return SQL(
            """
            SELECT partial.id::bigint * 2 + 1 AS id, partial.max_date AS date, settled.kind,
                   %(dimensions)s, payment.collector_id, other.journal_id,
                   payment.payment_method_line_id, 0 AS amount_billed,
                   CASE settled.kind WHEN 'credited' THEN %(amount)s ELSE 0 END AS amount_credited,
                   CASE settled.kind WHEN 'collected' THEN %(amount)s ELSE 0 END
                       AS amount_collected,
                   CASE settled.kind WHEN 'other' THEN %(amount)s ELSE 0 END AS amount_other
              FROM %(documents)s
              JOIN account_partial_reconcile partial ON partial.%(own)s = line.id
              JOIN account_move_line other
                ON other.id = partial.%(others)s AND other.parent_state = 'posted'
              JOIN account_move other_move ON other_move.id = other.move_id
              JOIN account_journal other_journal ON other_journal.id = other.journal_id
         LEFT JOIN account_payment payment ON payment.id = other_move.origin_payment_id
        CROSS JOIN LATERAL (SELECT %(kind)s AS kind) settled
             WHERE %(where)s
               AND NOT (other.display_type = 'payment_term' AND other.site_id IS NOT NULL)
            """,
            dimensions=self._dimensions(),
            documents=self._documents_from(),
            where=self._documents_where(),
            own=own,
            others=others,
            amount=amount,
            kind=kind,
        )

    def _bill_of_row(self):
        """Override of `property.report`: ids tell items (even) from reconciliations (odd)."""
        self.ensure_one()
        if self.id % 2 == 0:
            return self.env["account.move.line"].browse(self.id // 2).move_id
        # sudo: reconciliations have no rights of their own; the bill is opened with the caller's
        partial_sudo = self.env["account.partial.reconcile"].sudo().browse(self.id // 2)
        sides_sudo = partial_sudo.debit_move_id | partial_sudo.credit_move_id
        bill_sudo = sides_sudo.move_id.filtered(lambda move: move.is_sale_document(True))[:1]
        return bill_sudo.with_env(self.env)
