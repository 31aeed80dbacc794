"""The stacking plan: the spaces of a building, floor by floor, as they are on a day."""

from odoo import api, fields, models
from odoo.fields import Domain


class PropertySpace(models.Model):
    _inherit = "property.space"

    @api.model
    def get_stacking_plan(self, building_id=None, day=None):
        """Return the spaces of a building on a day, for the stacking plan.

        :param building_id: id of a property.building; the first with spaces if it has none
        :param day: date or its text, past or future; today if empty
        :return: dict ``day``, ``buildings``, ``building_id``, ``states`` and ``floors``, top floor
            first, each a dict ``floor`` and ``spaces``
        """
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        buildings = self._plan_buildings()
        chosen = building_id if building_id in buildings.ids else buildings[:1].id
        spaces = self.search(Domain("building_id", "=", chosen) & self._existing_domain(day))
        rows = spaces._plan_rows(day) if chosen else []
        floors = sorted({row["floor"] for row in rows}, reverse=True)
        return {
            "day": fields.Date.to_string(day),
            "buildings": [
                {"id": one.id, "name": f"{one.site_id.name} · {one.name}"} for one in buildings
            ],
            "building_id": chosen,
            "may_let": self.env["property.lease"].has_access("create"),
            "states": self._fields["state"]._description_selection(self.env),
            "pricings": self._fields["pricing"]._description_selection(self.env),
            "floors": [
                {"floor": floor, "spaces": [row for row in rows if row["floor"] == floor]}
                for floor in floors
            ],
        }

    @api.model
    def _plan_buildings(self):
        """Return the buildings with spaces to let, in order."""
        found = self._read_group([("building_id", "!=", False)], ["building_id"])
        buildings = self.env["property.building"].browse(one.id for (one,) in found)
        return buildings.sorted(lambda one: (one.site_id.name, one.sort_key or "", one.id))

    @api.model
    def _existing_domain(self, day):
        """Return the domain of spaces that exist on a day: not merged or divided before it."""
        return (Domain("date_from", "=", False) | Domain("date_from", "<=", day)) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    def _plan_rows(self, day):
        """Return the tiles of the spaces on a day: list of dict, in order of the spaces."""
        lines = self._lines_on(day)
        return [space._plan_row(day, lines.get(space.unit_id.id, lines[None])) for space in self]

    def _lines_on(self, day):
        """Return dict unit id -> lines of the lease that runs on a day; None -> no lines."""
        none = self.env["property.lease.line"]
        found = none.search(Domain("unit_id", "in", self.unit_id.ids) & self._lease_domain(day))
        own = {
            unit.id: lines.with_prefetch(found.ids)
            for unit, lines in found.grouped("unit_id").items()
        }
        return {None: none, **own}

    def _plan_row(self, day, lines):
        lease, last = lines.lease_id[:1], lines._last_day()
        state = self._state_on(day, lease, last)
        row = {
            "id": self.id,
            "floor": self.floor,
            "code": self.unit_id.room or self.unit_id.code,
            "name": self.name or "",
            "area": self.area,
            "state": state,
            "trade": lease.trade or self.trade or "",
            "price": self.price,
            "pricing": self.pricing,
            "asking_month": self._asking_month(),
            "tenant": "",
            "until": "",
        }
        if lease:
            rent = float(sum(line._gross(line._rent_on(day)) for line in lines if line.is_rent))
            area = sum(lines.filtered("is_rent").mapped("area")) or self.area
            row.update(
                lease_id=lease.id,
                lease_name=lease.name,
                tenant=lease.brand or lease.partner_id.name,
                partner=lease.partner_id.name,
                since=fields.Date.to_string(lease.date_from),
                until=fields.Date.to_string(last),
                rent=rent,
                rent_m2=round(rent / area, 2) if area else 0.0,
            )
        elif state == "reserved":
            holder, until = self._holder_on(day)
            row.update(tenant=holder.name, until=fields.Date.to_string(until))
        elif state == "off_market":
            row["until"] = fields.Date.to_string(self.off_to) if self.off_to else ""
        return row

    def _asking_month(self):
        """Return the asking rent of a month."""
        self.ensure_one()
        return self._month_rent(self.price, self.pricing)

    def _month_rent(self, price, pricing):
        """Return what a price is a month for the area of the space.

        :param pricing: "m2_day" (365 ÷ 12 days a month), "m2_month" or "month"
        """
        factor = {"m2_day": self.area * 365 / 12, "m2_month": self.area, "month": 1}
        return round(price * factor[pricing or "month"], 2)
