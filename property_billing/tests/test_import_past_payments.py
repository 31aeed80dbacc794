from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests import import_books

from .test_import_billing import ImportBillingCase, ledger_with_bills

HEADER = ["房屋", "收费编码", "账期起", "账期止", "收款金额", "收款日期", "收据号", "收款方式"]


def ledger_with_payments(*rows):
    """Return the small ledger with past payments, two of them on one old receipt."""
    return {
        **ledger_with_bills(),
        "历史收款": [
            HEADER,
            ["1-1-101", "WYF", "2023-07", "2023-12", "1,215.00", "2023-12-20", "0000123", "现金"],
            ["1-1-101", "WYF", "2024-01", "2024-06", 300, "2023-12-20", "0000123", "现金"],
            ["1-1-102", "WYF", "2023-12", "2023-12", 205, "2024.1.5", "0000124", "微信"],
            *rows,
        ],
    }


@tagged("post_install", "-at_install")
class TestImportPastPayments(ImportBillingCase):
    def balances(self, site):
        """Return dict account type -> balance of everything posted on a site."""
        lines = self.env["account.move.line"].search(
            [("site_id", "=", site.id), ("parent_state", "=", "posted")]
        )
        groups = lines.grouped(lambda line: line.account_id.account_type)
        return {kind: round(sum(rows.mapped("balance")), 2) for kind, rows in groups.items()}

    def import_(self, *rows, **vals):
        imp = self.upload(ledger_with_payments(*rows), **vals)
        imp.action_import()
        return imp

    def past(self, site, state="posted"):
        return self.env["property.charge"].search(
            [("site_id", "=", site.id), ("past_receipt", "!=", False), ("state", "=", state)]
        )

    def test_past_payments_are_paid_bills_and_neither_income_nor_cash(self):
        site = self.import_().site_id
        charges = self.past(site)
        self.assertEqual(sorted(charges.mapped("amount")), [205, 300, 1215])
        self.assertEqual(set(charges.move_id.mapped("amount_residual")), {0})
        # what is open is the arrears of the ledger alone
        self.assertEqual(self.balances(site), {"asset_receivable": 1215.0, "equity": -1215.0})
        payments = self.env["account.payment"].search([("site_id", "=", site.id)])
        self.assertEqual(
            sorted((p.amount, p.date, p.state) for p in payments),
            [(205, date(2024, 1, 5), "paid"), (1515, date(2023, 12, 20), "paid")],
        )

    def test_old_receipts_are_on_file_under_their_own_numbers(self):
        site = self.import_().site_id
        receipts = self.env["property.receipt"].search([("site_id", "=", site.id)], order="name")
        self.assertEqual(receipts.mapped("name"), ["0000123", "0000124"])
        self.assertEqual(receipts.mapped("amount_total"), [1515, 205])
        self.assertEqual(receipts[0].tenders, [{"method": "现金", "amount": "1515.00"}])
        self.assertEqual(len(receipts[0].line_ids), 2)
        self.assertFalse(receipts.book_id)
        self.assertEqual(receipts[0]._watermark(), "DUPLICATE")
        self.assertEqual(receipts[1].payment_ids.receipt_id, receipts[1])

    def test_a_part_payment_stands_beside_the_arrears_of_its_period(self):
        site = self.import_().site_id
        charges = self.env["property.charge"].search(
            [("site_id", "=", site.id), ("date_from", "=", "2024-01-01")]
        )
        self.assertEqual(
            sorted((c.share > 0, c.amount, c.move_id.amount_residual) for c in charges),
            [(False, 1215, 1215), (True, 300, 0)],
        )

    def test_a_second_import_changes_nothing_and_takes_new_receipts_only(self):
        site = self.import_().site_id
        again = self.import_()
        created = {model for model, ids in again.sudo().created_records.items() if ids}
        self.assertEqual(created, set())
        self.import_(["1-1-102", "WYF", "2023-12", "2023-12", 5, "2024-01-06", "0000125", "微信"])
        self.assertEqual(sorted(self.past(site).mapped("amount")), [5, 205, 300, 1215])
        arrears = self.env["property.charge"].search(
            [("site_id", "=", site.id), ("past_receipt", "=", False)]
        )
        self.assertEqual(arrears.mapped("state"), ["posted"])

    def test_an_old_receipt_that_says_something_else_is_an_error(self):
        self.import_()
        book = ledger_with_payments()
        book["历史收款"][3][4] = 206
        imp = self.upload(book)
        imp.action_check()
        self.assertEqual(self.rows(imp, "error"), [("历史收款", 4)])

    def test_faults_are_told_by_sheet_and_row(self):
        imp = self.upload(
            ledger_with_payments(
                ["1-1-101", "WYF", "2023-01", "2023-01", "many", "2023-02-01", "0000200", "现金"],
                ["9-9-999", "WYF", "2023-01", "2023-01", 1, "2023-02-01", "0000201", "现金"],
                ["1-1-101", "没有", "2023-01", "2023-01", 1, "2023-02-01", "0000202", "现金"],
                ["1-1-101", "WYF", "2023-02", "2023-01", 1, "2023-02-01", "0000203", "现金"],
                ["1-1-101", "WYF", "2023-01", "2023-01", 1, "2099-02-01", "0000204", "现金"],
                ["1-1-101", "WYF", "2023-01", "2023-01", 1, "2023-02-30", "0000205", "现金"],
                ["1-1-101", "WYF", "2023-01", "2023-01", 1, "2023-02-01", None, "现金"],
                ["1-1-101", "WYF", "2023-01", "2023-01", 1, "2023-02-01", "0000124", "微信"],
                ["1-1-102", "WYF", "2023-12", "2023-12", 205, "2024-01-05", "0000124", "微信"],
                ["1-1-101", "WYF", "2023-01", "2023-01", -1, "2023-02-01", "0000206", "现金"],
            )
        )
        imp.action_check()
        self.assertEqual(self.rows(imp, "error"), [("历史收款", row) for row in range(5, 15)])

    def test_undo_takes_payments_bills_and_receipts_back_and_a_new_import_starts_afresh(self):
        imp = self.import_()
        site = imp.site_id
        receipts = self.env["property.receipt"].search([("site_id", "=", site.id)])
        imp.action_undo()
        self.assertEqual(set(receipts.mapped("state")), {"void"})
        self.assertEqual(set(receipts.payment_ids.mapped("state")), {"canceled"})
        self.assertFalse(self.past(site))
        self.assertEqual(self.balances(site), {})
        self.import_()
        self.assertEqual(sorted(self.past(site).mapped("amount")), [205, 300, 1215])
        numbers = self.env["property.receipt"].search(
            [("site_id", "=", site.id), ("state", "=", "issued")]
        )
        self.assertEqual(sorted(numbers.mapped("name")), ["0000123", "0000124"])

    def test_a_month_paid_in_the_old_system_is_not_billed_again(self):
        site = self.import_().site_id
        run = self.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, site.ids)],
                "item_ids": [(6, 0, self.past(site).item_id.ids)],
                "date_from": "2023-12-01",
                "date_to": "2023-12-31",
            }
        )
        run.action_compute()
        units = run.charge_ids.unit_id.mapped("code")
        self.assertNotIn("1-1-101", units)
        self.assertNotIn("1-1-102", units)

    def test_an_imported_receipt_is_not_issued_again_under_a_new_number(self):
        site = self.import_().site_id
        receipt = self.env["property.receipt"].search([("site_id", "=", site.id)], limit=1)
        receipt._void("wrong")
        with self.assertRaises(UserError):
            receipt._reissue()

    def _hc_book(self, *rows):
        book = import_books.hc_workbook()
        head, first = book["房屋缴费历史"]
        book["房屋缴费历史"] = [head, first, *rows]
        return book

    def test_the_history_of_the_other_system_becomes_paid_bills_by_room_and_day(self):
        water = ["1-1-1011", "卫生费", 1, "2024-01-01", "2024-02-01", "2024-01-09", 15, 15, "小王"]
        nothing = ["1-1-1011", "卫生费", 1, "2024-02-01", "2024-03-01", "2024-02-10", 15, 0]
        book = self._hc_book(water, nothing)
        for _round in range(2):
            imp = self.upload(book, "阳光花园.xlsx")
            self.assertTrue(imp.action_check(), imp.issue_ids.mapped("message"))
            imp.action_import()
        self.assertIn(("房屋缴费历史", 4), self.rows(imp, "warning"))
        charges = self.past(imp.site_id).sorted("amount")
        self.assertEqual(
            [(c.unit_id.code, c.item_id.name, c.amount, c.date_from, c.date_to) for c in charges],
            [
                ("1-1-1011", "卫生费", 15, date(2024, 1, 1), date(2024, 1, 31)),
                ("1-1-1011", "物业管理费", 250, date(2024, 1, 1), date(2024, 1, 31)),
            ],
        )
        self.assertEqual(set(charges.move_id.mapped("amount_residual")), {0})
        receipts = self.env["property.receipt"].search([("site_id", "=", imp.site_id.id)])
        self.assertEqual(receipts.mapped("name"), ["HC-20240109-1-1-1011"])
        self.assertEqual(receipts.payment_ids.mapped("date"), [date(2024, 1, 9)])

    def test_the_history_of_a_car_is_that_of_its_space(self):
        book = self._hc_book()
        head = ["车牌号", *book["房屋缴费历史"][0][1:]]
        row = ["{}", "卫生费", 1, "2024-01-01", "2024-02-01", "2024-01-10", 90, 90]
        car = next(one[5] for one in book["车位信息"][1:] if one[5])
        book["车辆缴费历史"] = [head, [car, *row[1:]], ["P1-404", *row[1:]]]
        imp = self.upload(book, "阳光花园.xlsx")
        imp.action_check()
        self.assertEqual(self.rows(imp, "error"), [("车辆缴费历史", 3)])
        book["车辆缴费历史"].pop()
        imp = self.upload(book, "阳光花园.xlsx")
        imp.action_import()
        charge = self.past(imp.site_id).filtered(lambda one: one.amount == 90)
        self.assertEqual(charge.unit_id.code, "001")
        # once more with the cars in the system alone
        book["车辆缴费历史"][1][5] = "2024-01-11"
        del book["车位信息"]
        self.upload(book, "阳光花园.xlsx").action_import()
        self.assertEqual(self.past(imp.site_id).mapped("amount").count(90), 2)
