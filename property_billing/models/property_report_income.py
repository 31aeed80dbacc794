"""Income by item and month (收入与预收): each bill spread over the days it is for."""

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.tools import SQL

from .property_report import AS_OF, FENCE


class PropertyReportIncome(models.Model):
    """Items of income accounts, each split over the months of its period.

    By days, the fen left over to the largest remainders. Income counts in the month it is for, or
    in the month of the bill when that is later: a closed month never changes. ``property_as_of``
    of the context says at which month's end *earned* and *deferred* are meant.
    """

    _name = "property.report.income"
    _description = "Income by Month"
    _inherit = ["property.report"]
    _auto = False
    _order = "month_earned desc, id"
    _depends = {
        "account.move.line": [
            "account_id",
            "balance",
            "company_id",
            "date",
            "move_id",
            "parent_state",
            "partner_id",
            "site_id",
            "tax_line_id",
            "unit_id",
            "charge_item_id",
            "period_from",
            "period_to",
        ],
        "account.move": ["commercial_partner_id", "move_type"],
        "property.unit": ["building_id"],
        "property.charge.item": ["category"],
    }

    account_id = fields.Many2one("account.account", readonly=True)
    month_for = fields.Date(
        string="Month of Service", readonly=True, help="First day of the month."
    )
    month_earned = fields.Date(
        string="Month of Income",
        readonly=True,
        help="Month of service, or of the bill when that is later.",
    )
    amount_net = fields.Monetary(string="Net Income", readonly=True)
    amount_vat = fields.Monetary(string="VAT", readonly=True)
    amount_total = fields.Monetary(string="VAT Included", readonly=True)
    amount_earned = fields.Monetary(
        string="Earned",
        readonly=True,
        depends_context=AS_OF,
        help="Net income of the months up to the day.",
    )
    amount_deferred = fields.Monetary(
        string="Deferred",
        readonly=True,
        depends_context=AS_OF,
        help="Net, billed up to the end of the month for months after it (预收). Earned and "
        "deferred together are the income accounts of the ledger.",
    )

    @property
    def _table_query(self):
        month = self._report_day("property_as_of").replace(day=1)
        return SQL(
            """
            %(fence)s
            SELECT row.*, row.amount_net + row.amount_vat AS amount_total,
                   CASE WHEN row.month_earned <= %(month)s THEN row.amount_net ELSE 0 END
                       AS amount_earned,
                   CASE WHEN row.month_for > %(month)s AND row.date <= %(month_end)s
                        THEN row.amount_net ELSE 0 END AS amount_deferred
              FROM (
                SELECT part.id, part.company_id, part.currency_id, part.site_id,
                       unit.building_id, part.unit_id, part.charge_item_id, charge_item.category,
                       part.partner_id, part.move_id, part.account_id, part.date, part.month_for,
                       GREATEST(part.month_for, date_trunc('month', part.date)::date)
                           AS month_earned,
                       CASE WHEN part.is_vat THEN 0 ELSE part.amount END AS amount_net,
                       CASE WHEN part.is_vat THEN part.amount ELSE 0 END AS amount_vat
                  FROM (%(whole)s UNION ALL %(split)s) part
             LEFT JOIN property_unit unit ON unit.id = part.unit_id
             LEFT JOIN property_charge_item charge_item ON charge_item.id = part.charge_item_id
              ) row
            """,
            fence=FENCE,
            month=month,
            month_end=month + relativedelta(day=31),
            whole=self._whole(),
            split=self._split(),
        )

    def _source(self, where):
        """Return the query of items of income accounts, and of VAT on sales documents.

        :param where: which of them, by the first and the last day of their period
        """
        columns = SQL(
            """line.id, line.company_id, line.company_currency_id AS currency_id, line.site_id,
               line.unit_id, line.charge_item_id, line.move_id, line.account_id, line.date,
               COALESCE(move.commercial_partner_id, line.partner_id) AS partner_id,
               -line.balance AS amount, line.tax_line_id IS NOT NULL AS is_vat,
               CASE WHEN line.period_from <= line.period_to THEN line.period_from ELSE line.date
                END AS first_day,
               CASE WHEN line.period_from <= line.period_to THEN line.period_to ELSE line.date
                END AS last_day"""
        )
        return SQL(
            """
            SELECT * FROM (
                SELECT %(columns)s
                  FROM account_move_line line
             LEFT JOIN account_move move ON move.id = line.move_id
                 WHERE line.parent_state = 'posted' AND %(sites)s AND line.account_id = ANY(ARRAY(
                       SELECT id FROM account_account
                        WHERE account_type IN ('income', 'income_other')))
             UNION ALL
                SELECT %(columns)s
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.parent_state = 'posted' AND %(sites)s AND line.tax_line_id IS NOT NULL
                   AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
                   AND NOT line.account_id = ANY(ARRAY(
                       SELECT id FROM account_account
                        WHERE account_type IN ('income', 'income_other')))
            ) source WHERE %(where)s
            """,
            columns=columns,
            sites=self._report_sites(SQL("line.site_id")),
            where=where,
        )

    def _whole(self):
        """Return the query of items of a single month."""
        one_month = SQL("date_trunc('month', first_day) = date_trunc('month', last_day)")
        return SQL(
            """
            SELECT item.id::bigint * 1000 AS id, item.company_id, item.currency_id, item.site_id,
                   item.unit_id, item.charge_item_id, item.partner_id, item.move_id,
                   item.account_id, item.date, item.is_vat,
                   date_trunc('month', item.first_day)::date AS month_for, item.amount
              FROM (%s) item
            """,
            self._source(one_month),
        )

    def _split(self):
        """Return the query of items of several months, one row a month."""
        months = SQL("date_trunc('month', first_day) <> date_trunc('month', last_day)")
        # What a reader filters by is named in the windows, so that the filter can act below them.
        window = SQL("PARTITION BY share.id, share.site_id, share.company_id, share.date")
        return SQL(
            """
            SELECT part.id::bigint * 1000 + part.place AS id, part.company_id, part.currency_id,
                   part.site_id, part.unit_id, part.charge_item_id, part.partner_id, part.move_id,
                   part.account_id, part.date, part.is_vat, part.month_for,
                   SIGN(part.amount) * (part.fen + CASE
                       WHEN part.remainder_rank <= part.all_fen - part.sum_fen THEN 1 ELSE 0
                   END)::numeric / 100 AS amount
              FROM (
                SELECT share.*, SUM(share.fen) OVER (%(window)s)::bigint AS sum_fen,
                       ROW_NUMBER() OVER (%(window)s ORDER BY share.remainder DESC,
                                          share.month_for) AS remainder_rank
                  FROM (
                    SELECT days.*, days.all_fen * days.covered / days.whole AS fen,
                           MOD(days.all_fen * days.covered, days.whole) AS remainder
                      FROM (
                        SELECT item.*, month.first::date AS month_for,
                               ROUND(ABS(item.amount) * 100)::bigint AS all_fen,
                               month.place,
                               item.last_day - item.first_day + 1 AS whole,
                               LEAST(item.last_day,
                                     (month.first + interval '1 month - 1 day')::date)
                                   - GREATEST(item.first_day, month.first::date) + 1 AS covered
                          FROM (%(source)s) item
                    CROSS JOIN LATERAL generate_series(
                                   date_trunc('month', item.first_day::timestamp),
                                   item.last_day::timestamp, interval '1 month'
                               ) WITH ORDINALITY AS month (first, place)
                      ) days
                  ) share
              ) part
            """,
            window=window,
            source=self._source(months),
        )

    def _bill_of_row(self):
        """Override of `property.report`: the id carries the item's and the place of the month."""
        self.ensure_one()
        return self.env["account.move.line"].browse(self.id // 1000).move_id
