from odoo.tests import tagged

from odoo.addons.property_security.tests.common import utc

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingMoneyQueries(ParkingMoneyCommon):
    def test_lists_of_one_and_of_thirty_payments_take_the_same_queries(self):
        self.area.booking = "daily"
        for number in range(30):
            plate = f"苏E{number:05d}"
            stay = self.arrive(plate=plate)
            stay._add_payment(
                5,
                5,
                key=f"q-{number}",
                quoted_at=utc("2026-02-02 08:30"),
                method="cash",
                journal_id=self.cash.journal_id.id,
            )
        payments = self.env["property.parking.payment"].search([("area_id", "=", self.area.id)])
        names = ["name", "plate_display", "method", "amount", "amount_net", "state"]
        counts = []
        for some in (payments[:1], payments):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some.read(names)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_exit_of_a_car_that_pays_nothing_costs_few_queries_more(self):
        self.new_card(self.vehicle)
        counts = []
        for is_paid, day in ((False, "2026-02-03"), (True, "2026-02-04")):
            self.area.is_paid_exit = is_paid
            self.drive(self.lane_in, f"{day} 08:00")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.drive(self.lane_out, f"{day} 10:00")
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6)
