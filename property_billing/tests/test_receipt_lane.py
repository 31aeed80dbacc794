"""Receipts made as a set are those of the ORM, to the last column."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import receipt_lane, receipt_lane_sql
from ..models.payment_lane import PaymentLane
from ..models.receipt_lane import ReceiptLane
from .bank_common import BankCommon


@tagged("post_install", "-at_install")
class TestReceiptLane(BankCommon):
    def setUp(self):
        super().setUp()
        self.receipts = self.env["property.receipt"]
        self.own_env = self.receipts.with_context(lang="en_US", tz=self.site.tz).env
        self.env["property.receipt.book"]._automatic(self.site, self.company)

    def pay_orders(self, orders):
        paid, _reasons = PaymentLane(self.env, self.bank, self.method(self.bank), self.day).pay(
            orders, least=0
        )
        payments = self.env["account.payment"].browse([paid[order.key] for order in orders])
        return payments.sorted("id").with_env(self.own_env)

    def payments(self):
        """Pay every household: one bill, all bills, the last one in part."""
        return self.pay_orders(self.plain_orders("7.50"))

    def lane(self):
        return ReceiptLane(self.own_env, self.company, self.site)

    @contextmanager
    def undone(self):
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

    def capture(self, receipts):
        self.env.flush_all()
        return receipt_lane.capture(self.env, receipts)

    def assert_equal_to_the_orm(self, payments, least_cells=1000):
        """Make receipts both ways, with their numbers, and compare them."""
        with self.undone():
            receipts = self.receipts.with_env(self.own_env)
            made = receipts._create_each(self.company, self.site, payments, None)
            receipts._number(made, self.site, self.company)
            by_orm = self.capture(made)
        lane = self.lane()
        with self.undone():
            made = lane.make(payments, least=0)
            made = self.receipts.with_env(self.own_env).browse([made[one] for one in payments.ids])
            made._number(made, self.site, self.company)
            by_lane = self.capture(made)
        self.assertEqual(dict(lane.reasons), {}, "none is left to the ORM")
        cells = 0
        for one, other in zip(by_orm, by_lane, strict=True):
            found, count = receipt_lane.differences(one, other)
            self.assertEqual(found, [])
            cells += count
        self.assertGreater(cells, least_cells)
        return by_lane

    def test_a_set_of_receipts_equals_those_of_the_orm(self):
        self.assert_equal_to_the_orm(self.payments())

    def home_of(self, payer):
        """Return one more unit of a payer, billed for a month."""
        second = self.env["property.unit"].create(
            {
                "site_id": self.site.id,
                "building_id": self.building.id,
                "entrance": "8",
                "floor": 1,
                "room": "0108",
                "type_id": self.type_residence.id,
                "area_gross": 51.25,
                "handover_date": date(2020, 1, 1),
            }
        )
        self.occupy(second, payer, "owner", date(2020, 1, 1))
        self.management._sync_fees(second)
        run = self.new_run(date(2026, 9, 1), date(2026, 9, 30), items=self.management)
        run.action_compute()
        run.action_post()
        return second

    def test_a_receipt_names_late_fees_and_the_units_of_its_bills_in_order(self):
        payer, second = self.payers[3], self.home_of(self.payers[3])
        self.management.late_fee_policy_id = self.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "site_id": self.site.id,
                "legal_basis": "Clause 7",
                "rate_ids": [(0, 0, {"date_from": date(2020, 1, 1), "rate": 0.0005})],
            }
        )
        bills = self.open_bills(second) | self.open_bills(self.homes[3])
        self.assertEqual(bills.partner_id, payer)
        late = self.open_bills(self.homes[3])._property_crystallise_late_fees(self.day)
        self.assertTrue(late)
        payments = self.pay_orders(
            [
                self.order(self.homes[3], bills | late),
                self.order(self.homes[7], self.open_bills(self.homes[7])),
            ]
        )
        found = self.assert_equal_to_the_orm(payments, 300)
        self.assertIn("、", found[0]["receipt"][0], "two units are named")
        self.assertIn('"late_fee"', "".join(found[0]["lines"]))

    def test_every_receipt_has_an_address_of_its_own(self):
        payments = self.payments()
        receipts = self.receipts._issue_each(payments, lanes={})
        self.assertEqual(len(set(receipts.mapped("token"))), len(payments))
        self.assertTrue(all(len(token) == 32 for token in receipts.mapped("token")))

    def test_numbers_go_on_in_the_order_of_the_payments_without_a_gap(self):
        payments = self.payments()
        first, rest = payments[:2], payments[2:]
        one = self.receipts._issue_each(first)
        with patch.object(ReceiptLane.make, "__defaults__", (0,)):
            others = self.receipts._issue_each(rest)
        self.assertEqual(others.payment_ids.sorted("id"), rest.with_env(self.env))
        numbers = [receipt.number for receipt in one + others]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        self.assertEqual(
            [receipt.payment_ids.receipt_id for receipt in others], list(others), "tied both ways"
        )

    def test_money_for_something_else_than_bills_goes_the_ordinary_way(self):
        bills = self.open_bills(self.homes[0])
        payments = self.pay_orders(
            [
                self.order(self.homes[0], bills, Decimal(5000)),
                self.order(self.homes[1], self.open_bills(self.homes[1])),
            ]
        )
        lane = self.lane()
        made = lane.make(payments, least=0)
        self.assertEqual(dict(lane.reasons), {"Money for something else than bills": 1})
        receipts = self.receipts.browse([made[one] for one in payments.ids])
        self.assertEqual(receipts.mapped("amount_total"), payments.mapped("amount"))
        kinds = {payment.amount: payment.receipt_id.line_ids.mapped("kind") for payment in payments}
        self.assertIn("advance", kinds[5000])

    def test_few_receipts_are_not_worth_the_comparison(self):
        lane = self.lane()
        lane.make(self.payments()[:3])
        self.assertEqual(dict(lane.reasons), {"Too few receipts to be worth it": 3})

    def test_an_unknown_module_sends_everything_the_ordinary_way(self):
        lane = self.lane()
        lane.unknown = ["receipts_of_somebody"]
        payments = self.payments()
        lane.make(payments, least=0)
        self.assertEqual(
            dict(lane.reasons), {"Unknown modules take part in receipts": len(payments)}
        )
        self.assertTrue(all(payments.mapped("receipt_id")))

    @mute_logger("odoo.addons.property_billing.models.posting_lane")
    def test_a_difference_sends_its_pattern_the_ordinary_way(self):
        payments = self.payments()
        wrong = {**receipt_lane_sql.RECEIPT, "on_behalf": "'Somebody'"}
        lane = self.lane()
        with patch.object(receipt_lane_sql, "RECEIPT", wrong):
            lane.make(payments, least=0)
        self.assertEqual(
            dict(lane.reasons), {"Differs from Odoo's own in receipt.on_behalf": len(payments)}
        )
        self.assertEqual(set(payments.receipt_id.mapped("on_behalf")), {False})

    def test_a_payment_with_a_receipt_gets_no_second_one(self):
        payments = self.payments()
        self.receipts._issue_each(payments[:1])
        with self.assertRaisesRegex(UserError, "has receipt"):
            self.receipts._issue_each(payments)

    def test_a_lane_proves_once(self):
        lanes, payments = {}, self.payments()
        with patch.object(ReceiptLane.make, "__defaults__", (0,)):
            self.receipts._issue_each(payments[:6], lanes=lanes)
            (lane,) = lanes.values()
            cells = lane.cells
            self.receipts._issue_each(payments[6:], lanes=lanes)
        self.assertEqual(list(lanes.values()), [lane])
        self.assertEqual(lane.cells, cells)

    def test_many_receipts_need_no_more_queries_than_few(self):
        lanes, payments = {}, self.payments()
        with patch.object(ReceiptLane.make, "__defaults__", (0,)):
            self.receipts._issue_each(payments[:4], lanes=lanes)
            counts = []
            for some in (payments[4:6], payments[6:12]):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.receipts._issue_each(some, lanes=lanes)
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
