from odoo.tests import tagged

from .common import ParkingCommon, utc

FIFTY = range(50)


@tagged("post_install", "-at_install")
class TestParkingQueries(ParkingCommon):
    def upload(self, lane, time, numbers):
        """Upload a passage of each of some cars and return the number of queries."""
        self.env.flush_all()
        self.env.invalidate_all()
        reads = [
            {
                "key": f"{lane.id}-{number}",
                "plate": f"浙B{number:05d}",
                "at": utc(f"2026-02-02 {time}"),
                "source": "upload",
            }
            for number in numbers
        ]
        before = self.cr.sql_log_count
        self.env["property.parking.passage"]._take(lane, reads)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_an_upload_of_fifty_passages_takes_no_more_queries_than_one(self):
        vehicles = self.env["property.vehicle"].create(
            [{"plate": f"浙B{n:05d}", "unit_id": self.unit.id} for n in FIFTY]
        )
        cards = [{"area_id": self.area.id, "vehicle_ids": [(4, v.id)]} for v in vehicles[::2]]
        self.env["property.parking.pass"].create(cards)
        self.env.registry.clear_cache()
        self.upload(self.lane_in, "08:00", [900])
        one = self.upload(self.lane_in, "08:00", [901])
        many = self.upload(self.lane_in, "08:00", FIFTY)
        self.assertLessEqual(many, one + 12)
        self.upload(self.lane_out, "10:00", [900])
        one = self.upload(self.lane_out, "10:00", [901])
        many = self.upload(self.lane_out, "10:00", FIFTY)
        self.assertLessEqual(many, one + 12)

    def test_lists_of_one_and_of_fifty_take_the_same_queries(self):
        self.upload(self.lane_in, "08:00", FIFTY)
        names = {
            "property.parking.session": (
                "plate_display",
                "category",
                "unit_id",
                "minutes",
                "amount",
            ),
            "property.parking.passage": ("plate", "lane_id", "reason", "session_id"),
        }
        for model, fields in names.items():
            records = self.env[model].search([("area_id", "=", self.area.id)], limit=50)
            counts = []
            for some in (records[:1], records):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                some.read(list(fields))
                counts.append(self.cr.sql_log_count - before)
            self.assertEqual(counts[0], counts[1], model)
