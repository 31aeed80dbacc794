"""The ledger of 翠湖花园, imported and billed: every charge equals the oracle's, to the fen."""

import base64
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

from . import oracle

ANSWERS = {
    "WYF-ZZ": (Decimal("285183.21"), 878),
    "WYF-SP": (Decimal("11854.89"), 24),
    "CW-DX": (Decimal("20613.31"), 262),
    "CW-DS": (Decimal("8950.00"), 60),
    "SF": (Decimal("47522.93"), 817),
    "DF-SP": (Decimal("31348.00"), 24),
    "GT-DF": (Decimal("18107.00"), 872),
}


@tagged("post_install", "-at_install")
class TestLedgerAnswers(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = file_path("property_billing/demo/cuihu_ledger.xlsx")
        company = cls.env.company
        company._billing_prepare_accounting()
        cls.ledger = cls.env["property.import"].create(
            {
                "filename": "cuihu_ledger.xlsx",
                "file": base64.b64encode(Path(cls.path).read_bytes()),
                "company_id": company.id,
            }
        )
        cls.ledger.action_check()
        cls.ledger.action_import()
        cls.site = cls.ledger.site_id

    def _run(self, first, last):
        run = self.env["property.billing.run"].create(
            {"site_ids": [(6, 0, self.site.ids)], "date_from": first, "date_to": last}
        )
        run.action_compute()
        return run

    def _as_bills(self, run):
        return Counter(
            (
                charge.item_id.code,
                charge.unit_id.code,
                charge.payer_id.name,
                charge.date_from,
                charge.date_to,
                Decimal(str(charge.amount)).quantize(Decimal("0.01")),
            )
            for charge in run.charge_ids
        )

    def test_september_is_right_to_the_fen(self):
        run = self._run(date(2026, 9, 1), date(2026, 9, 30))
        totals = {}
        for charge in run.charge_ids:
            amount, count = totals.get(charge.item_id.code, (Decimal(0), 0))
            exact = Decimal(str(charge.amount)).quantize(Decimal("0.01"))
            totals[charge.item_id.code] = (amount + exact, count + 1)
        self.assertEqual(totals, ANSWERS)
        self.assertEqual(sum(amount for amount, _count in totals.values()), Decimal("423579.34"))
        self.assertFalse(run.problem_ids)

    def test_every_bill_takes_the_fast_lane_and_totals_its_charge(self):
        run = self._run(date(2026, 9, 1), date(2026, 9, 30))
        run.action_post()
        self.assertEqual((run.fast_count, run.orm_count), (2937, 0), run.lane_note)
        self.assertFalse(run.lane_unknown)
        self.env.cr.execute(
            """
            SELECT count(*), sum(move.amount_total),
                   count(*) FILTER (WHERE move.amount_total = charge.amount
                                      AND move.amount_residual = charge.amount)
              FROM property_charge charge JOIN account_move move ON move.id = charge.move_id
             WHERE charge.run_id = %s
            """,
            [run.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (2937, 423579.34, 2937))

    def test_every_charge_equals_the_oracles(self):
        for month in (7, 8, 9):
            bills = oracle.bill_month(self.path, 2026, month)
            last = max(bill[4] for bill in bills)
            run = self._run(date(2026, month, 1), last)
            self.assertEqual(self._as_bills(run), Counter(bills), f"month {month}")

    def test_every_charge_can_be_derived_again_from_its_frozen_facts(self):
        run = self._run(date(2026, 9, 1), date(2026, 9, 30))
        self.env["property.tariff"].search([("item_id.site_id", "=", self.site.id)]).unlink()
        self.env["property.unit"].search([("site_id", "=", self.site.id)]).area_billable = 1.0
        for charge in run.charge_ids:
            amount = charge._derive()["amount"]
            self.assertEqual(charge.currency_id.compare_amounts(float(amount), charge.amount), 0)

    def test_computing_again_changes_nothing(self):
        run = self._run(date(2026, 9, 1), date(2026, 9, 30))
        before = self._as_bills(run)
        run.action_compute()
        self.assertEqual(self._as_bills(run), before)

    def test_opening_arrears_are_bills_outside_income(self):
        charges = self.env["property.charge"].search(
            [("site_id", "=", self.site.id), ("is_opening", "=", True)]
        )
        self.assertEqual(len(charges), 70)
        self.assertEqual(round(sum(charges.mapped("amount")), 2), 169916.72)
        moves = charges.move_id
        self.assertEqual(set(moves.mapped("state")), {"posted"})
        self.assertTrue(all(moves.mapped("is_opening")))
        self.assertFalse(moves.line_ids.tax_ids)
        self.assertFalse(
            moves.line_ids.filtered(lambda line: line.account_id.internal_group == "income")
        )
        for charge in charges:
            self.assertEqual(charge.move_id.invoice_date, charge.date_to)
            owner = charge.unit_id._property_payer_on("owner", charge.date_to)[charge.unit_id.id]
            self.assertEqual(charge.payer_id, owner)

    def test_a_community_is_computed_in_a_fixed_number_of_queries(self):
        run = self._run(date(2026, 9, 1), date(2026, 9, 30))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run.action_compute()
        self.assertLess(self.env.cr.sql_log_count - before, 250)
