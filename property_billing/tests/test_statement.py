from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged

from ..tools.payment_split import split_payment
from ..tools.statement import BILL, CREDIT, PAYMENT, Entry, build_statement
from .portal_common import PortalBillsCommon

money = st.integers(-1_000_000, 1_000_000).map(lambda fen: Decimal(fen).scaleb(-2))
share = st.integers(0, 100_000).map(lambda fen: Decimal(fen).scaleb(-2))
# a busy machine must not fail a test of arithmetic
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@tagged("post_install", "-at_install")
class TestStatementKernel(BaseCase):
    @patient
    @given(
        money,
        st.lists(
            st.builds(
                Entry,
                st.dates(date(2020, 1, 1), date(2030, 1, 1)),
                st.sampled_from([BILL, PAYMENT, CREDIT]),
                money,
            ),
            max_size=30,
        ),
    )
    def test_opening_plus_bills_minus_payments_minus_credits_is_closing(self, opening, entries):
        statement = build_statement(opening, entries)
        self.assertEqual(
            statement.closing,
            opening + statement.bills - statement.payments - statement.credits,
        )
        self.assertEqual(len(statement.rows), len(entries))
        if entries:
            self.assertEqual(statement.rows[-1][1], statement.closing)
            dates = [entry.date for entry, _balance in statement.rows]
            self.assertEqual(dates, sorted(dates))

    @patient
    @given(share, st.lists(st.tuples(share, share), max_size=8))
    def test_a_payment_is_shared_out_to_the_fen(self, paid, pairs):
        wanted = [(key, intended, residual) for key, (intended, residual) in enumerate(pairs)]
        shares, rest = split_payment(paid, wanted)
        self.assertEqual(sum(amount for _key, amount in shares) + rest, paid)
        self.assertGreaterEqual(rest, 0)
        residuals = {key: residual for key, _intended, residual in wanted}
        self.assertTrue(all(0 < amount <= residuals[key] for key, amount in shares))
        if rest:
            self.assertEqual(sum(dict(shares).values()), sum(residuals.values()))


@tagged("post_install", "-at_install")
class TestStatement(PortalBillsCommon):
    def payer(self, date_from, date_to, partner=None):
        return self.env["property.statement"]._for_payer(
            partner or self.owner, self.company, date_from, date_to
        )

    def household(self, date_from, date_to, **kwargs):
        return self.env["property.statement"]._for_units(
            self.unit | self.space, self.company, date_from, date_to, **kwargs
        )

    def pay(self, bill, amount, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"amount": amount, "payment_date": day})._create_payments()

    def credit(self, bill, day):
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({"journal_id": bill.journal_id.id, "date": day}).refund_moves()
        refund = self.env["account.move"].search([("reversed_entry_id", "=", bill.id)])
        refund.action_post()

    def figures(self, statement):
        return [
            str(amount)
            for amount in (
                statement.opening,
                statement.bills,
                statement.payments,
                statement.credits,
                statement.closing,
            )
        ]

    def test_payers_statement_of_a_span(self):
        self.new_bill(self.unit, self.owner, 100.0, month=8)
        self.pay(self.bill, 50.50, date(2026, 10, 5))
        self.credit(self.space_bill, date(2026, 10, 7))
        statement = self.payer(date(2026, 9, 1), date(2026, 10, 31))
        self.assertEqual(self.figures(statement), ["100.00", "350.50", "50.50", "150.00", "250.00"])
        self.assertEqual(str(statement.closing), f"{self.receivable(self.owner):.2f}")

    def test_spans_join_without_a_gap(self):
        self.new_bill(self.unit, self.owner, 100.0, month=8)
        self.pay(self.bill, 50.50, date(2026, 10, 5))
        for build in (self.payer, self.household):
            first = build(date(2026, 1, 1), date(2026, 9, 30))
            second = build(date(2026, 10, 1), date(2026, 12, 31))
            whole = build(date(2026, 1, 1), date(2026, 12, 31))
            self.assertEqual(first.closing, second.opening)
            self.assertEqual(whole.closing, second.closing)

    def test_households_statement_counts_what_was_settled(self):
        self.pay(self.bill, 200.50, date(2026, 10, 5))
        self.pay(self.tenant_bill, 10.0, date(2026, 10, 6))
        statement = self.household(date(2026, 9, 1), date(2026, 10, 31))
        self.assertEqual(statement.bills, Decimal("410.50"))
        self.assertEqual(statement.payments, Decimal("210.50"))
        self.assertEqual(statement.closing, Decimal("200.00"))

    def test_households_statement_can_be_limited_to_payers(self):
        statement = self.household(date(2026, 9, 1), date(2026, 10, 31), partners=self.tenant)
        self.assertEqual(statement.bills, Decimal("60.00"))

    def test_payment_in_advance_is_a_negative_balance(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.owner.id, "amount": 500.0, "payment_type": "inbound"}
        )
        payment.date = date(2026, 10, 2)
        payment.action_post()
        statement = self.payer(date(2026, 9, 1), date(2026, 10, 31))
        self.assertEqual(str(statement.closing), "-149.50")

    def test_other_people_and_drafts_do_not_count(self):
        self.new_bill(self.unit, self.owner, 77.0, post=False)
        statement = self.payer(date(2026, 9, 1), date(2026, 9, 30))
        self.assertEqual(str(statement.bills), "350.50")

    def test_wizard_asks_whose_statement_and_checks_the_dates(self):
        wizards = self.env["property.statement.wizard"]
        with self.assertRaises(UserError):
            wizards.create({"scope": "household"}).action_print()
        with self.assertRaises(ValidationError):
            wizards.create({"date_from": date(2026, 2, 1), "date_to": date(2026, 1, 1)})

    def test_papers_name_the_figures(self):
        reports = self.env["ir.actions.report"]
        wizard = self.env["property.statement.wizard"].create(
            {
                "scope": "household",
                "unit_id": self.unit.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
            }
        )
        content, _type = reports._render_qweb_html(
            "property_billing.action_report_statement", wizard.ids
        )
        text = content.decode()
        self.assertIn("410.50", text)
        self.assertIn(self.space_bill.name, text)
        content, _type = reports._render_qweb_html(
            "property_billing.action_report_notice", (self.bill | self.space_bill).ids
        )
        text = content.decode()
        self.assertEqual(text.count("op-paper-title"), 1)
        self.assertIn("叁佰伍拾元伍角", text)
        self.pay(self.bill, 200.50, date(2026, 10, 5))
        payment = self.bill._get_reconciled_payments()
        content, _type = reports._render_qweb_html(
            "property_billing.action_report_receipt", payment.ids
        )
        self.assertIn(self.bill.name, content.decode())

    def test_notices_group_the_bills_of_a_household(self):
        notices = (
            self.bill | self.space_bill | self.tenant_bill | self.foreign_bill
        )._property_notices()
        self.assertEqual(
            [(notice["unit"], notice["payer"], notice["total"]) for notice in notices],
            [
                (self.unit, self.owner, 350.50),
                (self.unit, self.tenant, 60.00),
                (self.other_unit, self.other_owner, 99.00),
            ],
        )
