"""Billing many bills again goes on in the background: some homes a transaction, nothing twice."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import property_rerate_work
from .requests_common import RequestsCommon

COMMIT = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
LOGGER = "odoo.addons.property_billing.models.property_background"


@freeze_time("2026-09-15")
@tagged("post_install", "-at_install")
class TestRerateWork(RequestsCommon):
    def setUp(self):
        super().setUp()
        for name, value in (("AT_ONCE", 2), ("CHARGES_A_STEP", 2)):
            change = patch.object(property_rerate_work, name, value)
            change.start()
            self.addCleanup(change.stop)
        for floor in range(1, 5):
            unit = self.new_unit(f"{floor}02", entrance="2", floor=floor)
            self.occupy(unit, self.owner, "owner", date(2025, 1, 1))
        run = self.bill(date(2026, 9, 1), date(2026, 9, 30), self.management)
        self.old = run.charge_ids
        self.pay(self.old[0].move_id)
        self.management.tariff_ids.price = 2.5
        self.rerate = (
            self.env["property.rerate"]
            .with_user(self.maker)
            .create(
                {
                    "site_id": self.site.id,
                    "item_ids": [(6, 0, self.management.ids)],
                    "date_from": date(2026, 9, 1),
                    "date_to": date(2026, 9, 30),
                    "reason": "Wrong price",
                }
            )
        )

    def work_off(self):
        with patch(COMMIT, return_value=1e9):
            self.env["property.rerate"]._cron_go_on()

    def new_charges(self):
        return self.rerate.run_ids.charge_ids.filtered(lambda one: one.state == "posted")

    def test_many_bills_are_billed_again_in_the_background_and_taken_back_likewise(self):
        self.rerate.action_submit()
        told = self.rerate.with_user(self.checker).action_approve()
        self.assertEqual(told["tag"], "display_notification")
        self.assertEqual((self.rerate.approval_state, self.rerate.work), ("approved", "billing"))
        self.assertEqual(self.rerate.work_text, "0 of 6 units done")
        self.assertEqual(set(self.old.mapped("state")), {"posted"})
        self.work_off()
        self.assertFalse(self.rerate.work)
        self.assertEqual(set(self.old.mapped("state")), {"cancelled", "reversed"})
        self.assertEqual(self.new_charges().mapped("amount"), [250.0] * 6)
        self.assertEqual(self.rerate.run_ids.mapped("state"), ["posted"])
        told = self.rerate.with_user(self.checker).action_undo_rerate()
        self.assertEqual((told["tag"], self.rerate.work), ("display_notification", "restoring"))
        with self.assertRaisesRegex(UserError, "being worked on"):
            self.rerate.with_user(self.checker).action_undo_rerate()
        self.work_off()
        self.assertTrue(self.rerate.is_undone)
        self.assertEqual(self.new_charges().mapped("amount"), [300.0] * 6)
        self.assertEqual(
            [one.basis for one in self.new_charges().sorted("unit_sort_key")],
            [one.basis for one in self.old.sorted("unit_sort_key")],
        )

    def test_a_restart_goes_on_with_the_homes_that_are_left(self):
        self.approve(self.rerate)
        self.rerate.sudo()._step()
        self.assertEqual(self.rerate.work_text, "2 of 6 units done")
        self.assertEqual(self.old.mapped("state").count("posted"), 4)
        self.assertEqual(self.new_charges().mapped("amount"), [250.0] * 2)
        self.assertEqual(self.rerate.run_ids.state, "posted", "nobody may compute it")
        self.work_off()
        self.assertEqual(self.new_charges().mapped("amount"), [250.0] * 6)
        self.assertEqual(len(self.rerate.run_ids), 1)

    def test_a_step_does_not_read_again_what_remains(self):
        self.approve(self.rerate)
        step = self.rerate.sudo()._new_step()
        step()
        remaining = ("property_rerate_pending_unit_rel", "property_charge_property_rerate_rel")
        for _ in range(2):
            sent = self.sent_by(step)
            asked = [query for query in sent if any(name in query for name in remaining)]
            self.assertEqual([query.split()[0] for query in asked], ["DELETE"], asked)
        self.assertEqual(self.rerate.work_text, "6 of 6 units done")

    def sent_by(self, step):
        """Return the queries of a step that begins, as after a commit, with nothing in mind."""
        self.env.flush_all()
        self.env.invalidate_all()
        sent, cursor = [], type(self.env.cr)
        execute = cursor.execute

        def noted(cr, query, *args, **options):
            sent.append(query.code if isinstance(query, SQL) else str(query))
            return execute(cr, query, *args, **options)

        with patch.object(cursor, "execute", noted):
            self.assertEqual(step(), 2)
            self.env.flush_all()
        return sent

    @mute_logger(LOGGER)
    def test_facts_that_change_after_the_approval_stop_it_until_somebody_decides(self):
        self.approve(self.rerate)
        self.rerate.sudo()._step()
        self.management.tariff_ids.price = 2.6
        self.work_off()
        self.assertIn("260.00", self.rerate.error_message)
        self.work_off()  # does not try again by itself
        self.assertEqual(self.new_charges().mapped("amount"), [250.0] * 2)
        self.management.tariff_ids.price = 2.5
        self.rerate.with_user(self.checker).action_go_on()
        self.work_off()
        self.assertEqual((self.rerate.work, self.rerate.error_message), (False, False))
        self.assertEqual(self.new_charges().mapped("amount"), [250.0] * 6)
        with self.assertRaisesRegex(UserError, "Nothing is stopped"):
            self.rerate.with_user(self.checker).action_go_on()

    @mute_logger(LOGGER)
    def test_what_was_done_before_it_stopped_can_be_taken_back(self):
        self.approve(self.rerate)
        self.rerate.sudo()._step()
        with self.assertRaisesRegex(UserError, "being worked on"):
            self.rerate.with_user(self.checker).action_undo_rerate()
        self.management.tariff_ids.price = 2.6
        self.work_off()
        self.rerate.with_user(self.checker).action_undo_rerate()
        self.assertTrue(self.rerate.is_undone, "two charges are taken back at once")
        self.assertEqual(self.new_charges().mapped("amount"), [300.0] * 2)
        self.assertEqual(self.old.mapped("state").count("posted"), 4)

    def test_what_stopped_it_is_told_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.approve(self.rerate)
        self.management.tariff_ids.price = 2.6
        with mute_logger(LOGGER):
            self.work_off()
        self.assertNotIn("was approved", self.rerate.error_message)
        self.assertIn("260.00", self.rerate.error_message)

    def test_nobody_computes_or_reopens_a_run_of_what_is_billed_again(self):
        self.approve(self.rerate)
        run = self.rerate.run_ids
        with self.assertRaisesRegex(UserError, "not possible now"):
            run.with_user(self.maker).action_compute()
        self.rerate.sudo()._step()
        run.with_user(self.maker).action_undo()
        self.work_off()
        self.assertEqual(run.state, "undone")
        self.assertNotIn("posted", run.charge_ids.mapped("state"))
        self.assertEqual(self.new_charges().mapped("amount"), [250.0] * 4)

    def test_bills_that_were_undone_since_the_approval_are_left_alone(self):
        self.approve(self.rerate)
        undone = self.old[-1]
        undone._undo()
        self.work_off()
        self.assertFalse(self.rerate.work)
        self.assertEqual(len(self.new_charges()), 5)
        self.assertNotIn(undone, self.rerate.old_charge_ids)

    def test_bills_credited_since_the_approval_are_listed_as_left_alone(self):
        self.approve(self.rerate)
        credited = self.old[-1]
        credited._credit_part(Decimal("100.00"), "Lift out of order")
        self.work_off()
        self.assertEqual((len(self.new_charges()), credited.state), (5, "posted"))
        left = self.rerate.left_line_ids
        self.assertEqual((left.unit_id, left.left_reason), (credited.unit_id, "credited"))
        self.assertEqual((left.amount_old, left.amount_credited, left.amount_new), (300, 100, 250))
        self.assertEqual((len(self.rerate.line_ids), self.rerate.amount_difference), (5, -250.0))

    def test_the_papers_are_in_the_language_of_the_company_and_of_the_day_at_the_site(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        self.approve(self.rerate)
        with freeze_time("2026-10-04 17:00"):  # the next day in Shanghai
            self.work_off()
        note = self.env["account.move"].search([("reversed_entry_id", "=", self.old[0].move_id.id)])
        self.assertNotIn("Credit for", note.ref)
        self.assertEqual(note.invoice_date, date(2026, 10, 5))

    def test_nobody_writes_how_far_it_has_come(self):
        for values in ({"work": "billing"}, {"error_message": "x"}, {"pending_unit_ids": [(5,)]}):
            with self.assertRaises(UserError), self.subTest(values):
                self.rerate.write(values)
