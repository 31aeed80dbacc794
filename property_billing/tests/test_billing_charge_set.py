"""Charges written as a set are, column by column, those that the ORM creates."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import billing_charge_set
from ..models.billing_batch import BillingBatch
from ..models.billing_facts import BillingFacts
from ..tools import plan
from .common import BillingCommon

LOGGER = "odoo.addons.property_billing.models.billing_charge_set"
ODD = [0.01, 1.005, 2.675, 0.125, 1e-7, 33.33335, 78.12345678, 1 / 3, 12345678.905, -0.015, 0.0]
TEXTS = ['a "quoted", text', "two\nlines\r\n\\.\n", "\\N", "tab\there", " 两边空格 ", "NULL", "''"]


@tagged("post_install", "-at_install")
class TestBillingChargeSet(BillingCommon):
    def setUp(self):
        super().setUp()
        self.patch(billing_charge_set, "SET_FROM", 0)
        self.env["property.allocation"].create(
            {
                "site_id": self.site.id,
                "item_id": self.shared.id,
                "amount": 100.01,
                "basis": "area",
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
            }
        )
        self.new_item("BL", "percent", 10, 6, percent_base_ids=self.water.ids)
        self.percent = self.env["property.charge.item"].search([("code", "=", "BL")])
        self.env["property.fee"].create(
            {"unit_id": self.unit.id, "item_id": self.percent.id, "date_from": date(2020, 1, 1)}
        )
        self.occupy(self.unit_2, self.owner, "tenant", date(2026, 9, 11))
        self.run = self.new_run()
        items = self.run._billed_items()
        items._sync_fees(self.run._scope_units())
        batch = BillingBatch(self.run, BillingFacts(self.run, items))
        batch.compute()
        self.values = batch.charges
        self.charges = self.env["property.charge"].sudo()

    def _rows(self):
        """Read every column of the run's charges and of their lines, but the ids."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT to_jsonb(charge)::text, (
                   SELECT array_agg((to_jsonb(line) - '{id,charge_id}'::text[])::text
                                    ORDER BY line.id)
                     FROM property_charge_line line WHERE line.charge_id = charge.id)
              FROM property_charge charge WHERE run_id = %s ORDER BY id
            """,
            [self.run.id],
        )
        return [
            (billing_charge_set._row(charge, {"id"}), lines)
            for charge, lines in self.env.cr.fetchall()
        ]

    def _by_orm(self, values):
        with self.env.cr.savepoint() as trial, patch.object(billing_charge_set, "SET_FROM", 10**9):
            self.assertFalse(billing_charge_set.create(self.charges, values))
            rows = self._rows()
            trial.rollback()
        return rows

    def _assert_the_set_is_the_orms(self, values):
        by_orm = self._by_orm(values)
        self.assertTrue(billing_charge_set.create(self.charges, values))
        by_set = self._rows()
        self.assertEqual(len(by_set), len(values))
        for mine, theirs in zip(by_set, by_orm, strict=True):
            self.assertEqual(mine, theirs)

    def test_every_kind_of_charge_is_written_as_the_orm_writes_it(self):
        kinds = {vals["basis"]["kind"] for vals in self.values}
        self.assertEqual(kinds, {"time", "meter", "pool", "percent"})
        self.assertGreater(max(len(vals["line_ids"]) for vals in self.values), 2)
        self._assert_the_set_is_the_orms(self.values)
        columns = self._rows()[0][0].keys()
        stored = {
            name
            for name, field in self.charges._fields.items()
            if field.store and field.column_type
        }
        self.assertEqual(columns, stored - {"id"})

    def test_numbers_are_rounded_and_texts_kept_like_the_orm_does(self):
        template = next(vals for vals in self.values if len(vals["line_ids"]) == 3)
        values = []
        for index, number in enumerate(ODD):
            text = TEXTS[index % len(TEXTS)]
            lines = [
                (
                    0,
                    0,
                    {**line, "quantity": number, "price": number, "amount": number, "name": text},
                )
                for _command, _zero, line in template["line_ids"]
            ]
            day = date(2030, 1, 1 + index)
            values.append(
                {
                    **template,
                    "quantity": number,
                    "amount": number,
                    "explanation": text,
                    "line_ids": lines,
                    "date_from": day,
                    "date_to": day,
                    "basis": {**template["basis"], "note": text, "estimated": index % 2 == 1},
                }
            )
        self._assert_the_set_is_the_orms(values)

    def test_a_run_is_computed_as_a_set_and_reads_its_charges_at_once(self):
        count = len(self.values)
        with patch.object(billing_charge_set, "_by_copy", wraps=billing_charge_set._by_copy) as spy:
            self.run.action_compute()
            self.run.action_compute()
        self.assertEqual(spy.call_count, 2)
        self.assertEqual(len(self.run.charge_ids), count)
        total = sum(vals["amount"] for vals in self.values)
        self.assertAlmostEqual(self.run.amount_total, total)
        self.assertFalse(self.run.charge_ids._underivable())
        for charge in self.run.charge_ids:
            self.assertEqual(charge.site_id, charge.unit_id.site_id)
            self.assertAlmostEqual(sum(charge.line_ids.mapped("amount")), charge.amount)

    def test_what_another_run_billed_meanwhile_is_refused_with_a_message(self):
        self.run.action_compute()
        late = self.new_run()
        with (
            patch.object(BillingBatch, "_drop_billed", lambda batch: None),
            patch.object(BillingFacts, "billed_days", {}),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UserError, "Compute again"),
        ):
            late.action_compute()
        self.assertFalse(late.charge_ids)

    def test_the_guard_of_the_database_stands_behind_the_copy_too(self):
        twice = [*self.values, self.values[-1]]
        with (
            patch.object(BillingBatch, "compute", lambda batch: batch.charges.extend(twice)),
            self.assertRaisesRegex(UserError, "Compute again"),
            mute_logger("odoo.sql_db"),
        ):
            self.run.action_compute()
        self.assertFalse(self.run.charge_ids)

    @mute_logger(LOGGER)
    def test_an_unknown_module_that_overrides_create_is_called(self):
        model = type(self.charges)
        inherited, seen = model.create, []

        def create(charges, vals_list):
            seen.extend(vals_list)
            return inherited(charges, vals_list)

        create.__module__ = "odoo.addons.stamp_everything.models.property_charge"
        self.patch(model, "create", create)
        self.assertFalse(billing_charge_set.create(self.charges, self.values))
        self.assertEqual(len(seen), len(self.values))
        self.assertIn("stamp_everything", billing_charge_set.closed(self.env, self.values))

    @mute_logger(LOGGER)
    def test_a_row_that_differs_from_the_orms_leaves_all_to_the_orm(self):
        by_orm = self._by_orm(self.values)
        written = billing_charge_set._Writer.charge
        place = billing_charge_set.CHARGE_COLUMNS.index("category")

        def charge(writer, charge_id, vals):
            row = list(written(writer, charge_id, vals))
            row[place] = "other"
            return row

        with patch.object(billing_charge_set._Writer, "charge", charge):
            self.assertFalse(billing_charge_set.create(self.charges, self.values))
        self.assertEqual(self._rows(), by_orm)

    def test_charging_homes_alike_changes_no_charge_and_no_problem(self):
        """Homes alike, one with two owners, one relieved, one priced apart, one without area."""
        for floor in range(1, 9):
            unit = self.new_unit(f"{floor}01", entrance="8", floor=floor)
            unit.area_gross = 0 if floor == 7 else 80.5
            until = date(2026, 9, 10) if floor in (3, 4) else False
            self.occupy(unit, self.owner, "owner", date(2025, 1, 1), date_to=until)
        units = self.env["property.unit"].search([("entrance", "=", "8")], order="id")
        second = self.env["res.partner"].create({"name": "Second Owner"})
        self.occupy(units[2], second, "owner", date(2026, 9, 11))
        items = self.run._billed_items()
        items._sync_fees(self.run._scope_units())
        fees = self.env["property.fee"].search([("unit_id", "in", units.ids)])
        fees.filtered(lambda fee: fee.unit_id == units[4]).price = 1.23
        fees.filtered(lambda fee: fee.unit_id == units[5]).date_to = date(2026, 9, 20)
        alike = BillingBatch(self.run, BillingFacts(self.run, items))
        alike.compute()
        with patch.object(BillingBatch, "_plain_facts", lambda batch, *facts: None):
            alone = BillingBatch(self.run, BillingFacts(self.run, items))
            alone.compute()
        self.assertTrue(alike._alike)
        self.assertFalse(alone._alike)
        self.assertGreater(len(alone.charges), len(self.values))
        self.assertTrue(alone.problems)
        self.assertEqual(alike.charges, alone.charges)
        self.assertEqual(alike.problems, alone.problems)

    def test_homes_with_the_same_facts_share_the_words_but_not_the_payer(self):
        management = [vals for vals in self.values if vals["item_id"] == self.management.id]
        same = [vals for vals in management if vals["amount"] == management[0]["amount"]]
        self.assertGreater(len({vals["payer_id"] for vals in same}), 1)
        batch = BillingBatch(self.run, BillingFacts(self.run, self.run._billed_items()))
        for vals in self.values:
            item = batch.facts.items[vals["item_id"]]
            result = plan.derive(vals["basis"])
            days = vals["date_from"], vals["date_to"]
            alone = batch._say(item, vals["basis"], result, *days)
            for name in ("amount", "quantity", "explanation", "line_ids"):
                self.assertEqual(vals[name], alone[name])
