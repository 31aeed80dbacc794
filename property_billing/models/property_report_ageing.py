"""Arrears ageing (账龄分析): every open receivable item as of a day."""

from odoo import fields, models
from odoo.tools import SQL

from .property_report import AS_OF, FENCE, RECEIVABLE


class PropertyReportAgeing(models.Model):
    """What each payer owed at the end of a day; the sum is the receivable balance of the ledger.

    The day is ``property_as_of`` of the context. What an item was open by then is its residual of
    today, plus what was settled since: only open items and later settlements are read.
    """

    _name = "property.report.ageing"
    _description = "Arrears Ageing"
    _inherit = ["property.report"]
    _auto = False
    _order = "date_due, id"
    _depends = {
        "account.move.line": [
            "account_id",
            "amount_residual",
            "balance",
            "company_id",
            "date",
            "date_maturity",
            "is_opening",
            "move_id",
            "parent_state",
            "partner_id",
            "site_id",
            "unit_id",
            "charge_item_id",
            "period_to",
        ],
        "account.move": ["commercial_partner_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "property.unit": ["building_id"],
        "property.charge.item": ["category"],
    }

    date_due = fields.Date(string="Due Date", readonly=True)
    period_to = fields.Date(string="Billed Period", readonly=True)
    is_opening = fields.Boolean(string="Opening Arrears", readonly=True)
    days_overdue = fields.Integer(
        readonly=True,
        depends_context=AS_OF,
        aggregator="max",
        help="Days after the due date; 0 for what is not due.",
    )
    bucket = fields.Selection(
        [
            ("0", "Not due"),
            ("1", "1–30 days"),
            ("2", "31–90 days"),
            ("3", "91–180 days"),
            ("4", "181–365 days"),
            ("5", "Over 1 year"),
            ("9", "Open credits"),
        ],
        string="Age",
        readonly=True,
        depends_context=AS_OF,
    )
    amount_not_due = fields.Monetary(string="Not Due", readonly=True, depends_context=AS_OF)
    amount_30 = fields.Monetary(string="1–30 Days", readonly=True, depends_context=AS_OF)
    amount_90 = fields.Monetary(string="31–90 Days", readonly=True, depends_context=AS_OF)
    amount_180 = fields.Monetary(string="91–180 Days", readonly=True, depends_context=AS_OF)
    amount_365 = fields.Monetary(string="181–365 Days", readonly=True, depends_context=AS_OF)
    amount_older = fields.Monetary(string="Over 1 Year", readonly=True, depends_context=AS_OF)
    amount_owed = fields.Monetary(
        string="Owed", readonly=True, depends_context=AS_OF, help="Open bills."
    )
    amount_credit = fields.Monetary(
        string="Unused Credit",
        readonly=True,
        depends_context=AS_OF,
        help="Prepayments, credit notes and other money of the payer not used for bills yet.",
    )
    amount_open = fields.Monetary(
        string="Balance",
        readonly=True,
        depends_context=AS_OF,
        help="Owed less credit; all payers together, the receivable balance of the ledger.",
    )

    @property
    def _table_query(self):
        day = self._report_day("property_as_of")
        days = SQL("GREATEST(%s - COALESCE(item.date_maturity, item.date), 0)", day)
        bucket = SQL(
            """CASE WHEN item.amount < 0 THEN '9' WHEN %(days)s = 0 THEN '0'
                    WHEN %(days)s <= 30 THEN '1' WHEN %(days)s <= 90 THEN '2'
                    WHEN %(days)s <= 180 THEN '3' WHEN %(days)s <= 365 THEN '4' ELSE '5' END""",
            days=days,
        )
        amounts = SQL(", ").join(
            SQL(
                "CASE WHEN row.bucket = %s THEN row.amount_open ELSE 0 END AS %s",
                code,
                SQL.identifier(name),
            )
            for code, name in (
                ("0", "amount_not_due"),
                ("1", "amount_30"),
                ("2", "amount_90"),
                ("3", "amount_180"),
                ("4", "amount_365"),
                ("5", "amount_older"),
                ("9", "amount_credit"),
            )
        )
        return SQL(
            """
            %(fence)s
            SELECT row.*, %(amounts)s, GREATEST(row.amount_open, 0) AS amount_owed
              FROM (
                SELECT item.id, item.company_id, item.currency_id, item.site_id, item.unit_id,
                       unit.building_id, item.charge_item_id, charge_item.category, item.move_id,
                       COALESCE(move.commercial_partner_id, item.partner_id) AS partner_id,
                       item.date, COALESCE(item.date_maturity, item.date) AS date_due,
                       item.period_to, COALESCE(item.is_opening, FALSE) AS is_opening,
                       %(days)s AS days_overdue, %(bucket)s AS bucket, item.amount AS amount_open
                  FROM (%(open_items)s) item
             LEFT JOIN account_move move ON move.id = item.move_id
             LEFT JOIN property_unit unit ON unit.id = item.unit_id
             LEFT JOIN property_charge_item charge_item ON charge_item.id = item.charge_item_id
                 WHERE item.amount <> 0
              ) row
            """,
            fence=FENCE,
            amounts=amounts,
            days=days,
            bucket=bucket,
            open_items=self._open_items(day),
        )

    def _open_items(self, day):
        """Return the query of open receivable items at the end of a day."""
        columns = SQL(
            """line.id, line.company_id, line.company_currency_id AS currency_id, line.site_id,
               line.unit_id, line.charge_item_id, line.move_id, line.partner_id, line.date,
               line.date_maturity, line.period_to, line.is_opening"""
        )
        return SQL(
            """
            WITH later AS (%(later)s)
            SELECT %(columns)s, line.amount_residual + COALESCE(later.amount, 0) AS amount
              FROM account_move_line line
         LEFT JOIN later ON later.line_id = line.id
             WHERE line.parent_state = 'posted' AND line.amount_residual <> 0
               AND line.account_id = ANY(%(receivable)s) AND line.date <= %(day)s AND %(sites)s
               AND %(rows)s
         UNION ALL
            SELECT %(columns)s, later.amount
              FROM later
              JOIN account_move_line line ON line.id = later.line_id
             WHERE line.parent_state = 'posted' AND line.amount_residual = 0
               AND line.account_id = ANY(%(receivable)s) AND line.date <= %(day)s AND %(sites)s
               AND %(rows)s
            """,
            columns=columns,
            later=self._settled_later(day),
            receivable=RECEIVABLE,
            day=day,
            sites=self._report_sites(SQL("line.site_id")),
            rows=self._report_rows(SQL("line.id")),
        )

    def _settled_later(self, day):
        """Return the query of what today's residuals miss of a day: later settlements.

        Odoo keeps the reconciliations of an entry that is reset to draft, but a draft is not in
        the ledger and settles nothing.
        """
        return SQL(
            """
            SELECT line_id, SUM(amount) AS amount
              FROM (
                SELECT mine.id AS line_id, partial.amount
                  FROM account_move_line mine
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = mine.id
                 WHERE partial.max_date > %(day)s AND %(mine)s
             UNION ALL
                SELECT mine.id, -partial.amount
                  FROM account_move_line mine
                  JOIN account_partial_reconcile partial ON partial.credit_move_id = mine.id
                 WHERE partial.max_date > %(day)s AND %(mine)s
             UNION ALL
                SELECT partial.debit_move_id, partial.amount
                  FROM account_move_line draft
                  JOIN account_partial_reconcile partial ON partial.credit_move_id = draft.id
                 WHERE draft.parent_state = 'draft' AND partial.max_date <= %(day)s
             UNION ALL
                SELECT partial.credit_move_id, -partial.amount
                  FROM account_move_line draft
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = draft.id
                 WHERE draft.parent_state = 'draft' AND partial.max_date <= %(day)s
              ) settled
          GROUP BY line_id
            """,
            day=day,
            mine=SQL(
                "mine.parent_state = 'posted' AND mine.account_id = ANY(%s) AND mine.date <= %s"
                " AND %s AND %s",
                RECEIVABLE,
                day,
                self._report_sites(SQL("mine.site_id")),
                self._report_rows(SQL("mine.id")),
            ),
        )
