"""Turnover rent that changes after it was settled: corrections, bills made anew, another end."""

from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .turnover_common import TurnoverCommon

TODAY = "2026-10-20"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestTurnoverAfterwards(TurnoverCommon):
    def test_what_corrections_charged_is_credited_by_a_later_correction(self):
        lease = self.sign(self.new_turnover_lease(term={"is_trued_up": False}))
        row = self.declare(lease, jul=100000)
        charge = self.bill_turnover("2026-10-01", "2026-10-31").charge_ids
        row._correct(160000, "Till report of the terrace was missing")
        extra = lease.settlement_ids.extra_ids
        self.assertEqual((extra.amount, extra.state), (4800.0, "posted"))
        self.assertRegex(lease.settlement_ids._explanation_now(), r"\+4,800\.00.* 9,800\.00$")
        row._correct(50000, "It was the till of another shop")
        self.assertEqual((charge.state, extra._amount_standing()), ("reversed", 1000))
        self.assertEqual(lease.settlement_ids.amount_difference, -4000.0)
        row._correct(0, "Closed for the month")
        self.assertEqual((extra.state, lease.settlement_ids.state), ("reversed", "credited"))

    def test_what_a_correction_charges_carries_the_vat_of_the_rent(self):
        vat13 = self.env["account.tax"]._vat_tax(self.company, 13)
        self.env["property.tariff"].create(
            {"item_id": self.one_off.id, "date_from": "2020-01-01", "tax_id": vat13.id}
        )
        lease = self.sign(
            self.new_turnover_lease(lines=[{"tax_id": self.vat9.id}], term={"is_trued_up": False})
        )
        row = self.declare(lease, jul=100000)
        self.bill_turnover("2026-10-01", "2026-10-31")
        row._correct(160000, "Till report of the terrace was missing")
        extra = lease.settlement_ids.extra_ids
        self.assertEqual((extra.amount, extra.move_id.amount_tax), (4800.0, 396.33))

    def test_the_sentence_rounds_as_the_bill_does(self):
        lease = self.sign(self.new_turnover_lease(tiers=((0, 10),)))
        self.declare(lease, jul=350152.95)
        self.assertEqual(lease.settlement_ids.explanation.count("35,015.30"), 2)

    def test_a_bill_of_turnover_that_is_made_anew_leaves_out_what_was_credited(self):
        lease = self.sign(self.new_turnover_lease(term={"is_trued_up": False}))
        row = self.declare(lease, jul=100000)
        run = self.bill_turnover("2026-10-01", "2026-10-31")
        row._correct(70000, "Counted twice")
        run.action_undo()
        self.env.invalidate_all()
        again = self.bill_turnover("2026-10-01", "2026-10-31").charge_ids
        self.assertEqual((again.amount, again.move_id.amount_total), (2600.0, 2600.0))
        self.assertEqual(sum(again.line_ids.mapped("amount")), 2600.0)
        self.assertFalse(again._underivable())

    def test_a_bill_that_was_adjusted_gives_back_what_stands_of_it(self):
        lease = self.sign(self.new_turnover_lease(term={"is_trued_up": False}))
        row = self.declare(lease, jul=100000)
        charge = self.bill_turnover("2026-10-01", "2026-10-31").charge_ids
        charge._credit_part(Decimal(500), "Goodwill")
        row._correct(0, "Closed for the month")
        self.assertEqual(charge.state, "reversed")

    def test_an_end_within_a_declared_month_asks_for_that_month_anew(self):
        lease = self.sign(self.new_turnover_lease(tiers=((0, 10),), term={"months": "3"}))
        self.declare(lease, jul=100000, aug=100000, sep=100000)
        self.bill_turnover("2026-10-01", "2026-10-31")
        (settled,) = lease.settlement_ids
        self.amend(lease, kind="term", date_to="2026-09-20")
        row = lease.turnover_ids.sorted("date_from")[-1]
        self.assertEqual((str(row.date_to), row.state), ("2026-09-20", "open"))
        self.assertEqual((str(settled.date_to), settled.amount_difference), ("2026-09-20", 0.0))
        self.declare(lease, sep=80000)
        # 28,000 less the base rent of two months and 20 days
        self.assertEqual(settled.amount + settled.amount_difference, 20000.0)

    def test_an_end_before_what_was_sold_is_refused_until_that_is_corrected(self):
        lease = self.sign(self.new_turnover_lease())
        september = self.declare(lease, jul=1000, aug=100000, sep=1000)[-1]
        with self.assertRaisesRegex(UserError, "Turnover is declared until 2026-09-30"):
            self.amend(lease, kind="term", date_to="2026-08-20")
        september._correct(0, "Declared for another shop")
        self.amend(lease, kind="term", date_to="2026-08-20")
        self.assertEqual(str(lease.turnover_ids.sorted("date_from")[1].date_to), "2026-08-20")
        settled = lease.settlement_ids.filtered(lambda one: str(one.date_from) == "2026-08-01")
        self.assertFalse(settled, "it was not billed: what is declared anew settles it")

    def test_an_end_within_what_waits_in_a_run_is_refused(self):
        lease = self.sign(self.new_turnover_lease())
        self.declare(lease, jul=1000, aug=100000)
        self.bill_turnover("2026-10-01", "2026-10-31", post=False)
        with self.assertRaisesRegex(UserError, "wait in a billing run"):
            self.amend(lease, kind="term", date_to="2026-08-20")

    def test_another_tenant_does_not_take_over_days_that_are_declared(self):
        lease = self.sign(self.new_turnover_lease())
        self.declare(lease, aug=100000)
        with self.assertRaisesRegex(UserError, "has declared turnover until 2026-08-31"):
            self.amend(lease, kind="tenant", date="2026-08-16", partner_id=self.baker.id)
        self.amend(lease, kind="tenant", date="2026-09-01", partner_id=self.baker.id)
