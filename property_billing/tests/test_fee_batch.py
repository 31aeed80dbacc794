"""One-off fees for many units: looked at, billed, taken back as one."""

import base64
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .requests_common import RequestsCommon

D = Decimal


@freeze_time("2026-09-15")
@tagged("post_install", "-at_install")
class TestFeeBatch(RequestsCommon):
    # Batch ------------------------------------------------------------------------------------

    def batch(self, **vals):
        self.card = self.new_item("MK", "one_off", 0.0, 6)
        return (
            self.env["property.fee.batch"]
            .with_user(self.maker)
            .create(
                {
                    "name": "Cards",
                    "site_id": self.site.id,
                    "item_id": self.card.id,
                    "date": date(2026, 9, 12),
                    **vals,
                }
            )
        )

    def workbook(self, rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        data = BytesIO()
        book.save(data)
        return base64.b64encode(data.getvalue())

    def test_a_batch_charges_chosen_units_and_is_taken_back_as_one(self):
        batch = self.batch(unit_ids=[(6, 0, (self.unit | self.unit_2).ids)], amount=35.0)
        batch.action_check()
        self.assertEqual((batch.line_count, batch.amount_total), (2, 70.0))
        batch.action_create()
        self.assertEqual(
            self.billed(batch.run_id),
            [
                ("MK", "3-1-1502", "Test Owner Li", D("35.00")),
                ("MK", "3-1-201", "Test Buyer Zhao", D("35.00")),
            ],
        )
        batch.run_id.action_post()
        with self.assertRaises(UserError):
            batch.amount = 1
        charges = batch.run_id.charge_ids
        batch.action_undo()
        self.assertEqual(set(charges.mapped("state")), {"cancelled"})
        self.assertFalse(batch.fee_ids.filtered("active"))
        run = self.new_run(items=self.card)
        run.action_compute()
        self.assertFalse(run.charge_ids)

    def test_a_batch_can_take_every_unit_of_a_building_and_type(self):
        batch = self.batch(source="filter", amount=5.0, building_ids=[(6, 0, self.building.ids)])
        batch.action_check()
        self.assertEqual(set(batch.line_ids.unit_id.mapped("code")), {"3-1-1502", "3-1-201"})

    def test_a_workbook_gives_rooms_and_amounts_however_they_are_written(self):
        batch = self.batch(
            source="workbook",
            filename="cards.xlsx",
            file=self.workbook(
                [
                    ["Cards of May"],
                    ["房号", "金额(元)", "备注"],
                    ["3栋1单元1502室", 35, "lost"],
                    ["3-1-201", "abc", "two cards"],
                    ["9-9-999", 35, None],
                    ["合计", 70, None],
                ]
            ),
        )
        batch.action_check()
        self.assertEqual(batch.line_ids.mapped("unit_id.code"), ["3-1-1502", "3-1-201"])
        self.assertEqual(batch.error_count, 2)
        with self.assertRaisesRegex(UserError, "2 lines"):
            batch.action_create()
        wrong = batch.line_ids.filtered("error")
        self.assertIn("abc", wrong[0].error)
        wrong[0].amount = 20
        self.assertEqual((wrong[0].error, wrong[0].note), (False, "two cards"))
        wrong[1].unlink()
        batch.action_create()
        self.assertEqual(batch.run_id.amount_total, 55.0)

    def test_a_unit_standing_twice_or_a_wrong_file_is_refused(self):
        batch = self.batch(
            source="workbook",
            filename="cards.xlsx",
            file=self.workbook([["房号", "金额"], ["3-1-201", 1], ["3-1-201", 2]]),
        )
        batch.action_check()
        self.assertEqual(batch.error_count, 2)
        for vals in (
            {"file": base64.b64encode(b"no workbook")},
            {"file": self.workbook([["a", "b"], [1, 2]])},
            {"file": False},
            {"source": "units"},
        ):
            batch.write({**vals})
            with self.subTest(list(vals)), self.assertRaises(UserError):
                batch.action_check()

    def test_a_batch_is_for_those_who_bill(self):
        with self.assertRaises(AccessError):
            self.env["property.fee.batch"].with_user(self.users["service"]).search([])
        batch = self.batch(unit_ids=[(6, 0, self.unit.ids)], amount=35.0)
        with self.assertRaises(AccessError):
            batch.with_user(self.users["cashier"]).action_check()
        with self.assertRaises(UserError):
            batch.write({"state": "done"})
