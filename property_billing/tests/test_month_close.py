from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import BillingStaffCommon


class MonthCloseCommon(BillingStaffCommon):
    """September is billed and partly paid; finance works on all sites of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sites = cls.env["property.site"].search([("company_id", "=", cls.company.id)])
        cls.finance = cls.users["finance"]
        cls.finance.employee_id.site_ids = [Command.set(cls.sites.ids)]
        cls.september = cls.new_run(items=cls.management)
        cls.september.action_compute()
        cls.september.action_post()
        cls.bill = cls.september.charge_ids.move_id.filtered(lambda bill: bill.unit_id == cls.unit)
        cls.pay(cls, cls.bill, 100.0)

    @classmethod
    def new_close(cls, user=None):
        return (
            cls.env["property.month.close"]
            .with_user(user or cls.finance)
            .create({"month": date(2026, 9, 17)})
        )

    def found(self, close):
        return {check.key: check.count for check in close.check_ids if check.count}


@tagged("post_install", "-at_install")
class TestMonthClose(MonthCloseCommon):
    def test_the_figures_are_those_of_the_reports_and_the_ledger(self):
        close = self.new_close()
        self.assertEqual((close.name, close.date_to), ("2026-09", date(2026, 9, 30)))
        billed = sum(self.september.charge_ids.move_id.mapped("amount_total"))
        self.assertEqual((close.amount_billed, close.amount_collected), (billed, 100.0))
        self.assertEqual(close.amount_balance, billed - 100.0)
        self.assertEqual(
            (close.block_count, close._ledger_difference(close.amount_balance)), (0, 0.0)
        )

    def test_what_is_billed_late_belongs_to_the_next_open_month(self):
        close = self.new_close()
        close.action_close()
        self.assertEqual((close.state, close.closed_by_id), ("closed", self.finance))
        self.assertEqual(self.company.fiscalyear_lock_date, date(2026, 9, 30))
        run = self.new_run(items=self.parking)
        self.assertTrue(run.is_date_closed, "whoever bills is told before")
        run.action_compute()
        run.action_post()
        self.assertFalse(run.is_date_closed)
        self.assertGreater(min(run.charge_ids.move_id.mapped("date")), date(2026, 9, 30))
        self.assertEqual(close._figures()["amount_billed"], close.amount_billed)
        with self.assertRaises(UserError):
            self.bill.button_draft()
        with self.assertRaisesRegex(UserError, "closed"):
            close.month = date(2026, 8, 1)
        with self.assertRaisesRegex(UserError, "stays on file"):
            close.unlink()

    def test_what_is_unfinished_keeps_a_month_open_and_is_one_click_away(self):
        run = self.new_run(items=self.parking)
        run.action_compute()
        shift = self.env["property.cashier.shift"].with_user(self.users["cashier"])._open(self.site)
        shift.sudo().opened_at = "2026-09-30 15:59:59"  # the last second of the month in Shanghai
        draft = self.bill.copy({"invoice_date": date(2026, 9, 5)})
        draft.write({"site_id": self.site.id, "date": date(2026, 9, 5)})
        close = self.new_close()
        self.assertEqual(self.found(close), {"run": 1, "shift": 1, "draft": 1})
        self.assertEqual(close.block_count, 3)
        with self.assertRaisesRegex(UserError, "To do first"):
            close.action_close()
        for check in close.check_ids.filtered("count"):
            action = check.action_open()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, {"run": run, "shift": shift, "draft": draft}[check.key])
        self.assertFalse(self.company.fiscalyear_lock_date)

    def test_every_check_says_what_settles_it(self):
        close = self.new_close()
        checks = self.env["property.month.close.check"]
        keys = dict(checks._fields["key"]._description_selection(self.env))
        self.assertEqual(set(checks._todo_words()), set(keys))
        self.assertFalse(any(close.check_ids.mapped("todo")), "nothing to do where nothing is")
        self.new_run(items=self.parking).action_compute()
        close.action_check()
        found = close.check_ids.filtered("count")
        self.assertEqual((found.key, found.todo), ("run", checks._todo_words()["run"]))

    def test_a_bank_statement_line_is_settled_in_its_entry(self):
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {"journal_id": bank.id, "date": date(2026, 9, 20), "amount": 88.0, "payment_ref": "?"}
        )
        close = self.new_close()
        self.assertEqual(self.found(close), {"statement": 1})
        with self.assertRaisesRegex(UserError, "To do first"):
            close.action_close()
        action = close.check_ids.filtered("count").action_open()
        entry = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(entry, line.move_id)
        entry.button_draft()
        suspense = entry.line_ids.filtered(lambda one: one.account_id == bank.suspense_account_id)
        suspense.account_id = self.env["account.account"].search(
            [
                ("company_ids", "in", self.company.ids),
                ("account_type", "=", "expense"),
            ],
            limit=1,
        )
        entry.action_post()
        close.action_close()
        self.assertEqual(close.state, "closed")

    def test_a_month_waits_for_bills_being_made_again_and_for_late_fees_being_billed(self):
        again = self.env["property.rerate"].create(
            {
                "site_id": self.site.id,
                "item_ids": [Command.set(self.management.ids)],
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
                "reason": "Wrong price",
            }
        )
        late = self.env["property.late.fee.run"].create(
            {"site_ids": [Command.set(self.site.ids)], "date": date(2026, 9, 30)}
        )
        close = self.new_close()
        self.assertEqual(close.block_count, 0)
        again.sudo().work = "billing"
        late.sudo().state = "undoing"
        close.action_check()
        self.assertEqual(self.found(close), {"again": 1, "late_fee": 1})
        with self.assertRaisesRegex(UserError, "To do first"):
            close.action_close()

    def test_a_shift_of_the_next_month_does_not_wait_for(self):
        shift = self.env["property.cashier.shift"].with_user(self.users["cashier"])._open(self.site)
        shift.sudo().opened_at = "2026-09-30 16:00:00"
        self.assertEqual(self.found(self.new_close()), {})

    def test_what_waits_for_approval_is_shown_and_does_not_stop_the_closing(self):
        waiver = self.env["property.write.off"].create(
            {
                "site_id": self.site.id,
                "kind": "relief",
                "bill_ids": [Command.set(self.bill.ids)],
                "reason": "Flooded",
                "legal_basis": "Decision 7",
            }
        )
        waiver.action_submit()
        close = self.new_close()
        self.assertEqual((close.block_count, close.warning_count), (0, 1))
        row = close.check_ids.filtered("count")
        self.assertIn("Write-off", row.with_context(lang="en_US").display_name)
        close.action_close()
        self.assertEqual(close.state, "closed")

    def test_a_month_is_closed_once_it_is_over(self):
        close = self.new_close()
        with freeze_time("2026-09-30 10:00:00"), self.assertRaisesRegex(UserError, "not over"):
            close.action_close()

    def test_a_month_of_another_age_is_no_month_to_close(self):
        closes = self.env["property.month.close"].with_user(self.finance)
        for day in (date(1, 1, 1), date(1900, 1, 1), date(9999, 12, 31)):
            with self.subTest(day), self.assertRaisesRegex(UserError, "from 2000 on"):
                closes.create({"month": day})

    def test_only_who_sees_all_sites_closes_for_all(self):
        self.finance.employee_id.site_ids = [Command.set(self.site.ids)]
        with self.assertRaisesRegex(UserError, "work on some of them"):
            self.new_close()

    def test_figures_and_states_are_not_written_by_hand(self):
        close = self.new_close()
        for vals in ({"state": "closed"}, {"amount_balance": 0.0}, {"lock_before": False}):
            with self.assertRaisesRegex(UserError, "follow from its checks"):
                close.write(vals)
        with self.assertRaises(AccessError):
            close.check_ids.with_user(self.finance).write({"count": 0})
        with self.assertRaises(AccessError):
            close.with_user(self.users["manager"]).action_check()

    def test_a_director_reopens_the_last_month_with_a_reason(self):
        close = self.new_close()
        close.action_close()
        with self.assertRaisesRegex(UserError, "Only a director"):
            close.action_reopen()
        close = close.with_user(self.users["director"])
        with self.assertRaisesRegex(UserError, "reason"):
            close.action_reopen()
        close.reopen_reason = "A bill was forgotten"
        self.company.fiscalyear_lock_date = date(2026, 10, 31)
        with self.assertRaisesRegex(UserError, "later months first"):
            close.action_reopen()
        self.company.fiscalyear_lock_date = date(2026, 9, 30)
        close.action_reopen()
        self.assertEqual((close.state, close.closed_by_id.ids), ("open", []))
        self.assertFalse(self.company.fiscalyear_lock_date)
        entries = self.env["property.audit"].search([("model", "=", close._name)])
        self.assertEqual(len(entries), 2)

    def test_a_month_has_one_closing_a_company(self):
        self.new_close()
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            self.new_close()
        self.assertIn("month", str(caught.exception))


@tagged("post_install", "-at_install")
class TestMonthCloseTour(HttpCase, MonthCloseCommon):
    def test_finance_closes_the_month(self):
        run = self.new_run(items=self.parking)
        run.action_compute()
        self.start_tour("/odoo", "property_month_close", login="staff.finance", timeout=120)
        close = self.env["property.month.close"].search([("company_id", "=", self.company.id)])
        self.assertEqual((close.name, close.state), ("2026-09", "closed"))
        self.assertEqual(run.state, "posted")
