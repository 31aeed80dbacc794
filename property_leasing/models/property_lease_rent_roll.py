"""The rent roll (租金清单): every space on a day, let or empty, as a table that is never stored."""

import json

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.json import json_default

from odoo.addons.property_billing.models.property_report import FENCE

from ..tools import rent_roll
from .lease_rent_roll_rows import RentRollRows
from .property_lease_line import PRICINGS
from .property_space import STATES

#: How the kernel counts what is not let.
STATUS = {
    "vacant": rent_roll.EMPTY,
    "reserved": rent_roll.EMPTY,
    "off_market": rent_roll.OFF,
}
#: Of a figure that is another one on another day.
OF_DAY = {"readonly": True, "depends_context": ("property_as_of",)}


class PropertyLeaseRentRoll(models.Model):
    """A space on the day ``property_as_of`` of the context; today when it does not say.

    What it is let at follows from the schedule's kernel, which no database can repeat: the rows
    are worked out when they are read and handed to PostgreSQL, which filters and groups them.
    """

    _name = "property.lease.rent.roll"
    _description = "Rent Roll"
    _inherit = ["property.scoped"]
    _auto = False
    _order = "site_id, unit_sort_key, id"
    _rec_name = "unit_id"

    #: ratio field -> (numerator, denominator), summed before they are divided
    _ratios = {
        "rent_m2_month": ("amount_month", "area_let"),
        "rent_m2_day": ("amount_day", "area_let"),
        "vacancy_rate": ("area_empty", "area_market"),
        "vacancy_count_rate": ("count_empty", "count_market"),
        "wale_area": ("area_years", "area_let"),
        "wale_rent": ("rent_years", "amount_month"),
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    site_id = fields.Many2one("property.site", readonly=True)
    building_id = fields.Many2one("property.building", readonly=True)
    floor = fields.Integer(readonly=True, aggregator=False)
    unit_id = fields.Many2one("property.unit", string="Space", readonly=True)
    unit_sort_key = fields.Char(string="Unit Order", readonly=True)
    space_id = fields.Many2one("property.space", string="Space to Let", readonly=True)
    lease_id = fields.Many2one("property.lease", **OF_DAY)
    partner_id = fields.Many2one("res.partner", string="Tenant", **OF_DAY)
    brand = fields.Char(**OF_DAY)
    trade = fields.Char(**OF_DAY)
    user_id = fields.Many2one("res.users", string="Leasing Agent", **OF_DAY)
    state = fields.Selection(STATES, string="Status", **OF_DAY)
    area = fields.Float(digits=(16, 2), help="In m².", **OF_DAY)
    area_let = fields.Float(string="Let Area", digits=(16, 2), **OF_DAY)
    area_empty = fields.Float(string="Vacant Area", digits=(16, 2), **OF_DAY)
    area_market = fields.Float(
        string="Area on the Market",
        digits=(16, 2),
        help="Let or vacant; without what is off the market.",
        **OF_DAY,
    )
    count_let = fields.Integer(string="Spaces Let", **OF_DAY)
    count_empty = fields.Integer(string="Spaces Vacant", **OF_DAY)
    count_market = fields.Integer(string="Spaces on the Market", **OF_DAY)
    date_from = fields.Date(string="From", **OF_DAY)
    date_to = fields.Date(string="Until", help="Last day of the lease.", **OF_DAY)
    date_exit = fields.Date(
        string="Earliest End",
        help="First day the lease can end on by a break option; its last day if it has none.",
        **OF_DAY,
    )
    years_left = fields.Float(digits=(16, 2), aggregator=False, **OF_DAY)
    area_years = fields.Float(string="Area × Years Left", **OF_DAY)
    rent_years = fields.Float(string="Rent × Years Left", **OF_DAY)
    price = fields.Float(
        digits=(16, 4), aggregator=False, help="As the lease states it, with steps.", **OF_DAY
    )
    pricing = fields.Selection(PRICINGS, string="Priced", **OF_DAY)
    is_vat_included = fields.Boolean(string="VAT Included", **OF_DAY)
    amount_stated = fields.Monetary(string="Rent a Month as Stated", aggregator=False, **OF_DAY)
    amount_month = fields.Monetary(
        string="Rent a Month",
        help="VAT included; prices per day × 365 ÷ 12. Rent-free days do not change it.",
        **OF_DAY,
    )
    amount_day = fields.Monetary(string="Rent a Day", **OF_DAY)
    amount_other = fields.Monetary(
        string="Other Items a Month", help="By contract, VAT included.", **OF_DAY
    )
    rent_m2_month = fields.Float(
        string="Rent per m² and Month", digits=(16, 2), aggregator="avg", **OF_DAY
    )
    rent_m2_day = fields.Float(
        string="Rent per m² and Day", digits=(16, 2), aggregator="avg", **OF_DAY
    )
    vacancy_rate = fields.Float(
        string="Vacancy by Area", aggregator="avg", help="Of the area on the market.", **OF_DAY
    )
    vacancy_count_rate = fields.Float(
        string="Vacancy by Spaces", aggregator="avg", help="Of those on the market.", **OF_DAY
    )
    wale_area = fields.Float(
        string="WALE by Area",
        digits=(16, 2),
        aggregator="avg",
        help="Years left, weighed by let area.",
        **OF_DAY,
    )
    wale_rent = fields.Float(
        string="WALE by Rent",
        digits=(16, 2),
        aggregator="avg",
        help="Years left, weighed by rent.",
        **OF_DAY,
    )
    free_until = fields.Date(string="Rent-free until", **OF_DAY)
    next_date = fields.Date(string="Next Step", **OF_DAY)
    amount_next = fields.Monetary(string="Rent after It", **OF_DAY)
    amount_deposit = fields.Monetary(string="Deposits Held", **OF_DAY)
    amount_arrears = fields.Monetary(string="Arrears", help="Overdue bills.", **OF_DAY)
    amount_asking = fields.Monetary(string="Asking Rent a Month", **OF_DAY)
    amount_reversion = fields.Monetary(
        string="Asking less Rent",
        help="What the month's rent of a let space would change by at the asking rent.",
        **OF_DAY,
    )
    days_vacant = fields.Integer(
        aggregator="avg", help="Since the last lease; empty if there was none.", **OF_DAY
    )

    @property
    def _table_query(self):
        names = {name: field.column_type[1] for name, field in self._fields.items() if field.store}
        columns = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in names.items()
        )
        # the registry asks whether there is a query while modules load: no row can be found then
        rows = self._rows() if self.env.registry.ready else []
        return SQL(
            "%s SELECT * FROM jsonb_to_recordset(%s::jsonb) AS roll(%s)",
            FENCE,
            json.dumps(rows, default=json_default),
            columns,
        )

    @api.model
    def _rows(self):
        """Return the rows of the day, of the reader's sites only; the rules ask the same again."""
        day = self.env["property.report"]._report_day("property_as_of")
        is_bound = not (self.env.su or self.env.user.has_group("property_base.group_director"))
        sites = self.env.user.property_site_ids.ids if is_bound else None
        # sudo: deposits and arrears are facts of the lease that its reader may see
        rows = RentRollRows(self.sudo().env, day, sites).rows()
        for row in rows:
            for name, (above, below) in self._ratios.items():
                row[name] = row.get(above, 0.0) / row[below] if row.get(below) else None
            if row.get("lease_id") and row["amount_asking"]:
                row["amount_reversion"] = row["amount_asking"] - row["amount_month"]
        # an empty record has the id False, which no column takes
        return [
            {name: None if value is False else value for name, value in row.items()} for row in rows
        ]

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Override of `base` to divide sums, instead of averaging the ratios of single rows."""
        name, _colon, aggregate = aggregate_spec.partition(":")
        if aggregate != "avg" or name not in self._ratios:
            return super()._read_group_select(aggregate_spec, query)
        above, below = (
            self._field_to_sql(self._table, field, query) for field in self._ratios[name]
        )
        return SQL("SUM(%s)::float8 / NULLIF(SUM(%s), 0)::float8", above, below)

    @api.model
    def _roll(self, domain):
        """Return the rows of a domain with all their figures, worked out once.

        :param domain: of the rows; the caller's rules come on top
        """
        names = [name for name, field in self._fields.items() if field.store and name != "id"]
        return self.search_fetch(domain, names)

    def _kernel(self):
        """Return the spaces as the kernel adds them up."""
        decimal = self.env["property.lease"]._decimal
        status = {
            "vacant": rent_roll.EMPTY,
            "reserved": rent_roll.EMPTY,
            "off_market": rent_roll.OFF,
        }
        return [
            rent_roll.Space(
                decimal(row.area),
                status.get(row.state, rent_roll.LET),
                decimal(row.amount_month),
                row.date_to or None,
            )
            for row in self
        ]

    def _totals(self, day):
        """Add the rows of a day up: tools.rent_roll.Totals."""
        return rent_roll.totals(self._kernel(), day)

    def action_view_record(self):
        """Open the lease of a space that is let, the space otherwise."""
        self.ensure_one()
        self.check_access("read")
        record = self.lease_id or self.space_id
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
