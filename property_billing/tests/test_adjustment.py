from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from ..tools import plan
from ..tools.correction import corrected, resplit
from .balances_common import BalancesCommon
from .test_billing_access_matrix import MATRIX

SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))


def time_basis(base, price, proration="daily"):
    """Return the facts of a month of a time-based fee of one payer."""
    return {
        "kind": "time",
        "method": "area",
        "base": base,
        "coverage": ["2026-09-01", "2026-09-30"],
        "proration": proration,
        "segments": [["2026-09-01", "2026-09-30", price]],
        "payers": [[1, "2026-09-01", "2026-09-30"]],
        "part": None,
    }


@tagged("post_install", "-at_install")
class TestCorrectionKernel(TransactionCase):
    @settings(max_examples=200, deadline=None)
    @given(
        st.integers(1, 30000),
        st.integers(1, 2000),
        st.integers(2, 30),
        st.sampled_from(["daily", "full_month"]),
        st.booleans(),
    )
    def test_a_split_at_any_day_sums_to_the_bill_and_derives_again(
        self, area, price, day, proration, whole
    ):
        basis = time_basis(str(Decimal(area) / 100), str(Decimal(price) / 100), proration)
        amount = plan.derive(basis)["amount"]
        if not whole:
            basis = {**basis, "kind": "sum", "amount": str(amount)}
        parts = resplit(basis, amount, SEPTEMBER, 1, 2, date(2026, 9, day))
        derived = [plan.derive(part)["amount"] for _payer, _first, _last, part in parts]
        self.assertEqual(sum(derived), amount)
        self.assertEqual([payer for payer, *_rest in parts], [1, 2])
        self.assertEqual(parts[0][1], SEPTEMBER[0])
        self.assertEqual((parts[1][1], parts[1][2]), (date(2026, 9, day), SEPTEMBER[1]))
        # each within a fen of its days' share, like walking the days
        for (_payer, first, last, _part), got in zip(parts, derived, strict=True):
            share = amount * ((last - first).days + 1) / 30
            self.assertLessEqual(abs(got - share), Decimal("0.01"))

    def test_days_of_one_side_only_make_one_part(self):
        basis = time_basis("100", "3")
        ((payer, first, last, part),) = resplit(
            basis, Decimal("300.00"), SEPTEMBER, 1, 2, date(2026, 9, 1)
        )
        self.assertEqual((payer, first, last), (2, *SEPTEMBER))
        self.assertEqual(plan.derive(part)["amount"], Decimal("300.00"))

    @settings(max_examples=100, deadline=None)
    @given(st.integers(0, 99999), st.integers(1, 9999), st.sampled_from([1, 20]))
    def test_a_corrected_quantity_is_what_derives(self, opening, used, multiplier):
        basis = {
            "kind": "meter",
            "opening": ["2026-08-31", str(opening)],
            "closing": ["2026-09-30", str(opening)],
            "digits": 6,
            "multiplier": str(multiplier),
            "price": "3.45",
        }
        new = corrected(basis, quantity=Decimal(used * multiplier))
        self.assertEqual(plan.derive(new)["quantity"], used * multiplier)

    def test_facts_without_a_single_price_are_refused(self):
        with self.assertRaises(ValueError):
            corrected({"kind": "pool"}, price=Decimal(1))
        with self.assertRaises(ValueError):
            corrected({"kind": "meter", "closing": [], "tiers": [1]}, price=Decimal(1))


@tagged("post_install", "-at_install")
class TestAdjustment(BalancesCommon):
    def setUp(self):
        super().setUp()
        self.moves = self.bill()
        self.move = self.bill_of(self.moves, self.unit, self.management)
        self.charge = self.move.property_charge_id

    def adjust(self, user="cashier", approver="finance", charge=None, **vals):
        vals = {"kind": "whole", "reason_code": "area", "reason": "Measured again", **vals}
        request = (
            self.env["property.adjustment"]
            .with_user(self.users[user])
            .create({"charge_id": (charge or self.charge).id, **vals})
        )
        request.action_submit()
        request.with_user(self.users[approver]).action_approve()
        return request.sudo()

    def test_an_unpaid_bill_is_credited_in_full_and_can_be_billed_again(self):
        request = self.adjust()
        self.assertEqual(self.charge.state, "reversed")
        self.assertEqual((self.move.amount_residual, self.move.payment_state), (0.0, "reversed"))
        self.assertIn("300.00", request.impact_text)
        self.assertEqual(self.balance(self.owner), self.owed_elsewhere())
        run = self.new_run(items=self.management)
        run.action_compute()
        self.assertIn(self.unit, run.charge_ids.unit_id)

    def owed_elsewhere(self):
        """Return what the owner owes on the other bills of the run."""
        others = self.moves.filtered(
            lambda move: move.partner_id == self.owner and move != self.move
        )
        return Decimal(str(round(sum(others.mapped("amount_residual")), 2)))

    def test_what_was_paid_is_kept_as_a_prepayment(self):
        self.pay(self.move)
        request = self.adjust()
        self.assertEqual(self.charge.state, "reversed")
        self.assertEqual(request.prepayment_ids.mapped("amount_left"), [300.0])
        self.assertEqual(request.prepayment_ids.unit_id, self.unit)
        self.assertEqual(request.amount_freed, 300.0)
        later = self.bill(self.management, date_from=date(2026, 10, 1), date_to=date(2026, 10, 31))
        self.assertEqual(self.bill_of(later, self.unit, self.management).amount_residual, 0.0)

    def test_what_was_paid_is_paid_back(self):
        self.pay(self.move, 120.0)
        request = self.adjust(paid_part="refund", journal_id=self.cash.id)
        self.assertEqual(request.amount_freed, 120.0)
        self.assertEqual(request.prepayment_ids.amount_left, 0.0)
        self.assertEqual(self.balance(self.owner), self.owed_elsewhere())
        refund = self.env["account.payment"].search(
            [("partner_id", "=", self.owner.id), ("payment_type", "=", "outbound")]
        )
        self.assertEqual(refund.mapped("amount"), [120.0])

    def test_a_part_of_an_unpaid_bill_lowers_what_is_due(self):
        self.adjust(kind="part", amount=50.0)
        self.assertEqual((self.move.amount_residual, self.charge.state), (250.0, "posted"))
        self.assertEqual(self.charge._amount_standing(), Decimal("250.00"))

    def test_a_part_of_a_paid_bill_frees_the_last_payments_only_as_far_as_needed(self):
        first = self.pay(self.move, 100.0)
        second = self.pay(self.move, 150.0)
        request = self.adjust(kind="part", amount=80.0, paid_part="refund", journal_id=self.cash.id)
        # 50 were open, so 30 of the second payment go back
        self.assertEqual((self.move.amount_residual, request.amount_freed), (0.0, 30.0))
        lines = {line.move_id: amount for line, amount in self.charge._paying_lines().items()}
        self.assertEqual(
            lines, {first.move_id: Decimal("100.00"), second.move_id: Decimal("120.00")}
        )
        self.assertEqual(self.balance(self.owner), self.owed_elsewhere())
        self.assert_books_balance()

    def test_parts_never_exceed_the_bill(self):
        self.adjust(kind="part", amount=200.0)
        with self.assertRaisesRegex(UserError, "stands"):
            self.adjust(kind="part", amount=100.0)
        self.adjust()
        self.assertEqual(self.charge.state, "reversed")
        self.assertEqual(self.balance(self.owner), self.owed_elsewhere())

    def test_money_from_a_prepayment_goes_back_to_it(self):
        prepayment = self.receive(1000.0)
        prepayment.action_apply()
        left = prepayment.amount_left
        request = self.adjust()
        self.assertEqual(prepayment.amount_left, left + 300.0)
        self.assertEqual(request.prepayment_ids, prepayment)
        self.assertEqual(prepayment.amount, 1000.0)

    def test_a_correction_bills_the_new_quantity_and_links_the_old_charge(self):
        self.pay(self.move)
        request = self.adjust(kind="correction", new_quantity=90.0)
        new = request.new_charge_id
        self.assertEqual((new.amount, new.quantity, new.replaces_id), (270.0, 90.0, self.charge))
        self.assertEqual((self.charge.state, new.state), ("reversed", "posted"))
        self.assertEqual(new._derive()["amount"], Decimal("270.00"))
        self.assertIn("270.00", new.explanation)
        self.assertEqual((new.date_from, new.date_to), (self.charge.date_from, self.charge.date_to))
        self.assertEqual(new.move_id.amount_residual, 0.0)
        self.assertEqual(new.move_id.invoice_date, new.bill_date)
        self.assertEqual(request.prepayment_ids.amount_left, 30.0)
        self.assertEqual(self.balance(self.owner), self.owed_elsewhere() - Decimal("30.00"))

    def test_a_correction_pays_back_only_the_difference_though_there_is_more_money(self):
        self.pay(self.move)
        older = self.receive(1000.0, day=date(2026, 1, 1))
        request = self.adjust(
            kind="correction", new_price=2.5, paid_part="refund", journal_id=self.cash.id
        )
        self.assertEqual(request.new_charge_id.amount, 250.0)
        self.assertEqual(request.amount_freed, 50.0)
        self.assertEqual(older.amount_left, 1000.0)

    def test_a_higher_correction_leaves_the_difference_to_be_paid(self):
        self.pay(self.move)
        request = self.adjust(kind="correction", new_quantity=110.0)
        self.assertEqual(request.new_charge_id.move_id.amount_residual, 30.0)
        self.assertFalse(request.prepayment_ids)

    def test_a_metered_charge_is_corrected_by_its_consumption(self):
        water = self.bill_of(self.moves, self.unit, self.water).property_charge_id
        request = self.adjust(charge=water, kind="correction", new_quantity=15.0)
        self.assertEqual(request.new_charge_id.amount, 51.75)
        with self.assertRaisesRegex(UserError, "no single quantity or price"):
            self.adjust(charge=request.new_charge_id, kind="correction", new_price=1.0)

    def test_an_amount_of_ones_own_is_billed_with_the_reason(self):
        request = self.adjust(kind="correction", new_amount=222.22)
        new = request.new_charge_id
        self.assertEqual((new.amount, new._derive()["amount"]), (222.22, Decimal("222.22")))
        self.assertIn("Measured again", new.explanation)
        self.assertEqual(new.tax_id, self.charge.tax_id)

    def test_bad_adjustments_are_refused_with_the_way_out(self):
        for vals, words in (
            ({"kind": "part", "amount": 0.0}, "Credit less"),
            ({"kind": "part", "amount": 300.0}, "all of it"),
            ({"kind": "correction"}, "must be positive"),
            ({"kind": "correction", "new_amount": 300.0}, "nothing to do"),
            ({"reason": "  "}, "Say why"),
            ({"paid_part": "refund"}, "journal"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.adjust(**vals)
        self.assertEqual((self.charge.state, self.move.amount_residual), ("posted", 300.0))

    def test_a_second_person_is_needed_and_a_changed_effect_is_refused(self):
        with self.assertRaises(UserError):
            self.adjust(user="finance", approver="finance")
        request = self.env["property.adjustment"].create(
            {"charge_id": self.charge.id, "reason_code": "other", "reason": "x"}
        )
        request.with_user(self.users["cashier"]).action_submit()
        self.adjust(kind="part", amount=10.0)
        with self.assertRaisesRegex(UserError, "has changed"):
            request.with_user(self.users["finance"]).action_approve()

    def test_the_same_charge_is_not_adjusted_twice(self):
        self.adjust()
        with self.assertRaisesRegex(UserError, "not billed any more"):
            self.adjust()


@tagged("post_install", "-at_install")
class TestAdjustmentAccess(AccessMatrixMixin, BalancesCommon):
    MATRIX = {name: MATRIX[name] for name in ("property.adjustment", "property.deposit.type")}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        charge = cls.bill(cls.management).property_charge_id[:1]
        far_item = cls.new_item(
            "FWY", "area", 3.0, 6, site_id=cls.other_site.id, unit_type_ids=cls.type_residence.ids
        )
        far_run = cls.new_run(items=far_item, site_ids=[(6, 0, cls.other_site.ids)])
        far_run.action_compute()
        far_run.action_post()
        cls.far_charge = far_run.charge_ids
        cls.records = {
            "property.adjustment": tuple(
                cls.env["property.adjustment"].create(
                    {"charge_id": one.id, "reason_code": "other", "reason": "x"}
                )
                for one in (charge, cls.far_charge)
            ),
            "property.deposit.type": tuple(
                cls.env["property.deposit.type"].create({"name": "Key", "site_id": site.id})
                for site in (cls.site, cls.other_site)
            ),
        }

    def test_nobody_adjusts_a_charge_of_a_foreign_site(self):
        with self.assertRaises(AccessError):
            self.env["property.adjustment"].with_user(self.users["finance"]).create(
                {"charge_id": self.far_charge.id, "reason_code": "other", "reason": "x"}
            )
        own = self.records["property.adjustment"][0].with_user(self.users["finance"])
        with self.assertRaises(AccessError):
            own.write({"charge_id": self.far_charge.id})
