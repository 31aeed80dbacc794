from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.patrol_heat import (
    COLOURS,
    HOURS,
    build_heat_book,
    level,
    most_of,
    rows_of,
    totals_of,
)

MOST_DAYS = 366
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
        self._check_planner()
        site = self.env["property.site"].search([("id", "=", site_id)])
        first, last = self._days(date_from, date_to)
        if not site or measure not in COLOURS:
            raise UserError(self.env._("Choose a site of yours and what is to be counted."))
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

    def _days(self, date_from, date_to):
        """Read the days that are asked for.

        :return: (first, last) dates
        :raise UserError: they are none, or too many
        """
        try:
            first, last = (fields.Date.to_date(day) for day in (date_from, date_to))
        except (TypeError, ValueError):
            first = last = None
        if not first or not last or not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
            raise UserError(
                self.env._("Choose a first and a last day, %(most)s days at most.", most=MOST_DAYS)
            )
        return first, last

    def _count_visits(self, site, routes, first, last):
        """Count the check-ins that count, by point and hour of the site's clock."""
        zone = pytz.timezone(site.tz)
        start, end = (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )
        checkins = self.env["inspection.checkin"].with_context(tz=site.tz)
        groups = checkins._read_group(
            [
                ("route_id", "in", routes.ids),
                ("state", "=", "valid"),
                ("checked_at", ">=", start),
                ("checked_at", "<", end),
            ],
            ["checkpoint_id", "checked_at:hour_number"],
            ["__count"],
        )
        return {(point.id, int(hour) % HOURS): count for point, hour, count in groups}

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
