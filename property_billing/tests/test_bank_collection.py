import base64
import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import psycopg2
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import bank_file
from .bank_common import BankCommon, BankMandatesCommon


@tagged("post_install", "-at_install")
class TestBankMandates(BankCommon):
    HOUSEHOLDS = 2

    def test_one_unit_is_withheld_from_one_account(self):
        self.new_mandate(self.payers[0])
        with self.assertRaises(ValidationError):
            self.new_mandate(self.payers[0], "OTHER")

    def test_mandates_of_one_payer_may_tell_their_units_apart(self):
        home, other = self.homes
        self.new_mandate(self.payers[0], unit_ids=[(6, 0, home.ids)])
        self.new_mandate(self.payers[0], "OTHER", unit_ids=[(6, 0, other.ids)])

    def test_a_number_is_free_again_after_its_mandate_ended(self):
        mandate = self.new_mandate(self.payers[0], "A1")
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.new_mandate(self.payers[1], "A1")
        mandate.action_end()
        self.assertEqual(self.new_mandate(self.payers[1], "A1").state, "active")

    def test_a_signed_agreement_is_neither_changed_nor_deleted(self):
        mandate = self.new_mandate(self.payers[0]).with_user(self.env.ref("base.user_admin"))
        for act in (
            lambda: mandate.write({"name": "B2"}),
            lambda: mandate.write({"state": "draft"}),
            mandate.unlink,
            mandate.action_activate,
        ):
            with self.assertRaises(UserError):
                act()


@tagged("post_install", "-at_install")
class TestBankCollection(BankMandatesCommon):
    # Collecting

    def test_a_batch_of_another_age_collects_nothing(self):
        with self.assertRaisesRegex(UserError, "years away"):
            self.new_batch(date=date(2999, 12, 31))

    def test_every_due_bill_of_a_payer_with_a_mandate_is_taken(self):
        self.mandates[0].action_end()
        self.mandates[1].date_to = self.day - timedelta(days=1)
        batch = self.new_batch()
        self.assertEqual(batch.line_ids.partner_id, self.payers[2:])
        self.assertEqual(set(batch.line_ids.mapped("bill_count")), {3})
        self.assertEqual(
            batch.amount_total, round(sum(self.owed(home) for home in self.homes[2:]), 2)
        )
        self.assertEqual(batch.line_ids.mapped("sequence"), list(range(1, 11)))

    def test_a_bill_is_in_one_batch_only_until_it_is_answered(self):
        batch = self.sent_batch()
        bill = batch.line_ids[0].bill_ids[0].bill_id
        self.assertTrue(bill.is_with_bank)
        household = self.env["property.counter"].open_household(bill.unit_id.id)
        [shown] = [one for one in household["bills"] if one["id"] == bill.id]
        self.assertEqual(shown["with_bank"], batch.name)
        self.assertIn(bill, self.env["account.move"].search([("is_with_bank", "=", True)]))
        with self.assertRaises(UserError):
            self.new_batch()
        self.answered(batch, line_1=("余额不足", 0))
        bill.invalidate_recordset(["is_with_bank"])
        self.assertFalse(bill.is_with_bank)
        again = self.new_batch()
        self.assertIn(bill, again.line_ids.bill_ids.bill_id)

    def test_one_payer_may_have_one_line_for_all_units(self):
        home, other = self.homes[:2]
        self.env["property.occupancy"].search([("unit_id", "=", other.id)]).write(
            {"partner_id": self.payers[0].id}
        )
        run = self.new_run(*self.months(9), items=self.management)
        run.action_compute()
        run.action_post()
        self.mandates[1].action_end()
        self.assertEqual(len(self.new_batch().line_ids.filtered(self.of(self.payers[0]))), 2)
        self.env["property.bank.collection"].search([]).action_cancel()
        line = self.new_batch(grouping="payer").line_ids.filtered(self.of(self.payers[0]))
        self.assertEqual((len(line), line.unit_id.id), (1, False))
        self.assertEqual(line.unit_text, f"{home.code}、{other.code}")

    def months(self, month):
        first = self.day.replace(month=month, day=1)
        return first, first.replace(day=28)

    @staticmethod
    def of(payer):
        return lambda line: line.partner_id == payer

    def test_a_batch_with_nothing_to_collect_says_so(self):
        self.mandates.action_end()
        with self.assertRaisesRegex(UserError, "nothing to collect"):
            self.new_batch()

    # Files

    def test_the_file_is_what_the_bank_wants_and_is_kept(self):
        batch = self.sent_batch()
        sent = batch.file_ids
        text = base64.b64decode(sent.content).decode("gb18030").splitlines()
        self.assertEqual(text[0], "序号,协议号,户名,账号,金额,摘要,备注")
        first = batch.line_ids[0]
        self.assertEqual(
            text[1],
            f"1,{first.agreement},业主00,{first.account_number},{first.amount:.2f},"
            f"{self.homes[0].code},{batch.name}",
        )
        self.assertTrue(text[-1].startswith(f"合计,12,,,{batch.amount_total:.2f},,"))
        self.assertEqual((sent.direction, sent.line_count), ("out", 12))
        self.assertEqual(len(sent.sha256), 64)

    def test_the_journal_says_how_its_bank_writes(self):
        self.bank.write(
            {
                "bank_file_columns": "sequence=No\nagreement=ID\namount=Fen",
                "bank_file_answer": "result=Code\npaid=Got",
                "bank_file_unit": "fen",
                "bank_file_delimiter": "|",
                "bank_file_encoding": "utf-8",
                "bank_file_has_trailer": False,
                "bank_file_successes": "0",
            }
        )
        batch = self.sent_batch()
        first = batch.line_ids[0]
        text = base64.b64decode(batch.file_ids.content).decode().splitlines()
        fen = round(first.amount * 100)
        self.assertEqual(text[:2], ["No|ID|Fen", f"1|{first.agreement}|{fen}"])
        answer = f"No|ID|Fen|Code|Got\n1|{first.agreement}|{fen}|0|{fen - 5}"
        batch._import_results("a.txt", answer.encode())
        self.assertEqual((first.result, first.amount_paid), ("part", first.amount - 0.05))
        self.assertEqual(batch.state, "partial")
        with self.assertRaises(ValidationError):
            self.bank.bank_file_columns = "amount=Fen"
        with self.assertRaises(ValidationError):
            self.bank.bank_file_answer = "colour=Red"

    def test_a_workbook_goes_out_and_comes_back(self):
        batch = self.new_batch()
        batch.action_export_xlsx()
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(batch.file_ids.content))).active
        self.assertEqual(sheet.cell(2, 2).value, batch.line_ids[0].agreement)
        book = openpyxl.Workbook()
        for row in self.answer_rows(batch, line_2=("账户已销户", 0)):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        batch._import_results("answer.xlsx", out.getvalue())
        self.assertEqual(batch.state, "imported")
        self.assertEqual(batch.line_ids[1].reason, "账户已销户")

    def test_an_answer_may_come_in_parts(self):
        batch = self.sent_batch()
        rows = self.answer_rows(batch)
        for chunk in (rows[1:5], rows[5:-1]):
            total = sum(Decimal(row[4]) for row in chunk)
            trailer = ["合计", str(len(chunk)), "", "", str(total), *[""] * 7]
            batch._import_results("part.csv", self.as_csv([rows[0], *chunk, trailer]))
        self.assertEqual(batch.state, "imported")

    def test_a_file_with_anything_wrong_changes_nothing(self):
        batch = self.sent_batch()
        good = self.answer_rows(batch)

        def with_cell(row, column, text):
            rows = [list(one) for one in good]
            rows[row][column] = text
            return self.as_csv(rows)

        bad = {
            "": "empty",
            self.as_csv(good[:-1]): "cut off",
            self.as_csv(good[1:]): "missing",
            self.as_csv([good[0], *good[2:]]): "last row says",
            self.as_csv([good[0], good[1], *good[1:]]): "last row says",
            with_cell(-1, 4, "1.00"): "last row says",
            with_cell(-1, 1, "many"): "cannot be read",
            with_cell(1, 0, "99"): "was not sent",
            with_cell(1, 1, "NOBODY"): "was not sent",
            with_cell(2, 0, "1"): "was not sent",
            with_cell(1, 0, "one"): "no line number",
            with_cell(1, 4, "1.005"): "no amount",
            with_cell(1, 7, ""): "result is missing",
            with_cell(1, 8, "999999.00"): "does not fit the result",
            with_cell(1, 7, "失败"): "does not fit the result",
            "序号".encode("utf-16"): "not written in|missing",
            b"PK\x03\x04 no workbook": "workbook",
        }
        for content, message in bad.items():
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                batch._import_results("answer.csv", content or b"")
        self.assertEqual(set(batch.line_ids.mapped("result")), {"pending"})
        self.assertEqual((batch.state, len(batch.file_ids)), ("exported", 1))

    def test_other_amounts_and_lines_told_twice_are_refused_by_row(self):
        batch = self.sent_batch()
        good = self.answer_rows(batch)
        one, two = Decimal(good[1][4]), Decimal(good[2][4])
        good[1][4], good[2][4] = str(one + 1), str(two - 1)
        good[2][8] = good[2][4]
        with self.assertRaisesRegex(UserError, "Row 2: line 1 was sent with"):
            batch._import_results("answer.csv", self.as_csv(good))
        good = self.answer_rows(batch)
        twice = [*good[:2], *good[1:-1]]
        total = sum(Decimal(row[4]) for row in twice[1:])
        trailer = ["合计", str(len(twice) - 1), "", "", str(total), *[""] * 7]
        with self.assertRaisesRegex(UserError, "more than once"):
            batch._import_results("answer.csv", self.as_csv([*twice, trailer]))

    def test_a_file_is_imported_once(self):
        batch = self.sent_batch()
        content = self.answered(batch, line_1=("余额不足", 0))
        other = self.sent_batch()
        with self.assertRaisesRegex(UserError, "imported on .* into batch"):
            other._import_results("again.csv", content)
        self.assertEqual(set(other.line_ids.mapped("result")), {"pending"})

    def test_a_file_was_imported_on_the_day_of_whoever_asks(self):
        batch = self.sent_batch()
        content = self.answered(batch, line_1=("余额不足", 0))
        answer = batch.file_ids.filtered(lambda file: file.direction == "in")
        self.env.cr.execute(
            "UPDATE property_bank_collection_file SET create_date = %s WHERE id = %s",
            ["2026-10-31 20:00", answer.id],
        )
        answer.invalidate_recordset()
        other = self.sent_batch().with_context(tz="Asia/Shanghai")
        with self.assertRaisesRegex(UserError, "imported on 2026-11-01 into batch"):
            other._import_results("again.csv", content)

    # Giving up

    def test_lines_and_batches_taken_back_set_their_bills_free(self):
        batch = self.sent_batch()
        line = batch.line_ids[0]
        line.action_cancel_line()
        self.assertLessEqual(line.bill_ids.bill_id, self.new_batch().line_ids.bill_ids.bill_id)
        batch.action_cancel()
        self.assertEqual(set(batch.line_ids.mapped("result")), {"cancelled"})
        self.assertFalse(batch.line_ids.bill_ids.filtered("is_open"))
        with self.assertRaises(UserError):
            line.action_cancel_line()

    def test_what_the_bank_collected_cannot_be_given_up(self):
        batch = self.sent_batch()
        rows = self.answer_rows(batch)
        trailer = ["合计", "1", "", "", rows[1][4], *[""] * 7]
        batch._import_results("part.csv", self.as_csv([rows[0], rows[1], trailer]))
        with self.assertRaisesRegex(UserError, "has collected some"):
            batch.action_cancel()
        with self.assertRaises(UserError):
            batch.unlink()

    def test_the_scope_is_not_changed_under_its_lines(self):
        batch = self.new_batch().with_user(self.env.ref("base.user_admin"))
        with self.assertRaises(UserError):
            batch.date = self.day + timedelta(days=1)
        with self.assertRaises(UserError):
            batch.state = "done"

    def test_the_default_layout_has_all_columns(self):
        keys = [key for key, _heading in self.bank._bank_file_layout().columns]
        self.assertEqual(keys, list(bank_file.SENT))
