"""What reports show, and to whom."""

from datetime import date
from itertools import product
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .report_common import MEASURES, REPORTS, ReportCommon


@tagged("post_install", "-at_install")
class TestReportViews(ReportCommon):
    def test_the_collection_rate_of_a_group_divides_sums(self):
        [(due, collected, rate)] = self.report("collection")._read_group(
            [("site_id", "=", self.site.id)],
            [],
            ["amount_due:sum", "amount_collected:sum", "rate:avg"],
        )
        self.assertEqual((due, collected), (600.0, 100.0))
        self.assertAlmostEqual(rate, 1 / 6)

    def test_a_group_without_anything_due_has_no_rate(self):
        [(rate,)] = self.report("collection")._read_group(
            [("kind", "=", "collected"), ("site_id", "=", self.site.id)], [], ["rate:avg"]
        )
        self.assertFalse(rate)

    def test_collection_before_the_payment_shows_nothing_collected(self):
        self.payment.move_id.line_ids.remove_move_reconcile()
        [(collected, still_open)] = self.report("collection")._read_group(
            [("site_id", "=", self.site.id)], [], ["amount_collected:sum", "amount_open:sum"]
        )
        self.assertEqual((collected, still_open), (0.0, 600.0))

    def test_a_payment_method_nobody_renamed_is_told_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        line = self.payment.payment_method_line_id
        line.payment_method_id.with_context(lang="zh_CN").name = "手动付款"
        self.assertEqual(line.name, "Manual Payment")
        chinese = line.with_context(lang="zh_CN")
        self.assertEqual(chinese.display_name, f"手动付款 ({chinese.journal_id.name})")
        line.name = "POS"
        self.assertEqual(chinese.display_name, f"POS ({chinese.journal_id.name})")

    def test_the_collector_is_who_booked_the_payment(self):
        cashier = self.users["cashier"]
        wizard = (
            self.env["account.payment.register"]
            .with_user(cashier)
            .with_context(active_model="account.move", active_ids=self.bill.ids)
            .create({"payment_date": date(2026, 10, 2), "amount": 30.0})
        )
        payment = wizard._create_payments()
        self.assertEqual(payment.collector_id, cashier)
        [(amount,)] = self.report("collection")._read_group(
            [("collector_id", "=", cashier.id)], [], ["amount_collected:sum"]
        )
        self.assertEqual(amount, 30.0)
        [(taken,)] = self.report("cashier")._read_group(
            [("collector_id", "=", cashier.id), ("charge_item_id", "=", self.management.id)],
            [],
            ["amount_taken:sum"],
        )
        self.assertEqual(taken, 30.0)

    def test_a_cashier_cannot_book_money_in_another_name(self):
        payment = self.payment.with_user(self.users["cashier"])
        with self.assertRaisesRegex(UserError, "finance"):
            payment.write({"collector_id": self.users["finance"].id})
        values = {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.owner.id,
            "amount": 1.0,
            "unit_id": self.unit.id,
            "collector_id": self.users["finance"].id,
        }
        with self.assertRaises(UserError):
            self.env["account.payment"].with_user(self.users["cashier"]).create(values)

    def test_finance_corrects_who_took_the_money_and_it_is_tracked(self):
        payment = self.payment.with_user(self.users["finance"])
        payment.collector_id = self.users["cashier"]
        self.assertEqual(self.payment.collector_id, self.users["cashier"])
        self.assertTrue(self.env["account.payment"]._fields["collector_id"].tracking)

    def test_takings_are_split_by_item_and_the_rest_is_an_advance(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.owner.id,
                "amount": 250.0,
                "date": date(2026, 10, 3),
                "unit_id": self.unit.id,
            }
        )
        payment.action_post()
        lines = (payment.move_id | self.bill).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        found = self.report("cashier")._read_group(
            [("payment_id", "=", payment.id)], ["charge_item_id"], ["amount_taken:sum"]
        )
        self.assertEqual(dict(found), {self.management: 200.0, self.management.browse(): 50.0})

    def test_arrears_of_a_year_ago_are_in_the_last_column(self):
        day = date(2027, 10, 15)
        rows = self.report("ageing", property_as_of=day).search([("move_id", "=", self.bill.id)])
        self.assertEqual((rows.amount_older, rows.amount_owed, rows.bucket), (200.0, 200.0, "5"))
        self.assertEqual(rows.days_overdue, (day - self.bill.invoice_date_due).days)

    def test_the_same_row_read_as_of_two_days_shows_both(self):
        early = self.report("ageing", property_as_of="2026-09-30")
        row = early.search([("move_id", "=", self.bill.id)])
        self.assertEqual(row.bucket, "0")
        late = row.with_context(property_as_of="2026-10-20")
        self.assertEqual((late.bucket, row.bucket), ("1", "0"))

    def test_named_days_of_filters_are_days(self):
        model = self.env["property.report"].with_context(tz="Asia/Shanghai")
        today = model._report_today()
        month = model.with_context(property_as_of="last_month")._report_day("property_as_of")
        self.assertEqual((month.year * 12 + month.month), today.year * 12 + today.month - 1)
        self.assertNotEqual((month.replace(day=28).day), 0)
        quarter = model.with_context(property_as_of="last_quarter")._report_day("property_as_of")
        self.assertIn((quarter.month, quarter.day), [(3, 31), (6, 30), (9, 30), (12, 31)])
        self.assertTrue(quarter < today and (today - quarter).days <= 92)
        year = model.with_context(property_as_of="last_year")._report_day("property_as_of")
        self.assertEqual(year, date(today.year - 1, 12, 31))

    def test_a_day_that_is_no_day_is_refused(self):
        for value in ("2026-13-01", "tomorrow", 7):
            with self.assertRaisesRegex(UserError, "2026-09-01"):
                self.report("ageing", property_as_of=value).search([])

    def test_a_year_paid_in_advance_is_deferred_month_by_month(self):
        self.parking.unit_type_ids = self.type_parking
        run = self.bill_a_year_ahead()
        bill = run.charge_ids.move_id
        net = bill.amount_untaxed
        self.assertEqual(bill.amount_total, 1080.0)
        lines = [("move_id", "=", bill.id)]
        for day, months in (
            (date(2026, 9, 30), 12),
            (date(2026, 12, 31), 9),
            (date(2027, 9, 1), 0),
        ):
            [(earned, deferred, vat)] = self.report("income", property_as_of=day)._read_group(
                lines, [], ["amount_earned:sum", "amount_deferred:sum", "amount_vat:sum"]
            )
            self.assertAlmostEqual(earned + deferred, net)
            self.assertEqual(round(vat, 2), bill.amount_tax)
            rows = self.report("income", property_as_of=day).search(
                [*lines, ("amount_deferred", "!=", 0)]
            )
            self.assertEqual(len(rows), months)
        self.assertEqual(
            self.report("income").search(lines, limit=1).action_view_bill()["res_id"], bill.id
        )

    def test_rows_open_the_bill_behind_them(self):
        for name in ("collection", "ageing", "arrears", "income"):
            rows = self.report(name, property_from="2026-10-01").search(
                [("move_id", "=", self.bill.id)]
            )
            self.assertTrue(rows, name)
            for row in rows:
                action = row.action_view_bill()
                self.assertEqual(
                    (action["res_model"], action["res_id"]), ("account.move", self.bill.id)
                )

    def test_cashier_rows_open_the_payment(self):
        rows = self.report("cashier").search([("payment_id", "=", self.payment.id)])
        self.assertTrue(rows)
        for row in rows:
            action = row.action_view_bill()
            self.assertEqual(
                (action["res_model"], action["res_id"]), ("account.payment", self.payment.id)
            )

    def test_a_cancelled_payment_is_void_and_not_in_the_net(self):
        self.payment.action_draft()
        self.payment.action_cancel()
        row = self.report("cashier").search([("payment_id", "=", self.payment.id)])
        self.assertEqual((row.kind, row.amount_void, row.amount_net), ("void", 100.0, 0.0))
        self.assertEqual(row.action_view_bill()["res_id"], self.payment.id)

    def test_a_page_of_a_list_shows_what_all_rows_together_show(self):
        names = ["date", "site_id", "charge_item_id", "partner_id", "move_id"]
        for name, user in product(REPORTS, ("finance", "manager", "director")):
            model = self.report(name, user, property_from="2026-10-01")
            rows = model.search([])
            wanted = [{field: row[field] for field in names} for row in rows]
            self.env.invalidate_all()
            found = [row for offset in (0, 2) for row in model.search_fetch([], names, offset, 2)]
            with self.subTest(f"{name} {user}"):
                self.assertEqual([row.id for row in found], rows.ids[: len(found)])
                self.assertEqual(
                    [{field: row[field] for field in names} for row in found],
                    wanted[: len(found)],
                )
                self.assertFalse(model.search([("id", "in", [0])]))

    def test_every_report_costs_one_query(self):
        for name in REPORTS:
            model = self.report(name)
            model._read_group([], ["site_id"], ["__count"])
            self.env.flush_all()
            with self.subTest(name), self.assertQueryCount(1):
                model._read_group([], ["site_id"], ["__count"])

    def test_a_pivot_needs_the_same_queries_for_many_rows(self):
        def queries(name):
            model = self.report(name, "manager")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model.formatted_read_grouping_sets(
                [], [[], ["site_id"], ["site_id", "building_id"]], [MEASURES[name]]
            )
            return self.env.cr.sql_log_count - before

        for name in MEASURES:
            queries(name)
        few = {name: queries(name) for name in MEASURES}
        for amount in (1.0, 2.0, 3.0):
            self.pay(self.bill, amount)
        for name in MEASURES:
            queries(name)  # payments empty caches; that is not asked here
            with self.subTest(name):
                self.assertLessEqual(queries(name), few[name])

    def test_groups_stand_in_the_order_that_postgresql_would_give_them(self):
        terms = ["site_id", "building_id", "date:month", "partner_id"]
        sets = [terms[:depth] for depth in range(len(terms) + 1)]
        for name in REPORTS:
            model = self.report(name, "director")
            with self.subTest(name):
                found = model.formatted_read_grouping_sets([], sets, ["__count"])
                flat = model.formatted_read_group([], terms, ["__count"])
                with patch.object(self.registry[model._name], "_can_order", return_value=False):
                    self.assertEqual(
                        found, model.formatted_read_grouping_sets([], sets, ["__count"])
                    )
                    self.assertEqual(flat, model.formatted_read_group([], terms, ["__count"]))

    def test_money_is_told_from_other_entries_when_an_account_changes_its_type(self):
        line = self.bill.line_ids.filtered("site_document")
        other_account = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)], limit=1
        )
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": line.partner_id.id,
                            "debit": debit,
                            "credit": credit,
                        }
                    )
                    for account, debit, credit in (
                        (other_account, 7.0, 0.0),
                        (line.account_id, 0.0, 7.0),
                    )
                ]
            }
        )
        entry.action_post()
        (line | entry.line_ids.filtered(lambda item: item.credit)).reconcile()
        partial = line.matched_credit_ids.filtered(lambda one: one.amount == 7.0)
        self.assertEqual((partial.bill_line_id, partial.settled_by), (line, "other"))
        other_account.write({"account_type": "asset_receivable", "reconcile": True})
        self.assertEqual(partial.settled_by, "collected")
        entry.button_draft()
        self.assertFalse(partial.bill_line_id)
        entry.action_post()
        self.assertEqual((partial.bill_line_id, partial.settled_by), (line, "collected"))


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCommon):
    def test_staff_see_the_figures_of_their_own_sites_only(self):
        for name in REPORTS:
            self.assertTrue(
                self.report(name, property_from="2026-10-01")
                .sudo()
                .search([("site_id", "=", self.other_site.id)]),
                f"{name} has figures to hide",
            )
            for role in ("cashier", "finance", "manager"):
                if name == "income" and role == "cashier":
                    continue
                model = self.report(name, role, property_from="2026-10-01")
                with self.subTest(f"{role} {name}"):
                    self.assertFalse(model.search([("site_id", "=", self.other_site.id)]))
                    sites = [site for (site,) in model._read_group([], ["site_id"])]
                    self.assertIn(self.site, sites)
                    self.assertNotIn(self.other_site, sites)

    def test_a_director_sees_every_site(self):
        for name in REPORTS:
            model = self.report(name, "director", property_from="2026-10-01")
            sites = {site for (site,) in model._read_group([], ["site_id"])}
            self.assertLessEqual({self.site, self.other_site}, sites, name)

    def test_sums_do_not_betray_a_foreign_site(self):
        [(due,)] = self.report("collection", "manager")._read_group([], [], ["amount_due:sum"])
        self.assertEqual(due, 600.0)
        with self.assertRaises(AccessError):
            self.report("collection", "service")._read_group([], [], ["amount_due:sum"])

    def test_a_foreign_row_cannot_be_read_or_opened(self):
        for name in REPORTS:
            row = (
                self.report(name, property_from="2026-10-01")
                .sudo()
                .search([("site_id", "=", self.other_site.id)], limit=1)
            )
            row = row.with_user(self.users["manager"]).sudo(False)
            row.invalidate_recordset()
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    row.read(["site_id"])
                with self.assertRaises(AccessError):
                    row.action_view_bill()

    def test_figures_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.users["finance"].write({"company_ids": [(4, other.id)]})
        model = self.report("collection").with_context(allowed_company_ids=other.ids)
        self.assertFalse(model.search([]))

    def test_income_is_not_for_cashiers(self):
        with self.assertRaises(AccessError):
            self.report("income", "cashier").search([])
        wizard = self.wizard("cashier", report="income")
        for way in (wizard.action_open, wizard.action_export, wizard._workbook):
            with self.assertRaisesRegex(UserError, "finance and managers"):
                way()

    def test_nobody_writes_figures(self):
        row = self.report("collection", "director").search([], limit=1)
        for way in (lambda: row.write({"kind": "other"}), row.unlink):
            with self.assertRaises(AccessError):
                way()

    def test_site_and_company_rules_are_worded_as_agreed(self):
        self.assert_site_scoped(*(f"property.report.{name}" for name in REPORTS))
