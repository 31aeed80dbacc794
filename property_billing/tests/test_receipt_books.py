from datetime import date, timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .receipt_common import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceiptBooks(ReceiptCommon):
    def test_a_new_book_is_in_stock_with_all_its_numbers(self):
        book = self.new_book(" ab-", 21, 40)
        self.assertEqual((book.name, book.state, book.qty_left), ("AB-0021–0040", "stock", 20))
        self.assertEqual(book.left_text, "AB-0021–AB-0040")
        self.assertEqual(book.move_ids.mapped(lambda m: (m.kind, m.quantity)), [("in", 20)])

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_range_that_overlaps(self):
        self.new_book("A", 1, 100)
        for prefix, first, last in (("A", 100, 200), ("a ", 50, 60), ("A", 1, 1)):
            with (
                self.subTest(f"{prefix}{first}"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.new_book(prefix, first, last)
        self.new_book("", 1, 100)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.new_book(False, 100, 101)
        self.new_book("A", 101, 200)
        self.new_book("B", 1, 100)

    def test_a_number_too_many_counts_no_forms_while_it_is_typed(self):
        typed = {"site_id": self.site.id, "number_from": 1, "digits": 9}
        book = self.books.new({**typed, "number_to": 20001})
        self.assertEqual((book.next_number, book.left_text), (False, False))
        self.assertTrue(self.books.new({**typed, "number_to": 20000}).left_text)
        self.assertEqual(self.books.new({**typed, "number_to": 7, "digits": -1}).name, "1–7")

    @mute_logger("odoo.sql_db")
    def test_senseless_ranges_are_refused(self):
        cases = (
            {"first": 0},
            {"first": 10, "last": 9},
            {"last": 10000},
            {"prefix": "A1"},
            {"site_id": False},
        )
        for case in cases:
            with (
                self.subTest(str(case)),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.new_book(**case)
        with self.assertRaises(ValidationError):
            self.new_book("Z", 1, 90000, digits=6)

    def test_the_holders_book_is_used_first_to_last_then_the_one_on_demand(self):
        book = self.new_book("A", 8, 9, holder=self.users["cashier"])
        self.assertEqual(book.state, "issued")
        first = self.issue(self.payment(self.management_bill))
        self.assertEqual(
            (first.name, book.state, first.holder_id), ("A0008", "using", book.holder_id)
        )
        second = self.issue(self.payment(self.parking_bill))
        self.assertEqual((second.name, book.state), ("A0009", "used"))
        third = self.issue(self.payment(self.management_bill_2))
        self.assertEqual((third.name, third.book_id.is_automatic), ("SJ-TSTA-0000001", True))
        self.assertFalse(third.holder_id)

    def test_receipts_of_one_payment_go_on_in_the_next_book(self):
        self.new_book("A", 1, 1, holder=self.users["cashier"])
        self.new_book("B", 5, 9, holder=self.users["cashier"])
        receipts = self.issue(self.payment(self.management_bill | self.parking_bill), merged=False)
        self.assertEqual(receipts.mapped("name"), ["A0001", "B0005"])

    def test_only_the_holder_uses_a_book(self):
        self.new_book("A", 1, 9, holder=self.users["cashier"])
        receipt = self.issue(self.payment(self.management_bill), self.users["finance"])
        self.assertTrue(receipt.book_id.is_automatic)

    def test_the_book_on_demand_is_made_once_a_site_and_avoids_taken_prefixes(self):
        self.new_book("SJ-TSTA-", 1, 5)
        first = self.issue(self.payment(self.management_bill))
        second = self.issue(self.payment(self.parking_bill))
        self.assertEqual(first.book_id, second.book_id)
        self.assertEqual((first.name, second.number), ("SJA-TSTA-0000001", 2))

    def test_a_book_goes_out_and_back_with_the_numbers_it_has_left(self):
        book = self.new_book("A", 1, 5, holder=self.users["cashier"])
        self.issue(self.payment(self.management_bill))
        book._return()
        self.assertEqual(
            (book.state, book.holder_id, book.qty_left), ("stock", book.holder_id.browse(), 4)
        )
        book._issue_to(self.users["finance"])
        receipt = self.issue(self.payment(self.parking_bill), self.users["finance"])
        self.assertEqual(receipt.name, "A0002")
        self.assertEqual(sum(book.move_ids.mapped("quantity")), 5)

    def test_a_book_moves_between_sites_of_a_company_from_stock_only(self):
        book = self.new_book("A", 1, 5)
        with self.assertRaisesRegex(UserError, "already"):
            book._transfer(self.site)
        book._transfer(self.other_site, note="Box 3")
        self.assertEqual(book.site_id, self.other_site)
        self.assertEqual(
            {(m.site_id, m.quantity) for m in book.move_ids if m.kind == "transfer"},
            {(self.site, -5), (self.other_site, 5)},
        )
        with self.assertRaisesRegex(UserError, "does not work at"):
            book._issue_to(self.users["cashier"])
        book._transfer(self.site)
        book._issue_to(self.users["cashier"])
        with self.assertRaisesRegex(UserError, "not possible now"):
            book._transfer(self.other_site)

    def test_who_collects_no_money_gets_no_book(self):
        book = self.new_book()
        for role in ("service", "guard", "engineer"):
            with self.assertRaisesRegex(UserError, "does not collect"):
                book._issue_to(self.users[role])

    def test_numbers_of_a_book_that_moved_are_not_edited(self):
        book = self.new_book("A", 1, 5)
        book.with_user(self.users["finance"]).number_to = 6
        self.assertEqual((book.qty_left, book.move_ids.quantity), (6, 6))
        book._issue_to(self.users["cashier"])
        for vals in ({"number_to": 9}, {"prefix": "C"}, {"site_id": self.other_site.id}):
            with self.assertRaisesRegex(UserError, "stay as they are"):
                book.write(vals)
        with self.assertRaisesRegex(UserError, "buttons"):
            book.with_user(self.users["finance"]).write({"state": "stock"})
        with self.assertRaisesRegex(UserError, "stays on file"):
            book.unlink()
        spare = self.new_book("Q", 1, 5)
        spare.with_user(self.users["finance"]).unlink()
        self.assertFalse(spare.exists())

    def test_spoilt_and_lost_forms_take_their_numbers(self):
        book = self.new_book("A", 1, 5, holder=self.users["cashier"])
        self.step(book, "lost", number_from=2, number_to=3, reason="Left in a taxi")
        self.step(book, "void", number_from=5, reason="Torn")
        self.assertEqual((book.qty_lost, book.qty_void, book.qty_left), (2, 1, 2))
        self.assertEqual(book.left_text, "A0001、A0004")
        first = self.issue(self.payment(self.management_bill))
        second = self.issue(self.payment(self.parking_bill))
        self.assertEqual((first + second).mapped("number"), [1, 4])
        self.assertEqual(book.state, "used")

    def test_forms_that_are_not_free_are_not_spoilt(self):
        book = self.new_book("A", 1, 5, holder=self.users["cashier"])
        self.issue(self.payment(self.management_bill))
        for low, high in ((1, 1), (4, 6), (0, 2), (3, 2)):
            with self.assertRaisesRegex(UserError, "[Ff]ree"):
                self.step(book, "void", number_from=low, number_to=high, reason="Torn")
        with self.assertRaisesRegex(UserError, "Say what happened"):
            self.step(book, "void", number_from=2, reason=" ")

    def test_somebody_elses_forms_are_not_spoilt_by_a_cashier(self):
        book = self.new_book("A", 1, 5, holder=self.users["finance"])
        with self.assertRaises(UserError):
            self.step(book, "void", number_from=2, reason="Torn")

    def step(self, book, step, user=None, **vals):
        """Do a step of a book through the wizard, as the cashier when left out."""
        wizard = self.env["property.receipt.book.wizard"].with_user(user or self.users["cashier"])
        return wizard.create(
            {"step": step, "book_ids": [(6, 0, book.ids)], **vals}
        ).action_confirm()

    def test_finance_issues_returns_and_transfers_with_the_wizard(self):
        book, finance = self.new_book("A", 1, 5), self.users["finance"]
        self.step(book, "issue", finance, user_id=self.users["cashier"].id)
        self.assertEqual(book.holder_id, self.users["cashier"])
        self.step(book, "return", finance)
        with self.assertRaisesRegex(UserError, "Choose the site"):
            self.step(book, "transfer", finance)
        with self.assertRaises(UserError):
            self.step(book, "issue", user_id=self.users["cashier"].id)


@tagged("post_install", "-at_install")
class TestReceiptWriteoff(ReceiptCommon):
    def setUp(self):
        super().setUp()
        self.book = self.new_book("A", 1, 5, holder=self.users["cashier"])
        self.payments = self.payment(self.management_bill), self.payment(self.parking_bill)
        self.used, self.void = (self.issue(payment) for payment in self.payments)
        self.void.with_user(self.users["cashier"])._void("torn")
        self.receipts._spoil(self.book, [5], "lost", "Lost")

    def request(self, **vals):
        """File a write-off as the cashier, with the right figures but for some."""
        counted = {
            "counted_used": 1,
            "counted_void": 1,
            "counted_lost": 1,
            "counted_left": 2,
            "counted_amount": self.used.amount_total,
            "note": "The void copies are with the accountant.",
        }
        return (
            self.env["property.receipt.writeoff"]
            .with_user(self.users["cashier"])
            .create({"book_id": self.book.id, **counted, **vals})
        )

    def test_a_book_that_agrees_is_closed_by_somebody_else(self):
        request = self.request()
        request.action_submit()
        self.assertRegex(request.impact_text, "used 1|已用 1")  # the company's language
        with self.assertRaises(UserError):
            request.action_approve()
        request.with_user(self.users["finance"]).action_approve()
        self.assertEqual((self.book.state, self.book.qty_left), ("written_off", 0))
        self.assertRegex(request.final_text, "destroyed 2|销毁 2")
        self.assertEqual(self.book.move_ids[0].kind, "write_off")
        self.assertEqual(self.book.move_ids[0].quantity, -2)

    def test_the_holder_never_checks_his_own_book(self):
        self.book._return()
        self.book._issue_to(self.users["finance"])
        request = self.request()
        request.action_submit()
        with self.assertRaisesRegex(UserError, "you are its holder"):
            request.with_user(self.users["finance"]).action_approve()
        request.with_user(self.users["manager"]).action_approve()
        self.assertEqual(self.book.state, "written_off")

    def test_every_difference_is_named(self):
        wrong = {
            "counted_used": 2,
            "counted_void": 0,
            "counted_lost": 0,
            "counted_left": 3,
            "counted_amount": 0.01,
        }
        with self.assertRaises(UserError) as caught:
            self.request(**wrong).action_submit()
        for word in ("used", "void", "lost", "left", "amount"):
            self.assertIn(f"{word}: counted", str(caught.exception))

    def test_missing_copies_of_void_forms_need_a_note(self):
        with self.assertRaisesRegex(UserError, self.void.name):
            self.request(note=False).action_submit()
        self.void.with_user(self.users["cashier"]).action_copies_recovered()
        self.request(note=False).action_submit()

    def test_figures_that_change_meanwhile_stop_the_approval(self):
        request = self.request()
        request.action_submit()
        self.issue(self.payment(self.management_bill_2))
        with self.assertRaises(UserError):
            request.with_user(self.users["finance"]).action_approve()
        self.assertNotEqual(self.book.state, "written_off")

    @mute_logger("odoo.sql_db")
    def test_a_book_is_written_off_once(self):
        self.request().action_submit()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.request().action_submit()
            self.env.flush_all()

    def test_a_closed_book_neither_gives_numbers_nor_changes(self):
        request = self.request()
        request.action_submit()
        request.with_user(self.users["finance"]).action_approve()
        receipt = self.issue(self.payment(self.management_bill_2))
        self.assertTrue(receipt.book_id.is_automatic)
        with self.assertRaisesRegex(UserError, "written off"):
            self.used._void("late")
        with self.assertRaisesRegex(UserError, "refund"):
            self.payments[0].action_draft()


@tagged("post_install", "-at_install")
class TestReceiptStock(ReceiptCommon):
    def rows(self, first, last):
        """Return the report's rows of the listed book between two days."""
        self.env.flush_all()
        self.env.invalidate_all()  # rows of other days have the same ids
        report = self.env["property.receipt.stock"].with_context(
            receipt_stock_from=str(first), receipt_stock_to=str(last)
        )
        return report.search([("book_id", "in", self.listed.ids)])

    def assert_adds_up(self, rows):
        for row in rows:
            came = row.qty_opening + row.qty_in + row.qty_moved
            self.assertEqual(row.qty_left, came - row.qty_taken - row.qty_written_off)

    def test_every_row_and_sum_adds_up_on_every_day(self):
        start = date(2026, 10, 5)
        with freeze_time(start):
            book = self.new_book("A", 1, 10)
            self.listed = book
            self.env.flush_all()
        with freeze_time(start + timedelta(1)):
            book._transfer(self.other_site)
            book._transfer(self.site)
            book._issue_to(self.users["cashier"])
        with freeze_time(start + timedelta(2)):
            first = self.issue(self.payment(self.management_bill))
            self.issue(self.payment(self.parking_bill))
        with freeze_time(start + timedelta(3)):
            first._void("torn")
            self.receipts._spoil(book, [7], "lost", "Lost")
        with freeze_time(start + timedelta(4)):
            book._return()
            book._write_off()
        self.env.flush_all()
        left = [10, 10, 8, 7, 0]
        for offset, wanted in enumerate(left):
            day = start + timedelta(offset)
            rows = self.rows(start, day)
            self.assertEqual(sum(rows.mapped("qty_left")), wanted, day)
            self.assertEqual(sum(rows.mapped("qty_moved")), 0)
            self.assert_adds_up(rows)
            rows = self.rows(day, day)
            self.assertEqual(sum(rows.mapped("qty_opening")), left[offset - 1] if offset else 0)
            self.assert_adds_up(rows)
        total = self.rows(start, start + timedelta(9))
        self.assertEqual(sum(total.mapped("qty_in")), 10)
        self.assertEqual(sum(total.mapped("qty_issued")), 10)
        self.assertEqual(sum(total.mapped("qty_taken")), 3)
        self.assertEqual(sum(total.mapped("qty_void")), 1)
        self.assertEqual(sum(total.mapped("qty_lost")), 1)
        self.assertEqual(sum(total.mapped("qty_written_off")), 7)
        self.assertEqual(sum(total.mapped("amount_taken")), self.parking_bill.amount_total)
        with_cashier = self.rows(start, start + timedelta(3)).filtered("holder_id")
        self.assertEqual(with_cashier.holder_id, self.users["cashier"])
        self.assertEqual(with_cashier.qty_left, 7)

    def test_a_book_on_demand_has_no_stock_but_counts_its_numbers(self):
        receipt = self.issue(self.payment(self.management_bill))
        self.listed = receipt.book_id
        row = self.rows(date(2000, 1, 1), date(2100, 1, 1))
        self.assertEqual((row.qty_in, row.qty_taken, row.qty_left), (1, 1, 0))

    def test_the_report_opens_for_the_days_asked_for(self):
        wizard = self.env["property.receipt.stock.wizard"].create(
            {"date_from": "2026-10-01", "date_to": "2026-10-31"}
        )
        context = wizard.action_show()["context"]
        self.assertEqual(context["receipt_stock_from"], "2026-10-01")
        wizard.date_to = date(2026, 9, 1)
        with self.assertRaisesRegex(UserError, "first day"):
            wizard.action_show()
