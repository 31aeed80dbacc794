"""How reports leave the screen: workbooks, paper, downloads."""

import io
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .report_common import REPORTS, ReportCommon


@tagged("post_install", "-at_install")
class TestReportWizard(ReportCommon):
    def test_a_workbook_says_what_it_shows_and_adds_up(self):
        rows = self.cells(self.wizard(report="collection", rows_by="item", site_ids=self.site.ids))
        text = [row[0] for row in rows[:8] if row[0]]
        self.assertEqual(text[0], "Collection Rate")
        self.assertTrue(any("Test Garden" in line for line in text))
        self.assertTrue(any("2026/09/30" in line for line in text), text)
        head = next(row for row in rows if row[0] == "Site")
        body = rows[rows.index(head) + 1]
        self.assertEqual(body[:3], ["Test Garden", "Item WYF", 600])
        self.assertEqual(dict(zip(head, body, strict=True))["Collected"], 100)
        self.assertAlmostEqual(dict(zip(head, body, strict=True))["Collection Rate"], 1 / 6)
        total = rows[-1]
        self.assertEqual(total[0], "Total")
        self.assertTrue(total[2].startswith("=SUM("))
        self.assertIn("/", total[-1])

    def test_workbooks_hold_no_foreign_figures(self):
        for report in REPORTS:
            wizard = self.wizard(report=report, rows_by="unit", date_to=date(2026, 10, 31))
            if report == "arrears":
                wizard.date_from = date(2026, 10, 1)
            names = {str(cell) for row in self.cells(wizard) for cell in row}
            with self.subTest(report):
                self.assertIn("Test Garden" if report != "cashier" else "Item WYF", names)
                self.assertFalse({"Other Garden", "Item FWY", "Foreign Owner Qian"} & names)

    def test_a_name_that_looks_like_a_formula_stays_text(self):
        self.owner.name = '=HYPERLINK("http://evil.test","x")'
        self.management.name = "+1+1"
        _name, content = self.wizard(report="ageing", rows_by="unit")._workbook()
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cell = next(
            cell
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and "HYPERLINK" in cell.value
        )
        self.assertEqual(cell.data_type, "s")
        self.assertIsNone(cell.hyperlink)

    def test_a_workbook_prints_on_a4_landscape(self):
        _name, content = self.wizard(report="ageing")._workbook()
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        self.assertEqual(
            (sheet.page_setup.orientation, sheet.page_setup.paperSize), ("landscape", 9)
        )
        self.assertTrue(sheet.print_title_rows)
        self.assertTrue(sheet.freeze_panes)

    def test_income_by_month_and_what_is_deferred_equal_the_income_accounts(self):
        rows = self.cells(self.wizard(report="income", site_ids=self.site.ids))
        head = next(row for row in rows if row[0] == "Site")
        body = dict(zip(head, rows[rows.index(head) + 1], strict=True))
        self.assertEqual(body["2026-09"], round(sum(self.bills.mapped("amount_untaxed")), 2))
        self.assertEqual(body["Earned"] + (body["Deferred"] or 0), body["Income Accounts"])

    def test_too_many_months_are_refused(self):
        wizard = self.wizard(report="income", date_from=date(2020, 1, 1))
        with self.assertRaisesRegex(UserError, "36 months"):
            wizard._workbook()

    def test_rows_a_report_does_not_know_are_refused(self):
        with self.assertRaisesRegex(UserError, "Choose other rows"):
            self.wizard(report="ageing", rows_by="collector")._workbook()

    def test_a_span_that_ends_before_it_starts_is_refused(self):
        with self.assertRaises(ValidationError):
            self.wizard(date_from=date(2026, 10, 1))

    def test_showing_a_report_keeps_site_and_day(self):
        action = self.wizard(report="collection", site_ids=self.site.ids).action_open()
        self.assertEqual(action["res_model"], "property.report.collection")
        found = self.report("collection").search(action["domain"])
        self.assertEqual(found.site_id, self.site)
        self.assertEqual(action["context"]["property_as_of"], "2026-09-30")
        item = self.management.with_context(**action["context"])
        self.assertEqual(item.display_name, "Item WYF · Test Garden")

    def test_houses_of_one_name_on_two_sites_are_told_apart_by_the_site(self):
        houses = self.building | self.other_building
        houses.name = "1号楼"
        context = self.wizard("director", report="collection").action_open()["context"]
        groups = self.report("collection", "director", **context).formatted_read_group(
            [], ["building_id"], ["__count"]
        )
        found = {group["building_id"][1] for group in groups if group["building_id"]}
        self.assertLessEqual({f"{house.site_id.name} 1号楼" for house in houses}, found)

    def test_the_price_list_names_price_vat_and_legal_basis_of_the_day(self):
        tariff = self.management.tariff_ids
        tariff.legal_basis = "Price notice 12 of 2020"
        tariff.date_to = date(2026, 9, 30)
        tariff.copy({"date_from": date(2026, 10, 1), "date_to": False, "price": 3.5})
        old, new = (
            next(row for row in self.site._price_list(day) if row["item"] == "Item WYF")
            for day in (date(2026, 9, 30), date(2026, 10, 1))
        )
        self.assertEqual(old["legal"], "Price notice 12 of 2020")
        self.assertEqual(
            (old["price"], old["vat"], old["since"]),
            ("3 yuan per m² and month", "6% included", date(2020, 1, 1)),
        )
        self.assertEqual(new["price"], "3.5 yuan per m² and month")

    def test_a_price_list_never_says_that_what_is_charged_by_the_case_is_free(self):
        self.new_item("TC", "one_off", 0, 9)
        rows = {row["item"]: row["price"] for row in self.site._price_list(date(2026, 9, 30))}
        self.assertEqual(rows["Item TC"], "As agreed, or as posted where it is used")

    def test_a_price_list_holds_the_items_of_its_own_site(self):
        names = {row["item"] for row in self.site._price_list(date(2026, 9, 30))}
        self.assertEqual(names, {"Item WYF", "Item CW", "Item SF", "Item GT"})

    def test_the_price_list_prints(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.report_price_list", self.site.ids
        )
        page = html.decode()
        self.assertIn("Item WYF", page)
        self.assertIn("Test Garden", page)
        self.assertNotIn("Item FWY", page)


@tagged("post_install", "-at_install")
class TestReportDownload(HttpCase, ReportCommon):
    def test_who_asked_gets_the_workbook_and_nobody_else(self):
        wizard = self.wizard("manager", report="collection")
        url = wizard.action_export()["url"]
        self.authenticate("staff.manager", "staff.manager")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("spreadsheetml", response.headers["Content-Type"])
        self.assertIn("no-store", response.headers["Cache-Control"])
        book = load_workbook(io.BytesIO(response.content))
        self.assertEqual(book.worksheets[0]["A1"].value, "Collection Rate")
        for login in ("staff.finance", "staff.service", "portal.owner"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, 404, login)

    def test_a_report_that_is_gone_is_not_found(self):
        self.authenticate("staff.manager", "staff.manager")
        self.assertEqual(self.url_open("/property/report/999999999.xlsx").status_code, 404)

    def test_a_fault_the_user_can_mend_is_said(self):
        wizard = self.wizard("manager", report="ageing", rows_by="collector")
        self.authenticate("staff.manager", "staff.manager")
        response = self.url_open(f"/property/report/{wizard.id}.xlsx")
        self.assertEqual(response.status_code, 400)
        self.assertIn("Choose other rows", response.text)

    def test_a_manager_finds_the_arrears_of_a_building(self):
        self.start_tour("/odoo", "property_reports", login="staff.manager", timeout=120)
