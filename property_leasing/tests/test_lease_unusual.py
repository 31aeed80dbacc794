"""What happens to a lease that few leases live through: it stays right and can go on."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import LeasingCommon
from .moveout_common import MoveoutMixin

TODAY = "2026-10-05"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLeaseUnusual(MoveoutMixin, LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )

    def two_shops(self, **vals):
        line = {"unit_id": self.shop_2.id, "price": 2000.0}
        return self.sign(self.new_lease(lines=[{}, line], **vals))

    def give_back(self, lease, unit, day):
        row = {"action": "remove", "unit_id": unit.id}
        return self.amend(lease, kind="space", date=day, space_ids=[(0, 0, row)])

    # Spaces that were given back before ----------------------------------------------------------

    def test_a_space_given_back_before_is_no_matter_of_the_move_out(self):
        lease = self.two_shops()
        self.env["property.meter"].create(
            [
                {"unit_id": unit.id, "code": code, "kind": "cold_water"}
                for unit, code in ((self.shop, "W1"), (self.shop_2, "W2"))
            ]
        )
        self.give_back(lease, self.shop, "2026-08-01")
        self.sign(self.new_lease(partner_id=self.baker.id, date_from="2026-08-01"))
        self.amend(lease, kind="term", date_to="2026-09-30")
        moveout = self.env["property.lease.moveout"].create({"lease_id": lease.id})
        self.assertEqual(moveout.check_ids.unit_id, self.shop_2)
        self.assertEqual(moveout.reading_ids.meter_id.mapped("code"), ["W2"])
        self.shop.state = "decorating"
        moveout.check_ids.result = "ok"
        moveout.reading_ids.write({"value": 3.0, "is_read": True})
        moveout.action_inspect()
        moveout.action_bill()
        self.close(moveout)
        self.assertEqual((self.shop.state, self.shop_2.state), ("decorating", "vacant"))

    def test_a_space_given_back_before_is_vacant_unless_somebody_has_it(self):
        lease = self.two_shops()
        (self.shop | self.shop_2).state = "leased"
        self.give_back(lease, self.shop, "2026-08-01")
        self.amend(lease, kind="term", date_to="2026-09-30")
        self.close(self.move_out(lease))
        self.assertEqual((self.shop.state, self.shop_2.state), ("vacant", "vacant"))

    def test_a_penalty_is_charged_for_a_space_the_tenant_still_has(self):
        lease = self.two_shops()
        self.give_back(lease, self.shop, "2026-08-01")
        end = self.amend(lease, kind="term", date_to="2026-10-31", penalty=500.0)
        self.assertEqual(end.charge_ids.unit_id, self.shop_2)

    def test_a_price_agreed_before_a_space_begins_holds_from_its_first_day_on(self):
        lease = self.sign(self.new_lease())
        row = {"unit_id": self.shop_2.id, "price": 2000.0, "pricing": "month"}
        self.amend(lease, kind="space", date="2027-01-01", space_ids=[(0, 0, row)])
        line = lease.line_ids[-1]
        price = [(0, 0, {"lease_line_id": line.id, "price": 2500.0, "area": 80.0})]
        self.amend(lease, date="2026-12-01", line_ids=price)
        self.assertEqual(set(line.instalment_ids.mapped("amount")), {2500.0})

    # Options -------------------------------------------------------------------------------------

    def notice(self, lease, day="2027-03-31"):
        notice = self.env["property.lease.notice"]._give(lease, "end", date.fromisoformat(day), "")
        notice.action_confirm()
        return notice

    def test_a_break_option_brings_its_penalty(self):
        option = {"date": "2027-03-31", "penalty": 4500.0}
        lease = self.sign(self.new_lease(option_ids=[(0, 0, option)]))
        self.assertEqual(self.notice(lease).amendment_id.penalty, 4500.0)
        self.assertEqual(str(lease.option_ids.taken_on), TODAY)

    def test_the_penalty_of_a_break_option_is_proposed_for_an_end_on_its_day(self):
        option = {"date": "2027-03-31", "penalty": 4500.0}
        lease = self.sign(self.new_lease(option_ids=[(0, 0, option)]))
        form = Form(self.env["property.lease.amendment"].with_context(default_lease_id=lease.id))
        form.kind = "term"
        form.date_to = date(2027, 2, 28)
        self.assertEqual(form.penalty, 0.0)
        form.date_to = date(2027, 3, 31)
        self.assertEqual(form.penalty, 4500.0)

    def test_an_option_of_the_landlord_or_said_too_late_is_not_taken_by_a_notice(self):
        for option in ({"holder": "landlord"}, {"notice_months": 6}):
            with self.subTest(option):
                unit = self.shop if "holder" in option else self.shop_2
                values = {"date": "2027-03-31", "penalty": 4500.0, **option}
                lease = self.sign(self.new_lease(unit, option_ids=[(0, 0, values)]))
                self.assertFalse(self.notice(lease).amendment_id.penalty)
                self.assertFalse(lease.option_ids.taken_on)

    def test_a_renewal_takes_its_option(self):
        option = {"kind": "renewal", "date": "2027-07-01", "months": 12}
        lease = self.sign(self.new_lease(option_ids=[(0, 0, option)]))
        self.amend(lease, kind="term", date_to="2028-06-30")
        self.assertEqual(str(lease.option_ids.taken_on), TODAY)
        self.assertFalse(lease.option_ids.is_open)

    def test_an_end_without_a_notice_takes_the_option_of_the_day(self):
        options = [(0, 0, {"date": day}) for day in ("2027-03-31", "2027-05-31")]
        lease = self.sign(self.new_lease(option_ids=options))
        self.amend(lease, kind="term", date_to="2027-03-31")
        early, late = lease.option_ids.sorted("date")
        self.assertEqual((str(early.taken_on), late.taken_on), (TODAY, False))
        self.assertFalse(late.is_open, "the lease is over by then")

    # Undoing -------------------------------------------------------------------------------------

    def test_a_lease_the_tenant_never_signs_is_withdrawn(self):
        lease = self.new_lease()
        lease.action_submit()
        lease.with_user(self.env.ref("base.user_admin")).action_approve()
        self.assertEqual(lease.state, "approved")
        lease.action_cancel_request()
        lease.invalidate_recordset(["state"])
        self.assertEqual(lease.state, "cancelled")
        signed = self.sign(self.new_lease())
        with self.assertRaises(UserError):
            signed.action_cancel_request()

    # Deposits ------------------------------------------------------------------------------------

    def test_the_deposit_of_a_new_tenant_is_asked_for_once_the_former_one_has_his_back(self):
        lease = self.sign(self.new_lease(term_ids=[(0, 0, {"months": 3, "name": "Deposit"})]))
        deposit = self.take_deposit(lease)
        self.amend(lease, kind="tenant", date="2026-12-01", partner_id=self.baker.id)
        self.assertEqual(lease.term_ids.amount_missing, 0.0)
        deposit._refund(9000.0, self.bank)
        lease.term_ids.invalidate_recordset()
        self.assertEqual(lease.term_ids.amount_missing, 9000.0)

    def test_a_deposit_handed_to_the_new_tenant_is_not_asked_for_again(self):
        lease = self.sign(self.new_lease(term_ids=[(0, 0, {"months": 3, "name": "Deposit"})]))
        deposit = self.take_deposit(lease)
        context = lease.term_ids.action_receive()["context"]
        self.assertEqual(context["default_unit_id"], self.shop.id)
        self.amend(lease, kind="tenant", date="2026-12-01", partner_id=self.baker.id)
        deposit._hand_over(self.baker, self.shop, 5000.0)
        lease.term_ids.invalidate_recordset()
        self.assertEqual(
            (lease.term_ids.amount_received, lease.term_ids.amount_missing), (9000.0, 0.0)
        )

    # Other tenants -------------------------------------------------------------------------------

    def test_a_notice_of_the_former_tenant_is_over_when_the_lease_passes_on(self):
        lease = self.sign(self.new_lease())
        notice = self.env["property.lease.notice"]._give(lease, "leave", False, "")
        self.amend(lease, kind="tenant", date="2026-12-01", partner_id=self.baker.id)
        self.assertEqual(notice.state, "withdrawn")

    def test_rent_free_days_twice_are_refused_when_they_are_asked_for(self):
        lease = self.sign(self.new_lease())
        self.amend(lease, kind="rent_free", date="2026-12-01", free_to="2026-12-31")
        again = self.env["property.lease.amendment"].create(
            {
                "lease_id": lease.id,
                "kind": "rent_free",
                "date": "2026-12-15",
                "free_to": "2027-01-15",
                "reason": "Works in the street",
            }
        )
        with self.assertRaisesRegex(UserError, "rent-free"):
            again.action_submit()

    # The shortest and the longest ----------------------------------------------------------------

    def test_a_lease_of_a_day_is_billed_ended_and_settled(self):
        lease = self.sign(
            self.new_lease(date_from="2026-10-01", date_to="2026-10-01", cadence="12")
        )
        self.assertEqual(lease.instalment_ids.mapped("amount"), [96.77])
        moveout = self.move_out(lease)
        self.assertEqual(moveout.charge_ids.mapped("amount"), [96.77])

    def test_a_company_of_ones_own_proposes_its_own_item(self):
        second = self.env["res.company"].create({"name": "Second Company"})
        self.env.user.company_ids |= second
        env = self.env(context={**self.env.context, "allowed_company_ids": [second.id]})
        second.with_env(env)._billing_prepare_accounting()
        site = env["property.site"].create(
            {"name": "Second Mall", "code": "TSTC", "company_id": second.id}
        )
        both = self.env(
            context={**self.env.context, "allowed_company_ids": [self.company.id, second.id]}
        )
        lease = both["property.lease"].new({"site_id": site.id})
        lease.line_ids = [(0, 0, {})]
        self.assertEqual(lease.line_ids.item_id.company_id._origin, second)
