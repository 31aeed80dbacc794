"""Who has which space when: the spaces of a building along the months."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain


class PropertySpace(models.Model):
    _inherit = "property.space"

    @api.model
    def get_occupancy_timeline(self, building_id=None, day=None, months=18):
        """Return leases, reservations and days off the market of the spaces of a building.

        :param building_id: id of a property.building; the first with spaces if it has none
        :param day: date or its text; the timeline begins with its month
        :param months: months to show, 60 at most
        :return: dict ``first``, ``last``, ``spaces``: each a dict with ``bars``, in order of days
        """
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        first = day.replace(day=1)
        last = first + relativedelta(months=max(1, min(int(months), 60)), days=-1)
        buildings = self._plan_buildings()
        chosen = building_id if building_id in buildings.ids else buildings[:1].id
        there = (Domain("date_from", "=", False) | Domain("date_from", "<=", last)) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", first)
        )
        spaces = self.search(
            Domain("building_id", "=", chosen) & there, order="floor desc, unit_sort_key, id"
        )
        leases = spaces._lease_bars(first, last)
        return {
            "first": str(first),
            "last": str(last),
            "spaces": [
                {
                    "id": space.id,
                    "floor": space.floor,
                    "code": space.unit_id.room or space.unit_id.code,
                    "area": space.area,
                    "bars": sorted(
                        leases.get(space.unit_id.id, []) + space._other_bars(first, last),
                        key=lambda bar: bar["from"],
                    ),
                }
                for space in spaces
            ],
        }

    def _lease_bars(self, first, last):
        """Return dict unit id -> bars of the leases that run between two days."""
        lines = self.env["property.lease.line"].search(
            Domain("unit_id", "in", self.unit_id.ids)
            & Domain("lease_id.signed_date", "!=", False)
            & Domain("lease_id.date_from", "<=", last)
            & Domain("lease_id.date_to", ">=", first)
        )
        bars = {}
        for line in lines:
            lease = line.lease_id
            start = line.date_from or lease.date_from
            end = min(filter(None, (line.date_to, lease.date_to)))
            bar = {
                "kind": "lease",
                "id": lease.id,
                "label": lease.brand or lease.partner_id.name,
                "from": str(start),
                "to": str(end),
            }
            own = bars.setdefault(line.unit_id.id, [])
            if start <= last and end >= first and bar not in own:
                own.append(bar)
        return bars

    def _other_bars(self, first, last):
        """Return the bars of the reservation and of the days the space is not to be had."""
        self.ensure_one()
        spans = [
            ("off", self.off_from, self.off_to, ""),
            ("gone", first if self.date_from else None, self._day_before(self.date_from), ""),
            ("gone", self.date_to and fields.Date.add(self.date_to, days=1), last, ""),
        ]
        if self.reserved_until:
            since = self.reserved_from or self.reserved_until
            spans.append(("reserved", since, self.reserved_until, self.reserved_for_id.name))
        return [
            {"kind": kind, "id": self.id, "label": label, "from": str(start), "to": str(end)}
            for kind, start, end, label in (
                (kind, start, end or last, label) for kind, start, end, label in spans
            )
            if start and start <= last and end >= first
        ]

    def _day_before(self, day):
        return day and fields.Date.subtract(day, days=1)
