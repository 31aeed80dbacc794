"""Reliefs: asked for, approved with their effect shown, on the bill as a line."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..demo import charging
from ..models import property_rerate_work
from .requests_common import RequestsCommon

COMMIT = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
LOGGER = "odoo.addons.property_billing.models.property_background"
D = Decimal


@freeze_time("2026-09-15")
@tagged("post_install", "-at_install")
class TestRelief(RequestsCommon):
    def relief(self, **vals):
        return (
            self.env["property.relief"]
            .with_user(self.maker)
            .create(
                {
                    "name": "Vacancy",
                    "site_id": self.site.id,
                    "legal_basis": "Rule 38",
                    "unit_ids": [(6, 0, self.unit.ids)],
                    "item_ids": [(6, 0, self.management.ids)],
                    "date_from": date(2026, 9, 1),
                    "percent": 40,
                    **vals,
                }
            )
        )

    # Relief -----------------------------------------------------------------------------------

    def test_an_approved_relief_is_a_line_of_the_bill_with_its_legal_basis(self):
        relief = self.relief()
        relief.action_submit()
        self.assertIn("1", relief.impact_text)
        self.assertIn("120.00", relief.impact_text)
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], D("300.00"), "not before it is approved")
        relief.with_user(self.checker).action_approve()
        run.action_compute()
        charge = run.charge_ids.filtered(lambda c: c.unit_id == self.unit)
        self.assertEqual(charge.line_ids.mapped("amount"), [300.0, -120.0])
        self.assertIn("Rule 38", charge.explanation)
        self.assertEqual(charge.basis["reliefs"][0]["id"], relief.id)
        run.action_post()
        self.assertEqual(charge.move_id.amount_total, 180.0)
        self.assertFalse(run.charge_ids._underivable())

    def test_a_relief_counts_only_its_own_days_and_never_below_nothing(self):
        self.approve(self.relief(date_from=date(2026, 9, 16), date_to=date(2026, 9, 30)))
        self.approve(
            self.relief(
                name="Hardship",
                kind="hardship",
                method="amount",
                amount=900.0,
                unit_ids=[(6, 0, self.unit_2.ids)],
            )
        )
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run), [("WYF", "3-1-1502", "Test Owner Li", D("240.00"))])

    def test_a_relief_for_billed_days_bills_them_again_when_asked(self):
        run = self.bill(date(2026, 8, 1), date(2026, 8, 31), self.management)
        paid = run.charge_ids.filtered(lambda c: c.unit_id == self.unit)
        self.pay(paid.move_id)
        relief = self.relief(date_from=date(2026, 8, 1), date_to=date(2026, 8, 31), rebill=True)
        relief.action_submit()
        self.assertIn("120.00", relief.impact_text)
        relief.with_user(self.checker).action_approve()
        self.assertEqual(paid.state, "reversed")
        again = relief.rerate_id.run_ids.charge_ids
        self.assertEqual((again.amount, again.state), (180.0, "posted"))
        self.assertEqual(again.date_to, date(2026, 8, 31))

    def test_the_effect_of_billing_again_counts_percentages_and_other_facts_that_changed(self):
        percent = self.new_item(
            "PM",
            "percent",
            10,
            6,
            percent_base_ids=self.management.ids,
            unit_type_ids=self.type_residence.ids,
        )
        run = self.bill(date(2026, 8, 1), date(2026, 8, 31), self.management | percent)
        self.management.tariff_ids.price = 2.5
        relief = self.relief(date_from=date(2026, 8, 1), date_to=date(2026, 8, 31), rebill=True)
        relief.action_submit()
        old = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        self.assertEqual(sum(old.mapped("amount")), 330.0)
        self.assertIn("165.00", relief.impact_text)
        relief.with_user(self.checker).action_approve()
        again = relief.rerate_id.run_ids.charge_ids
        self.assertEqual(sum(again.mapped("amount")), 165.0)
        self.assertEqual(relief.rerate_id.amount_difference, -165.0)

    def test_a_relief_for_many_units_tells_how_far_it_has_come_and_bills_what_was_shown(self):
        self.bill(date(2026, 8, 1), date(2026, 8, 31), self.management)
        relief = self.relief(
            unit_ids=[(6, 0, (self.unit | self.unit_2).ids)],
            date_from=date(2026, 8, 1),
            date_to=date(2026, 8, 31),
            rebill=True,
        )
        relief.action_submit()
        with patch.object(property_rerate_work, "AT_ONCE", 1):
            told = relief.with_user(self.checker).action_approve()
        self.assertEqual(told["tag"], "display_notification")
        self.assertEqual(
            (relief.rerate_work, relief.rerate_work_text), ("billing", "0 of 2 units done")
        )
        self.management.tariff_ids.price = 2.5
        with patch(COMMIT, return_value=1e9), mute_logger(LOGGER):
            self.env["property.rerate"]._cron_go_on()
        self.assertIn("150.00", relief.rerate_error)
        self.management.tariff_ids.price = 3.0
        relief.rerate_id.with_user(self.checker).action_go_on()
        with patch(COMMIT, return_value=1e9):
            self.env["property.rerate"]._cron_go_on()
        self.assertEqual(relief.rerate_id.run_ids.charge_ids.mapped("amount"), [180.0, 180.0])
        self.assertFalse(relief.rerate_work)
        relief.rerate_id.with_user(self.checker).action_undo_rerate()
        self.assertTrue(relief.rerate_undone)

    def test_a_relief_without_billing_again_leaves_old_bills_alone(self):
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        relief = self.relief()
        self.approve(relief)
        self.assertEqual(set(run.charge_ids.mapped("state")), {"posted"})
        self.assertFalse(relief.rerate_id)

    def test_a_relief_must_say_what_and_on_what_ground(self):
        for vals in (
            {"unit_ids": [(6, 0, [])]},
            {"percent": 0},
            {"legal_basis": " "},
            {"unit_ids": [(6, 0, self.other_unit.ids)]},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.relief(**vals).with_user(self.users["director"]).action_submit()

    def test_nobody_approves_his_own_relief_and_service_may_ask(self):
        relief = self.relief()
        relief.action_submit()
        with self.assertRaises(UserError):
            relief.action_approve()
        with self.assertRaises(UserError):
            relief.percent = 90
        asked = (
            self.env["property.relief"]
            .with_user(self.users["service"])
            .create(
                {
                    "name": "Staff",
                    "kind": "staff",
                    "site_id": self.site.id,
                    "unit_ids": [(6, 0, self.unit_2.ids)],
                    "date_from": date(2026, 9, 1),
                    "percent": 50,
                }
            )
        )
        asked.action_submit()
        with self.assertRaises(UserError):
            asked.action_approve()
        asked.with_user(self.checker).action_approve()
        self.assertEqual(asked.approval_state, "approved")

    def test_an_approved_relief_can_end_but_not_grow(self):
        relief = self.relief()
        self.approve(relief)
        relief.with_user(self.checker).action_end()
        self.assertEqual(relief.date_to, date(2026, 9, 15))
        with self.assertRaises(UserError):
            relief.with_user(self.checker).action_end()
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertEqual(self.billed(run)[0][3], D("240.00"))

    def test_the_demo_shows_requests_in_every_state(self):
        self.unit.state = "vacant"
        charging.build(self.env, self.site, date(2026, 9, 15))
        charging.build(self.env, self.site, date(2026, 9, 15))
        reliefs = self.env["property.relief"].search([("site_id", "=", self.site.id)])
        self.assertEqual(len(reliefs), 2)
        self.assertTrue(set(reliefs.mapped("approval_state")) <= {"submitted", "approved"})
        self.assertIn(self.unit, reliefs.unit_ids)
        batch = self.env["property.fee.batch"].search([("site_id", "=", self.site.id)])
        self.assertEqual((batch.state, batch.error_count), ("checked", 0))
        change = self.env["property.price.change"].search([("site_id", "=", self.site.id)])
        self.assertEqual(change.approval_state, "submitted")
