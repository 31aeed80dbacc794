from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models import property_late_fee_run
from .common import BillingCommon
from .late_fee_common import LateFeeMixin

COMMIT = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
LOGGER = "odoo.addons.property_billing.models.property_background"


@tagged("post_install", "-at_install")
class TestLateFee(LateFeeMixin, BillingCommon):
    """The bill of the unit is 300.00 and due on 30 September 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()

    def test_a_late_fee_grows_by_day_on_what_is_open(self):
        self.assertEqual(self.bill.amount_total, 300.0)
        self.assertEqual(
            [self.fee(n) for n in (0, 1, 10, 32)],
            [0, Decimal("0.15"), Decimal("1.50"), Decimal("4.80")],
        )
        self.pay_on(10, 100.0)
        self.assertEqual(self.fee(10), Decimal("1.50"))
        self.assertEqual(self.fee(20), Decimal("1.50") + Decimal("1.00"))

    def test_the_bill_says_why(self):
        facts = self.bill._property_late_fee_facts(self.day(32))[self.bill.id]
        self.assertEqual(self.bill._property_late_fee_text(facts), "overdue 32 days × 0.05%")
        self.pay_on(10, 100.0)
        facts = self.bill._property_late_fee_facts(self.day(20))[self.bill.id]
        self.assertEqual(
            self.bill._property_late_fee_text(facts),
            "300.00 × 10 days × 0.05% + 200.00 × 10 days × 0.05%",
        )

    def test_bill_charge_and_household_show_the_same_figure(self):
        today = self.bill._property_late_fees()[self.bill.id]
        self.assertGreater(today, 0)
        self.assertEqual(self.bill.amount_late_fee, float(today))
        self.assertIn("days × 0.05%", self.bill.late_fee_text)
        self.assertEqual(self.bill.property_charge_id.amount_late_fee, float(today))
        self.assertEqual(self.unit.amount_late_fee, float(today))

    def test_a_statement_names_what_is_not_billed_yet(self):
        for vals in (
            {"scope": "payer", "partner_id": self.owner.id},
            {"scope": "household", "unit_id": self.unit.id},
        ):
            wizard = self.env["property.statement.wizard"].create(
                {"company_id": self.company.id, "date_to": self.day(32), **vals}
            )
            self.assertEqual(wizard._late_fee(), 4.80)
            text = self.env["ir.qweb"]._render(
                "property_billing.report_statement", {"docs": wizard}
            )
            self.assertIn("4.80", str(text))
            self.bill._property_crystallise_late_fees(self.day(32))
            self.assertEqual(wizard._late_fee(), 0)
            self.bill.late_fee_move_ids.property_charge_id._undo()

    def test_a_receipt_names_the_item_a_late_fee_is_on(self):
        self.bill._property_crystallise_late_fees(self.day(32))
        payment = self.pay(self.bill.late_fee_move_ids)
        [line] = payment._property_receipt_lines()
        self.assertEqual(line["kind"], "late_fee")
        self.assertIn(self.management.name, line["name"])

    def test_an_item_without_policy_bears_none(self):
        self.management.late_fee_policy_id = False
        self.assertEqual(self.fee(100), 0)

    def test_days_of_grace_stay_free(self):
        self.policy.grace_days = 15
        self.assertEqual([self.fee(15), self.fee(16)], [0, Decimal("0.15")])

    def test_the_cap_holds(self):
        self.policy.cap_rate = 0.1
        self.assertEqual(self.fee(3000), Decimal("30.00"))
        facts = self.bill._property_late_fee_facts(self.day(3000))[self.bill.id]
        self.assertIn("at most 10%", self.bill._property_late_fee_text(facts))

    def test_a_new_rate_counts_from_its_day(self):
        self.policy.rate_ids = [Command.create({"date_from": self.day(11), "rate": 0.0001})]
        self.assertEqual(self.fee(20), Decimal("1.50") + Decimal("0.30"))

    def test_opening_arrears_bear_late_fees_only_where_the_policy_says_so(self):
        charge = self.env["property.charge"]._create_opening_bills(
            [
                {
                    "unit_id": self.unit.id,
                    "item_id": self.management.id,
                    "date_from": date(2025, 1, 1),
                    "date_to": date(2025, 1, 31),
                    "amount": 100.0,
                }
            ]
        )
        day = date(2025, 2, 20)
        bill = charge.move_id
        self.assertEqual(bill._property_late_fees(day)[bill.id], 0)
        self.policy.is_on_opening = True
        self.assertEqual(bill._property_late_fees(day)[bill.id], Decimal("1.00"))

    def test_a_bill_of_a_late_fee_names_its_bill_and_bears_the_vat_of_it(self):
        late = self.bill._property_crystallise_late_fees(self.day(32))
        self.assertEqual((late.state, late.amount_total), ("posted", 4.80))
        self.assertEqual(late.late_fee_bill_id, self.bill)
        self.assertEqual(
            (late.unit_id, late.site_id, late.partner_id, late.charge_item_id.category),
            (self.unit, self.site, self.owner, "late_fee"),
        )
        self.assertEqual(late.amount_tax, 0.27)
        self.assertEqual(late.invoice_date, self.day(32))
        # in the language of the company's bills
        self.assertRegex(late.property_charge_id.explanation, r"32 ?(days|天) × 0\.05%")
        self.assertEqual(late.property_charge_id._late_fee_of_basis(), Decimal("4.80"))
        self.assertEqual(late._property_late_fees(self.day(400))[late.id], 0)

    def test_a_policy_without_vat_bills_without_it(self):
        self.policy.has_vat = False
        self.assertEqual(self.bill._property_crystallise_late_fees(self.day(32)).amount_tax, 0)

    def test_billing_again_bills_only_what_has_grown_and_pieces_sum_to_the_whole(self):
        whole = self.fee(33)
        first = self.bill._property_crystallise_late_fees(self.day(7))
        self.assertFalse(self.bill._property_crystallise_late_fees(self.day(7)))
        second = self.bill._property_crystallise_late_fees(self.day(20))
        third = self.bill._property_crystallise_late_fees(self.day(33))
        pieces = first | second | third
        self.assertEqual(len(pieces), 3)
        self.assertEqual(Decimal(str(round(sum(pieces.mapped("amount_total")), 2))), whole)
        self.assertEqual(pieces.mapped("period_from"), [self.day(1), self.day(8), self.day(21)])

    def test_undoing_a_late_fee_makes_it_live_again(self):
        late = self.bill._property_crystallise_late_fees(self.day(32))
        self.assertEqual(self.fee(32), 0)
        late.property_charge_id._undo()
        self.assertEqual(late.state, "cancel")
        self.assertEqual(self.fee(32), Decimal("4.80"))

    def test_undoing_a_paid_late_fee_credits_it_and_makes_it_live_again(self):
        late = self.bill._property_crystallise_late_fees(self.day(32))
        self.pay(late)
        late.property_charge_id._undo()
        self.assertEqual(late.payment_state, "reversed")
        self.assertEqual(self.fee(32), Decimal("4.80"))

    def test_undoing_a_bill_takes_its_late_fees_back(self):
        late = self.bill._property_crystallise_late_fees(self.day(32))
        self.bill.property_charge_id._undo()
        self.assertEqual((self.bill.state, late.state), ("cancel", "cancel"))
        self.assertEqual(self.fee(60), 0)

    def test_a_bill_paid_late_without_its_late_fee_still_owes_it(self):
        self.pay_on(10, 300.0)
        self.assertEqual([self.fee(10), self.fee(90)], [Decimal("1.50"), Decimal("1.50")])

    def test_postgresql_refuses_a_day_of_late_fee_billed_twice(self):
        charge = self.bill._property_crystallise_late_fees(self.day(32)).property_charge_id
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            charge.copy({"date_from": self.day(32), "date_to": self.day(40)})
            self.env.flush_all()

    def test_a_power_cut_while_billing_leaves_the_late_fee_live_and_whole(self):
        class PowerCut(BaseException):
            pass

        def cut(*args):
            raise PowerCut

        with (
            self.assertRaises(PowerCut),
            self.env.cr.savepoint(),
            patch.object(type(self.env["property.charge"]), "_link_moves", cut),
        ):
            self.bill._property_crystallise_late_fees(self.day(32))
        self.env.invalidate_all()
        self.assertFalse(self.bill.late_fee_move_ids)
        self.assertEqual(self.fee(32), Decimal("4.80"))
        late = self.bill._property_crystallise_late_fees(self.day(32))
        self.assertEqual(late.amount_total, 4.80)

    def test_nobody_ties_an_entry_to_a_bill_as_its_late_fee(self):
        other = self.bill.copy()
        user = self.new_staff("late.cashier", self.new_job("cashier"), self.site)
        with self.assertRaises(UserError):
            other.with_user(user).write({"late_fee_bill_id": self.bill.id})

    def test_a_late_fee_item_is_never_billed_by_a_billing_run(self):
        self.bill._property_crystallise_late_fees(self.day(32))
        today = (
            self.env["property.fee"]
            .search([("item_id.category", "=", "late_fee")], limit=1)
            .date_from
        )
        run = self.new_run(date_from=today.replace(day=1), date_to=today)
        run.action_compute()
        self.assertNotIn("late_fee", run.charge_ids.mapped("category"))
        self.assertFalse(
            run.problem_ids.filtered(lambda p: p.item_id == self.company._late_fee_item())
        )

    def test_live_late_fees_of_many_bills_need_few_queries(self):
        bills = self.bill | self.bill_2
        for month in (7, 8):
            run = self.new_run(date(2026, month, 1), date(2026, month, 31), self.management)
            run.action_compute()
            run.action_post()
            bills |= run.charge_ids.move_id
        self.assertEqual(len(bills), 6)
        bills._property_crystallise_late_fees(date(2026, 10, 2))
        for some in (self.bill, bills):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(6):
                self.assertEqual(len(some._property_late_fees(date(2026, 10, 9))), len(some))

    def test_a_rate_that_was_imported_becomes_a_policy(self):
        self.parking.late_fee_rate = 0.0003
        policy = self.parking.late_fee_policy_id
        self.assertEqual((policy.rate, policy.cap_rate), (0.0003, 0.3))
        self.water.late_fee_rate = 0.0003
        self.assertEqual(self.water.late_fee_policy_id, policy)
        self.parking.late_fee_rate = 0
        self.assertFalse(self.parking.late_fee_policy_id)

    def test_a_policy_warns_of_what_courts_cut(self):
        self.assertIn("more than 4 times", self.policy.warning)
        self.policy.rate_ids.rate = 0.0003
        self.assertFalse(self.policy.warning)
        self.policy.cap_rate = 0.5
        self.assertIn("above 30%", self.policy.warning)
        self.policy.write({"cap_rate": 0, "legal_basis": False})
        self.assertIn("no cap", self.policy.warning)
        self.assertIn("Enter the clause", self.policy.warning)

    def test_a_rate_of_five_per_cent_a_day_is_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.policy.rate_ids.rate = 0.05
            self.env.flush_all()

    def test_a_changed_rate_is_in_the_audit_log(self):
        self.policy.rate_ids.rate = 0.0004
        entry = self.env["property.audit"].search(
            [("model", "=", "property.late.fee.policy"), ("res_id", "=", self.policy.id)], limit=1
        )
        self.assertEqual((entry.before["result"], entry.after["result"]), ("0.05%", "0.04%"))

    # Runs ---------------------------------------------------------------------------------------

    def new_late_run(self, number=32, **vals):
        return self.env["property.late.fee.run"].create(
            {
                "company_id": self.company.id,
                "site_ids": [Command.set(self.site.ids)],
                "date": self.day(number),
                **vals,
            }
        )

    def test_a_run_bills_what_its_preview_said_and_can_be_undone(self):
        run = self.new_late_run()
        run.action_preview()
        self.assertEqual((run.preview_count, run.preview_amount), (2, 9.60))
        run.action_post()
        self.assertEqual((run.state, run.bill_count, run.amount_total), ("posted", 2, 9.60))
        again = self.new_late_run()
        again.action_post()
        self.assertEqual((again.state, again.bill_count), ("posted", 0))
        run.action_undo()
        self.assertEqual((run.state, run.bill_count), ("undone", 0))
        self.assertEqual(self.fee(32), Decimal("4.80"))

    def test_a_run_leaves_small_late_fees_growing(self):
        run = self.new_late_run(1, amount_min=1.0)
        run.action_post()
        self.assertEqual(run.bill_count, 0)
        self.assertEqual(self.fee(1), Decimal("0.15"))

    def test_a_run_bills_what_was_paid_late_too(self):
        self.pay_on(10, 300.0)
        run = self.new_late_run()
        run.action_post()
        self.assertEqual(self.bill.late_fee_move_ids.amount_total, 1.50)

    def test_a_large_run_goes_on_in_the_background(self):
        run = self.new_late_run()
        run.sudo().write({"state": "posting", "cursor_id": 0})
        with self.enter_registry_test_mode():
            self.env.ref("property_billing.ir_cron_late_fee_runs").method_direct_trigger()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.bill_count), ("posted", 2))

    def test_days_to_come_are_not_billed(self):
        with self.assertRaises(UserError):
            self.new_late_run(40000).action_post()

    def test_a_scheduled_action_whose_time_is_over_says_that_something_remains(self):
        run = self.new_late_run()
        run.sudo().write({"state": "posting", "cursor_id": 0})
        with (
            patch(COMMIT, return_value=0) as commit,
            patch.object(property_late_fee_run, "POST_BATCH", 1),
        ):
            for _batch in range(5):
                self.env["property.late.fee.run"]._cron_post()
                if not commit.call_args.kwargs["remaining"]:
                    break
        self.assertEqual((run.state, run.bill_count), ("posted", 2))

    def test_undoing_a_large_run_goes_on_in_the_background_and_can_be_stopped(self):
        run = self.new_late_run()
        run.action_post()
        with patch.object(property_late_fee_run, "UNDO_AT_ONCE", 1):
            told = run.action_undo()
        self.assertEqual((told["tag"], run.state), ("display_notification", "undoing"))
        self.assertEqual(run.bill_count, 2, "the request itself takes nothing back")
        with self.assertRaisesRegex(UserError, "not possible now"):
            run.action_undo()
        stop = patch.object(type(run.charge_ids), "_undo", side_effect=UserError("A reason"))
        progress = patch(COMMIT, return_value=1e9)
        with progress, stop, mute_logger(LOGGER):
            self.env["property.late.fee.run"]._cron_post()
        self.assertEqual((run.state, run.error_message), ("posted", "A reason"))
        with patch.object(property_late_fee_run, "UNDO_AT_ONCE", 1):
            run.action_undo()
        with patch(COMMIT, return_value=1e9):
            self.env["property.late.fee.run"]._cron_post()
        self.assertEqual((run.state, run.bill_count, run.error_message), ("undone", 0, False))

    def test_a_posted_run_keeps_its_scope(self):
        run = self.new_late_run()
        run.action_post()
        with self.assertRaises(UserError):
            run.date = self.day(40)
        with self.assertRaises(UserError):
            run.action_post()
        with self.assertRaises(UserError):
            run.unlink()
