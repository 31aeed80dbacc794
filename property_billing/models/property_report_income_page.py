"""Pages of income: the bills of a page are found before any bill is split over months."""

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .property_report_income import DIMENSIONS, names_in, parts_of

MONTH = relativedelta(months=1)


class PropertyReportIncome(models.Model):
    """What is asked of months is a span for each item, which its days tell without a split.

    An item is a row of a month at least, so the first eighty rows are of the first eighty items.
    """

    _inherit = "property.report.income"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `property.report` to split only the items that a page is about."""
        report = self
        if limit and self._is_order_of_items(order or self._order):
            report = self._with_items(domain, offset + limit, order or self._order)
        found = super(PropertyReportIncome, report).search_fetch(
            domain, field_names, offset, limit, order
        )
        return found.with_env(self.env)

    @api.model
    def search_count(self, domain, limit=None):
        """Override of `base` to count items first: there are no fewer rows."""
        report = self._with_items(domain, limit) if limit else self
        if limit and len(report.env.context.get("property_rows") or ()) >= limit:
            return limit
        return super(PropertyReportIncome, report).search_count(domain, limit)

    @api.model
    def _is_order_of_items(self, order):
        """Tell whether an order of rows is one of their items too, the highest month of each."""
        terms = [term.split()[0] for term in order.split(",")]
        return order == self._order or set(terms) <= DIMENSIONS.keys() | {"id"}

    @api.model
    def _with_items(self, domain, limit, order=None):
        """Return the model that looks at the first items of a domain only, where they are known."""
        items, domain = self._unsplit(domain)
        if items is None:
            return self
        found = items._search(domain, limit=limit, order=order)
        return self.with_context(property_rows=tuple(found.get_result_ids()))

    @api.model
    def _unsplit(self, domain):
        """Return the model whose rows are whole items, and what is asked of them but months.

        :return: (model, domain); (None, domain) where a row needs to be known by itself
        """
        domain = Domain(domain).optimize_full(self)
        asked, others = [], Domain.TRUE
        for part in parts_of(domain):
            month = self._month_asked(part)
            if names_in(part) <= DIMENSIONS.keys():
                others &= part
            elif month is None:
                return None, domain
            else:
                asked += month
        if self._names_in_rules() - DIMENSIONS.keys():
            return None, domain
        return self.with_context(property_income_months=tuple(asked)), others

    @api.model
    def _month_asked(self, part):
        """Return what a condition asks of months.

        :return: list of (field, `>=` or `<=`, first day of a month) or (`is_deferred`, `=`, bool);
            None for what is not said that way
        """
        if [*part.iter_conditions()] != [part]:
            return None
        name, operator, value = part.field_expr, part.operator, part.value
        if operator in ("in", "not in"):
            if len(value) != 1:
                return None
            [value] = value
        if name == "is_deferred":
            return (
                [(name, "=", bool(value) == (operator == "in"))] if operator[-2:] == "in" else None
            )
        if name not in ("month_for", "month_earned") or not value:
            return None
        first = value.replace(day=1)
        bounds = {
            ">=": [(">=", first if first == value else first + MONTH)],
            ">": [(">=", first + MONTH)],
            "<=": [("<=", first)],
            "<": [("<=", first - MONTH if first == value else first)],
            "in": [(">=", first), ("<=", first)] if first == value else None,
        }.get(operator)
        return bounds and [(name, *bound) for bound in bounds]

    def _whole_items(self, asked):
        """Return the query of items with a month that is asked for, and the highest of these.

        :param asked: see `_month_asked`
        """
        lows, highs, where = self._month_bounds(asked)
        where += (
            [SQL("(NOT %s OR item.last_day >= %s)", guard, month) for guard, month in lows]
            + [
                SQL("(NOT %s OR item.first_day < %s)", guard, month + MONTH)
                for guard, month in highs
            ]
            + [
                SQL("NOT (%s AND %s)", low, high)
                for low, above in lows
                for high, below in highs
                if above > below
            ]
        )
        return SQL(
            """
            SELECT item.item_id * 1000 AS id, item.*,
                   date_trunc('month', GREATEST(item.date, LEAST(%(highest)s))::timestamp)::date
                       AS month_earned
              FROM (%(items)s) item
             WHERE %(where)s
            """,
            highest=SQL(", ").join(
                [
                    SQL("item.last_day"),
                    *(SQL("CASE WHEN %s THEN %s END", guard, month) for guard, month in highs),
                ]
            ),
            items=self._items(),
            where=SQL(" AND ").join([SQL("TRUE"), *where]),
        )

    def _month_bounds(self, asked):
        """Return what bounds the months of service of an item, each where a condition holds.

        The month of income is that of the bill when that is later: what is asked of it bounds the
        months of service of earlier bills only.

        :return: (lower bounds, upper bounds, conditions); a bound is (SQL, first day of a month)
        """
        today = self._report_day("property_as_of").replace(day=1)
        always, lows, highs, where = SQL("TRUE"), [], [], []
        for name, operator, value in asked:
            match name, operator, value:
                case "month_for", ">=", _:
                    lows.append((always, value))
                case "month_earned", ">=", _:
                    lows.append((SQL("(item.date < %s)", value), value))
                case "month_for", "<=", _:
                    highs.append((always, value))
                case "month_earned", "<=", _:
                    highs.append((always, value))
                    where.append(SQL("item.date < %s", value + MONTH))
                case "is_deferred", _, True:
                    lows.append((always, today + MONTH))
                    where.append(SQL("item.date < %s", today + MONTH))
                case _:
                    highs.append((SQL("(item.date < %s)", today + MONTH), today))
        return lows, highs, where
