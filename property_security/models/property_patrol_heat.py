from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.patrol_heat import (
    COLOURS,
    build_heat_book,
    level,
    most_of,
    rows_of,
    totals_of,
)

MOST_DAYS = 366
YEARS = range(1990, 2200)  # beyond, days cannot be reckoned in every time zone
SHOWN_DAYS = 7


class PropertyPatrolHeat(models.AbstractModel):
    """The heat table of patrols: visits or misses of each point by the hour of the day."""

    _name = "property.patrol.heat"
    _description = "Heat Table of Patrols"

    @api.model
    def start(self):
        """Return what the screen needs before anything is chosen.

        :return: dict with the sites that have patrols, their routes, and the last days
        """
        self._check_planner()
        routes = self.env["inspection.route"].search(
            [("kind", "=", "patrol"), ("site_id", "!=", False)]
        )
        today = fields.Date.context_today(self)
        return {
            "sites": [
                {
                    "id": site.id,
                    "name": site.name,
                    "routes": [{"id": route.id, "name": route.name} for route in mine],
                }
                for site, mine in sorted(
                    routes.grouped("site_id").items(), key=lambda pair: pair[0].name
                )
            ],
            "date_from": fields.Date.to_string(today - timedelta(days=SHOWN_DAYS - 1)),
            "date_to": fields.Date.to_string(today),
        }

    @api.model
    def table(self, site_id, route_id, date_from, date_to, measure):
        """Return the heat table of some days.

        :param int site_id: property.site
        :param route_id: inspection.route, or False for all of the site
        :param str date_from: first day, such as 2026-03-01, in the time of the site
        :param str date_to: last day, inclusive
        :param str measure: visits or missed
        :return: dict with rows, the sums of the hours, and the sum of all
        """
        _site, rows = self._rows(site_id, route_id, date_from, date_to, measure)
        most = most_of(rows)
        return {
            "rows": [
                {
                    "id": row.key,
                    "name": row.name,
                    "route": row.route,
                    "total": row.total,
                    "cells": [[number, level(number, most)] for number in row.cells],
                }
                for row in rows
            ],
            "hours": totals_of(rows),
            "total": sum(row.total for row in rows),
        }

    @api.model
    def cell(self, site_id, point_id, hour, date_from, date_to, measure):
        """Return the action that opens what a cell counts, by the clock of the site.

        :param int point_id: inspection.checkpoint
        :param int hour: 0 to 23
        """
        site = self._site(site_id, measure)
        first, last = self._days(date_from, date_to)
        if measure == "visits":
            model, views = "inspection.checkin", ["list", "form"]
            title = self.env._("Points Visited")
            checkins = self.env[model].with_context(tz=site.tz)
            domain = [
                *self._visits_domain(site, first, last),
                ("checkpoint_id", "=", point_id),
                ("checked_at.hour_number", "=", hour),
            ]
            domain = [("id", "in", checkins.search(domain).ids)]
        else:
            model, views, title = "property.patrol.point", ["list"], self.env._("Missed")
            domain = [
                ("checkpoint_id", "=", point_id),
                ("hour", "=", hour),
                ("day", ">=", first),
                ("day", "<=", last),
                ("missed_count", "=", 1),
            ]
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [[False, view] for view in views],
            "domain": domain,
        }

    @api.model
    def _workbook(self, site_id, route_id, date_from, date_to, measure):
        """Return the name and the bytes of the workbook of the same table."""
        site, rows = self._rows(site_id, route_id, date_from, date_to, measure)
        names = {"visits": self.env._("Patrol Visits"), "missed": self.env._("Missed Points")}
        days = self.env._(
            "%(first)s to %(last)s",
            first=format_date(self.env, date_from),
            last=format_date(self.env, date_to),
        )
        words = {
            "point": self.env._("Point"),
            "route": self.env._("Route"),
            "total": self.env._("Total"),
        }
        title = f"{names[measure]} {site.name}"
        content = build_heat_book(title, [days], words, measure, rows)
        return f"{title} {date_from} {date_to}.xlsx", content

    @api.model
    def _rows(self, site_id, route_id, date_from, date_to, measure):
        """Return the site and the rows of the table.

        :raise UserError: nothing sensible was asked for
        """
        site = self._site(site_id, measure)
        first, last = self._days(date_from, date_to)
        domain = [("kind", "=", "patrol"), ("site_id", "=", site.id)]
        if route_id:
            domain.append(("id", "=", route_id))
        routes = self.env["inspection.route"].search(domain)
        points = [
            (point.id, point.name, route.name)
            for route in routes
            for point in route.checkpoint_ids.sorted()
        ]
        count = self._count_visits if measure == "visits" else self._count_missed
        return site, rows_of(points, count(site, routes, first, last))

    def _site(self, site_id, measure):
        """Return the site that is asked for.

        :raise UserError: it is none of the user's, or nothing that can be counted is
        """
        self._check_planner()
        site = self.env["property.site"].search([("id", "=", site_id)])
        if not site or measure not in COLOURS:
            raise UserError(self.env._("Choose a site of yours and what is to be counted."))
        return site

    def _days(self, date_from, date_to):
        """Read the days that are asked for.

        :return: (first, last) dates
        :raise UserError: they are none, or too many
        """
        try:
            first, last = (fields.Date.to_date(day) for day in (date_from, date_to))
        except (TypeError, ValueError):
            first = last = None
        is_span = first and last and timedelta(0) <= last - first < timedelta(days=MOST_DAYS)
        if not is_span or not YEARS.start <= first.year <= last.year < YEARS.stop:
            raise UserError(
                self.env._("Choose a first and a last day, %(most)s days at most.", most=MOST_DAYS)
            )
        return first, last

    def _visits_domain(self, site, first, last):
        """Return the domain of the check-ins of patrols that count."""
        zone = pytz.timezone(site.tz)
        start, end = (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )
        return [
            ("site_id", "=", site.id),
            ("kind", "=", "patrol"),
            ("state", "=", "valid"),
            ("checked_at", ">=", start),
            ("checked_at", "<", end),
        ]

    def _count_visits(self, site, routes, first, last):
        """Count the check-ins that count, by point and hour of the site's clock."""
        groups = (
            self.env["inspection.checkin"]
            .with_context(tz=site.tz)
            ._read_group(
                [*self._visits_domain(site, first, last), ("route_id", "in", routes.ids)],
                ["checkpoint_id", "checked_at:hour_number"],
                ["__count"],
            )
        )
        return {(point.id, int(hour)): count for point, hour, count in groups}

    def _count_missed(self, _site, routes, first, last):
        """Count the points that were not visited, by the hour in which their patrol was due."""
        groups = self.env["property.patrol.point"]._read_group(
            [("route_id", "in", routes.ids), ("day", ">=", first), ("day", "<=", last)],
            ["checkpoint_id", "hour"],
            ["missed_count:sum"],
        )
        return {(point.id, hour): count for point, hour, count in groups}

    def _check_planner(self):
        if not self.env.user.has_group("inspection_round.group_planner"):
            raise AccessError(
                self.env._("The heat table is for managers of patrols. Ask your site manager.")
            )
