from datetime import date
from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .balances_common import BalancesCommon
from .test_billing_access_matrix import MATRIX

DAY = date(2026, 9, 16)


class SettlementCommon(BalancesCommon):
    def transfer(self, unit=None, day=DAY, buyer=None, **vals):
        """Transfer a household by the wizard and return its settlement."""
        wizard = (
            self.env["property.transfer"]
            .with_user(self.users["service"])
            .create(
                {
                    "kind": "transfer",
                    "unit_id": (unit or self.unit).id,
                    "date": day,
                    "partner_id": (buyer or self.buyer).id,
                    **vals,
                }
            )
        )
        action = wizard.action_confirm_settle()
        return self.env["property.settlement"].browse(action["res_id"])

    def decide(self, settlement, **vals):
        """Make the final bills, decide, submit and approve."""
        if not settlement.billed_at:
            settlement.with_user(self.users["finance"]).action_bill()
        settlement.with_user(self.users["cashier"]).write(vals)
        settlement.with_user(self.users["cashier"]).action_submit()
        settlement.with_user(self.users["finance"]).action_approve()
        settlement.invalidate_recordset()
        return settlement

    def charges(self, item, unit=None, state="posted"):
        """Return list of (payer, from, to, amount) of an item's standing charges, in order."""
        charges = self.env["property.charge"].search(
            [
                ("unit_id", "=", (unit or self.unit).id),
                ("item_id", "=", item.id),
                ("state", "=", state),
            ],
            order="date_from",
        )
        return [
            (charge.payer_id, charge.date_from.day, charge.date_to.day, charge.amount)
            for charge in charges
        ]

    def assert_all_derive(self):
        for charge in self.env["property.charge"].search([("state", "=", "posted")]):
            with self.subTest(charge.display_name):
                self.assertEqual(
                    charge._derive()["amount"],
                    Decimal(str(charge.amount)).quantize(Decimal("0.01")),
                )


@tagged("post_install", "-at_install")
class TestSettlement(SettlementCommon):
    def test_the_wizard_shows_the_money_before_anything_changes(self):
        self.bill(self.management)
        self.receive(55.0, item=self.water)
        self.take_deposit(888.0)
        wizard = (
            self.env["property.transfer"]
            .with_user(self.users["service"])
            .create(
                {
                    "kind": "transfer",
                    "unit_id": self.unit.id,
                    "date": DAY,
                    "partner_id": self.buyer.id,
                }
            )
        )
        for words in ("300.00", "55.00", "888.00", "Billed ahead"):
            self.assertIn(words, str(wizard.money_html))
        self.assertFalse(wizard.reading_ids, "the tenant pays the water")
        self.assertFalse(self.env["property.settlement"].search([]))

    @freeze_time("2026-09-20")
    def test_confirming_begins_one_settlement(self):
        settlement = self.transfer()
        self.assertEqual(
            (settlement.seller_id, settlement.buyer_id, settlement.date, settlement.unit_id),
            (self.owner, self.buyer, DAY, self.unit),
        )
        self.assertEqual(self.unit.owner_id, self.buyer)

    def test_a_first_sale_needs_no_settlement(self):
        unit = self.new_unit("501", floor=5)
        wizard = self.env["property.transfer"].create(
            {"kind": "transfer", "unit_id": unit.id, "date": DAY, "partner_id": self.buyer.id}
        )
        self.assertEqual(wizard.action_confirm_settle()["type"], "ir.actions.act_window_close")
        self.assertFalse(self.env["property.settlement"].search([("unit_id", "=", unit.id)]))

    def test_the_seller_is_billed_his_days_and_the_month_completes_to_the_fen(self):
        self.unit.area_gross = self.unit.area_billable = 88.37
        settlement = self.transfer()
        settlement.with_user(self.users["finance"]).action_bill()
        whole = Decimal("265.11")
        (seller,) = self.charges(self.management)
        self.assertEqual(seller[:3], (self.owner, 1, 15))
        self.bill(self.management)
        rows = self.charges(self.management)
        self.assertEqual([row[:3] for row in rows], [(self.owner, 1, 15), (self.buyer, 16, 30)])
        self.assertEqual(sum(Decimal(str(row[3])) for row in rows), whole)
        self.assert_all_derive()

    def test_earlier_months_that_were_never_billed_are_billed_to_the_seller(self):
        settlement = self.transfer()
        settlement.with_user(self.users["finance"]).write({"bill_from": date(2026, 7, 1)})
        settlement.with_user(self.users["finance"]).action_bill()
        rows = self.charges(self.management)
        self.assertEqual([row[3] for row in rows], [300.0, 300.0, 150.0])
        self.assertEqual({row[0] for row in rows}, {self.owner})
        self.assertEqual(len(settlement.run_ids), 3)

    def test_a_month_billed_ahead_is_split_by_days(self):
        moves = self.bill()
        settlement = self.transfer()
        settlement.with_user(self.users["finance"]).action_bill()
        self.assertEqual(
            self.charges(self.management),
            [(self.owner, 1, 15, 150.0), (self.buyer, 16, 30, 150.0)],
        )
        old = self.bill_of(moves, self.unit, self.management).property_charge_id
        self.assertIn(old.state, ("cancelled", "reversed"))
        self.assertEqual(old.replaced_by_ids.payer_id, self.owner | self.buyer)
        self.assert_all_derive()
        self.assert_books_balance()

    def test_the_space_that_follows_the_home_is_split_as_well(self):
        moves = self.bill(self.parking)
        total = Decimal(str(self.bill_of(moves, self.space, self.parking).amount_total))
        settlement = self.transfer(day=date(2026, 9, 25))
        settlement.with_user(self.users["finance"]).action_bill()
        rows = self.charges(self.parking, self.space)
        self.assertEqual([row[:3] for row in rows], [(self.owner, 21, 24), (self.buyer, 25, 30)])
        self.assertEqual(sum(Decimal(str(row[3])) for row in rows), total)

    def test_what_the_seller_paid_ahead_pays_his_part_and_the_rest_is_kept_for_him(self):
        self.pay(self.bill_of(self.bill(self.management), self.unit, self.management))
        settlement = self.transfer()
        settlement.with_user(self.users["finance"]).action_bill()
        self.assertEqual((settlement.amount_arrears, settlement.amount_prepaid), (0.0, 150.0))
        self.assertEqual(self.balance(self.owner), Decimal("-150.00"))
        self.assertEqual(self.balance(self.buyer), Decimal("450.00"), "and 300 for his own home")

    def test_billing_again_bills_nothing_twice(self):
        self.bill()
        settlement = self.transfer()
        for _time in range(2):
            settlement.with_user(self.users["finance"]).action_bill()
            self.assertEqual(len(self.charges(self.management)), 2)
        self.assertEqual(len(self.bill_after()), 0)

    def bill_after(self):
        run = self.new_run(items=self.management)
        run.action_compute()
        return run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)

    def test_meters_of_the_seller_are_read_on_his_last_day(self):
        self.tenant_row.date_to = date(2026, 8, 31)
        wizard = (
            self.env["property.transfer"]
            .with_user(self.users["service"])
            .create(
                {
                    "kind": "transfer",
                    "unit_id": self.unit.id,
                    "date": DAY,
                    "partner_id": self.buyer.id,
                }
            )
        )
        self.assertEqual(wizard.reading_ids.meter_id, self.meter)
        wizard.reading_ids.value = 99995
        settlement = self.env["property.settlement"].browse(
            wizard.action_confirm_settle()["res_id"]
        )
        settlement.with_user(self.users["finance"]).action_bill()
        self.assertEqual(
            self.charges(self.water), [(self.owner, 1, 15, 17.25)], "5 m³ at 3.45, to the seller"
        )
        self.bill(self.water)
        self.assertEqual(
            self.charges(self.water)[1:],
            [(self.buyer, 16, 30, 85.56)],
            "the other 22 m³ of the month, to the buyer",
        )
        self.assert_all_derive()

    def test_without_the_reading_the_final_bills_wait(self):
        self.tenant_row.date_to = date(2026, 8, 31)
        settlement = self.transfer()
        with self.assertRaisesRegex(UserError, "W1"):
            settlement.with_user(self.users["finance"]).action_bill()

    def test_nothing_is_submitted_before_all_is_decided(self):
        self.receive(40.0, item=self.water)
        self.take_deposit(100.0)
        settlement = self.transfer()
        cashier = settlement.with_user(self.users["cashier"])
        with self.assertRaisesRegex(UserError, "final bills"):
            cashier.action_submit()
        settlement.with_user(self.users["finance"]).action_bill()
        for words, vals in (
            ("about the arrears", {"arrears_decision": "paid"}),
            ("take the money first", {"arrears_decision": "assumed"}),
            ("about the prepayments", {"prepayment_decision": "refund"}),
            ("about the deposits", {"deposit_decision": "buyer"}),
            ("form", {"attachment_ids": self.set_ids(self.form)}),
            ("journal", {"journal_id": self.cash.id}),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                cashier.action_submit()
            self.assertIn(words.split()[-1], settlement.to_do)
            cashier.write(vals)
            settlement.invalidate_recordset()
        cashier.action_submit()
        self.assertIn("150.00", settlement.impact_text)

    def test_assumed_arrears_are_the_buyers_to_the_fen(self):
        august = self.bill(self.management, date_from=date(2026, 8, 1), date_to=date(2026, 8, 31))
        self.pay(self.bill_of(august, self.unit, self.management), 100.01)
        self.bill()
        settlement = self.transfer()
        settlement.with_user(self.users["finance"]).action_bill()
        owed = Decimal(str(round(settlement.amount_arrears, 2)))
        before = self.balance(self.buyer)
        self.decide(settlement, arrears_decision="assumed", attachment_ids=self.set_ids(self.form))
        self.assertEqual(settlement.amount_arrears, 0.0)
        self.assertEqual(self.balance(self.owner), Decimal("0.00"))
        self.assertEqual(self.balance(self.buyer) - before, owed)
        self.assert_all_derive()
        self.assert_books_balance()

    def test_arrears_that_stay_are_never_seen_by_the_buyer(self):
        self.bill(self.management, date_from=date(2026, 8, 1), date_to=date(2026, 8, 31))
        settlement = self.decide(self.transfer(), arrears_decision="stay")
        self.assertEqual(settlement.amount_arrears, 450.0)
        domain = self.env["account.move"]._property_portal_domain(self.buyer)
        seen = self.env["account.move"].search(domain)
        self.assertNotIn(self.owner, seen.partner_id)
        self.assertIn(
            "450.00",
            self.env["ir.actions.report"]
            ._render_qweb_html("property_billing.report_clearance", settlement.ids)[0]
            .decode(),
        )

    def test_money_kept_goes_where_it_was_decided(self):
        prepaid = self.receive(40.0, item=self.water)
        deposit = self.take_deposit(2000.0)
        settlement = self.decide(
            self.transfer(),
            arrears_decision="stay",
            prepayment_decision="refund",
            deposit_decision="buyer",
            journal_id=self.cash.id,
            attachment_ids=self.set_ids(self.form),
        )
        self.assertEqual((prepaid.amount_left, deposit.amount_left), (0.0, 0.0))
        heir = self.env["property.deposit"].search([("origin_id", "=", deposit.id)])
        self.assertEqual(
            (heir.partner_id, heir.amount_left, heir.type_id),
            (self.buyer, 2000.0, self.deposit_type),
        )
        self.assertEqual((settlement.amount_prepaid, settlement.amount_deposits), (0.0, 0.0))
        self.assert_books_balance()

    def test_the_certificate_is_numbered_once_and_only_when_settled(self):
        self.bill(self.management)
        settlement = self.transfer()
        cashier = settlement.with_user(self.users["cashier"])
        with self.assertRaisesRegex(UserError, "approved"):
            cashier.action_certificate()
        settlement.with_user(self.users["finance"]).action_bill()
        for bill in settlement._open_bills_sudo():
            self.pay(bill)
        settlement.invalidate_recordset()
        self.decide(settlement, arrears_decision="paid")
        cashier.action_certificate()
        number = settlement.certificate_number
        self.assertTrue(number.startswith("JQ"))
        cashier.action_certificate()
        self.assertEqual(settlement.certificate_number, number)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("property_billing.report_clearance", settlement.ids)[0]
            .decode()
        )
        self.assertIn(number, html)
        self.assertIn("are settled", html)

    def test_a_debt_that_came_back_stops_the_certificate(self):
        bill = self.bill_of(self.bill(), self.unit, self.management)
        settlement = self.transfer(day=date(2026, 10, 1))
        payment = self.pay(bill)
        self.pay(settlement._open_bills_sudo())
        settlement.invalidate_recordset()
        self.decide(settlement, arrears_decision="paid")
        payment.move_id.line_ids.remove_move_reconcile()
        settlement.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "again"):
            settlement.with_user(self.users["cashier"]).action_certificate()

    def test_contradicting_owners_are_refused(self):
        settlement = self.transfer()
        self.env["property.occupancy"].search(
            [("unit_id", "=", self.unit.id), ("partner_id", "=", self.buyer.id)]
        ).date_from = date(2026, 9, 20)
        with self.assertRaisesRegex(UserError, "any more"):
            settlement.with_user(self.users["finance"]).action_bill()

    def test_a_transfer_backdated_into_billed_months_gives_the_buyer_his_months(self):
        self.bill(self.management)
        self.bill(self.management, date_from=date(2026, 10, 1), date_to=date(2026, 10, 31))
        settlement = self.transfer()
        settlement.with_user(self.users["finance"]).action_bill()
        self.assertEqual(
            [(row[0], row[3]) for row in self.charges(self.management)],
            [(self.owner, 150.0), (self.buyer, 150.0), (self.buyer, 300.0)],
        )

    def test_roles_bill_decide_and_approve(self):
        settlement = self.transfer()
        for role in ("service", "cashier"):
            with self.subTest(role), self.assertRaises(AccessError):
                settlement.with_user(self.users[role]).action_bill()
        with self.assertRaises(AccessError):
            settlement.with_user(self.users["service"]).write({"arrears_decision": "stay"})
        settlement.with_user(self.users["finance"]).action_bill()
        settlement.with_user(self.users["finance"]).write({"arrears_decision": "stay"})
        settlement.with_user(self.users["finance"]).action_submit()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            settlement.with_user(self.users["finance"]).action_approve()
        settlement.with_user(self.users["manager"]).action_approve()
        self.assertEqual(settlement.approval_state, "approved")


@tagged("post_install", "-at_install")
class TestSettlementAccess(AccessMatrixMixin, SettlementCommon):
    MATRIX = {"property.settlement": MATRIX["property.settlement"]}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = {
            "property.settlement": tuple(
                cls.env["property.settlement"].create(
                    {
                        "unit_id": unit.id,
                        "date": DAY,
                        "seller_id": seller.id,
                        "buyer_id": cls.buyer.id,
                    }
                )
                for unit, seller in ((cls.unit, cls.owner), (cls.other_unit, cls.other_owner))
            )
        }
