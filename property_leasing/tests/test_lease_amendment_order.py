"""Amendments upon amendments: whose days, whose money, and spaces that come and go."""

from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, LeasingCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseAmendmentOrder(LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lease = cls.sign(
            cls.new_lease(lines=[{}, {"unit_id": cls.shop_2.id}], date_to="2027-06-30")
        )
        cls.line, cls.line_2 = cls.lease.line_ids

    def move(self, day, action, unit=None):
        row = {"action": action, "unit_id": (unit or self.shop_2).id}
        if action == "add":
            row |= {"price": 3000.0, "pricing": "month"}
        return self.amend(self.lease, kind="space", date=day, space_ids=[(0, 0, row)])

    def spans(self, unit):
        return [
            (one.partner_id, str(one.date_from), str(one.date_to))
            for one in self.lease.occupancy_ids.filtered(lambda one: one.unit_id == unit).sorted(
                "date_from"
            )
        ]

    def test_another_end_leaves_alone_the_time_before_a_space_was_given_back(self):
        self.move("2026-10-01", "remove")
        self.move("2026-12-01", "add")
        for end in ("2027-12-31", "2027-03-31"):
            with self.subTest(end):
                self.amend(self.lease, kind="term", date_to=end)
                self.assertEqual(
                    self.spans(self.shop_2),
                    [
                        (self.cafe, "2026-07-01", "2026-09-30"),
                        (self.cafe, "2026-12-01", end),
                    ],
                )

    def test_another_end_leaves_alone_the_time_before_the_lease_passed_on_and_came_back(self):
        self.amend(self.lease, kind="tenant", date="2026-10-01", partner_id=self.baker.id)
        self.amend(self.lease, kind="tenant", date="2027-01-01", partner_id=self.cafe.id)
        self.amend(self.lease, kind="term", date_to="2027-08-31")
        self.assertEqual(
            self.spans(self.shop),
            [
                (self.cafe, "2026-07-01", "2026-09-30"),
                (self.baker, "2026-10-01", "2026-12-31"),
                (self.cafe, "2027-01-01", "2027-08-31"),
            ],
        )

    def test_a_space_is_given_back_earlier_than_was_agreed_before(self):
        self.move("2026-12-01", "remove")
        amendment = self.move("2026-11-01", "remove")
        self.assertEqual(amendment.amount_future_difference, -3000.0)
        rows = self.line_2.instalment_ids
        self.assertEqual((str(rows[-1].date_to), len(rows)), ("2026-10-31", 4))
        self.assertEqual(str(self.line_2.date_to), "2026-10-31")

    def test_a_lease_does_not_end_or_pass_on_before_it_has_passed_on(self):
        self.amend(self.lease, kind="tenant", date="2026-12-01", partner_id=self.baker.id)
        third = self.env["res.partner"].create({"name": "Third"})
        with self.assertRaisesRegex(UserError, "passes to Baker Sun on 2026-12-01"):
            self.amend(self.lease, kind="term", date_to="2026-10-31")
        for day in ("2026-11-01", "2026-12-01"):
            with self.assertRaisesRegex(UserError, "passes to Baker Sun on 2026-12-01"):
                self.amend(self.lease, kind="tenant", date=day, partner_id=third.id)
        self.amend(self.lease, kind="term", date_to="2026-12-31")

    def test_a_lease_passes_on_with_spaces_that_come_later_and_that_go_soon(self):
        self.move("2026-12-01", "remove")
        self.move("2027-02-01", "add")
        self.amend(self.lease, kind="tenant", date="2026-10-01", partner_id=self.baker.id)
        self.assertEqual(
            self.spans(self.shop_2),
            [
                (self.cafe, "2026-07-01", "2026-09-30"),
                (self.baker, "2026-10-01", "2026-11-30"),
                (self.baker, "2027-02-01", "2027-06-30"),
            ],
        )
        self.assertEqual(self.spans(self.shop)[1], (self.baker, "2026-10-01", "2027-06-30"))

    def test_a_space_goes_before_the_lease_passes_on(self):
        self.amend(self.lease, kind="tenant", date="2026-12-01", partner_id=self.baker.id)
        self.move("2026-11-01", "remove")
        self.assertEqual(self.spans(self.shop_2), [(self.cafe, "2026-07-01", "2026-10-31")])
        self.assertEqual(self.spans(self.shop)[1][0], self.baker)

    def test_a_space_comes_before_the_lease_passes_on(self):
        self.amend(self.lease, kind="tenant", date="2026-12-01", partner_id=self.baker.id)
        self.move("2026-11-01", "add", self.new_unit("S03", type_id=self.type_shop.id))
        unit = self.lease.line_ids[-1].unit_id
        self.assertEqual(
            self.spans(unit),
            [(self.cafe, "2026-11-01", "2026-11-30"), (self.baker, "2026-12-01", "2027-06-30")],
        )
        self.assertEqual(self.lease.line_ids[-1].instalment_ids.partner_id, self.cafe | self.baker)

    def test_days_of_the_former_tenant_are_charged_and_credited_to_him(self):
        self.bill("2026-07-01", "2026-09-30")
        self.amend(self.lease, kind="tenant", date="2026-10-01", partner_id=self.baker.id)
        self.bill("2026-10-01", "2026-10-31")

        def rent(price):
            line = {"lease_line_id": self.line.id, "price": price, "area": 50.0}
            return self.amend(self.lease, date="2026-09-01", line_ids=[(0, 0, line)])

        charges = rent(3100.0).charge_ids
        self.assertEqual(
            {one.payer_id: one.amount for one in charges}, {self.cafe: 100.0, self.baker: 100.0}
        )
        rent(3000.0)
        self.assertEqual(set(charges.mapped("state")), {"reversed"})

    def test_the_rent_in_force_is_proposed_to_be_changed(self):
        lease = self.sign(
            self.new_lease(
                self.far_shop,
                site_id=self.far_shop.site_id.id,
                step_ids=[(0, 0, {"repeat_months": 2, "value": 10})],
            )
        )
        form = self.env["property.lease.amendment"].new(
            {"lease_id": lease.id, "kind": "rent", "date": "2026-09-15"}
        )
        form._onchange_kind()
        self.assertEqual(form.line_ids.mapped("price"), [3300.0])

    def test_a_bill_that_is_made_anew_leaves_out_what_was_credited(self):
        lease = self.sign(
            self.new_lease(
                self.far_shop,
                site_id=self.far_shop.site_id.id,
                lines=[{"price": 3000.01, "tax_id": self.vat9.id}],
                is_vat_included=False,
            )
        )

        def bill():
            run = self.env["property.billing.run"].create(
                {
                    "site_ids": [(6, 0, lease.site_id.ids)],
                    "item_ids": [(6, 0, self.rent.ids)],
                    "date_from": "2026-07-01",
                    "date_to": "2026-07-31",
                }
            )
            run.action_compute()
            run.action_post()
            return run

        def rent(price):
            line = {"lease_line_id": lease.line_ids.id, "price": price, "area": 30.0}
            return self.amend(lease, date="2026-07-01", line_ids=[(0, 0, line)]).charge_ids

        run = bill()
        self.assertEqual(run.charge_ids.amount, 3270.01)
        rent(2800.0)
        raised = rent(2900.0)
        self.assertEqual(raised.amount, 109.0)
        run.action_undo()
        self.env.invalidate_all()
        forecast = self.env["property.lease.report.forecast"].search(
            [("lease_id", "=", lease.id), ("date_from", "=", "2026-07-01")]
        )
        self.assertEqual(forecast.amount, 3052.0)
        again = bill().charge_ids
        self.assertEqual((again.amount, again.move_id.amount_untaxed), (3052.0, 2800.0))
        self.assertEqual(round(sum(again.line_ids.mapped("amount")), 2), 3052.0)
        self.assertFalse(again._underivable())
        row = lease.instalment_ids[0]
        self.assertEqual(round(row.amount + row.amount_difference, 2), 3161.0)
        self.amend(lease, kind="term", date_to="2026-07-15")
        standing = again._amount_standing() + (
            raised._amount_standing() if raised.state == "posted" else 0
        )
        # 15 days of 31 at 2,900 and VAT on top
        self.assertEqual(standing, Decimal("1529.52"))

    def test_what_was_charged_on_top_is_in_the_new_bill_once_the_old_one_is_undone(self):
        run = self.bill("2026-07-01", "2026-07-31")
        line = {"lease_line_id": self.line.id, "price": 3100.0, "area": 50.0}
        raised = self.amend(self.lease, date="2026-07-01", line_ids=[(0, 0, line)]).charge_ids
        run.action_undo()
        self.env.invalidate_all()
        self.amend(self.lease, kind="rent_free", date="2026-08-01", free_to="2026-08-31")
        self.assertEqual(raised.state, "reversed")
        again = self.bill("2026-07-01", "2026-07-31").charge_ids
        self.assertEqual(sorted(again.mapped("amount")), [3000.0, 3100.0])

    # What was taken off before -------------------------------------------------------------------

    def test_an_end_gives_back_no_more_than_stands_of_a_bill(self):
        self.bill("2026-07-01", "2026-10-31")
        october = self.line.instalment_ids[3].charge_id
        october._credit_part(Decimal(400), "No water for four days")
        self.amend(self.lease, kind="term", date_to="2026-09-30")
        self.assertEqual(october.state, "reversed")
        row = self.line.instalment_ids[3]
        self.assertEqual((row.state, row.amount_difference), ("dropped", -3000.0))


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseOfReshapedSpace(LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.space = cls.env["property.space"].create({"unit_id": cls.shop.id, "price": 4.0})

    def divide(self, day):
        wizard = self.env["property.space.reshape"].create(
            {"space_ids": [(6, 0, self.space.ids)], "date": day}
        )
        return self.env["property.space"].search(wizard.action_confirm()["domain"])

    def test_a_space_is_let_only_while_it_is_there(self):
        draft = self.new_lease()
        parts = self.divide("2027-01-01")
        with self.assertRaisesRegex(UserError, "S01 is there from … to 2026-12-31 only"):
            draft.action_submit()
        lease = self.new_lease(unit=parts[0].unit_id)
        with self.assertRaisesRegex(UserError, "is there from 2027-01-01 to … only"):
            lease.action_submit()
        lease.date_from = "2027-01-01"
        self.sign(lease)
        draft.date_to = "2026-12-31"
        self.sign(draft)

    def test_a_lease_is_not_renewed_into_the_days_of_the_parts(self):
        lease = self.sign(self.new_lease(date_to="2026-12-31"))
        self.divide("2027-01-01")
        with self.assertRaisesRegex(UserError, "to 2026-12-31 only"):
            self.amend(lease, kind="term", date_to="2027-06-30")

    def test_a_space_that_was_divided_is_not_taken_more(self):
        lease = self.sign(self.new_lease(unit=self.shop_2))
        self.divide("2027-01-01")
        row = {"unit_id": self.shop.id, "price": 3000.0, "pricing": "month"}
        with self.assertRaisesRegex(UserError, "to 2026-12-31 only"):
            self.amend(lease, kind="space", date="2026-11-01", space_ids=[(0, 0, row)])
