from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools.schedule import rent_between
from .common import TODAY, LeasingCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseAmendment(LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lease = cls.sign(cls.new_lease(cadence="3"))
        cls.bill("2026-07-01", "2026-07-31")
        cls.line = cls.lease.line_ids

    def tax_one_off(self, rate):
        self.env["property.tariff"].create(
            {
                "item_id": self.one_off.id,
                "date_from": "2020-01-01",
                "tax_id": self.env["account.tax"]._vat_tax(self.company, rate).id,
            }
        )

    def price(self, value, **more):
        return [(0, 0, {"lease_line_id": self.line.id, "price": value, "area": 50.0, **more})]

    def test_another_price_changes_the_instalments_to_come_only(self):
        amendment = self.amend(self.lease, date="2027-01-01", line_ids=self.price(3300.0))
        self.assertEqual(
            self.rows(self.lease, "date_from", "amount"),
            [
                ("2026-07-01", 9000.0),
                ("2026-10-01", 9000.0),
                ("2027-01-01", 9900.0),
                ("2027-04-01", 9900.0),
            ],
        )
        self.assertRegex(amendment.impact_text, "^2 .*1,800.00$")
        self.assertEqual(len(amendment.changes), 2)
        self.assertIn("9,900.00", amendment.changes_html)
        self.assertEqual((amendment.number, self.lease.amount_total), (1, 37800.0))

    def test_days_billed_too_low_are_charged_once(self):
        amendment = self.amend(self.lease, date="2026-09-01", line_ids=self.price(3300.0))
        self.assertEqual(amendment.charge_ids.amount, 300.0)
        self.assertEqual(amendment.charge_ids.move_id.state, "posted")
        row = self.lease.instalment_ids[0]
        self.assertEqual((row.amount, row.amount_difference), (9000.0, 300.0))
        again = self.amend(self.lease, date="2027-01-01", line_ids=self.price(3500.0))
        self.assertFalse(again.charge_ids)

    def test_days_billed_too_high_are_credited(self):
        charge = self.lease.instalment_ids[0].charge_id
        self.pay(charge.move_id)
        self.amend(self.lease, date="2026-09-01", line_ids=self.price(2700.0))
        self.assertEqual(charge._amount_standing(), 8700)
        kept = self.env["property.prepayment"]._open(self.shop)
        self.assertEqual(kept.amount_left, 300.0)
        self.assertEqual(self.lease.instalment_ids[0].state, "paid")

    def test_what_was_charged_on_top_is_given_back_with_the_days(self):
        lease = self.sign(self.new_lease(self.shop_2))
        line = lease.line_ids
        self.bill("2026-07-01", "2026-10-31")
        october = lease.instalment_ids[3].charge_id

        def rent(price):
            return [(0, 0, {"lease_line_id": line.id, "price": price, "area": 80.0})]

        raised = self.amend(lease, date="2026-10-01", line_ids=rent(3500.0)).charge_ids
        self.pay(raised.move_id)
        self.amend(lease, date="2026-10-01", line_ids=rent(3100.0))
        self.assertEqual((raised._amount_standing(), october._amount_standing()), (100, 3000))
        self.amend(lease, date="2026-10-01", line_ids=rent(2400.0))
        self.assertEqual((raised.state, october._amount_standing()), ("reversed", 2400))
        again = self.amend(lease, date="2026-10-01", line_ids=rent(2600.0)).charge_ids
        end = self.amend(lease, kind="term", date_to="2026-09-30", penalty=1000.0)
        self.assertEqual((again.state, october.state), ("reversed", "reversed"))
        self.assertEqual(lease.instalment_ids[3].state, "dropped")
        self.assertEqual(lease.instalment_ids[3].amount_difference, -3000.0)
        penalty = end.charge_ids.move_id
        self.assertEqual(penalty.amount_residual, 500.0, "what was paid on top pays half of it")

    def test_vat_on_top_is_that_of_what_the_days_cost_now(self):
        lease = self.sign(
            self.new_lease(
                self.shop_2,
                lines=[{"price": 3000.01, "tax_id": self.vat9.id}],
                is_vat_included=False,
            )
        )
        self.bill("2026-07-01", "2026-08-31")
        august = lease.instalment_ids[1]
        self.amend(lease, kind="term", date_to="2026-08-17")
        self.assertEqual(august.charge_id._amount_standing(), Decimal("1793.24"))
        self.assertEqual(round(august.amount + august.amount_difference, 2), 1793.24)

    def test_what_billed_days_cost_more_carries_the_vat_of_its_own_price(self):
        self.tax_one_off(13)
        vat6 = self.env["account.tax"]._vat_tax(self.company, 6)
        lease = self.sign(
            self.new_lease(
                self.shop_2,
                lines=[
                    {"tax_id": self.vat9.id},
                    {"item_id": self.service.id, "price": 800.0, "tax_id": vat6.id},
                ],
            )
        )
        self.bill("2026-07-01", "2026-07-31")
        amendment = self.amend(
            lease,
            date="2026-07-01",
            line_ids=[
                (0, 0, {"lease_line_id": line.id, "price": price, "area": 80.0})
                for line, price in zip(lease.line_ids, (3333.33, 853.0), strict=True)
            ],
            penalty=113.0,
        )
        rent, service, penalty = amendment.charge_ids.sorted("id")
        self.assertEqual(
            [(one.amount, one.move_id.amount_tax) for one in (rent, service, penalty)],
            [(333.33, 27.52), (53.0, 3.0), (113.0, 13.0)],
        )
        self.assertIn("9%", rent.explanation)
        self.assertIn("13%", penalty.explanation)
        line = {"lease_line_id": lease.line_ids[0].id, "price": 3224.33, "area": 80.0}
        self.amend(lease, date="2026-07-01", line_ids=[(0, 0, line)])
        notes = rent.move_id._property_credit_notes()
        self.assertEqual((notes.amount_total, notes.amount_tax), (109.0, 9.0))
        self.assertEqual(service._amount_standing(), 53)

    def test_rent_without_vat_has_none_on_what_is_charged_later(self):
        self.tax_one_off(13)
        charge = self.amend(self.lease, date="2026-09-01", line_ids=self.price(3300.0)).charge_ids
        self.assertEqual((charge.amount, charge.move_id.amount_tax), (300.0, 0.0))

    def test_vat_on_top_of_what_is_charged_later_is_to_the_fen(self):
        self.tax_one_off(13)
        lease = self.sign(
            self.new_lease(
                self.shop_2,
                lines=[{"price": 3000.0, "tax_id": self.vat9.id}],
                is_vat_included=False,
            )
        )
        self.bill("2026-07-01", "2026-07-31")
        line = {"lease_line_id": lease.line_ids.id, "price": 3100.0, "area": 80.0}
        charge = self.amend(lease, date="2026-07-01", line_ids=[(0, 0, line)]).charge_ids
        move = charge.move_id
        self.assertEqual((move.amount_untaxed, move.amount_tax), (100.0, 9.0))
        line["price"] = 3050.0
        self.amend(lease, date="2026-07-01", line_ids=[(0, 0, line)])
        notes = move._property_credit_notes()
        self.assertEqual((notes.amount_untaxed, notes.amount_tax), (50.0, 4.5))

    def test_an_early_end_gives_back_what_was_billed_ahead_and_charges_the_penalty(self):
        self.bill("2026-10-01", "2026-10-31")
        last = self.lease.instalment_ids[1].charge_id
        amendment = self.amend(self.lease, kind="term", date_to="2026-09-30", penalty=3000.0)
        self.assertEqual(last.state, "reversed")
        self.assertEqual(amendment.charge_ids.mapped("amount"), [3000.0])
        self.assertEqual(self.lease.instalment_ids.mapped("state"), ["billed", "dropped"])
        self.assertEqual(self.lease.amount_total, 9000.0)
        self.assertEqual(str(self.lease.line_ids.fee_id.date_to), "2026-09-30")
        self.assertEqual(str(self.lease.occupancy_ids.date_to), "2026-09-30")
        self.assertFalse(self.bill("2026-11-01", "2026-11-30").charge_ids)
        with freeze_time("2026-10-01"):
            self.lease.invalidate_recordset(["state"])
            self.assertEqual(self.lease.state, "terminated")
        self.sign(self.new_lease(partner_id=self.baker.id, date_from="2026-10-01"))

    def test_an_end_inside_a_billed_instalment_credits_the_days_after_it(self):
        charge = self.lease.instalment_ids[0].charge_id
        self.amend(self.lease, kind="term", date_to="2026-08-31")
        self.assertEqual(charge._amount_standing(), 6000)
        self.assertEqual(len(self.lease.instalment_ids), 1)

    def test_a_renewal_goes_on_with_steps_and_instalments(self):
        lease = self.sign(
            self.new_lease(self.shop_2, step_ids=[(0, 0, {"repeat_months": 12, "value": 10})])
        )
        self.amend(lease, kind="term", date_to="2027-12-31")
        rows = self.rows(lease, "date_from", "amount")
        self.assertEqual(rows[11:13], [("2027-06-01", 3000.0), ("2027-07-01", 3300.0)])
        self.assertEqual(len(rows), 18)
        self.assertFalse(lease.terminated_date)

    def test_a_renewal_into_the_days_of_another_tenant_is_refused(self):
        self.sign(
            self.new_lease(partner_id=self.baker.id, date_from="2027-07-01", date_to="2027-12-31")
        )
        with self.assertRaisesRegex(UserError, "has a tenant"):
            self.amend(self.lease, kind="term", date_to="2027-08-31")

    def test_more_rent_free_days_cost_nothing(self):
        self.amend(self.lease, kind="rent_free", date="2026-10-01", free_to="2026-10-31")
        self.assertEqual(self.rows(self.lease, "amount")[1], (6000.0,))

    def test_another_tenant_is_billed_from_his_day_on(self):
        self.amend(self.lease, kind="tenant", date="2026-11-01", partner_id=self.baker.id)
        rows = [(str(row.date_from), row.partner_id) for row in self.lease.instalment_ids]
        self.assertEqual(
            rows[:3],
            [
                ("2026-07-01", self.cafe),
                ("2026-10-01", self.cafe),
                ("2026-11-01", self.baker),
            ],
        )
        self.assertEqual(self.lease.partner_id, self.baker)
        spans = [
            (row.partner_id, str(row.date_from), str(row.date_to))
            for row in self.lease.occupancy_ids.sorted("date_from")
        ]
        self.assertEqual(
            spans,
            [
                (self.cafe, "2026-07-01", "2026-10-31"),
                (self.baker, "2026-11-01", "2027-06-30"),
            ],
        )
        later = self.amend(self.lease, date="2027-01-01", line_ids=self.price(3300.0))
        self.assertEqual(later.old_partner_id, self.baker)
        self.assertEqual(self.lease._tenant_on(self.lease.date_from), self.cafe)

    def test_a_tenant_does_not_change_on_billed_days(self):
        with self.assertRaisesRegex(UserError, "is billed until"):
            self.amend(self.lease, kind="tenant", date="2026-09-01", partner_id=self.baker.id)

    def test_drafts_of_a_billing_run_come_first(self):
        self.bill("2026-10-01", "2026-10-31", post=False)
        with self.assertRaisesRegex(UserError, "wait in a billing run"):
            self.amend(self.lease, date="2027-01-01", line_ids=self.price(3300.0))

    def test_days_billed_elsewhere_are_not_credited_here(self):
        lease = self.sign(self.new_lease(self.shop_2, billing_date_from="2026-10-01"))
        line = [(0, 0, {"lease_line_id": lease.line_ids.id, "price": 1.0, "area": 1.0})]
        with self.assertRaisesRegex(UserError, "was not billed here"):
            self.amend(lease, date="2026-09-01", line_ids=line)

    def test_an_incomplete_amendment_says_what_is_missing(self):
        for vals, words in (
            ({"kind": "rent"}, "Enter the prices"),
            ({"kind": "rent_free"}, "last rent-free day"),
            ({"kind": "term"}, "day on which the lease ends"),
            ({"kind": "tenant"}, "new tenant"),
            ({"kind": "tenant", "partner_id": self.cafe.id}, "another tenant"),
            ({"kind": "rent", "line_ids": self.price(1.0), "date": "2030-01-01"}, "day of the"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, words):
                self.amend(self.lease, **vals)

    def test_only_a_signed_lease_is_amended(self):
        draft = self.new_lease(self.shop_2)
        with self.assertRaises(UserError):
            draft.action_amend()
        with self.assertRaises(ValidationError):
            self.amend(draft, kind="term", date_to="2027-01-01")

    def test_what_was_approved_is_what_was_shown(self):
        amendment = self.env["property.lease.amendment"].create(
            {
                "lease_id": self.lease.id,
                "reason": "Agreed",
                "date": "2026-09-01",
                "line_ids": self.price(2700.0),
                "item_id": self.one_off.id,
            }
        )
        shown = amendment._changes()
        self.assertEqual(amendment.amount_billed_difference, -300.0)
        before = {row.id: row.amount for row in self.lease.instalment_ids}
        amendment.action_submit()
        amendment.with_user(self.env.ref("base.user_admin")).action_approve()
        self.assertEqual(amendment.changes, shown)
        terms = self.line._terms()
        self.assertEqual([rate.price for rate in terms.rates], [3000, 2700])
        first = self.lease.instalment_ids[0]
        self.assertEqual(first.amount, before[first.id])
        total = sum(
            self.lease.instalment_ids.mapped(lambda row: row.amount_rent + row.rent_difference)
        )
        self.assertEqual(round(total, 2), float(rent_between(terms, terms.start, terms.end)))
