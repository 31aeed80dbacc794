"""Clearing of arrears (清欠率): what was open when a span began, and what became of it."""

from odoo import fields, models
from odoo.tools import SQL

from .property_report import FENCE, SPAN


class PropertyReportArrears(models.Model):
    """Every bill open when a span began.

    The span is ``property_from`` and ``property_as_of`` of the context; this year until today
    when it does not say.
    """

    _name = "property.report.arrears"
    _description = "Arrears Cleared"
    _inherit = ["property.report"]
    _auto = False
    _order = "date, id"
    _ratios = {"rate": ("amount_collected", "amount_start")}
    _depends = {
        "account.move.line": [
            "amount_residual",
            "company_id",
            "date",
            "date_maturity",
            "is_opening",
            "move_id",
            "parent_state",
            "partner_id",
            "site_document",
            "site_id",
            "unit_id",
            "charge_item_id",
            "period_to",
        ],
        "account.move": ["commercial_partner_id"],
        "account.partial.reconcile": [
            *("amount", "max_date", "debit_move_id", "credit_move_id", "settled_by"),
        ],
        "property.unit": ["building_id"],
        "property.charge.item": ["category"],
    }

    period_to = fields.Date(string="Billed Period", readonly=True)
    is_opening = fields.Boolean(string="Opening Arrears", readonly=True)
    amount_start = fields.Monetary(string="Open at the Start", readonly=True, depends_context=SPAN)
    amount_collected = fields.Monetary(string="Collected", readonly=True, depends_context=SPAN)
    amount_credited = fields.Monetary(string="Credited", readonly=True, depends_context=SPAN)
    amount_other = fields.Monetary(string="Settled Otherwise", readonly=True, depends_context=SPAN)
    amount_end = fields.Monetary(string="Open at the End", readonly=True, depends_context=SPAN)
    rate = fields.Float(
        string="Clearing Rate",
        readonly=True,
        depends_context=SPAN,
        aggregator="avg",
        help="Collected in the span ÷ open at its start.",
    )

    @property
    def _table_query(self):
        last = self._report_day("property_as_of")
        first = self._report_day("property_from", default=last.replace(month=1, day=1))
        return SQL(
            """
            %(fence)s
            SELECT bill.id, bill.company_id, bill.currency_id, bill.site_id, unit.building_id,
                   bill.unit_id, bill.charge_item_id, charge_item.category,
                   COALESCE(move.commercial_partner_id, bill.partner_id) AS partner_id,
                   bill.move_id, bill.date, bill.period_to,
                   COALESCE(bill.is_opening, FALSE) AS is_opening,
                   bill.amount_start, bill.amount_collected, bill.amount_credited,
                   bill.amount_other,
                   bill.amount_start - bill.amount_collected - bill.amount_credited
                       - bill.amount_other AS amount_end,
                   (bill.amount_collected / NULLIF(bill.amount_start, 0))::float8 AS rate
              FROM (%(bills)s) bill
         LEFT JOIN account_move move ON move.id = bill.move_id
         LEFT JOIN property_unit unit ON unit.id = bill.unit_id
         LEFT JOIN property_charge_item charge_item ON charge_item.id = bill.charge_item_id
             WHERE bill.amount_start > 0
            """,
            fence=FENCE,
            bills=self._bills(first, last),
        )

    def _bills(self, first, last):
        """Return the query of bills from before a span, with what settled them since."""
        columns = SQL(
            """line.id, line.company_id, line.company_currency_id AS currency_id, line.site_id,
               line.unit_id, line.charge_item_id, line.move_id, line.partner_id, line.date,
               line.period_to, line.is_opening,
               line.amount_residual + COALESCE(since.amount, 0) AS amount_start,
               COALESCE(since.collected, 0) AS amount_collected,
               COALESCE(since.credited, 0) AS amount_credited,
               COALESCE(since.other, 0) AS amount_other"""
        )
        return SQL(
            """
            WITH since AS (%(since)s)
            SELECT %(columns)s
              FROM account_move_line line
         LEFT JOIN since ON since.line_id = line.id
             WHERE %(where)s AND line.amount_residual <> 0
         UNION ALL
            SELECT %(columns)s
              FROM since
              JOIN account_move_line line ON line.id = since.line_id
             WHERE %(where)s AND line.amount_residual = 0
            """,
            since=self._settled_since(first, last),
            columns=columns,
            where=self._bills_before(SQL("line"), first),
        )

    def _bills_before(self, item, first):
        """Return the condition that a journal item is what a site's bill of before a day asks for.

        :param item: alias of the journal item
        """
        return SQL(
            """%(item)s.parent_state = 'posted' AND %(item)s.site_document = 'billed'
               AND %(item)s.date < %(first)s AND %(sites)s AND %(rows)s""",
            item=item,
            first=first,
            sites=self._report_sites(SQL("%s.site_id", item), strict=True),
            rows=self._report_rows(SQL("%s.id", item)),
        )

    def _settled_since(self, first, last):
        """Return the query of settlements of bills since a day, by kind up to another.

        Drafts settle nothing: what they hold is open again.
        """
        return SQL(
            """
            SELECT line_id, SUM(amount) AS amount,
                   SUM(amount) FILTER (WHERE inside AND kind = 'collected') AS collected,
                   SUM(amount) FILTER (WHERE inside AND kind = 'credited') AS credited,
                   SUM(amount) FILTER (WHERE inside AND kind = 'other') AS other
              FROM (
                SELECT partial.debit_move_id AS line_id, partial.amount,
                       partial.max_date <= %(last)s AND other.parent_state = 'posted' AS inside,
                       CASE other.site_document WHEN 'credited' THEN 'credited'
                            ELSE partial.settled_by END AS kind
                  FROM account_partial_reconcile partial
                  JOIN account_move_line other ON other.id = partial.credit_move_id
                  JOIN account_move_line mine ON mine.id = partial.debit_move_id
                                            AND %(mine)s
                 WHERE partial.max_date >= %(first)s
             UNION ALL
                SELECT partial.debit_move_id, partial.amount, FALSE, 'other'
                  FROM account_move_line draft
                  JOIN account_partial_reconcile partial ON partial.credit_move_id = draft.id
                 WHERE draft.parent_state = 'draft' AND partial.max_date < %(first)s
              ) settled
          GROUP BY line_id
            """,
            first=first,
            last=last,
            mine=self._bills_before(SQL("mine"), first),
        )
