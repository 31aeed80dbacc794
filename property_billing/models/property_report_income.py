"""Income by item and month (收入与预收): each bill spread over the days it is for."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .property_report import AS_OF, FENCE

#: What an item of a bill is grouped by -> where it is found.
DIMENSIONS = {
    # cast, or PostgreSQL would read all items in the order of their companies to add them up
    "company_id": SQL("line.company_id::bigint"),
    "site_id": SQL("line.site_id"),
    "building_id": SQL("unit.building_id"),
    "unit_id": SQL("line.unit_id"),
    "charge_item_id": SQL("line.charge_item_id"),
    "category": SQL("charge_item.category"),
    "partner_id": SQL("COALESCE(move.commercial_partner_id, line.partner_id)"),
    "move_id": SQL("line.move_id"),
    "account_id": SQL("line.account_id"),
    "date": SQL("line.date"),
}
#: What a split depends on.
PERIOD = ("first_day", "last_day", "days", "is_one_month", "odd")
#: What the split adds to them.
MONTHS = {"month_for", "month_earned", "is_deferred", "currency_id"}
SUMS = {"sum", "sum_currency"}
DISTINCT = {"array_agg_distinct", "count_distinct"}
INCOME = SQL(
    "ARRAY(SELECT id FROM account_account WHERE account_type IN ('income', 'income_other'))"
)
#: How the odd fen of a piece, fewer than its days, fall on its months: to the largest remainders.
SHARE = SQL(
    """
    SELECT date_trunc('month', piece.first_day::timestamp)::date AS month_for, 1::bigint AS place,
           piece.days, piece.odd
     WHERE piece.is_one_month
 UNION ALL
    SELECT month_for, place, days,
           fen + CASE WHEN ROW_NUMBER() OVER (ORDER BY remainder DESC, month_for)
                           <= piece.odd - SUM(fen) OVER () THEN 1 ELSE 0 END
      FROM (
        SELECT month_for, place, days, piece.odd * days / piece.days AS fen,
               MOD(piece.odd * days, piece.days) AS remainder
          FROM (
            SELECT month::date AS month_for, place,
                   LEAST(piece.last_day, (month + interval '1 month - 1 day')::date)
                       - GREATEST(piece.first_day, month::date) + 1 AS days
              FROM generate_series(
                       date_trunc('month', piece.first_day::timestamp), piece.last_day::timestamp,
                       interval '1 month'
                   ) WITH ORDINALITY AS months (month, place)
          ) covered
      ) share
     WHERE NOT piece.is_one_month
    """
)


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
            "display_type",
            "journal_id",
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
        "account.move": ["commercial_partner_id"],
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
    is_deferred = fields.Boolean(readonly=True, depends_context=AS_OF)
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
        asked = self.env.context.get("property_income_by")
        return SQL(
            """
            %(fence)s
            SELECT row.*, row.amount_net + row.amount_vat AS amount_total,
                   CASE WHEN row.month_earned <= %(month)s THEN row.amount_net ELSE 0 END
                       AS amount_earned,
                   CASE WHEN row.is_deferred THEN row.amount_net ELSE 0 END AS amount_deferred
              FROM (
                SELECT piece.id * 1000 + share.place AS id, %(dimensions)s, piece.items,
                       company.currency_id, share.month_for, piece.month_billed,
                       GREATEST(share.month_for, piece.month_billed) AS month_earned,
                       share.month_for > %(month)s AND piece.month_billed <= %(month)s
                           AS is_deferred,
                       CASE WHEN piece.is_vat THEN 0 ELSE %(amount)s END AS amount_net,
                       CASE WHEN piece.is_vat THEN %(amount)s ELSE 0 END AS amount_vat
                  FROM (%(pieces)s) piece
             LEFT JOIN res_company company ON company.id = piece.company_id
            CROSS JOIN LATERAL (%(share)s) share
              ) row
            """,
            fence=FENCE,
            month=month,
            dimensions=SQL(", ").join(
                SQL.identifier("piece", name)
                for name in DIMENSIONS
                if asked is None or name in asked
            ),
            amount=SQL("(piece.daily * share.days + piece.sign * share.odd)::numeric / 100"),
            pieces=self._items() if asked is None else self._sums(asked),
            share=SHARE,
        )

    def _items(self):
        """Return the query of items of income accounts, and of VAT in journals of sales.

        The fen of an item are ``daily`` for each day of its period, and ``odd`` ones more.
        """
        return SQL(
            """
            SELECT item.*, item.sign * (item.fen / item.days) AS daily,
                   MOD(item.fen, item.days)::integer AS odd
              FROM (
                SELECT line.id::bigint AS id, %(dimensions)s, 1 AS items,
                       date_trunc('month', line.date::timestamp)::date AS month_billed,
                       NOT line.account_id = ANY(%(income)s) AS is_vat,
                       -SIGN(line.balance)::bigint AS sign,
                       ROUND(ABS(line.balance) * 100)::bigint AS fen,
                       period.first_day, period.last_day,
                       period.last_day - period.first_day + 1 AS days,
                       date_trunc('month', period.first_day::timestamp)
                           = date_trunc('month', period.last_day::timestamp) AS is_one_month
                  FROM account_move_line line
            CROSS JOIN LATERAL (
                    SELECT CASE WHEN line.period_from <= line.period_to THEN line.period_from
                                ELSE line.date END AS first_day,
                           CASE WHEN line.period_from <= line.period_to THEN line.period_to
                                ELSE line.date END AS last_day
                       ) period
             LEFT JOIN account_move move ON move.id = line.move_id
             LEFT JOIN property_unit unit ON unit.id = line.unit_id
             LEFT JOIN property_charge_item charge_item ON charge_item.id = line.charge_item_id
                 WHERE line.parent_state = 'posted' AND line.display_type <> 'payment_term'
                   AND (line.account_id = ANY(%(income)s)
                        OR line.tax_line_id IS NOT NULL AND line.journal_id = ANY(ARRAY(
                            SELECT id FROM account_journal WHERE type = 'sale')))
                   AND %(sites)s AND %(rows)s
              ) item
            """,
            dimensions=SQL(", ").join(
                SQL("%s AS %s", column, SQL.identifier(name)) for name, column in DIMENSIONS.items()
            ),
            income=INCOME,
            rows=self._report_rows(SQL("line.id"), 1000),
            sites=self._report_sites(SQL("line.site_id")),
        )

    def _sums(self, asked):
        """Return the query of items that fall on the months alike, added up.

        Whole fen a day are split in proportion, so only the odd ones keep items apart: there are
        fewer of them than days, however many different amounts there are.

        :param asked: names of dimensions that the sums are asked for by
        """
        keys = SQL(", ").join(
            SQL.identifier("item", name) for name in (*asked, "month_billed", "is_vat", *PERIOD)
        )
        return SQL(
            """
            SELECT 0::bigint AS id, %(keys)s, COUNT(*) AS items, SUM(item.sign)::bigint AS sign,
                   SUM(item.daily)::bigint AS daily
              FROM (%(items)s) item
          GROUP BY %(keys)s
            """,
            keys=keys,
            items=self._items(),
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Override of `property.report` to add items up before they are split."""
        report = self._summed(
            domain, {name for groups in grouping_sets for name in groups}, aggregates
        )
        return super(PropertyReportIncome, report)._read_grouping_sets(
            domain, grouping_sets, aggregates, order
        )

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        """Override of `property.report` to add items up before they are split."""
        report = self._summed(domain, groupby, aggregates)
        return super(PropertyReportIncome, report)._read_group(
            domain, groupby, aggregates, having, offset, limit, order=order
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of `base`: a row of a sum counts for all the items in it."""
        if aggregate_spec == "__count" and "property_income_by" in self.env.context:
            return SQL("COALESCE(SUM(%s), 0)::bigint", SQL.identifier(self._table, "items"))
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _summed(self, domain, groupby, aggregates):
        """Return the model, told what sums are asked for by; as it is where single items matter."""
        asked = {name.partition(":")[0] for name in groupby}
        for aggregate in aggregates:
            name, _colon, function = aggregate.partition(":")
            if name.startswith("amount_") and function in SUMS:
                continue
            if aggregate != "__count":
                asked.add(name if function in DISTINCT else aggregate)
        conditions = Domain(domain)
        if not self.env.su:
            conditions &= self.env["ir.rule"]._compute_domain(self._name, "read")
        asked |= {one.field_expr.partition(".")[0] for one in conditions.iter_conditions()}
        if asked - DIMENSIONS.keys() - MONTHS:
            return self
        asked = asked & DIMENSIONS.keys() | {"company_id"}
        return self.with_context(property_income_by=tuple(sorted(asked)))

    def _bill_of_row(self):
        """Override of `property.report`: the id carries the item's and the place of the month."""
        self.ensure_one()
        return self.env["account.move.line"].browse(self.id // 1000).move_id
