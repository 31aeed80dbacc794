"""What the reports of money have in common: dimensions, days, ratios and the way to the bill."""

from collections.abc import Sequence, Set
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .property_charge_item import CATEGORIES

#: Days a search filter can name without knowing today.
NAMED_DAYS = {
    "last_month": relativedelta(day=1, days=-1),
    "last_quarter": None,
    "last_year": relativedelta(month=1, day=1, days=-1),
    "month_start": relativedelta(day=1),
    "year_start": relativedelta(month=1, day=1),
}
#: Keys of the context that figures depend on.
AS_OF = ("property_as_of",)
SPAN = ("property_from", "property_as_of")
#: What days are grouped by, and come back as days.
PERIODS = ("day", "week", "month", "quarter", "year")
#: What there may be as many of as rows.
MANY = {"unit_id", "partner_id", "move_id"}
#: Begins the query of a report. A pivot asks with GROUPING SETS, and PostgreSQL keeps filters above
#: a subquery it merged into such a question; one WITH of its own is not merged, and takes them in.
FENCE = SQL("WITH fence AS (SELECT 1)")
RECEIVABLE = SQL("ARRAY(SELECT id FROM account_account WHERE account_type = 'asset_receivable')")


class PropertyReport(models.AbstractModel):
    """A table of figures computed by PostgreSQL from posted journal items when it is read."""

    _name = "property.report"
    _description = "Report of Money"
    _inherit = ["property.scoped"]
    _auto = False

    #: ratio field -> (numerator, denominator), summed before they are divided
    _ratios = {}

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    unit_id = fields.Many2one("property.unit", string="Property Unit", readonly=True)
    charge_item_id = fields.Many2one("property.charge.item", readonly=True)
    category = fields.Selection(CATEGORIES, string="Category of Item", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Payer", readonly=True)
    move_id = fields.Many2one("account.move", string="Bill", readonly=True)
    date = fields.Date(readonly=True)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **options):
        """Override of `base` to look among the sites of the reader, and at known rows, only.

        See `_report_sites` and `_report_rows`.
        """
        report = self if bypass_access else self.with_context(property_search=True)
        domain = Domain(domain)
        if (
            [*domain.iter_conditions()] == [domain]
            and (domain.field_expr, domain.operator) == ("id", "in")
            and isinstance(domain.value, Sequence | Set)
        ):
            report = report.with_context(property_rows=tuple(filter(None, domain.value)))
        return super(PropertyReport, report)._search(
            domain, *args, bypass_access=bypass_access, **options
        )

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Override of `base` to find the rows of a page by what sorts them, then read these alone.

        Asked for both at once, PostgreSQL would join every row with all that the page shows of it.
        """
        if not limit or not field_names:
            return super().search_fetch(domain, field_names, offset, limit, order)
        order = order or self._order
        if order.startswith("date desc"):
            domain = self._latest(domain, offset + limit)
        found = self.browse(self._search(domain, offset, limit, order))
        found.fetch(field_names)
        return found

    @api.model
    def _latest(self, domain, wanted):
        """Return the domain of the latest days that have as many rows as wanted, if they have."""
        domain = Domain(domain).optimize_full(self)
        asked = {(one.field_expr, one.operator): one.value for one in domain.iter_conditions()}
        if ("id", "in") in asked:
            return domain
        today = self._report_today()
        last = min(today, asked.get(("date", "<="), today), asked.get(("date", "<"), today))
        for days in (0, 7, 60):
            latest = domain & Domain("date", ">=", last - timedelta(days))
            if len(self._search(latest, limit=wanted).get_result_ids()) >= wanted:
                return latest
        return domain

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of `base` to divide sums, instead of averaging the ratios of single rows."""
        name, _colon, aggregate = aggregate_spec.partition(":")
        if aggregate != "avg" or name not in self._ratios:
            return super()._read_group_select(aggregate_spec, query)
        above, below = (
            self._field_to_sql(self._table, field, query) for field in self._ratios[name]
        )
        return SQL("(SUM(%s) / NULLIF(SUM(%s), 0))::float8", above, below)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Override of `base` to order groups by names when they are added up, see `_in_order`."""
        if not self._can_order(order):
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        found = super()._read_grouping_sets(domain, grouping_sets, aggregates)
        ranks = {}
        return [
            self._in_order(groups, groupby, order, ranks)
            for groups, groupby in zip(found, grouping_sets, strict=True)
        ]

    @api.model
    def _read_group(
        self, domain, groupby=(), aggregates=(), having=(), offset=0, limit=None, order=None
    ):
        """Override of `base` to order groups by names when they are added up, see `_in_order`."""
        if limit or offset or not self._can_order(order):
            return super()._read_group(
                domain, groupby, aggregates, having, offset, limit, order=order
            )
        found = super()._read_group(domain, groupby, aggregates, having)
        return self._in_order(found, groupby, order, {})

    @api.model
    def _formatted_read_group_with_length(
        self, domain, groupby, aggregates, offset=0, limit=None, order=None
    ):
        """Override of `web` to add up the groups of a page only, where there are as many as rows.

        They are found by their names alone.
        """
        [name, *more] = groupby
        direction = (order or name).removeprefix(name).strip().upper()
        if not limit or more or name not in MANY or direction not in ("", "ASC", "DESC"):
            return super()._formatted_read_group_with_length(
                domain, groupby, aggregates, offset, limit, order
            )
        keys = {record.id for (record,) in self._read_group(domain, groupby)}
        # sudo: only their order is asked for, as in a question to PostgreSQL
        records_sudo = self.env[self._fields[name].comodel_name].sudo()
        ids = records_sudo.with_context(active_test=False).search([("id", "in", [*keys])]).ids
        ids += sorted(keys - {*ids, False})  # hidden from every search
        ids += [False] if False in keys else []
        page = (ids[::-1] if direction == "DESC" else ids)[offset : offset + limit]
        if not page:
            return [], 0
        groups = self.formatted_read_group(
            Domain(domain) & Domain(name, "in", page), groupby, aggregates
        )
        places = {record_id: place for place, record_id in enumerate(page)}
        groups.sort(key=lambda group: places[group[name] and group[name][0]])
        return groups, len(ids)

    @api.model
    def _can_order(self, order):
        """Tell whether `_in_order` knows an order: by records and days, and nothing else."""
        fields_by_term = {
            term.strip(): self._fields.get(term.strip().partition(":")[0])
            for term in (order or "").split(",")
        }
        return all(
            field and (field.type == "many2one" or term.partition(":")[2] in PERIODS)
            for term, field in fields_by_term.items()
        )

    @api.model
    def _in_order(self, groups, groupby, order, ranks):
        """Put groups in the order of the names of their records.

        Asked for that order, PostgreSQL would sort every row of the report by the names of its
        site, building and so on, before it adds them up; a few hundred groups are sorted at once.

        :param list groups: tuples, the values of the groupby first
        :param str order: terms that `_can_order`, those of other grouping sets among them
        :param dict ranks: of records by model, filled here
        """
        terms = [term.strip() for term in order.split(",")]
        places = [list(groupby).index(term) for term in terms if term in groupby]
        for place in places:
            if isinstance(groups[0][place] if groups else None, models.BaseModel):
                self._rank({group[place] for group in groups}, ranks)

        def key(group):
            values = [group[place] for place in places]
            return [
                (
                    not value,
                    (ranks[value._name][value.id] if isinstance(value, models.BaseModel) else value)
                    if value
                    else 0,
                )
                for value in values
            ]

        return sorted(groups, key=key)

    @api.model
    def _rank(self, records, ranks):
        """Note the place of records in the order of their model: dict model -> dict id -> place."""
        [name] = {record._name for record in records}
        ids = {record.id for record in records} - {False}
        known = ranks.setdefault(name, {})
        if ids - known.keys():
            # sudo: only their order is asked for, as in a question to PostgreSQL
            found_sudo = self.env[name].sudo().with_context(active_test=False)
            found_sudo = found_sudo.search([("id", "in", list(ids | known.keys()))])
            known.update({record_id: place for place, record_id in enumerate(found_sudo.ids)})
            for record_id in ids - known.keys():  # hidden from every search
                known[record_id] = len(known)

    @api.model
    def _report_today(self):
        # The registry asks for the query while modules load: no user may be read for it.
        zone = self.env.context.get("tz") or "Asia/Shanghai"
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _report_day(self, key, default=None):
        """Return a day the context asks for.

        :param str key: of the context; its value is a date, `2026-09-30`, or one of NAMED_DAYS
        :param date default: when the context does not say; today when left out
        :raise UserError: when the value is no day
        """
        value = self.env.context.get(key)
        today = self._report_today()
        if not value:
            return default or today
        if value == "last_quarter":
            return today + relativedelta(day=1, months=-((today.month - 1) % 3), days=-1)
        if value in NAMED_DAYS:
            return today + NAMED_DAYS[value]
        try:
            return fields.Date.to_date(value)
        except (ValueError, TypeError) as fault:
            raise UserError(
                self.env._("A date is written like 2026-09-01. Correct the dates.")
            ) from fault

    @api.model
    def _report_sites(self, column, strict=False):
        """Return the condition of the reader's sites on a column below joins and sums.

        The rules ask the same of the finished rows; here PostgreSQL finds them by an index.

        :param column: SQL of the column of the site
        :param strict: leave out what has no site, in reports where everything has one
        """
        is_search = self.env.context.get("property_search") and not self.env.su
        if not is_search or self.env.user.has_group("property_base.group_director"):
            return SQL("TRUE")
        sites = SQL("%s = ANY(%s)", column, self.env.user.property_site_ids.ids)
        return sites if strict else SQL("(%s IS NULL OR %s)", column, sites)

    @api.model
    def _report_rows(self, column, step=1, kind=None):
        """Return the condition that what a column names is behind the rows looked for by id.

        :param column: SQL of the id of an item, or of what else makes rows
        :param int step: by which ids of rows were made from it
        :param int kind: what was added to them, where rows are of several kinds
        """
        rows = self.env.context.get("property_rows")
        if rows is None:
            return SQL("TRUE")
        wanted = [row // step for row in rows if kind is None or row % step == kind]
        return SQL("%s = ANY(%s::bigint[])", column, wanted)

    def _bill_of_row(self):
        """Return the account.move a row of the report is about."""
        self.ensure_one()
        return self.env["account.move.line"].browse(self.id).move_id

    def action_view_bill(self):
        """Open the bill, or the entry, behind a row."""
        self.check_access("read")
        bill = self._bill_of_row()
        bill.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": bill.id,
            "views": [(False, "form")],
        }
