"""The story of a meter that reads itself, in a browser."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import IotCommon


@tagged("post_install", "-at_install")
class TestTours(HttpCase, IotCommon):
    def test_a_manager_connects_a_meter_and_takes_what_it_shows(self):
        now = fields.Datetime.now().replace(microsecond=0)
        self.new_device("TOUR1", last_seen=now, is_online=True).name = "Tour meter device"
        meter = self.env["property.meter"].create(
            {"code": "TOUR-1", "unit_id": self.unit.id, "kind": "cold_water"}
        )
        self.hear(1234.5, fields.Datetime.to_string(now), code="TOUR1")
        self.start_tour("/odoo", "property_iot_connect", login="staff.manager")
        self.assertEqual(meter.device_id.code, "TOUR1")
        [(_day, value, state, is_by_device)] = self.readings(meter)
        self.assertEqual((value, state, is_by_device), (1234.5, "ok", False))
        self.assertEqual(meter.reading_ids.entered_by_id, self.users["manager"])
