from datetime import date

from odoo.tests import tagged

from ..demo import parking
from .common import ParkingCommon


@tagged("post_install", "-at_install")
class TestParkingDemo(ParkingCommon):
    def test_the_car_parks_of_the_demo_charge_what_their_signs_say(self):
        today = date(2026, 11, 26)
        areas = {}
        for places in (parking.RESIDENTIAL, parking.MIXED):
            site = self.env["property.site"].create({"name": "Demo", "code": places[0].name})
            areas.update(parking._build_areas(self.env, site, places, today))
        first_fees = {
            tariff.name: [str(fee) for _minutes, fee, *_others in tariff._sample_fees()[2:6]]
            for area in areas.values()
            for tariff in area.tariff_ids
        }
        self.assertEqual(
            first_fees,
            {  # one, two, four and eight hours from eight in the morning of a working day
                "小区临停": ["3.00", "3.00", "5.00", "9.00"],
                "新能源临停": ["0.00", "0.00", "3.00", "9.00"],
                "路侧停车(计满收费)": ["6.00", "15.00", "33.00", "69.00"],
                "商业临停(新价)": ["5.00", "10.00", "20.00", "40.00"],
                "商业临停": ["4.00", "8.00", "16.00", "32.00"],
                "货车按次": ["10.00", "10.00", "10.00", "10.00"],
            },
        )
        self.assertEqual(areas["地下车库"].parent_id, areas["地面停车区"])
