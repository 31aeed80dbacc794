from freezegun import freeze_time
from odoo.tests import tagged

from .common import TODAY, LeasingCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseBilling(LeasingCommon):
    def charges(self, lease):
        return self.env["property.charge"].search(
            [("fee_id", "in", lease.line_ids.fee_id.ids)], order="date_from, id"
        )

    def test_a_run_bills_what_is_due_until_its_last_day_with_its_explanation(self):
        lease = self.sign(self.new_lease(lines=[{"tax_id": self.vat9.id}]))
        run = self.bill("2026-07-01", "2026-07-31")
        charge = run.charge_ids
        self.assertEqual((charge.amount, charge.payer_id), (3000.0, self.cafe))
        self.assertEqual((str(charge.date_from), str(charge.date_to)), ("2026-07-01", "2026-07-31"))
        self.assertRegex(charge.explanation, "2026-07-01.*2026-07-31.*3000.00 .*× 1 .*= 3000.00")
        self.assertEqual(charge.move_id.amount_tax, 247.71)
        self.assertEqual(str(charge.move_id.invoice_date_due), "2026-07-01")
        self.assertEqual(lease.instalment_ids[0].state, "billed")
        self.assertFalse(charge._underivable())

    def test_no_instalment_is_billed_twice_and_a_missed_one_is_not_forgotten(self):
        lease = self.sign(self.new_lease())
        self.bill("2026-07-01", "2026-07-31")
        self.assertFalse(self.bill("2026-07-01", "2026-07-31").charge_ids)
        run = self.bill("2026-09-01", "2026-09-30")
        self.assertEqual(run.charge_ids.mapped("amount"), [3000.0, 3000.0])
        self.assertFalse(run.problem_ids)
        # what was missed is due now, not in the past
        dues = sorted(str(move.invoice_date_due) for move in run.charge_ids.move_id)
        self.assertEqual(dues, ["2026-09-01", "2026-09-01"])
        self.assertEqual(len(self.charges(lease)), 3)

    def test_what_is_due_before_it_begins_is_billed_before(self):
        self.sign(self.new_lease(cadence="3", due_days=10))
        run = self.bill("2026-09-01", "2026-09-30")
        self.assertEqual(
            [
                (str(one.date_from), str(one.bill_date))
                for one in run.charge_ids.sorted("date_from")
            ],
            [("2026-07-01", "2026-09-01"), ("2026-10-01", "2026-09-21")],
        )

    def test_an_unsigned_lease_bills_nothing(self):
        self.new_lease()
        self.assertFalse(self.bill("2026-07-01", "2026-07-31").charge_ids)

    def test_instalments_billed_elsewhere_are_not_billed_here(self):
        lease = self.sign(self.new_lease(billing_date_from="2026-09-01"))
        run = self.bill("2026-09-01", "2026-09-30")
        self.assertEqual([str(one.date_from) for one in run.charge_ids], ["2026-09-01"])
        self.assertEqual(lease.instalment_ids[:2].mapped("state"), ["elsewhere"] * 2)

    def test_an_undone_bill_is_billed_again(self):
        self.sign(self.new_lease())
        run = self.bill("2026-07-01", "2026-07-31")
        run.action_undo()
        self.assertEqual(self.bill("2026-07-01", "2026-07-31").amount_total, 3000.0)

    def test_computing_a_run_again_gives_the_same(self):
        self.sign(self.new_lease(lines=[{}, {"item_id": self.service.id, "price": 500.0}]))
        run = self.bill("2026-07-01", "2026-07-31", post=False)
        run.action_compute()
        self.assertEqual(sorted(run.charge_ids.mapped("amount")), [500.0, 3000.0])
        run.action_post()
        self.assertFalse(run._facts_differences())

    def test_rent_free_instalments_make_no_bill(self):
        lease = self.sign(
            self.new_lease(
                rent_free_ids=[(0, 0, {"date_from": "2026-07-01", "date_to": "2026-07-31"})]
            )
        )
        self.assertFalse(self.bill("2026-07-01", "2026-07-31").charge_ids)
        self.assertEqual(lease.instalment_ids[0].state, "free")

    def test_vat_on_top_is_on_the_bill(self):
        lease = self.new_lease(lines=[{"tax_id": self.vat9.id}], is_vat_included=False)
        self.sign(lease)
        charge = self.bill("2026-07-01", "2026-07-31").charge_ids
        self.assertRegex(charge.explanation, "9%.*3270.00$")
        self.assertFalse(charge._underivable())
        move = charge.move_id
        self.assertEqual((move.amount_untaxed, move.amount_tax), (3000.0, 270.0))

    def test_parts_of_an_instalment_are_lines_of_its_bill(self):
        self.sign(
            self.new_lease(
                step_ids=[(0, 0, {"repeat_months": 0, "date": "2026-07-16", "value": 10})]
            )
        )
        charge = self.bill("2026-07-01", "2026-07-31").charge_ids
        self.assertEqual(charge.line_ids.mapped("amount"), [1451.61, 1703.23])
        self.assertEqual(charge.amount, 3154.84)
        self.assertEqual(charge.move_id.amount_total, 3154.84)

    def test_all_leases_of_a_site_are_billed_in_as_many_queries_as_one(self):
        self.sign(self.new_lease())
        self.bill("2026-07-01", "2026-07-31")
        units = [self.new_unit(f"Q{i}", type_id=self.type_shop.id) for i in range(10)]
        for unit in units:
            self.sign(self.new_lease(unit))
        facts_run = self.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, self.site.ids)],
                "item_ids": [(6, 0, self.rent.ids)],
                "date_from": "2026-08-01",
                "date_to": "2026-08-31",
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(200):
            facts_run.action_compute()
        self.assertEqual(facts_run.charge_count, 21)
