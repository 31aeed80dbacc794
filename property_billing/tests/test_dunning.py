import hashlib
import io
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger
from openpyxl import load_workbook
from psycopg2.errors import CheckViolation

from .common import BillingCommon
from .dunning_common import PRINTED, TODAY, DunningMixin, printed


@tagged("post_install", "-at_install")
class TestDunning(DunningMixin, BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_dunning()

    def owed(self, unit, payer):
        moves = self.billing.charge_ids.move_id.filtered(
            lambda move: (
                (move.unit_id.parent_id or move.unit_id) == unit and move.partner_id == payer
            )
        )
        return round(sum(moves.mapped("amount_residual")), 2)

    def test_notices_of_another_age_are_not_prepared(self):
        run = self.new_dunning()
        run.date = date(2999, 12, 31)
        with self.assertRaisesRegex(UserError, "a year ahead"):
            run.action_prepare()

    def test_a_run_lists_each_household_and_payer_once_with_all_it_owes(self):
        run = self.new_dunning()
        run.action_prepare()
        told = {
            (row.unit_id, row.partner_id): round(row.amount_principal, 2) for row in run.notice_ids
        }
        wanted = {
            (unit, payer): self.owed(unit, payer)
            for unit, payer in (
                (self.unit, self.owner),
                (self.unit, self.tenant),
                (self.unit_2, self.buyer),
            )
        }
        self.assertEqual(told, wanted)
        self.assertEqual(run.notice_ids.mapped("days_overdue"), [51, 51, 51])
        self.assertEqual({row.deadline for row in run.notice_ids}, {TODAY + timedelta(days=10)})

    def test_the_parking_space_is_on_the_notice_of_its_household(self):
        run = self.new_dunning()
        run.action_prepare()
        notice = run.notice_ids.filtered(lambda row: row.partner_id == self.owner)
        self.assertEqual(notice.bill_ids.unit_id, self.unit | self.space)

    def test_bills_not_overdue_long_enough_are_left_out(self):
        run = self.new_dunning(day=date(2026, 10, 15))
        run.action_prepare()
        self.assertFalse(run.notice_ids)
        with self.assertRaisesRegex(UserError, "nothing to send"):
            run.action_send()

    def test_paid_bills_and_small_amounts_are_left_out(self):
        bills = self.billing.charge_ids.move_id
        for bill in bills.filtered(lambda move: move.partner_id == self.owner):
            self.pay(bill)
        self.level.amount_min = self.owed(self.unit, self.tenant) + 0.01
        run = self.new_dunning()
        run.action_prepare()
        self.assertEqual(run.notice_ids.partner_id, self.buyer)

    def test_sending_prints_and_keeps_proof_of_every_delivery(self):
        run = self.new_dunning()
        run.action_prepare()
        self.send(run)
        self.assertEqual((run.state, run.sent_count, run.progress), ("done", 3, 100.0))
        deliveries = run.notice_ids.delivery_ids
        self.assertEqual(len(deliveries), 3)
        self.assertEqual(set(deliveries.mapped("channel")), {"print"})
        self.assertEqual(set(deliveries.mapped("digest")), {hashlib.sha256(PRINTED).hexdigest()})
        self.assertEqual(deliveries.attachment_id.raw, PRINTED)

    def test_the_papers_name_payer_unit_amount_and_deadline(self):
        run = self.new_dunning()
        run.action_prepare()
        notice = run.notice_ids.filtered(lambda row: row.partner_id == self.owner)
        reports = self.env["ir.actions.report"]
        for report, records in (
            ("property_billing.action_report_dunning_notice", notice),
            ("property_billing.action_report_dunning_visits", run),
        ):
            text = reports._render_qweb_html(report, records.ids)[0].decode()
            with self.subTest(report):
                self.assertIn(self.owner.name, text)
                self.assertIn(self.unit.code, text)
                self.assertIn(f"{notice.amount_total:,.2f}", text)
        self.assertIn("2026", notice._text("body"))

    def test_proof_is_never_changed_nor_deleted(self):
        run = self.new_dunning()
        run.action_prepare()
        self.send(run)
        delivery = run.notice_ids[0].delivery_ids
        for act in (lambda: delivery.write({"detail": "x"}), delivery.unlink, run.unlink):
            with self.assertRaises(UserError):
                act()
        with self.assertRaises(UserError):
            run.write({"date": "2026-01-01"})

    def test_a_household_is_not_reminded_again_within_the_interval(self):
        first = self.new_dunning()
        first.action_prepare()
        self.send(first)
        again = self.new_dunning(day=TODAY + timedelta(days=14))
        again.action_prepare()
        self.assertFalse(again.notice_ids)
        later = self.new_dunning(day=TODAY + timedelta(days=15))
        later.action_prepare()
        self.assertEqual(len(later.notice_ids), 3)

    def test_a_killed_run_goes_on_with_what_was_not_sent(self):
        run = self.new_dunning()
        run.action_prepare()
        first = run.notice_ids[:1]
        with printed(self):
            run.sudo().state = "sending"
            first._send()
        self.env.invalidate_all()
        with (
            printed(self),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda self_, *a, **kw: 60.0
            ),
        ):
            self.env["property.dunning.run"]._cron_send()
        self.assertEqual(run.state, "done")
        self.assertEqual([len(row.delivery_ids) for row in run.notice_ids], [1, 1, 1])

    def test_a_text_that_threatens_to_cut_services_is_refused(self):
        for text in (
            "逾期将停水停电",
            "否则停 电",
            "逾期将停止供电",
            "将暂停您家的用水",
            "we will cut off your water",
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, "944"):
                self.level.body = text

    def test_a_text_with_an_unknown_word_in_braces_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ammount"):
            self.level.body = "{ammount}"

    def test_one_channel_that_fails_stops_no_other(self):
        self.level.write({"by_email": True, "by_sms": True, "by_portal": True})
        self.owner.email = "li@example.com"
        run = self.new_dunning()
        run.action_prepare()
        self.send(run)
        results = {
            row.channel: row.result
            for row in run.notice_ids.filtered(lambda n: n.partner_id == self.owner).delivery_ids
        }
        self.assertEqual(
            results, {"print": "ok", "email": "ok", "sms": "failed", "portal": "failed"}
        )
        tenant = run.notice_ids.filtered(lambda n: n.partner_id == self.tenant)
        email = tenant.delivery_ids.filtered(lambda row: row.channel == "email")
        self.assertEqual(email.result, "failed")
        self.assertIn("e-mail", email.detail)
        self.assertEqual(tenant.state, "sent")
        mail = self.env["mail.mail"].search([("email_to", "=", "li@example.com")])
        self.assertIn(self.unit.code, mail.body_html)

    def test_a_notice_that_reached_nobody_is_failed(self):
        self.level.write({"by_print": False, "by_email": True})
        run = self.new_dunning()
        run.action_prepare()
        self.send(run)
        self.assertEqual(run.failed_count, 3)

    def test_the_door_to_door_list_names_every_household_and_no_formula(self):
        self.owner.name = "=HYPERLINK(1)"
        run = self.new_dunning()
        run.action_prepare()
        book = load_workbook(io.BytesIO(run._visits_xlsx(run._visit_rows())))
        cells = [cell for sheet in book for row in sheet for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        texts = {cell.value for cell in cells}
        self.assertLessEqual({"=HYPERLINK(1)", self.unit.code, self.unit_2.code}, texts)
        self.assertIn(self.owner.phone_masked, texts)
        self.assertNotIn(self.owner.phone, texts)

    def test_nobody_knocks_where_all_is_paid_since(self):
        run = self.new_dunning()
        run.action_prepare()
        paid = run.notice_ids.filtered(lambda notice: notice.unit_id == self.unit_2)
        self.assertTrue(paid)
        for bill in paid.bill_ids:
            self.pay(bill)
        rows = [row for _building, rows in run._visit_rows() for row in rows]
        self.assertEqual({row["notice"] for row in rows}, set(run.notice_ids - paid))
        run.action_visits_xlsx()
        entry = self.env["property.audit"].search(
            [("event", "=", "export"), ("model", "=", run._name), ("res_id", "=", run.id)]
        )
        self.assertEqual(entry.after, {"count": len(rows)}, "only those on the list are logged")

    def test_the_default_levels_may_be_sent(self):
        company = self.env["res.company"].create({"name": "Second company"})
        levels = self.env["property.dunning.level"].search([("company_id", "=", company.id)])
        self.assertEqual(len(levels), 3)
        levels._check_texts()
        self.assertFalse(self.env["property.dunning.level"]._create_defaults(company))


@tagged("post_install", "-at_install")
class TestPromise(DunningMixin, BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_dunning()

    def promise(self, **vals):
        with freeze_time("2026-11-18"):
            return self.env["property.promise"].create(
                {
                    "unit_id": self.unit.id,
                    "partner_id": self.owner.id,
                    "amount": 100.0,
                    "promised_date": date(2026, 11, 25),
                    "date": date(2026, 11, 18),
                    **vals,
                }
            )

    def test_who_promised_is_not_reminded_until_the_day(self):
        self.promise()
        with freeze_time("2026-11-20"):
            run = self.new_dunning()
            run.action_prepare()
            self.assertNotIn(self.owner, run.notice_ids.partner_id)
            self.assertEqual(run.promised_count, 1)
        with freeze_time("2026-11-26"):
            run = self.new_dunning(day=date(2026, 11, 26))
            run.action_prepare()
            self.assertIn(self.owner, run.notice_ids.partner_id)

    def test_whether_it_was_kept_follows_from_the_ledger(self):
        promise = self.promise()
        with freeze_time("2026-11-20"):
            self.assertEqual(promise.state, "open")
        with freeze_time("2026-11-26"):
            promise.invalidate_recordset()
            self.assertEqual(promise.state, "broken")
            broken = self.env["property.promise"].search([("state", "=", "broken")])
            self.assertIn(promise, broken)
        bill = self.billing.charge_ids.filtered(
            lambda charge: charge.unit_id == self.unit and charge.payer_id == self.owner
        ).move_id[:1]
        # whatever the clock of the test says, the database's own clock dates the settlement
        self.pay(bill, 100.0)
        promise.invalidate_recordset()
        with freeze_time("2026-11-26"):
            self.assertEqual((promise.amount_paid, promise.state), (100.0, "kept"))

    def test_it_reminds_whoever_follows_up(self):
        promise = self.promise()
        self.assertEqual(promise.activity_ids.date_deadline, date(2026, 11, 25))

    @mute_logger("odoo.sql_db")
    def test_a_promise_names_an_amount_and_a_day_to_come(self):
        for vals in ({"amount": 0.0}, {"promised_date": date(2026, 11, 1)}):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.promise(**vals)
                self.env.flush_all()
