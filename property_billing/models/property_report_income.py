"""Income by item and month (收入与预收): each bill spread over the days it is for."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .property_report import AS_OF, FENCE

#: What an item of a bill is grouped by -> where it is found.
DIMENSIONS = {
    "company_id": SQL("line.company_id"),
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
PERIOD = ("first_day", "last_day", "days", "odd_fen")
#: What the split adds to them.
MONTHS = {"month_for", "month_earned", "is_deferred", "currency_id"}
SUMS = {"sum", "sum_currency"}
DISTINCT = {"array_agg_distinct", "count_distinct"}
INCOME = SQL(
    "ARRAY(SELECT id FROM account_account WHERE account_type IN ('income', 'income_other'))"
)
#: How the odd fen of a piece, fewer than its days, fall on its months: to the largest remainders.
#: A piece within a month has one day and no odd fen, see `_items`.
SHARE = SQL(
    """
    SELECT date_trunc('month', piece.first_day::timestamp)::date AS month_for, 1::bigint AS place,
           1 AS share_days, 0::bigint AS share_fen
     WHERE piece.days = 1
 UNION ALL
    SELECT month_for, place, days,
           fen + CASE WHEN ROW_NUMBER() OVER (ORDER BY remainder DESC, month_for)
                           <= piece.odd_fen - SUM(fen) OVER () THEN 1 ELSE 0 END
      FROM (
        SELECT month_for, place, days, piece.odd_fen * days / piece.days AS fen,
               MOD(piece.odd_fen * days, piece.days) AS remainder
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
     WHERE piece.days > 1
    """
)

#: What `_sums` begins, joined. The filters of the question hold in it already: asked again of what
#: is joined, they would have PostgreSQL expect next to nothing there.
JOINED = SQL("SELECT * FROM piece JOIN share USING (first_day, last_day, odd_fen) OFFSET 0")


def names_in(domain):
    """Return the set of names of the fields that a Domain asks something of."""
    return {one.field_expr.partition(".")[0] for one in domain.iter_conditions()}


def parts_of(domain):
    """Return the Domains that all hold where a Domain does."""
    return domain.children if getattr(domain, "OPERATOR", "") == "&" else (domain,)


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
        months = self.env.context.get("property_income_months")
        if months is not None:
            return SQL("%s %s", FENCE, self._whole_items(months))
        month = self._report_day("property_as_of").replace(day=1)
        asked = self.env.context.get("property_income_by")
        return SQL(
            """
            %(before)s
            SELECT row.*, row.amount_net + row.amount_vat AS amount_total,
                   CASE WHEN row.month_earned <= %(month)s THEN row.amount_net ELSE 0 END
                       AS amount_earned,
                   CASE WHEN row.is_deferred THEN row.amount_net ELSE 0 END AS amount_deferred
              FROM (
                SELECT split.item_id * 1000 + split.place AS id, %(dimensions)s, split.items,
                       company.currency_id, split.month_for, split.month_billed,
                       GREATEST(split.month_for, split.month_billed) AS month_earned,
                       split.month_for > %(month)s AND split.month_billed <= %(month)s
                           AS is_deferred,
                       CASE WHEN split.is_vat THEN 0 ELSE %(amount)s END AS amount_net,
                       CASE WHEN split.is_vat THEN %(amount)s ELSE 0 END AS amount_vat
                  FROM (%(split)s) split
             LEFT JOIN res_company company ON company.id = split.company_id
              ) row
            """,
            before=FENCE if asked is None else self._sums(asked),
            month=month,
            dimensions=SQL(", ").join(
                SQL.identifier("split", name)
                for name in DIMENSIONS
                if asked is None or name in asked
            ),
            amount=SQL(
                "(split.daily * split.share_days + split.sign * split.share_fen)::numeric / 100"
            ),
            split=SQL("SELECT * FROM (%s) piece, LATERAL (%s) share", self._items(), SHARE)
            if asked is None
            else JOINED,
        )

    def _items(self):
        """Return the query of items of income accounts, and of VAT in journals of sales.

        The fen of an item are ``daily`` for each day of its period, and ``odd_fen`` more. A period
        within a month counts as one day: there is nothing to split.
        """
        return SQL(
            """
            SELECT item.*, item.sign * (item.fen / item.days) AS daily,
                   MOD(item.fen, item.days)::integer AS odd_fen
              FROM (
                SELECT line.id::bigint AS item_id, %(dimensions)s, 1 AS items,
                       date_trunc('month', line.date::timestamp)::date AS month_billed,
                       NOT line.account_id = ANY(%(income)s) AS is_vat,
                       -SIGN(line.balance)::bigint AS sign,
                       ROUND(ABS(line.balance) * 100)::bigint AS fen,
                       period.first_day, period.last_day,
                       CASE WHEN date_trunc('month', period.first_day::timestamp)
                                 = date_trunc('month', period.last_day::timestamp) THEN 1
                            ELSE period.last_day - period.first_day + 1 END AS days
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
        """Return the beginning of a query: items that fall on the months alike, added up.

        Whole fen a day are split in proportion, so only the odd ones keep items apart: there are
        fewer of them than days, however many different amounts there are. How so many odd fen of a
        period fall on its months is found once, whatever the sums are asked for by. PostgreSQL
        takes no filters into what is read twice, so what is asked of items is in it.

        :param asked: names of dimensions that the sums are asked for by
        """
        items = self.with_context(property_income_by=None, property_income_months=())
        query = items._search(self.env.context["property_income_of"])
        names = (*asked, "month_billed", "is_vat", *PERIOD)
        columns = {name: SQL.identifier(self._table, name) for name in names}
        # cast, or PostgreSQL would read all items in the order of their companies to add them up
        columns["company_id"] = SQL("%s::bigint", columns["company_id"])
        query.groupby = SQL(", ").join(columns.values())
        sums = query.select(
            SQL("0::bigint AS item_id"),
            SQL("COUNT(*) AS items"),
            SQL("SUM(%s)::bigint AS sign", SQL.identifier(self._table, "sign")),
            SQL("SUM(%s)::bigint AS daily", SQL.identifier(self._table, "daily")),
            *(SQL("%s AS %s", column, SQL.identifier(name)) for name, column in columns.items()),
        )
        return SQL(
            """
            WITH piece AS MATERIALIZED (%(sums)s), share AS MATERIALIZED (
                SELECT piece.first_day, piece.last_day, piece.odd_fen, share.*
                  FROM (SELECT DISTINCT first_day, last_day, days, odd_fen FROM piece) piece
            CROSS JOIN LATERAL (%(share)s) share)
            """,
            sums=sums,
            share=SHARE,
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
        """Override of `property.report` to add items up before they are split, if they are."""
        report = self._summed(domain, groupby, aggregates)
        if (
            not aggregates
            and not having
            and {g.partition(":")[0] for g in groupby} <= DIMENSIONS.keys()
        ):
            items, others = self._unsplit(domain)
            if items is not None:
                report, domain = items, others
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
        domain = Domain(domain)
        asked |= names_in(domain)
        rules = self._names_in_rules()
        if asked - DIMENSIONS.keys() - MONTHS or rules - DIMENSIONS.keys():
            return self
        asked = asked & DIMENSIONS.keys() | rules | {"company_id"}
        return self.with_context(
            property_income_by=tuple(sorted(asked)),
            property_income_of=Domain.AND(
                part for part in parts_of(domain) if names_in(part) <= DIMENSIONS.keys()
            ),
        )

    @api.model
    def _names_in_rules(self):
        """Return the names of the fields that the rules of the reader ask something of."""
        if self.env.su:
            return set()
        return names_in(Domain(self.env["ir.rule"]._compute_domain(self._name, "read")))

    def _bill_of_row(self):
        """Override of `property.report`: the id carries the item's and the place of the month."""
        self.ensure_one()
        return self.env["account.move.line"].browse(self.id // 1000).move_id
