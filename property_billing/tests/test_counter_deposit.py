"""Deposits taken at the counter."""

from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .counter_common import CounterCommon


class CounterDepositCommon(CounterCommon):
    """The counter, on a site that takes deposits for decoration (2000.00) and keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.decoration, cls.key = cls.env["property.deposit.type"].create(
            [
                {
                    "name": "Decoration Deposit",
                    "kind": "decoration",
                    "amount": 2000.0,
                    "sequence": 1,
                    "company_id": cls.company.id,
                },
                {"name": "Key Deposit", "kind": "key", "sequence": 2, "company_id": cls.company.id},
            ]
        )

    def deposit_spec(self, bills=None, tenders=(("cash", ""),), kind=None, **values):
        """Return what the screen sends for a deposit; without bills when none are told."""
        return self.spec(
            bills=self.bill.browse() if bills is None else bills,
            tenders=tenders,
            deposit={
                "type_id": self.decoration.id if kind is None else kind.id,
                **{key: values.pop(key) for key in ("amount", "note", "payer_id") if key in values},
            },
            **values,
        )

    def kept(self):
        """Return the deposits of the household."""
        return self.env["property.deposit"].search([("unit_id", "=", self.unit.id)])


@tagged("post_install", "-at_install")
class TestCounterDeposit(CounterDepositCommon):
    def test_the_household_says_which_deposits_are_taken_and_from_whom(self):
        self.env["property.deposit.type"].create(
            {
                "name": "Elsewhere",
                "kind": "other",
                "company_id": self.company.id,
                "site_id": self.other_site.id,
            }
        )
        household = self.counter().open_household(self.unit.id)
        self.assertEqual(
            [(row["name"], row["amount"]) for row in household["deposit_types"]],
            [("Decoration Deposit", "2000.00"), ("Key Deposit", "0.00")],
        )
        self.assertEqual(household["deposit_payers"][0]["id"], self.owner.id)

    def test_a_deposit_is_kept_for_its_payer_with_a_receipt_of_its_own(self):
        taken = self.take(self.deposit_spec(tenders=(("cash", "2100"),), note="Bathroom"))
        self.assertEqual((taken["received"], taken["change"]), ("2000.00", "100.00"))
        deposit = self.kept()
        self.assertEqual(
            (deposit.type_id, deposit.partner_id, deposit.amount_left, deposit.note),
            (self.decoration, self.owner, 2000.0, "Bathroom"),
        )
        self.assertEqual(deposit.payment_id.shift_id, self.shift)
        receipt = deposit.payment_id.receipt_id
        self.assertEqual(receipt.line_ids.mapped("kind"), ["deposit"])
        self.assertIn(str(receipt.id), taken["print_url"])
        shown = self.counter().open_household(self.unit.id)
        self.assertEqual([row["left"] for row in shown["deposits"]], ["2000.00"])

    def test_bills_and_a_deposit_are_one_taking_and_two_receipts(self):
        taken = self.take(self.deposit_spec(bills=self.bill, amount="300", kind=self.key))
        collection = self.env["property.collection"].browse(taken["id"])
        self.assertEqual(collection.amount, 500.50)
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(
            sorted(tuple(one.line_ids.mapped("kind")) for one in collection.receipt_ids),
            [("bill",), ("deposit",)],
        )

    def test_the_shift_counts_it_and_its_report_says_what_it_is(self):
        self.take(self.deposit_spec())
        cash = next(one for one in self.shift._figures() if one["is_cash"])
        self.assertEqual(cash["expected"], 2200.0)
        self.assertEqual(self.shift._report()["items"], [("Deposit received", 1, 2000.0)])

    def test_the_same_token_takes_it_once(self):
        token = str(uuid4())
        first = self.take(self.deposit_spec(), token)
        self.assertEqual(self.take(self.deposit_spec(), token)["id"], first["id"])
        self.assertEqual(len(self.kept()), 1)

    def test_undoing_the_taking_makes_the_deposit_void(self):
        taken = self.take(self.deposit_spec())
        self.counter().undo(taken["id"], "Wrong household")
        deposit = self.kept()
        deposit.invalidate_recordset()
        self.assertEqual((deposit.state, deposit.amount_left), ("void", 0.0))
        self.assertEqual(deposit.payment_id.state, "canceled")
        account = self.company._billing_deposit_account()
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)

    def test_a_deposit_that_was_given_back_is_not_undone(self):
        taken = self.take(self.deposit_spec(bills=self.bill))
        self.kept()._deduct(self.space_bill, 50.0, reason="Damage")
        with self.assertRaisesRegex(UserError, "given back already"):
            self.counter().undo(taken["id"], "Wrong household")

    def test_what_is_missing_or_made_up_is_refused_with_the_way_out(self):
        for spec, words in (
            (self.deposit_spec(kind=self.key), "Enter the amount"),
            (self.deposit_spec(kind=self.key, amount="-5"), "no amount"),
            (self.deposit_spec(kind=self.decoration.browse(0)), "kind of deposit"),
        ):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.counter().preview(spec)
        made_up = self.deposit_spec(payer_id=self.env.user.partner_id.id)
        self.take(made_up)
        self.assertEqual(self.kept().partner_id, self.owner)

    def test_a_gift_for_months_ahead_does_not_lower_a_deposit(self):
        item = self.new_standing_fee()
        self.env["property.campaign"].create(
            {
                "name": "3 for 2",
                "company_id": self.company.id,
                "site_id": self.site.id,
                "kind": "months",
                "months": 3,
                "months_paid": 2,
                "date_from": "2026-01-01",
                "date_to": "2036-12-31",
                "item_ids": [(6, 0, item.ids)],
            }
        ).sudo().approval_state = "approved"
        shown = self.counter().preview({**self.deposit_spec(), "months": 3})
        self.assertEqual(shown["due"], "2500.00")
        self.assertEqual([row["amount"] for row in shown["ahead"]], ["750.00", "2000.00"])


@tagged("post_install", "-at_install")
class TestCounterDepositTour(HttpCase, CounterDepositCommon):
    def test_a_cashier_takes_a_deposit_with_the_keyboard_alone(self):
        user = self.new_staff("tour.cashier", self.new_job("cashier"), self.site)
        self.env["property.cashier.shift"].with_user(user)._open(self.site, 0)
        self.start_tour("/odoo/counter", "property_billing_deposit", login=user.login, timeout=120)
        deposit = self.kept()
        self.assertEqual((deposit.type_id, deposit.amount, deposit.note), (self.key, 30.0, "Key 7"))
        self.assertEqual(self.bill.amount_residual, 200.50)
