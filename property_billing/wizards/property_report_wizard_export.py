"""The workbooks of reports: which columns, grouped how."""

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.xlsx import DATE, MONEY, RATE, TEXT, Column, Sheet, build_workbook

#: rows_by -> what rows are grouped by
GROUPS = {
    "building_item": ["site_id", "building_id", "charge_item_id"],
    "building": ["site_id", "building_id"],
    "unit": ["site_id", "building_id", "unit_id", "partner_id"],
    "item": ["site_id", "charge_item_id"],
    "payer": ["site_id", "partner_id"],
    "period": ["site_id", "period_to:month"],
    "collector": ["site_id", "collector_id"],
}
CASHIER_GROUPS = [
    "date:day",
    "collector_id",
    "journal_id",
    "payment_method_line_id",
    "charge_item_id",
]
AMOUNTS = {
    "collection": [
        "amount_billed",
        "amount_credited",
        "amount_due",
        "amount_collected",
        "amount_other",
        "amount_open",
    ],
    "ageing": [
        "amount_not_due",
        "amount_30",
        "amount_90",
        "amount_180",
        "amount_365",
        "amount_older",
        "amount_credit",
        "amount_open",
    ],
    "arrears": [
        "amount_start",
        "amount_collected",
        "amount_credited",
        "amount_other",
        "amount_end",
    ],
    "cashier": ["amount_taken", "amount_refunded", "amount_moved", "amount_net", "amount_void"],
}
MAX_MONTHS = 36


class PropertyReportWizard(models.TransientModel):
    _inherit = "property.report.wizard"

    def _workbook(self):
        """Return the report as a workbook, with the rights of the caller.

        :return: (file name, bytes)
        :raise UserError: when the caller may not read the report, or its rows do not fit it
        """
        self.ensure_one()
        self._check_report_access()
        builders = {"income": self._income_sheet, "price_list": self._price_sheets}
        made = builders.get(self.report, self._grouped_sheet)()
        sheets = made if isinstance(made, list) else [made]
        name = f"{self._title()} {fields.Date.to_string(self.date_to)}.xlsx"
        return name, build_workbook(sheets)

    def _title(self):
        return dict(self._fields["report"]._description_selection(self.env))[self.report]

    def _heads(self, with_from=True):
        """Return what a workbook says above its table: list of (label, text)."""
        rows_by = dict(self._fields["rows_by"]._description_selection(self.env))
        heads = [
            (self.env._("Company"), "、".join(self.env.companies.mapped("name"))),
            (
                self.env._("Sites"),
                "、".join(self.site_ids.mapped("name")) or self.env._("All sites"),
            ),
        ]
        if with_from and self.report != "ageing":
            heads.append((self.env._("From"), format_date(self.env, self.date_from)))
        heads.append((self.env._("As of"), format_date(self.env, self.date_to)))
        if self.report in ("collection", "ageing", "arrears"):
            heads.append((self.env._("Rows"), rows_by[self.rows_by]))
        if self.report == "collection":
            heads.append(
                (
                    self.env._("Opening Arrears"),
                    self.env._("included") if self.with_opening else self.env._("not included"),
                )
            )
        heads.append(
            (
                self.env._("Printed"),
                f"{format_date(self.env, fields.Date.context_today(self))} {self.env.user.name}",
            )
        )
        return heads

    def _grouped_sheet(self):
        """Return the sheet of a report whose rows are groups of its figures."""
        model = self._report_model()
        groups = CASHIER_GROUPS if self.report == "cashier" else GROUPS[self.rows_by]
        if any(name.partition(":")[0] not in model._fields for name in groups):
            raise UserError(
                self.env._("This report knows no collectors. Choose other rows and try again.")
            )
        amounts = AMOUNTS[self.report]
        found = model._read_group(self._domain(), groups, [f"{name}:sum" for name in amounts])
        columns = [self._group_column(model, name) for name in groups]
        columns += [Column(self._label(model, name), MONEY) for name in amounts]
        ratio = model._ratios.get("rate")
        if ratio:
            places = tuple(len(groups) + amounts.index(name) for name in ratio)
            columns.append(Column(self._label(model, "rate"), RATE, rate_of=places))
        rows = []
        for values in found:
            row = [
                self._group_value(name, value) for name, value in zip(groups, values, strict=False)
            ]
            row += [value or 0.0 for value in values[len(groups) :]]
            if ratio:
                above, below = (row[place] for place in places)
                row.append(above / below if below else None)
            rows.append(row)
        return Sheet(self._title(), columns, rows, self._heads(), total_label=self.env._("Total"))

    def _income_sheet(self):
        """Return income by item, a column a month, with what is deferred at the end."""
        model = self._report_model()
        first = self.date_from.replace(day=1)
        last = self.date_to.replace(day=1)
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        if count > MAX_MONTHS:
            raise UserError(
                self.env._("Choose at most %(count)s months for this report.", count=MAX_MONTHS)
            )
        months = [first + relativedelta(months=index) for index in range(count)]
        groups = ["site_id", "charge_item_id"]
        keys, cells = {}, {}
        earned = model._read_group(
            self._domain() & fields.Domain("month_earned", ">=", first),
            [*groups, "month_earned:month"],
            ["amount_earned:sum"],
        )
        for site, item, month, amount in earned:
            keys[site, item] = True
            cells[site, item, month] = amount
        sums = model._read_group(
            self._domain(), groups, ["amount_net:sum", "amount_earned:sum", "amount_deferred:sum"]
        )
        keys = dict.fromkeys((site, item) for site, item, *_amounts in sums) | keys
        totals = {(site, item): amounts for site, item, *amounts in sums}
        columns = [
            *(self._group_column(model, name) for name in groups),
            Column(self.env._("Before"), MONEY),
            *(
                Column(format_date(self.env, month, date_format="yyyy-MM"), MONEY)
                for month in months
            ),
            Column(self._label(model, "amount_earned"), MONEY),
            Column(self._label(model, "amount_deferred"), MONEY),
            Column(self.env._("Income Accounts"), MONEY),
        ]
        rows = []
        for site, item in keys:
            net, all_earned, deferred = totals[site, item]
            by_month = [cells.get((site, item, month), 0.0) for month in months]
            before = self.env.company.currency_id.round(all_earned - sum(by_month))
            rows.append(
                [
                    self._group_value("site_id", site),
                    self._group_value("charge_item_id", item),
                    before,
                    *by_month,
                    all_earned,
                    deferred,
                    net,
                ]
            )
        return Sheet(self._title(), columns, rows, self._heads(), total_label=self.env._("Total"))

    def _price_sheets(self):
        """Return the price lists of the sites, one sheet each."""
        labels = self.env["property.site"]._price_list_labels()
        return [
            Sheet(
                f"{self._title()} {site.name}",
                [Column(label, DATE if name == "since" else TEXT, 20) for name, label in labels],
                [[row[name] for name, _label in labels] for row in site._price_list(self.date_to)],
                self._heads(with_from=False),
            )
            for site in self._sites()
        ]

    def _label(self, model, name):
        return model._fields[name]._description_string(self.env)

    def _group_column(self, model, group):
        name, _colon, interval = group.partition(":")
        label = self._label(model, name)
        wide = {"partner_id": 22, "charge_item_id": 20, "site_id": 18}
        return Column(label, DATE if interval == "day" else TEXT, wide.get(name, 0))

    def _group_value(self, group, value):
        if not value:
            return None
        if group.endswith(":day"):
            return value
        if group.endswith(":month"):
            return format_date(self.env, value, date_format="yyyy-MM")
        # sudo: like every list, the report names what its rows point to
        return value.sudo().display_name
