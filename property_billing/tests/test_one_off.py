"""One-off fees beside the runs of their month, and what was forgotten in its own."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BillingCommon

D = Decimal


@tagged("post_install", "-at_install")
class TestOneOff(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls.new_item("KEY", "one_off", 20.0, 6)

    def one_off(self, day, **vals):
        return self.env["property.fee"].create(
            {"unit_id": self.unit.id, "item_id": self.card.id, "date_from": day, **vals}
        )

    def posted(self, first, last, **vals):
        run = self.new_run(first, last, **vals)
        run.action_compute()
        run.action_post()
        return run

    def computed(self, **vals):
        run = self.new_run(**vals)
        run.action_compute()
        return run

    def test_a_month_is_billed_after_a_run_of_its_own_billed_the_one_off(self):
        self.one_off(date(2026, 9, 15))
        alone = self.posted(date(2026, 9, 15), date(2026, 9, 15), items=self.card)
        month = self.posted(date(2026, 9, 1), date(2026, 9, 30))
        self.assertEqual([row[3] for row in self.billed(alone)], [D("20.00")])
        self.assertEqual(self.billed(month, self.card), [])
        self.assertTrue(self.billed(month, self.management))
        self.assertIn(("billed", "3-1-1502"), self.problem_kinds(month))

    def test_a_second_run_of_the_month_leaves_the_one_off_out(self):
        self.one_off(date(2026, 9, 15))
        self.posted(date(2026, 9, 1), date(2026, 9, 30))
        self.assertEqual(self.billed(self.computed()), [])
        self.assertEqual(self.billed(self.computed(items=self.card, catch_up=True)), [])

    def test_a_one_off_entered_after_its_month_is_told_of_and_caught_up_when_asked(self):
        self.posted(date(2026, 8, 1), date(2026, 8, 31))
        self.one_off(date(2026, 8, 15), date_to=date(2026, 8, 15))
        plain = self.computed()
        self.assertEqual(self.billed(plain, self.card), [])
        missed = plain.problem_ids.filtered(lambda problem: problem.kind == "missed")
        self.assertEqual((missed.unit_id, missed.severity), (self.unit, "warning"))
        plain.unlink()
        late = self.posted(date(2026, 9, 1), date(2026, 9, 30), catch_up=True)
        self.assertEqual([row[3] for row in self.billed(late, self.card)], [D("20.00")])
        october = self.computed(
            date_from=date(2026, 10, 1), date_to=date(2026, 10, 31), catch_up=True
        )
        self.assertEqual(self.billed(october, self.card), [])
        self.assertNotIn("missed", [kind for kind, _unit in self.problem_kinds(october)])

    def test_catching_up_stops_at_its_first_day(self):
        self.one_off(date(2026, 6, 30))
        run = self.computed(catch_up=True, catch_up_from=date(2026, 7, 1))
        self.assertEqual(self.billed(run, self.card), [])

    def test_what_was_taken_back_is_not_caught_up_but_billed_by_its_own_month(self):
        self.one_off(date(2026, 8, 15))
        august = self.posted(date(2026, 8, 1), date(2026, 8, 31), items=self.card)
        august.action_undo()
        run = self.computed(catch_up=True, items=self.card)
        self.assertEqual((self.billed(run), self.problem_kinds(run)), ([], []))
        again = self.computed(
            date_from=date(2026, 8, 1), date_to=date(2026, 8, 31), items=self.card
        )
        self.assertEqual([row[3] for row in self.billed(again)], [D("20.00")])

    def test_a_shared_cost_entered_after_its_month_is_told_of(self):
        self.posted(date(2026, 8, 1), date(2026, 8, 31))
        pool = self.env["property.allocation"].create(
            {
                "site_id": self.site.id,
                "item_id": self.shared.id,
                "date_from": date(2026, 8, 1),
                "date_to": date(2026, 8, 31),
                "amount": 100.0,
            }
        )
        run = self.computed()
        missed = run.problem_ids.filtered(lambda problem: problem.kind == "missed")
        self.assertEqual((missed.item_id, missed.severity), (self.shared, "warning"))
        self.assertIn("2026-08-31", missed.message)
        self.posted(pool.date_from, pool.date_to, items=self.shared)
        self.assertNotIn("missed", [kind for kind, _unit in self.problem_kinds(self.computed())])

    def test_arrears_of_days_that_are_billed_are_refused_in_words(self):
        self.posted(date(2026, 8, 1), date(2026, 8, 31))
        charges = self.env["property.charge"]
        row = {
            "unit_id": self.unit.id,
            "item_id": self.management.id,
            "date_from": date(2026, 7, 1),
            "date_to": date(2026, 8, 1),
            "amount": 3.0,
        }
        with self.assertRaisesRegex(UserError, "3-1-1502.*2026-07-01"):
            charges._create_opening_bills([row])
        july = charges._create_opening_bills([{**row, "date_to": date(2026, 7, 31)}])
        self.assertEqual((july.state, july.amount), ("posted", 3.0))
