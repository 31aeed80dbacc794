"""Collection rate (收缴率): what was billed, credited and settled, each on its own day."""

from odoo import fields, models
from odoo.tools import SQL

from .property_report import FENCE


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
            "is_opening",
            "journal_id",
            "move_id",
            "parent_state",
            "partner_id",
            "site_document",
            "site_id",
            "unit_id",
            "charge_item_id",
            "period_from",
            "period_to",
        ],
        "account.move": ["commercial_partner_id"],
        "account.payment": ["collector_id", "payment_method_line_id"],
        "account.partial.reconcile": [
            *("amount", "max_date", "debit_move_id", "credit_move_id"),
            *("bill_line_id", "settled_by", "settling_payment_id"),
        ],
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
            " AS amount_open, NULL::float8 AS rate FROM (%s UNION ALL %s) row",
            FENCE,
            self._documents(),
            self._settlements(),
        )

    # Both halves have the same types, column by column, or PostgreSQL would not look into them.
    # Everything but the items and the settlements themselves is joined from the left by a unique
    # key: PostgreSQL leaves out what a question does not ask for, and then reads these two in
    # their indexes alone.

    def _dimensions(self):
        return SQL(
            """line.company_id, company.currency_id, line.site_id, unit.building_id, line.unit_id,
               line.charge_item_id, charge_item.category,
               COALESCE(move.commercial_partner_id, line.partner_id) AS partner_id,
               line.move_id, line.period_from, line.period_to, line.date AS bill_date,
               COALESCE(line.is_opening, FALSE) AS is_opening"""
        )

    def _joined(self):
        return SQL(
            """
          LEFT JOIN res_company company ON company.id = line.company_id
          LEFT JOIN account_move move ON move.id = line.move_id
          LEFT JOIN property_unit unit ON unit.id = line.unit_id
          LEFT JOIN property_charge_item charge_item ON charge_item.id = line.charge_item_id
            """
        )

    def _documents_where(self):
        return SQL(
            "line.parent_state = 'posted' AND line.site_document IS NOT NULL AND %s",
            self._report_sites(SQL("line.site_id"), strict=True),
        )

    def _documents(self):
        """Return the query of bills and credit notes."""
        return SQL(
            """
            SELECT line.id::bigint * 2 AS id, line.date, line.site_document AS kind, %s,
                   NULL::integer AS collector_id, NULL::integer AS journal_id,
                   NULL::integer AS payment_method_line_id,
                   CASE line.site_document WHEN 'billed' THEN line.balance ELSE 0::numeric END
                       AS amount_billed,
                   CASE line.site_document WHEN 'credited' THEN -line.balance ELSE 0::numeric END
                       AS amount_credited,
                   0::numeric AS amount_collected, 0::numeric AS amount_other
              FROM account_move_line line %s
             WHERE %s AND %s
            """,
            self._dimensions(),
            self._joined(),
            self._documents_where(),
            self._report_rows(SQL("line.id"), 2, 0),
        )

    def _settlements(self):
        """Return the query of what settled documents, unless it is a document of a site itself."""
        return SQL(
            """
            SELECT partial.id::bigint * 2 + 1 AS id, partial.max_date AS date,
                   partial.settled_by AS kind, %(dimensions)s, payment.collector_id,
                   other.journal_id, payment.payment_method_line_id,
                   0::numeric AS amount_billed,
                   %(credited)s AS amount_credited, %(collected)s AS amount_collected,
                   %(other)s AS amount_other
              FROM account_partial_reconcile partial
              JOIN account_move_line line ON line.id = partial.bill_line_id
                   %(joined)s
         LEFT JOIN account_payment payment ON payment.id = partial.settling_payment_id
         LEFT JOIN account_move_line other
                ON other.id = CASE WHEN partial.bill_line_id = partial.debit_move_id
                                   THEN partial.credit_move_id ELSE partial.debit_move_id END
             WHERE %(where)s AND partial.bill_line_id IS NOT NULL AND %(rows)s
            """,
            rows=self._report_rows(SQL("partial.id"), 2, 1),
            dimensions=self._dimensions(),
            joined=self._joined(),
            where=self._documents_where(),
            **{kind: self._settled_by(kind) for kind in ("credited", "collected", "other")},
        )

    def _settled_by(self, kind):
        """Return what a settlement took off the document in one way."""
        return SQL(
            """CASE WHEN partial.settled_by <> %s THEN 0::numeric
                    WHEN partial.bill_line_id = partial.debit_move_id THEN partial.amount
                    ELSE -partial.amount END""",
            kind,
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
