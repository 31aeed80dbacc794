"""The first page of leasing (招商总览): how the spaces stand on a day, at a glance."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import rent_roll
from .property_lease import ENDING_DAYS

SHOWN = 8
LADDER_QUARTERS = 12
FORECAST_MONTHS = 24
FORECAST = ("amount", "amount_billed", "amount_open", "amount_turnover", "amount_relet")
#: Field of the ageing -> its place among the bars; credits are no arrears.
AGES = ("amount_30", "amount_90", "amount_180", "amount_365", "amount_older")


class PropertyLeaseOverview(models.AbstractModel):
    """Figures for the page, read with the rights of who looks at it."""

    _name = "property.lease.overview"
    _description = "Overview of Leasing"

    @api.model
    def get_overview(self, day=None, site_id=None):
        """Return the figures of a day.

        :param str day: such as 2026-09-30; today when left out
        :param int site_id: of the site to look at; all of the reader's when left out
        :return: dict of plain values, as the page takes them
        :raise AccessError: for who may not read rent rolls
        :raise UserError: when the day is none
        """
        roll_model = self.env["property.lease.rent.roll"].with_context(property_as_of=day)
        roll_model.check_access("read")
        today = (
            self.env["property.report"]
            .with_context(property_as_of=day)
            ._report_day("property_as_of")
        )
        sites = Domain("site_id", "=", site_id) if site_id else Domain.TRUE
        roll = roll_model._roll(sites)
        spaces = roll._kernel()
        return {
            "day": fields.Date.to_string(today),
            "currency": self.env.company.currency_id.symbol,
            "sites": self._sites(),
            "figures": self._figures(roll, rent_roll.totals(spaces, today)),
            "ladder": self._ladder(spaces, today),
            "trades": self._trades(roll),
            "floors": self._floors(roll),
            "ending": self._ending(roll, today),
            "empty": self._empty(roll),
            "steps": self._steps(roll, today),
            "arrears": self._arrears(sites, today),
            **self._months(sites, today),
        }

    def _sites(self):
        """Return the sites to choose from: those with a space to let."""
        found = self.env["property.space"]._read_group([], ["site_id"])
        return [{"id": site.id, "name": site.display_name} for (site,) in found]

    def _figures(self, roll, totals):
        share = {
            name: None if getattr(totals, name) is None else float(getattr(totals, name))
            for name in (
                *("vacancy_area", "vacancy_count", "wale_area", "wale_rent"),
                *("rent_m2_month", "rent_m2_day"),
            )
        }
        ending = roll.filtered(lambda row: row.state == "ending")
        return {
            **share,
            "count": totals.count,
            "count_let": totals.count_let,
            "count_empty": totals.count_empty,
            "area_let": float(totals.area_let),
            "area_empty": float(totals.area_empty),
            "rent": float(totals.rent),
            "ending_count": len(ending),
            "ending_area": sum(ending.mapped("area_let")),
            "ending_rent": sum(ending.mapped("amount_month")),
            "ending_days": ENDING_DAYS,
            "deposit": sum(roll.mapped("amount_deposit")),
            "asking_empty": sum(
                row.amount_asking for row in roll if row.state in ("vacant", "reserved")
            ),
        }

    def _ladder(self, spaces, today):
        """Return what ends in each of the coming quarters, and all that ends after them."""
        quarters = {first: rest for first, *rest in rent_roll.ladder(spaces)}
        start = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        bars = [start + relativedelta(months=3 * index) for index in range(LADDER_QUARTERS)]
        rows = [
            {
                "name": f"{first.year % 100:02} Q{(first.month + 2) // 3}",
                "from": fields.Date.to_string(first),
                "to": fields.Date.to_string(first + relativedelta(months=3, days=-1)),
                **self._bar(quarters.get(first)),
            }
            for first in bars
        ]
        after = start + relativedelta(months=3 * LADDER_QUARTERS)
        later = [rest for first, rest in quarters.items() if first >= after]
        sums = [sum(values) for values in zip(*later, strict=True)] or None
        return [
            *rows,
            {
                "name": self.env._("later"),
                "from": fields.Date.to_string(after),
                "to": None,
                **self._bar(sums),
            },
        ]

    def _bar(self, values):
        count, area, rent = values or (0, 0, 0)
        return {"count": count, "area": float(area), "rent": float(rent)}

    def _trades(self, roll):
        """Return area and rent per m² by trade, the largest first."""
        rows = [
            {"trade": trade, **self._rent_of(trade or self.env._("No trade"), found)}
            for trade, found in roll.filtered("area_let").grouped("trade").items()
        ]
        return sorted(rows, key=lambda row: -row["area"])[:SHOWN]

    def _floors(self, roll):
        """Return area, vacancy and rent per m² by floor, the highest first."""
        return [
            {
                **self._rent_of(floor, found),
                "empty": sum(found.mapped("area_empty")),
            }
            for floor, found in sorted(roll.grouped("floor").items(), reverse=True)
        ]

    def _rent_of(self, name, rows):
        area, rent = sum(rows.mapped("area_let")), sum(rows.mapped("amount_month"))
        return {"name": name, "area": area, "rent_m2": rent / area if area else 0.0}

    def _ending(self, roll, today):
        rows = roll.filtered(lambda row: row.state == "ending").sorted("date_to")
        return [
            {
                **self._space(row),
                "id": row.lease_id.id,
                "tenant": row.brand or row.sudo().partner_id.name,  # sudo: a list names its rows
                "date": fields.Date.to_string(row.date_to),
                "days": (row.date_to - today).days,
                "amount": row.amount_month,
            }
            for row in rows[:SHOWN]
        ]

    def _empty(self, roll):
        rows = roll.filtered(lambda row: row.state in ("vacant", "reserved")).sorted(
            lambda row: (-row.days_vacant, -row.area)
        )
        return [
            {
                **self._space(row),
                "id": row.space_id.id,
                "state": row.state,
                "days": row.days_vacant,
                "amount": row.amount_asking,
            }
            for row in rows[:SHOWN]
        ]

    def _steps(self, roll, today):
        """Return the rents that change within the days a lease counts as ending."""
        last = today + relativedelta(days=ENDING_DAYS)
        rows = roll.filtered(lambda row: row.next_date and row.next_date <= last)
        return [
            {
                **self._space(row),
                "id": row.lease_id.id,
                "tenant": row.brand or row.sudo().partner_id.name,  # sudo: a list names its rows
                "date": fields.Date.to_string(row.next_date),
                "before": row.amount_month,
                "amount": row.amount_next,
            }
            for row in rows.sorted("next_date")[:SHOWN]
        ]

    def _space(self, row):
        return {"space": row.unit_id.code, "area": row.area}

    def _arrears(self, sites, today):
        """Return overdue money by age and how many tenants owe it."""
        found = (
            self.env["property.lease.report.arrears"]
            .with_context(property_as_of=fields.Date.to_string(today))
            ._read_group(
                sites & Domain("days_overdue", ">", 0) & Domain("amount_open", ">", 0),
                [],
                [*(f"{name}:sum" for name in AGES), "partner_id:count_distinct"],
            )
        )
        *amounts, tenants = found[0]
        amounts = [amount or 0.0 for amount in amounts]
        return {"amounts": amounts, "total": sum(amounts), "tenants": tenants}

    def _months(self, sites, today):
        """Return what coming months charge, and how the last bills were paid: in one query.

        :return: dict ``forecast`` (a bar a month: rent and other items by contract, turnover rent
            settled or expected, spaces let anew) and ``month``
        """
        first = today.replace(day=1)
        months = [first + relativedelta(months=index) for index in range(FORECAST_MONTHS)]
        found = self.env["property.lease.report.forecast"]._read_group(
            sites
            & Domain("date", ">=", first + relativedelta(years=-1))
            & Domain("date", "<", first + relativedelta(months=FORECAST_MONTHS)),
            ["date:month", "category"],
            [*(f"{name}:sum" for name in FORECAST)],
        )
        sums = {month: [0.0] * 6 for month in months}
        for month, category, amount, billed, unpaid, turnover, relet in found:
            bar = sums.setdefault(month, [0.0] * 6)
            bar[0 if category == "rent" else 1] += amount
            for place, value in enumerate((billed, unpaid, turnover, relet), start=2):
                bar[place] += value or 0.0
        return {
            "forecast": [
                {
                    "name": f"{month:%y-%m}",
                    "rent": sums[month][0],
                    "other": sums[month][1],
                    "turnover": sums[month][4],
                    "relet": sums[month][5],
                }
                for month in months
            ],
            "month": self._collected(sums, first),
        }

    def _collected(self, sums, first):
        """Return what the last month with bills billed, and what of it is paid by now."""
        month = max((one for one in sums if one <= first and sums[one][2]), default=first)
        billed, unpaid = sums[month][2:4]
        return {
            "month": fields.Date.to_string(month),
            "billed": billed,
            "collected": billed - unpaid,
            "rate": (billed - unpaid) / billed if billed else None,
        }
