"""A car park for tests: an outer area with an inner one, lanes, an hourly tariff, a card."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from odoo.fields import Command

from odoo.addons.property_base.tests.common import PropertyCommon

ZONE = ZoneInfo("Asia/Shanghai")


def utc(text):
    """Return the UTC time of a local time written like 2026-02-02 08:00."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)


class ParkingCommon(PropertyCommon):
    """``cls.area`` at 5 an hour after 15 free minutes, at most 30 a day; ``cls.vehicle`` drives."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.area, cls.other_area = cls.env["property.parking.area"].create(
            [
                {"name": "Deck", "site_id": cls.site.id, "capacity": 100},
                {"name": "Foreign deck", "site_id": cls.other_site.id},
            ]
        )
        cls.inner = cls.env["property.parking.area"].create(
            {"name": "Basement", "site_id": cls.site.id, "parent_id": cls.area.id}
        )
        cls.lane_in, cls.lane_out = cls.new_lanes(cls.area)
        cls.tariff = cls.new_tariff(cls.area, cap_period=30)

    @classmethod
    def new_lanes(cls, area):
        """Give an area a lane in and a lane out."""
        return cls.env["property.parking.lane"].create(
            [
                {"name": f"{area.name} {direction}", "area_id": area.id, "direction": direction}
                for direction in ("in", "out")
            ]
        )

    @classmethod
    def new_tariff(cls, area, price=5, **vals):
        """Create an hourly tariff that has been in force since 2020."""
        return cls.env["property.parking.tariff"].create(
            {
                "name": "Hourly",
                "area_id": area.id,
                "date_from": "2020-01-01",
                "line_ids": [Command.create({"name": "all day", "block_price": price})],
                **vals,
            }
        )

    @classmethod
    def new_card(cls, vehicles, area=None, **vals):
        """Create a monthly card for 2026."""
        return cls.env["property.parking.pass"].create(
            {
                "area_id": (area or cls.area).id,
                "vehicle_ids": [Command.set(vehicles.ids)],
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                **vals,
            }
        )

    @classmethod
    def new_vehicle(cls, plate, **vals):
        """Register a car of the household."""
        return cls.env["property.vehicle"].create(
            {"plate": plate, "unit_id": cls.unit.id, "partner_id": cls.owner.id, **vals}
        )

    def drive(self, lane, at, plate="浙A8K888", key=None, **values):
        """Let a camera read a plate at a local time.

        :return: the passage
        """
        moment = utc(at)
        read = {
            "key": key or f"{lane.direction}-{plate}-{at}",
            "plate": plate,
            "at": moment,
            "received_at": moment,
            **values,
        }
        return self.env["property.parking.passage"]._take(lane, [read])

    def stay(self, entry, leave, plate="浙A8K888"):
        """Drive a car in and out.

        :return: its stay
        """
        self.drive(self.lane_in, entry, plate)
        return self.drive(self.lane_out, leave, plate).session_id
