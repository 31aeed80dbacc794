from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from odoo.addons.property_security.tests.common import utc

from .common import PLATE, ParkingMoneyCommon


@tagged("post_install", "-at_install")
class TestParkingPayments(ParkingMoneyCommon):
    """What a temporary car owes is paid once, booked once, and then it leaves."""

    def test_a_car_that_has_not_paid_waits_at_the_exit_and_is_still_inside(self):
        stay = self.arrive()
        held = self.leave("2026-02-02 10:30")
        self.assertEqual((held.action, held.reason), ("pay", "unpaid"))
        self.assertEqual((stay.state, stay.held_passage_id), ("inside", held))
        with freeze_time(utc("2026-02-02 10:34")):
            self.assertEqual(stay._fee_moment(utc("2026-02-02 10:34")), held.counted_at)
            self.assertEqual(stay.amount_due, 15)

    def test_cash_at_the_lane_opens_and_is_an_invoice_that_is_paid(self):
        stay = self.arrive()
        held = self.leave("2026-02-02 10:30")
        payment = self.collect(stay, "2026-02-02 10:33", 15)
        self.assertEqual((held.action, stay.state), ("open", "left"))
        self.assertEqual(stay.left_at, utc("2026-02-02 10:30"))
        self.assertTrue(stay.is_settled)
        self.assertEqual((stay.amount, stay.amount_paid, stay.amount_open), (15, 15, 0))
        self.assertEqual((payment.state, payment.method), ("booked", "cash"))
        self.assertEqual((payment.lane_id, payment.user_id), (self.lane_out, self.users["cashier"]))
        invoice = payment.move_id
        self.assertEqual((invoice.amount_total, invoice.amount_residual), (15, 0))
        self.assertAlmostEqual(invoice.amount_tax, 1.24)
        self.assertEqual((invoice.site_id, invoice.charge_item_id), (self.site, self.item))
        self.assertIn("3 × 60", invoice.invoice_line_ids.name)
        money = payment.account_payment_id
        self.assertEqual((money.amount, money.journal_id), (15, self.cash.journal_id))
        self.assertIn(money.state, ("paid", "in_process"))
        self.assertEqual(self.ledger("asset_receivable"), 0)

    def test_the_same_taking_again_takes_nothing(self):
        stay = self.arrive()
        self.leave("2026-02-02 10:30")
        first = self.collect(stay, "2026-02-02 10:33", 15, key="once")
        self.assertEqual(self.collect(stay, "2026-02-02 10:34", 15, key="once"), first)
        self.assertEqual(stay.payment_ids, first)

    def test_nobody_pays_more_than_is_due(self):
        stay = self.arrive()
        with self.assertRaisesRegex(UserError, "15"):
            self.collect(stay, "2026-02-02 10:30", 20)
        self.collect(stay, "2026-02-02 10:30", 15)
        with self.assertRaisesRegex(UserError, "Nothing is to be paid"):
            self.collect(stay, "2026-02-02 10:31", 15)
        self.assertEqual(stay.amount_paid, 15)

    def test_who_paid_before_leaves_within_the_grace_without_more(self):
        stay = self.arrive()
        self.collect(stay, "2026-02-02 10:00", 10)
        out = self.leave("2026-02-02 10:14")
        self.assertEqual((out.action, stay.state, stay.is_settled), ("open", "left", True))
        self.assertEqual((stay.amount_paid, stay.amount_open), (10, 0))

    def test_who_comes_after_the_grace_pays_only_the_difference(self):
        stay = self.arrive()
        self.collect(stay, "2026-02-02 10:00", 10)
        held = self.leave("2026-02-02 11:30")
        self.assertEqual(held.action, "pay")
        second = self.collect(stay, "2026-02-02 11:31", 10)
        self.assertEqual((stay.state, stay.amount, stay.amount_paid), ("left", 20, 20))
        self.assertEqual(second.move_id.amount_total, 10)

    def test_free_minutes_passes_lists_and_visitors_leave_freely(self):
        self.tariff.free_minutes = 30
        self.arrive()
        self.assertEqual(self.leave("2026-02-02 08:20").action, "open")
        self.new_card(self.vehicle)
        self.arrive(plate="浙A8K888")
        self.assertEqual(self.leave("2026-02-04 08:20", "浙A8K888").action, "open")
        stay = self.arrive(plate="苏E00001")
        stay.category = "visitor"
        self.assertEqual(self.leave("2026-02-04 08:20", "苏E00001").action, "open")
        self.assertFalse(
            self.env["property.parking.payment"]
            .search([])
            .filtered(lambda one: one.area_id == self.area)
        )

    def test_where_no_price_is_in_force_the_car_leaves_and_a_person_learns_of_it(self):
        stay = self.arrive()
        self.tariff.active = False
        out = self.leave("2026-02-02 10:30")
        self.assertEqual((out.action, stay.state), ("open", "left"))
        self.assertEqual(out.anomaly_ids.mapped("kind"), ["no_tariff"])

    def test_arrears_of_property_fees_hold_nobody(self):
        self.new_card(self.vehicle, date_to="2026-12-31")
        bill = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.owner.id,
                "unit_id": self.unit.id,
                "invoice_date": "2025-02-01",
                "invoice_line_ids": [(0, 0, {"name": "fee", "price_unit": 9000, "tax_ids": []})],
            }
        )
        bill.action_post()
        self.assertEqual(self.drive(self.lane_in, "2026-02-02 08:00").action, "open")
        self.assertEqual(self.drive(self.lane_out, "2026-02-03 08:00").action, "open")

    def test_what_a_controller_or_a_person_opened_is_not_held(self):
        for source in ("upload", "manual"):
            stay = self.arrive(plate=f"苏E{source[:5].upper()}")
            out = self.leave("2026-02-02 10:30", stay.plate, source=source)
            with self.subTest(source=source):
                self.assertEqual((out.action, stay.state), ("open", "left"))
                self.assertEqual((stay.amount_open, stay.is_settled), (15, False))

    def test_a_fee_that_was_missed_can_be_paid_later(self):
        stay = self.arrive()
        self.leave("2026-02-02 10:30", source="manual")
        self.collect(stay, "2026-02-05 09:00", 15)
        self.assertEqual((stay.amount_open, stay.is_settled), (0, True))

    def test_an_area_that_does_not_ask_lets_everybody_out(self):
        self.area.is_paid_exit = False
        stay = self.arrive()
        self.assertEqual(self.leave("2026-02-02 10:30").action, "open")
        self.assertEqual((stay.amount, stay.amount_open), (15, 0))

    def test_a_second_car_on_one_space_pays_from_its_entry_until_the_space_is_free(self):
        second = self.new_vehicle("浙A00002")
        self.new_card(self.vehicle | second)
        self.arrive(plate="浙A8K888")
        stay = self.arrive("2026-02-02 09:00", "浙A00002")
        self.assertEqual(stay.category, "temporary")
        self.assertEqual(self.leave("2026-02-02 11:00", "浙A8K888").action, "open")
        held = self.leave("2026-02-02 15:00", "浙A00002")
        self.assertEqual(held.action, "pay")
        payment = self.collect(stay, "2026-02-02 15:01", 10)
        self.assertEqual((payment.move_id.amount_total, stay.state), (10, "left"))

    def test_a_late_message_does_not_change_a_stay_that_is_paid(self):
        stay = self.arrive()
        self.leave("2026-02-02 10:30")
        self.collect(stay, "2026-02-02 10:33", 15)
        self.leave("2026-02-02 09:00", source="upload")
        self.assertEqual((stay.left_at, stay.amount_paid), (utc("2026-02-02 10:30"), 15))

    def test_a_stay_that_was_paid_is_not_voided(self):
        stay = self.arrive()
        self.collect(stay, "2026-02-02 10:00", 10)
        with self.assertRaisesRegex(UserError, "Refund"):
            stay.with_user(self.users["manager"]).action_void()

    def test_the_database_refuses_the_same_money_twice(self):
        stay = self.arrive()
        payment = self.collect(stay, "2026-02-02 10:00", 10)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            stay._add_payment(
                Decimal(1),
                Decimal(1),
                key=payment.key,
                quoted_at=payment.quoted_at,
                method="cash",
                journal_id=self.cash.journal_id.id,
            )

    def test_only_a_cashier_takes_money(self):
        stay = self.arrive()
        for role in ("guard", "service", "engineer", "leasing", "finance", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.collect(stay, "2026-02-02 10:00", 10, user=role)
        self.collect(stay, "2026-02-02 10:00", 10)
        self.assertEqual(stay.amount_paid, 10)

    def test_the_cashier_s_window_takes_what_it_shows(self):
        stay = self.arrive()
        self.leave("2026-02-02 10:30")
        wizards = self.env["property.parking.collect"].with_user(self.users["cashier"])
        with freeze_time(utc("2026-02-02 10:35")):
            wizard = wizards.with_context(default_session_id=stay.id).create({})
            wizard.action_open_shift()
            self.assertEqual((wizard.amount, wizard.tender_id), (15, self.cash))
            self.assertIn("3 × 60", wizard.explanation)
            wizard.action_collect()
            wizard.action_collect()
        self.assertEqual((stay.state, stay.amount_paid, len(stay.payment_ids)), ("left", 15, 1))
        self.assertEqual(stay.plate, PLATE)
