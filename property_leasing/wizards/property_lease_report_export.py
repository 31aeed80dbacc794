"""The workbooks of the reports of leasing."""

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from odoo.addons.property_billing.tools.xlsx import (
    DATE,
    MONEY,
    NUMBER,
    PRICE,
    RATE,
    TEXT,
    Column,
    Sheet,
    build_workbook,
)

from ..tools import rent_roll
from .property_lease_report_wizard import FORECAST_MONTHS

#: column of the rent roll -> how a cell is written
ROLL = {
    "site_id": TEXT,
    "building_id": TEXT,
    "floor": NUMBER,
    "unit_id": TEXT,
    "state": TEXT,
    "partner_id": TEXT,
    "brand": TEXT,
    "trade": TEXT,
    "lease_id": TEXT,
    "area": MONEY,
    "area_let": MONEY,
    "area_empty": MONEY,
    "date_from": DATE,
    "date_to": DATE,
    "date_exit": DATE,
    "years_left": PRICE,
    "price": PRICE,
    "pricing": TEXT,
    "amount_stated": PRICE,
    "is_vat_included": TEXT,
    "amount_month": MONEY,
    "rent_m2_month": PRICE,
    "rent_m2_day": PRICE,
    "amount_other": MONEY,
    "free_until": DATE,
    "next_date": DATE,
    "amount_next": PRICE,
    "amount_deposit": MONEY,
    "amount_arrears": MONEY,
    "amount_asking": MONEY,
    "amount_reversion": MONEY,
    "days_vacant": NUMBER,
}
WIDE = {"partner_id": 26, "site_id": 18, "lease_id": 24, "trade": 12}
#: quotient -> the columns it divides
QUOTIENTS = {"rent_m2_month": ("amount_month", "area_let")}
ARREARS = (
    "amount_not_due",
    "amount_30",
    "amount_90",
    "amount_180",
    "amount_365",
    "amount_older",
    "amount_owed",
    "amount_credit",
    "amount_open",
)


class PropertyLeaseReportWizard(models.TransientModel):
    _inherit = "property.lease.report.wizard"

    def _workbook(self):
        """Return the workbook, with the rights of the caller.

        :return: (file name, bytes)
        :raise AccessError: for who may not read the report, or did not ask for it
        """
        self.ensure_one()
        if self.create_uid != self.env.user:
            raise AccessError(self.env._("Ask for the report yourself: this is somebody else's."))
        self._report_model().check_access("read")
        sheets = {"arrears": self._arrears_sheets, "forecast": self._forecast_sheets}.get(
            self.report, self._roll_sheets
        )()
        name = f"{self._title()} {fields.Date.to_string(self.date)}.xlsx"
        return name, build_workbook(sheets)

    def _heads(self):
        """Return what a sheet says above its table: list of (label, text)."""
        today = format_date(self.env, fields.Date.context_today(self))
        return [
            (self.env._("Company"), "、".join(self.env.companies.mapped("name"))),
            (
                self.env._("Sites"),
                "、".join(self.site_ids.mapped("name")) or self.env._("All my sites"),
            ),
            (self.env._("As of"), format_date(self.env, self.date)),
            (self.env._("Printed"), f"{today} {self.env.user.name}"),
        ]

    def _sheet(self, title, columns, rows):
        return Sheet(title, columns, rows, self._heads(), total_label=self.env._("Total"))

    # Rent roll --------------------------------------------------------------------------------

    def _roll_sheets(self):
        roll = self._rent_roll()
        return [
            self._roll_sheet(roll),
            self._totals_sheet(roll),
            self._ladder_sheet(roll),
            self._group_sheet(roll.filtered("lease_id"), "trade", self.env._("By Trade")),
            self._group_sheet(roll, "floor", self.env._("By Floor")),
        ]

    def _roll_sheet(self, roll):
        names = list(ROLL)
        columns = [
            Column(
                self._label(roll, name),
                kind,
                WIDE.get(name, 0),
                rate_of=tuple(names.index(one) for one in QUOTIENTS.get(name, ())),
            )
            for name, kind in ROLL.items()
        ]
        rows = [[self._cell(row, name) for name in ROLL] for row in roll]
        return self._sheet(self.env._("Rent Roll"), columns, rows)

    def _cell(self, row, name):
        """Return a value as a cell: an empty space has no tenant's figures."""
        field, value = row._fields[name], row[name]
        if field.type == "many2one":
            return value.sudo().display_name  # sudo: a list names what its rows point to
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "boolean":
            return "✓" if value else None
        if name == "floor":
            return value
        return value or None

    def _totals_sheet(self, roll):
        """Return what the rent roll comes to, a line a figure."""
        totals = roll._totals(self.date)
        lines = [
            (self.env._("Spaces"), totals.count),
            (self.env._("Spaces let"), totals.count_let),
            (self.env._("Spaces vacant"), totals.count_empty),
            (self.env._("Let area, m²"), totals.area_let),
            (self.env._("Vacant area, m²"), totals.area_empty),
            (self.env._("Vacancy by area, %"), self._percent(totals.vacancy_area)),
            (self.env._("Vacancy by spaces, %"), self._percent(totals.vacancy_count)),
            (self.env._("WALE by area, years"), totals.wale_area),
            (self.env._("WALE by rent, years"), totals.wale_rent),
            (self.env._("Rent a month, VAT included"), totals.rent),
            (self.env._("Rent per m² and month"), totals.rent_m2_month),
            (self.env._("Rent per m² and day"), totals.rent_m2_day),
        ]
        columns = [Column(self.env._("Figure"), TEXT, 30), Column(self.env._("Value"), PRICE, 18)]
        rows = [[label, value] for label, value in lines]
        return Sheet(self.env._("Totals"), columns, rows, self._heads())

    def _percent(self, share):
        return None if share is None else share * 100

    def _ladder_sheet(self, roll):
        columns = [
            Column(self.env._("Quarter"), TEXT, 12),
            Column(self.env._("Leased spaces that end"), NUMBER, 20),
            Column(self._label(roll, "area_let"), MONEY),
            Column(self._label(roll, "amount_month"), MONEY),
        ]
        rows = [
            [f"{first.year} Q{(first.month + 2) // 3}", number, area, rent]
            for first, number, area, rent in rent_roll.ladder(roll._kernel())
        ]
        return self._sheet(self.env._("Expiry Ladder"), columns, rows)

    def _group_sheet(self, roll, group, title):
        names = ("area_let", "area_empty", "area_market", "amount_month")
        columns = [
            Column(self._label(roll, group), TEXT, 16),
            *(Column(self._label(roll, name), MONEY) for name in names),
            Column(self._label(roll, "rent_m2_month"), PRICE, rate_of=(4, 1)),
            Column(self._label(roll, "vacancy_rate"), RATE, rate_of=(2, 3)),
        ]
        rows = []
        for value, found in sorted(
            roll.grouped(group).items(), key=lambda pair: (not pair[0], str(pair[0]))
        ):
            let, empty, market, rent = (sum(found.mapped(name)) for name in names)
            rows.append(
                [
                    str(value) if value is not False else None,
                    *(let, empty, market, rent),
                    rent / let if let else None,
                    empty / market if market else None,
                ]
            )
        return self._sheet(title, columns, rows)

    # Arrears and forecast ---------------------------------------------------------------------

    def _arrears_sheets(self):
        model = self._report_model()
        groups = ["site_id", "partner_id", "lease_id"]
        found = model._read_group(self._domain(), groups, [f"{name}:sum" for name in ARREARS])
        columns = [Column(self._label(model, name), TEXT, 24) for name in groups]
        columns += [Column(self._label(model, name), MONEY) for name in ARREARS]
        rows = [
            [*self._names(values[: len(groups)]), *values[len(groups) :]]
            for values in found
            if any(values[len(groups) :])
        ]
        return [self._sheet(self._title(), columns, rows)]

    def _forecast_sheets(self):
        """Return the forecast: what is contracted, and what is assumed on sheets of its own."""
        model = self._report_model()
        assumed = [
            self._forecast_sheet(self._label(model, measure), measure)
            for measure in ("amount_turnover", "amount_relet")
        ]
        return [self._forecast_sheet(self._title(), "amount"), *assumed]

    def _forecast_sheet(self, title, measure):
        """Return a measure of the forecast, a column a month."""
        model = self._report_model()
        groups = ["site_id", "building_id", "charge_item_id"]
        first = self.date.replace(day=1)
        months = [first + relativedelta(months=index) for index in range(FORECAST_MONTHS)]
        cells = {}
        for *key, month, amount in model._read_group(
            self._domain(), [*groups, "date:month"], [f"{measure}:sum"]
        ):
            if amount:
                cells.setdefault(tuple(key), {})[month] = amount
        columns = [Column(self._label(model, name), TEXT, 18) for name in groups]
        columns += [
            Column(format_date(self.env, month, date_format="yyyy-MM"), MONEY) for month in months
        ]
        columns.append(Column(self.env._("Total"), MONEY))
        rows = [
            [
                *self._names(key),
                *(amounts.get(month, 0.0) for month in months),
                sum(amounts.values()),
            ]
            for key, amounts in cells.items()
        ]
        return self._sheet(title, columns, rows)

    def _names(self, records):
        # sudo: like every list, a report names what its rows point to
        return [record.sudo().display_name or None for record in records]

    def _label(self, model, name):
        return model._fields[name]._description_string(self.env)
