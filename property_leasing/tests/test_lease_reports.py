"""Arrears, forecast, overview and workbooks of leasing."""

import io
from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import TODAY, LeasingStaffCommon

REPORTS = ("rent_roll", "expiry", "rent_m2", "arrears", "forecast")


@tagged("post_install", "-at_install")
class TestLeaseReports(HttpCase, LeasingStaffCommon):
    """A shop let for a year with its July, August and September billed; a foreign shop let too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.spaces = cls.env["property.space"].create(
            [{"unit_id": unit.id, "price": 4.0} for unit in (cls.shop, cls.shop_2, cls.far_shop)]
        )
        items = [{}, {"item_id": cls.service.id, "price": 500.0}]
        cls.lease = cls.sign(cls.new_lease(lines=items, trade="Catering"))
        cls.far_lease = cls.sign(cls.new_lease(cls.far_shop, partner_id=cls.baker.id))
        for first, last in (("2026-07-01", "2026-07-31"), ("2026-08-01", "2026-08-31")):
            cls.bill(first, last)

    def report(self, name, user="manager", **context):
        """Return the model of a report for a role."""
        model = f"property.lease.{name}"
        return self.env[model].with_user(self.users[user]).with_context(**context)

    def wizard(self, user="manager", **vals):
        return self.report("report.wizard", user).create({"date": TODAY, **vals})

    def books(self, wizard):
        """Return the sheets of a wizard's workbook: dict title -> rows."""
        _name, content = wizard._workbook()
        return {
            sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
            for sheet in load_workbook(io.BytesIO(content)).worksheets
        }

    def body(self, rows):
        """Return the rows of a sheet between its head and its total."""
        first = next(index for index, row in enumerate(rows) if row[0] == "Site")
        return rows[first + 1 : -1]

    def pay_in_full(self, bill, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"payment_date": day})._create_payments()

    # Arrears ----------------------------------------------------------------------------------

    def test_arrears_stand_by_tenant_lease_and_age_as_of_a_day(self):
        ages = {}
        for day in ("2026-07-15", "2026-09-15"):
            (found,) = self.report("report.arrears", property_as_of=day)._read_group(
                [("lease_id", "=", self.lease.id)],
                ["partner_id"],
                ["amount_30:sum", "amount_90:sum", "amount_owed:sum"],
            )
            self.assertEqual(found[0], self.cafe)
            ages[day] = found[1:]
        self.assertEqual(ages, {"2026-07-15": (3500, 0, 3500), "2026-09-15": (0, 7000, 7000)})

    def test_what_is_paid_is_owed_before_and_not_after(self):
        bill = self.lease.line_ids.fee_id.charge_ids.move_id[:1]
        self.pay_in_full(bill, "2026-09-01")
        owed = [
            self.report("report.arrears", property_as_of=day)
            .search([("move_id", "=", bill.id)])
            .mapped("amount_owed")
            for day in ("2026-08-31", "2026-09-01")
        ]
        self.assertEqual(owed, [[bill.amount_total], []])

    def test_other_bills_of_the_tenant_for_the_space_count_and_the_owners_do_not(self):
        for payer in (self.cafe, self.company.partner_id):
            self.env["property.charge"]._create_single(
                self.shop, self.one_off, payer, date(2026, 9, 1), 88.0, "Repair"
            )._post()
        rows = self.report("report.arrears").search([("charge_item_id", "=", self.one_off.id)])
        self.assertEqual(rows.lease_id, self.lease)
        self.assertEqual(rows.mapped("amount_owed"), [88.0])

    def test_a_former_tenant_keeps_his_own_arrears(self):
        self.amend(self.lease, kind="tenant", date="2026-10-01", partner_id=self.baker.id)
        rows = self.report("report.arrears").search([("lease_id", "=", self.lease.id)])
        self.assertEqual(rows.partner_id, self.cafe)

    def test_all_rows_together_are_the_ledgers_ageing_of_the_tenants(self):
        domain = [("unit_id", "=", self.shop.id), ("partner_id", "=", self.cafe.id)]
        sums = [
            self.env[model]._read_group(domain, [], ["amount_open:sum", "__count"])
            for model in ("property.lease.report.arrears", "property.report.ageing")
        ]
        self.assertEqual(sums[0], sums[1])
        self.assertTrue(sums[0][0][1])

    # Forecast ---------------------------------------------------------------------------------

    def forecast(self, first, last, state=None, **context):
        domain = [("site_id", "=", self.site.id), ("date", ">=", first), ("date", "<=", last)]
        domain += [("state", "=", state)] if state else []
        ((amount,),) = self.report("report.forecast", **context)._read_group(
            domain, [], ["amount:sum"]
        )
        return amount or 0.0

    def test_the_forecast_of_a_month_is_what_its_billing_run_then_charges(self):
        self.sign(
            self.new_lease(
                self.shop_2,
                lines=[{"price": 3.3, "pricing": "m2_day", "tax_id": self.vat9.id}],
                partner_id=self.baker.id,
                date_from="2026-09-11",
                date_to="2029-03-10",
                cadence="3",
                due_days=5,
                is_vat_included=False,
                step_ids=[(0, 0, {"repeat_months": 12, "kind": "percent", "value": 7})],
                rent_free_ids=[(0, 0, {"date_from": "2026-11-01", "date_to": "2026-11-30"})],
            )
        )
        for first, last in (
            ("2026-09-01", "2026-09-30"),
            ("2026-10-01", "2026-10-31"),
            ("2026-11-01", "2026-11-30"),
            ("2026-12-01", "2026-12-31"),
        ):
            with freeze_time(last):
                wanted = self.forecast(first, last)
                run = self.bill(first, last)
                self.assertEqual(round(sum(run.charge_ids.mapped("amount")), 2), round(wanted, 2))
                self.assertAlmostEqual(self.forecast(first, last, "billed"), wanted, 2)

    def test_what_a_run_missed_is_forecast_for_this_month_and_charged_by_its_run(self):
        with freeze_time("2026-11-20"):  # nobody billed September and October
            self.assertEqual(self.forecast("2026-09-01", "2026-10-31"), 0)
            wanted = self.forecast("2026-11-01", "2026-11-30")
            run = self.bill("2026-11-01", "2026-11-30")
        self.assertEqual((wanted, sum(run.charge_ids.mapped("amount"))), (10500, 10500))

    def test_a_billed_month_stays_where_it_was_billed_and_shows_what_is_unpaid(self):
        bill = self.lease.line_ids[:1].fee_id.charge_ids.move_id.sorted("invoice_date")[:1]
        self.pay_in_full(bill, "2026-09-01")
        ((billed, unpaid),) = self.report("report.forecast")._read_group(
            [("lease_id", "=", self.lease.id), ("date", "<=", "2026-07-31")],
            [],
            ["amount_billed:sum", "amount_open:sum"],
        )
        self.assertEqual((billed, unpaid), (3500, 500))

    def test_a_signed_lease_is_in_the_forecast_and_a_proposal_is_not(self):
        self.new_lease(self.shop_2, date_from="2026-10-01")
        self.assertEqual(self.forecast("2026-10-01", "2026-10-31"), 3500)

    def test_an_early_end_takes_its_months_out_of_the_forecast(self):
        self.assertEqual(self.forecast("2027-01-01", "2027-06-30"), 21000)
        self.amend(self.lease, kind="term", date_to="2026-12-31")
        self.assertEqual(self.forecast("2027-01-01", "2027-06-30"), 0)

    # Overview ---------------------------------------------------------------------------------

    def overview(self, user="manager", day=None, site=None):
        return self.report("overview", user).get_overview(day, site and site.id)

    def test_the_page_sums_up_the_sites_of_its_reader(self):
        data = self.overview()
        self.assertEqual(data["figures"]["count"], 2)
        self.assertEqual(data["figures"]["count_let"], 1)
        self.assertAlmostEqual(data["figures"]["vacancy_area"], 80 / 130)
        self.assertEqual(data["figures"]["rent"], 3000)
        self.assertEqual(data["sites"], [{"id": self.site.id, "name": self.site.display_name}])
        self.assertEqual((data["arrears"]["total"], data["arrears"]["tenants"]), (7000, 1))
        self.assertEqual([row["space"] for row in data["empty"]], [self.shop_2.code])
        self.assertEqual(
            (data["month"]["month"], data["month"]["billed"], data["month"]["rate"]),
            ("2026-08-01", 3500, 0),
        )
        october = data["forecast"][1]
        self.assertEqual((october["name"], october["rent"], october["other"]), ("26-10", 3000, 500))

    def test_a_director_sees_all_sites_or_the_one_he_chose(self):
        both = self.overview("director", site=None)
        self.assertGreaterEqual(both["figures"]["count"], 3)
        one = self.overview("director", site=self.other_site)
        self.assertEqual((one["figures"]["count"], one["figures"]["rent"]), (1, 3000))

    def test_a_foreign_site_shows_nothing(self):
        data = self.overview("leasing", site=self.other_site)
        self.assertEqual((data["figures"]["count"], data["arrears"]["total"]), (0, 0))
        self.assertFalse(any(row["rent"] for row in data["forecast"]))

    def test_another_day_shows_its_own_figures(self):
        data = self.overview(day="2027-04-15")
        self.assertEqual(data["figures"]["ending_count"], 1)
        self.assertEqual(data["ending"][0]["days"], 76)
        self.assertEqual([bar["count"] for bar in data["ladder"]][:2], [1, 0])
        self.assertEqual(self.overview(day="2027-07-01")["figures"]["count_let"], 0)

    def test_roles_without_leases_are_refused(self):
        for role in ("guard", "engineer", "service", "cashier"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.overview(role)

    def test_the_page_takes_a_fixed_number_of_queries(self):
        counts = []
        for room in ("V1", "V2", "V3"):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.overview("director", site=self.site)
            counts.append(self.env.cr.sql_log_count - before)
            unit = self.new_unit(room, type_id=self.type_shop.id, area_gross=20.0)
            self.env["property.space"].create({"unit_id": unit.id})
            self.sign(self.new_lease(unit, step_ids=[(0, 0, {"value": 5})]))
        self.assertEqual(counts[1], counts[2], counts)
        self.assertLess(counts[2], 70)

    # Dialog and workbooks ---------------------------------------------------------------------

    def test_the_dialog_tells_the_figures_of_its_day(self):
        wizard = self.wizard(date="2026-09-15")
        self.assertEqual((wizard.let_count, wizard.space_count), (1, 2))
        self.assertAlmostEqual(wizard.vacancy_area, 80 / 130)
        self.assertAlmostEqual(wizard.wale_rent, 289 / 365, 2)
        wizard.date = "2026-01-01"
        self.assertEqual((wizard.let_count, wizard.wale_rent), (0, 0))

    def test_showing_a_report_keeps_site_and_day(self):
        for name in REPORTS:
            wizard = self.wizard(report=name, site_ids=self.site.ids, date="2026-10-05")
            action = wizard.action_open()
            with self.subTest(name):
                self.assertEqual(action["context"], {"property_as_of": "2026-10-05"})
                rows = (
                    self.env[action["res_model"]]
                    .with_user(self.users["manager"])
                    .with_context(**action["context"])
                    .search(action["domain"])
                )
                self.assertEqual(rows.site_id, self.site)

    def test_the_workbook_of_a_rent_roll_adds_up(self):
        books = self.books(self.wizard())
        self.assertEqual(
            list(books), ["Rent Roll", "Totals", "Expiry Ladder", "By Trade", "By Floor"]
        )
        roll = books["Rent Roll"]
        self.assertTrue(any("As of" in str(row[0]) for row in roll[:6]))
        head = next(row for row in roll if row[0] == "Site")
        body = [dict(zip(head, row, strict=True)) for row in roll[roll.index(head) + 1 :]]
        self.assertEqual(len(body), 3)
        let, empty, total = body
        self.assertEqual((let["Space"], let["Rent a Month"]), (self.shop.display_name, 3000))
        self.assertEqual((let["Rent per m² and Month"], let["Other Items a Month"]), (60, 500))
        self.assertEqual((empty["Status"], empty["Vacant Area"]), ("Vacant", 80))
        self.assertFalse(empty["Tenant"] or empty["Until"])
        self.assertTrue(total["Rent a Month"].startswith("=SUM("))
        self.assertIn("/", total["Rent per m² and Month"])
        figures = dict(row[:2] for row in books["Totals"] if row[1] is not None)
        self.assertEqual((figures["Spaces let"], figures["Spaces vacant"]), (1, 1))
        self.assertAlmostEqual(figures["WALE by area, years"], 289 / 365)

    def test_the_workbook_of_the_forecast_has_24_months(self):
        rows, turnover, relet = self.books(self.wizard(report="forecast")).values()
        head = next(row for row in rows if row[0] == "Site")
        months = [name for name in head if str(name)[:3] == "202"]
        self.assertEqual((len(months), months[0], months[-1]), (24, "2026-09", "2028-08"))
        self.assertEqual(sum(row[-1] for row in self.body(rows)), 35000)
        # what is assumed stands on sheets of its own: here the shops that are let anew
        self.assertFalse(self.body(turnover))
        self.assertGreater(sum(row[-1] for row in self.body(relet)), 0)

    def test_workbooks_hold_no_foreign_figures(self):
        for name in REPORTS:
            books = self.books(self.wizard(report=name))
            cells = {str(cell) for rows in books.values() for row in rows for cell in row}
            with self.subTest(name):
                self.assertIn("Test Garden", cells)
                self.assertFalse({"Other Garden", "Baker Sun"} & cells)

    def test_a_name_that_looks_like_a_formula_stays_text(self):
        self.cafe.name = '=HYPERLINK("http://evil.test","x")'
        _name, content = self.wizard()._workbook()
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row]
        found = [cell for cell in cells if "HYPERLINK" in str(cell.value)]
        self.assertEqual({cell.data_type for cell in found}, {"s"})

    def test_roles_without_leases_get_no_report(self):
        for role in ("guard", "engineer", "service", "cashier"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.wizard(role)

    # Download ---------------------------------------------------------------------------------

    def test_who_asked_gets_the_workbook_and_nobody_else(self):
        wizard = self.wizard("leasing")
        url = wizard.action_export()["url"]
        self.authenticate("staff.leasing", "staff.leasing")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn("spreadsheetml", response.headers["Content-Type"])
        self.assertIn("no-store", response.headers["Cache-Control"])
        for login in ("staff.director", "staff.finance", "staff.guard", "portal.owner"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(url).status_code, 404, login)

    def test_a_report_that_is_gone_is_not_found(self):
        self.authenticate("staff.leasing", "staff.leasing")
        self.assertEqual(self.url_open("/property/lease/report/999999999.xlsx").status_code, 404)

    # Tour -----------------------------------------------------------------------------------

    def test_a_manager_opens_the_rent_roll_of_a_day_and_exports_it(self):
        self.start_tour("/odoo", "property_lease_rent_roll", login="staff.manager", timeout=120)
        asked = self.env["property.lease.report.wizard"].search([("date", "=", "2027-05-15")])
        self.assertEqual(asked.create_uid, self.users["manager"])
