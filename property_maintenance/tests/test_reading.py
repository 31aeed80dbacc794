from decimal import Decimal
from itertools import pairwise

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .equipment_common import EquipmentCommon


def running_totals(readings):
    """Count a counter by hand: (value, started anew) pairs, oldest first."""
    totals = [Decimal(str(value)) for value, _anew in readings[:1]]
    for (before, _), (value, anew) in pairwise(readings):
        step = Decimal(str(value)) - (0 if anew else Decimal(str(before)))
        totals.append(totals[-1] + step)
    return [float(total) for total in totals]


@tagged("post_install", "-at_install")
class TestReading(EquipmentCommon):
    def test_a_counter_counts_on_through_its_replacement(self):
        rows = [(100.5, False), (180.2, False), (12, True), (40.3, False), (0.4, True)]
        readings = self.read_gauge(
            self.hours, *[(day - 10, value) for day, (value, _anew) in enumerate(rows[:2])]
        )
        for day, (value, anew) in enumerate(rows[2:]):
            reading = self.env["property.equipment.reading"].create(
                {
                    "gauge_id": self.hours.id,
                    "at": f"2026-06-{10 + day} 01:00:00",
                    "value": value,
                    "is_reset": anew,
                }
            )
            readings |= reading
        self.assertEqual(readings.mapped("total"), running_totals(rows))
        self.assertEqual(self.hours.last_total, running_totals(rows)[-1])
        self.assertEqual(self.hours.last_value, 0.4)

    def test_readings_in_between_corrected_and_deleted_are_counted_anew(self):
        early, late = self.read_gauge(self.hours, (-10, 100), (-2, 200))
        self.read_gauge(self.hours, (-5, 150))
        self.assertEqual(late.total, 200)
        early.is_reset = True
        early.value = 90
        self.assertEqual((early.total, late.total), (90, 200))
        early.unlink()
        self.assertEqual(late.total, 200)

    def test_a_counter_does_not_run_backwards(self):
        self.read_gauge(self.hours, (-10, 100))
        with self.assertRaisesRegex(ValidationError, "from 100 to 99"):
            self.read_gauge(self.hours, (-5, 99))

    def test_a_level_goes_up_and_down_and_tells_what_is_abnormal(self):
        pressure = self.new_gauge(
            self.lift,
            "Pressure",
            unit="MPa",
            has_low=True,
            limit_low=0.3,
            has_high=True,
            limit_high=0.6,
        )
        readings = self.read_gauge(pressure, (-3, 0.2), (-2, 0.3), (-1, 0.6), (0, 0.61))
        self.assertEqual(readings.mapped("is_abnormal"), [True, False, False, True])
        self.assertEqual(readings.mapped("total"), readings.mapped("value"))
        self.assertTrue(pressure.is_abnormal)
        pressure.limit_high = 0.9
        self.assertTrue(readings[3].is_abnormal, "what was judged stays judged")
        chart = pressure.chart
        self.assertEqual((chart["low"], chart["high"]), (0.3, 0.9))
        self.assertEqual([point["bad"] for point in chart["points"]], [True, False, False, True])

    def test_limits_are_in_order(self):
        with self.assertRaises(ValidationError):
            self.new_gauge(
                self.lift, "Wrong", has_low=True, limit_low=2, has_high=True, limit_high=1
            )

    def test_the_same_reading_of_a_device_is_taken_once(self):
        vals = [
            {
                "gauge_id": self.hours.id,
                "at": f"2026-06-1{number} 01:00:00",
                "value": 100 + number,
                "source": "device",
                "reference": f"m{number}",
            }
            for number in (1, 2, 2)
        ]
        readings = self.env["property.equipment.reading"]
        self.assertEqual(len(readings._take(vals)), 2)
        self.assertFalse(readings._take(vals))
        self.assertEqual(self.hours.reading_count, 2)

    def test_an_engineer_reads_gauges_of_own_sites_only(self):
        far = self.new_gauge(self.other_lift, "Far", kind="counter")
        readings = self.env["property.equipment.reading"].with_user(self.users["engineer"])
        readings.create({"gauge_id": self.hours.id, "value": 5})
        self.assertEqual(self.hours.last_total, 5)
        with self.assertRaises(AccessError):
            readings.create({"gauge_id": far.id, "value": 5})

    def test_many_readings_take_as_many_queries_as_few(self):
        def count(numbers):
            gauge = self.new_gauge(self.lift, f"G{len(numbers)}", kind="counter")
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.read_gauge(gauge, *[(-100 + n, n) for n in numbers])
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(range(1))
        self.assertLessEqual(count(range(50)), count(range(2)) + 3)
