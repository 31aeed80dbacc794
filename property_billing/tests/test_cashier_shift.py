"""From the float to the signed-off report."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .counter_common import CounterCommon
from .test_billing_access_matrix import MATRIX

MODELS = (
    "property.collection",
    "property.collection.line",
    "property.collection.tender",
    "property.cashier.shift",
    "property.cashier.shift.line",
    "property.tender.method",
)


@tagged("post_install", "-at_install")
class TestCashierShift(CounterCommon):
    def close(self, denominations, counted=None, why=None, shift=None):
        (shift or self.shift).with_user(self.cashier)._close(
            denominations, counted or {}, why or {}
        )

    def test_one_shift_is_open_at_a_time(self):
        shifts = self.env["property.cashier.shift"].with_user(self.cashier)
        self.assertEqual(shifts._open(self.site, 500), self.shift)
        with self.assertRaises(AccessError):
            shifts._open(self.other_site, 0)

    def test_cash_is_expected_with_the_float_and_without_what_was_undone(self):
        self.collect([(self.bill, "200.50")], [("cash", "300")])
        undone = self.collect([(self.space_bill, "150")], [("cash", "150")])
        undone._undo("Pays by card")
        self.collect([(self.space_bill, "150")], [("pos", "150")])
        figures = {row["method"].kind: row["expected"] for row in self.shift._figures()}
        self.assertEqual(figures, {"cash": 400.50, "pos": 150})

    def test_a_difference_needs_an_explanation(self):
        self.collect([(self.bill, "200.50")], [("cash", "300")])
        with self.assertRaisesRegex(UserError, "explain the difference"):
            self.close({"100": 4})
        cash = self.methods["cash"]
        self.close({"100": 4}, why={cash.id: "50 fen short"})
        line = self.shift.line_ids
        self.assertEqual((line.expected, line.counted, line.difference), (400.50, 400, -0.50))
        self.assertEqual((line.explanation, self.shift.state), ("50 fen short", "closed"))
        self.assertEqual(self.shift.amount_difference, -0.50)

    def test_other_ways_to_pay_are_checked_too(self):
        self.collect([(self.bill, "200.50")], [("pos", "200.50")])
        pos = self.methods["pos"]
        with self.assertRaisesRegex(UserError, "explain the difference"):
            self.close({"100": 2}, {pos.id: 200})
        self.close({"100": 2}, {pos.id: 200.50})
        self.assertEqual(self.shift.amount_difference, 0)

    def test_counts_that_are_no_counts_are_refused(self):
        for denominations in ({"100": -1}, {"3": 1}, {"100": "x"}, {"100": 1.5}):
            with self.subTest(denominations), self.assertRaisesRegex(UserError, "whole numbers"):
                self.close(denominations)

    def test_nobody_closes_a_colleagues_shift(self):
        colleague = self.new_staff("shift.colleague", self.new_job("cashier"), self.site)
        for user in (colleague, self.finance):
            with self.subTest(user.login), self.assertRaisesRegex(UserError, "closes this shift"):
                self.shift.with_user(user)._close({"100": 2}, {}, {})
        with self.assertRaisesRegex(UserError, "no open shift"):
            self.counter(colleague).close_shift({"100": 2}, {}, {})

    def test_a_closed_shift_takes_no_money(self):
        self.close({"100": 2})
        with self.assertRaisesRegex(UserError, "is closed"):
            self.collect([(self.bill, "200.50")], [("cash", "200.50")])
        with self.assertRaisesRegex(UserError, "closed already"):
            self.close({"100": 2})

    def test_somebody_else_signs_off_and_then_it_is_locked(self):
        with self.assertRaisesRegex(UserError, "not waiting"):
            self.shift.with_user(self.finance).action_sign_off()
        self.close({"100": 2})
        with self.assertRaisesRegex(UserError, "Finance or a site manager"):
            self.shift.with_user(self.cashier).action_sign_off()
        self.shift.with_user(self.finance).action_sign_off()
        self.assertEqual((self.shift.state, self.shift.signed_by_id), ("signed", self.finance))
        with self.assertRaisesRegex(UserError, "signed off"):
            self.shift.with_user(self.finance)._deposit(10, self.methods["bank"].journal_id)
        with self.assertRaises(AccessError):
            self.shift.with_user(self.finance).write({"amount_float": 0})
        with self.assertRaises(UserError):
            self.shift.sudo().unlink()

    def test_who_took_the_money_does_not_sign_it_off(self):
        both = self.new_staff("shift.both", self.new_job("cashier", "finance"), self.site)
        shift = self.env["property.cashier.shift"].with_user(both)._open(self.site, 0)
        shift._close({}, {}, {})
        with self.assertRaisesRegex(UserError, "Somebody else"):
            shift.action_sign_off()

    def test_cash_goes_to_the_bank_by_an_entry(self):
        self.collect([(self.bill, "200.50")], [("cash", "300")])
        wizard = (
            self.env["property.cashier.deposit"]
            .with_user(self.cashier)
            .create({"shift_id": self.shift.id})
        )
        self.assertEqual(wizard.amount, 200.50)
        wizard.action_confirm()
        move = self.shift.deposit_move_ids
        self.assertEqual(
            (move.state, move.amount_total, move.site_id), ("posted", 200.50, self.site)
        )
        drawer = self.methods["cash"].journal_id.default_account_id
        self.assertEqual(move.line_ids.filtered("credit").account_id, drawer)
        self.assertEqual(
            move.line_ids.filtered("debit").account_id, self.company.transfer_account_id
        )
        self.assertEqual(self.shift._figures()[0]["expected"], 200)
        with self.assertRaisesRegex(UserError, "only"):
            self.shift.with_user(self.cashier)._deposit(200.01, self.methods["bank"].journal_id)
        self.close({"100": 2})
        self.assertEqual(self.shift.amount_difference, 0)
        self.shift.with_user(self.finance)._deposit(200, self.methods["bank"].journal_id)
        self.assertEqual(self.shift._cash_in_drawer(), 0)

    def test_the_report_ties_methods_items_receipts_and_voids(self):
        self.collect([(self.bill, "200.50"), (self.space_bill, "50")], [("cash", "300")])
        self.collect([(self.space_bill, "100")], [("pos", "100")])
        undone = self.collect([(self.tenant_bill, "60")], [("wechat", "60")])
        undone._undo("Wrong household")
        self.close({"100": 4, "50": 1, "0.5": 1})
        report = self.shift._report()
        self.assertEqual(report["received"], 350.50)
        self.assertEqual(sum(row[2] for row in report["items"]), 350.50)
        self.assertEqual(
            sum(row["expected"] for row in report["methods"]), 350.50 + self.shift.amount_float
        )
        self.assertEqual((report["receipts"]["count"], report["receipts"]["void"]), (3, 1))
        self.assertEqual(report["undone"][0]["reason"], "Wrong household")
        html = self.env["ir.qweb"]._render(
            "property_billing.report_cashier_shift",
            {
                "docs": self.shift,
                "doc_ids": self.shift.ids,
                "company": self.company,
                "res_company": self.company,
                "web_base_url": "",
                "report_type": "html",
            },
        )
        self.assertIn(self.shift.name, str(html))
        self.assertIn("Wrong household", str(html))


@tagged("post_install", "-at_install")
class TestCounterAccess(AccessMatrixMixin, CounterCommon):
    MATRIX = {model: MATRIX[model] for model in MODELS}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls.new_staff(
                f"matrix.{role}",
                cls.new_job(role),
                cls.env["property.site"] if role == "director" else cls.site,
            )
            for role in ROLES
        }
        far_user = cls.new_staff("matrix.far", cls.new_job("cashier"), cls.other_site)
        far_shift = cls.env["property.cashier.shift"].with_user(far_user)._open(cls.other_site, 0)
        far_bill = cls.new_bill(cls.other_unit, cls.other_owner, 12.0)
        own = cls.world(cls, cls.shift, cls.cashier, cls.bill, cls.unit)
        far = cls.world(cls, far_shift, far_user, far_bill, cls.other_unit)
        cls.records = {model: (own[model], far[model]) for model in MODELS}

    def world(self, shift, user, bill, unit):
        """Take money of a bill, close the shift, and return a record of every model."""
        taking = self.collect(
            self,
            [(bill, str(bill.amount_residual))],
            [("pos", str(bill.amount_residual))],
            user=user,
            shift=shift,
            unit=unit,
        )
        shift.with_user(user)._close({"100": int(shift.amount_float / 100)}, {}, {})
        method = self.env["property.tender.method"].create(
            {
                "name": f"Second POS {shift.site_id.code}",
                "kind": "pos",
                "site_id": shift.site_id.id,
                "journal_id": self.methods["pos"].journal_id.id,
            }
        )
        return {
            "property.collection": taking,
            "property.collection.line": taking.line_ids,
            "property.collection.tender": taking.tender_ids,
            "property.cashier.shift": shift,
            "property.cashier.shift.line": shift.line_ids[:1],
            "property.tender.method": method,
        }

    def test_every_model_is_site_scoped(self):
        self.assert_site_scoped(*MODELS)
