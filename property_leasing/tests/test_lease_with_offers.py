"""Leases beside what else lowers a bill: campaigns for paying ahead, reliefs, prepayments."""

from datetime import date
from decimal import Decimal

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged

from .common import LeasingCommon

TODAY = "2026-09-15"
D = Decimal


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseWithOffers(LeasingCommon):
    """A year of rent at 3,000 and of a service fee at 500 a month, paid yearly in advance."""

    def lease_of(self, first, last, **vals):
        lines = [{}, {"item_id": self.service.id, "price": 500.0}]
        lease = self.new_lease(
            lines=lines, cadence="12", date_from=first, date_to=last, cycle="anniversary", **vals
        )
        return self.sign(lease)

    def campaign(self, **vals):
        campaign = self.env["property.campaign"].create(
            {
                "name": "Twelve for eleven",
                "company_id": self.company.id,
                "site_id": self.site.id,
                "kind": "months",
                "months": 12,
                "months_paid": 11,
                "date_from": "2026-09-01",
                "date_to": "2026-12-31",
                "item_ids": [Command.set(self.service.ids)],
                **vals,
            }
        )
        campaign.sudo().approval_state = "approved"
        return campaign

    def charges(self, lease):
        found = {row.item_id: row.charge_id for row in lease.instalment_ids}
        return found[self.rent], found[self.service]

    def test_a_year_of_the_service_fee_costs_eleven_months_and_the_rent_twelve(self):
        for first, last in (("2026-10-01", "2027-09-30"), ("2026-09-16", "2027-09-15")):
            with self.subTest(first), self.env.cr.savepoint() as savepoint:
                lease = self.lease_of(first, last)
                self.bill("2026-09-01", "2026-10-31")
                rent, service = self.charges(lease)
                campaign = self.campaign()
                notes = campaign._apply(rent.move_id | service.move_id)
                self.assertEqual(notes.mapped("amount_total"), [500.0])
                self.assertEqual(
                    (rent._amount_standing(), service._amount_standing()), (36000, 5500)
                )
                savepoint.close(rollback=True)

    def test_part_of_a_year_is_no_year(self):
        lease = self.lease_of("2026-09-16", "2027-09-14")
        self.bill("2026-09-01", "2026-10-31")
        self.assertFalse(self.campaign()._apply(self.charges(lease)[1].move_id))

    def test_who_leaves_early_gets_back_what_his_days_cost_him(self):
        lease = self.lease_of("2026-10-01", "2027-09-30")
        self.bill("2026-09-01", "2026-10-31")
        rent, service = self.charges(lease)
        self.campaign()._apply(rent.move_id | service.move_id)
        self.pay(service.move_id)
        self.amend(lease, kind="term", date_to="2027-03-31")
        # half of 6,000 is given back, of which the offer took one twelfth off
        self.assertEqual(service._amount_standing(), 2750)
        kept = self.env["property.prepayment"]._open(self.shop)
        self.assertEqual(kept.amount_left, 2750.0)
        self.assertEqual(rent._amount_standing(), 18000)

    def test_who_never_moves_in_gets_back_what_he_paid(self):
        lease = self.lease_of("2026-10-01", "2027-09-30")
        self.bill("2026-09-01", "2026-10-31")
        _rent, service = self.charges(lease)
        self.campaign()._apply(service.move_id)
        self.pay(service.move_id)
        self.amend(lease, kind="rent_free", date="2026-10-01", free_to="2026-10-31")
        self.assertEqual(service._amount_standing(), 5500, "rent-free days are of the rent")
        line = lease.line_ids.filtered(lambda one: one.item_id == self.service)
        free = {"lease_line_id": line.id, "price": 0.0, "area": line.area}
        self.amend(lease, date="2026-10-01", line_ids=[(0, 0, free)])
        self.assertEqual(service.state, "reversed")
        kept = self.env["property.prepayment"]._open(self.shop)
        self.assertEqual(sum(kept.mapped("amount_left")), 5500.0)

    def test_a_relief_of_the_space_lowers_its_standing_fees_and_nothing_of_the_lease(self):
        item = self.env["property.charge.item"].create(
            {
                "code": "LIFT",
                "name": "Lift",
                "method": "fixed",
                "payer_role": "tenant",
                "company_id": self.company.id,
            }
        )
        self.env["property.tariff"].create(
            {"item_id": item.id, "date_from": date(2020, 1, 1), "price": 200.0}
        )
        self.env["property.fee"].create(
            {
                "unit_id": self.shop.id,
                "item_id": item.id,
                "date_from": date(2026, 1, 1),
                "payer_role": "tenant",
            }
        )
        lease = self.lease_of("2026-10-01", "2027-09-30")
        relief = self.env["property.relief"].create(
            {
                "name": "Works in front of the shop",
                "kind": "service",
                "site_id": self.site.id,
                "unit_ids": [Command.set(self.shop.ids)],
                "date_from": "2026-10-01",
                "percent": 50,
            }
        )
        relief.sudo().approval_state = "approved"
        run = self.env["property.billing.run"].create(
            {
                "site_ids": [Command.set(self.site.ids)],
                "item_ids": [Command.set((self.rent | self.service | item).ids)],
                "date_from": "2026-10-01",
                "date_to": "2026-10-31",
            }
        )
        run.action_compute()
        amounts = {one.item_id: one.amount for one in run.charge_ids}
        self.assertEqual(
            amounts, {self.rent: 36000.0, self.service: 6000.0, item: 100.0}, lease.name
        )

    def test_a_prepayment_of_the_tenant_pays_the_instalments_as_they_come(self):
        lease = self.sign(self.new_lease(date_from="2026-10-01", date_to="2027-09-30"))
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        kept = self.env["property.prepayment"]._receive(self.shop, self.cafe, 7000.0, bank)
        self.bill("2026-10-01", "2026-12-31")
        bills = lease.instalment_ids.charge_id.move_id
        self.assertEqual(sorted(bills.mapped("amount_residual")), [0.0, 0.0, 2000.0])
        self.assertEqual(kept.amount_left, 0.0)
