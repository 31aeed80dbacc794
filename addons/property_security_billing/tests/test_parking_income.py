"""Income by area, hour and way to pay: what managers see is what stands in the ledger."""

from odoo.tests import tagged

from .common import ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingIncome(ParkingMoneyCommon):
    def setUp(self):
        super().setUp()
        self.morning = self.take(1, "2026-02-02 08:00", "2026-02-02 10:30", 15)
        self.evening = self.take(2, "2026-02-02 18:00", "2026-02-02 19:30", 10, self.pos)
        stay = self.arrive("2026-02-02 18:10", "苏E00003")
        tx = self.new_transaction(stay, 10, "2026-02-02 19:40")
        self.arrive_money(tx, "2026-02-02 19:40")
        self.online = stay.payment_ids

    def take(self, number, begin, end, amount, tender=None):
        stay = self.arrive(begin, f"苏E{number:05d}")
        self.leave(end, stay.plate)
        return self.collect(stay, end, amount, tender=tender)

    def income(self, *groups, role="manager"):
        """Return the income of the area as the pivot asks for it."""
        rows = (
            self.env["property.parking.payment"]
            .with_user(self.users[role])
            .formatted_read_group(
                [("area_id", "=", self.area.id)], list(groups), ["amount_net:sum"]
            )
        )
        return {tuple(row[group] for group in groups): row["amount_net:sum"] for row in rows}

    def refund(self, payment, amount):
        refund = (
            self.env["property.parking.refund"]
            .with_user(self.users["cashier"])
            .create({"payment_id": payment.id, "amount": amount, "reason": "Gate was broken"})
        )
        refund.action_submit()
        refund.with_user(self.users["finance"]).action_approve()

    def test_income_by_hour_is_that_of_the_site_s_clock(self):
        self.assertEqual(self.income("hour"), {(10,): 15, (19,): 20})

    def test_income_by_way_to_pay_is_net_of_refunds(self):
        self.refund(self.morning, 5)
        self.assertEqual(self.income("method"), {("cash",): 10, ("terminal",): 10, ("online",): 10})

    def test_income_with_its_vat_is_what_the_ledger_says(self):
        self.refund(self.morning, 5)
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [
                ("move_id.parking_area_id", "=", self.area.id),
                ("move_id.move_type", "in", ("out_invoice", "out_refund")),
                ("display_type", "in", ("product", "tax")),
            ]
        )
        self.assertEqual(-self.money(lines, "balance"), 30)
        self.assertEqual(sum(self.income("area_id").values()), 30)

    def test_each_day_and_lane_ties(self):
        self.refund(self.morning, 5)
        self.env.flush_all()
        days = self.env["property.parking.day"].search([("area_id", "=", self.area.id)])
        self.assertEqual(self.money(days), 35)
        self.assertEqual(self.money(days, "amount_refunded"), 5)
        self.assertEqual(set(days.mapped("amount_difference")), {0})

    def test_the_manager_s_screens_open(self):
        for name in ("pivot", "graph", "list", "kanban"):
            with self.subTest(name):
                self.env["property.parking.payment"].with_user(self.users["manager"]).get_view(
                    view_type=name
                )
