import io
import random
from datetime import date, timedelta
from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import LeasingStaffCommon
from .moveout_common import MoveoutMixin

TODAY = "2026-11-20"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDepositLedger(MoveoutMixin, LeasingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.set_up_moveout()

    def ledger(self, first, last, user=None, **vals):
        wizards = self.env["property.deposit.ledger"].with_user(user or self.env.user)
        return wizards.create({"date_from": first, "date_to": last, **vals})._ledger()

    def booked(self, day):
        """Return the balance of the deposits account on a day, by the journal items alone."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.company._billing_deposit_account().id),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
                ("site_id", "in", (self.site | self.other_site).ids),
            ]
        )
        return -Decimal(str(round(sum(lines.mapped("balance")), 2)))

    def test_the_deposit_of_a_lease_is_taken_on_the_lease_and_not_at_the_counter(self):
        lease = self.company._lease_deposit_type()
        card = lease.copy({"name": "Card", "kind": "card"})
        offered = self.env["property.counter"]._deposit_types(self.site)
        self.assertIn(card, offered)
        self.assertNotIn(lease, offered)

    def test_a_row_tells_what_came_and_went(self):
        with freeze_time("2026-10-05"):
            self.close(self.move_out(bad=700.0))
        ledger = self.ledger(date(2026, 8, 1), date(2026, 10, 31), site_ids=self.site.ids)
        (row,) = ledger["rows"]
        self.assertEqual(row["name"], self.lease.display_name)
        self.assertEqual(
            [row[name] for name in ("opening", "received", "rent", "deducted", "balance")],
            [Decimal("9000.00"), 0, Decimal("-9000.00"), 0, 0],
        )
        ledger = self.ledger(date(2026, 6, 1), date(2026, 7, 31), site_ids=self.site.ids)
        self.assertEqual(ledger["rows"][0]["received"], Decimal("9000.00"))
        self.assertEqual(ledger["totals"]["balance"], ledger["booked"])

    def test_damage_is_told_from_rent_and_the_rest_is_a_refund(self):
        for bill in self.lease.instalment_ids.charge_id.move_id:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create({"payment_date": "2026-09-01"})._create_payments()
        with freeze_time("2026-10-05"):
            self.close(self.move_out(bad=700.0))
        ledger = self.ledger(date(2026, 10, 1), date(2026, 10, 31), site_ids=self.site.ids)
        (row,) = ledger["rows"]
        self.assertEqual(
            [row[name] for name in ("rent", "deducted", "refunded", "balance")],
            [Decimal(-3000), Decimal(-700), Decimal(-5300), 0],
        )

    def test_it_ties_to_the_books_to_the_fen_on_any_day_of_random_histories(self):
        sites = (self.site | self.other_site).ids
        repair = self.company._lease_damage_item()
        for seed in range(3):
            self.random_history(random.Random(seed), repair)  # noqa: S311 - a history, no secret
        start = date(2026, 6, 25)
        for offset in range(0, 140, 9):
            day = start + timedelta(days=offset)
            for rows_by in ("deposit_id", "lease_id", "unit_id", "partner_id"):
                with self.subTest(day=day, rows_by=rows_by):
                    ledger = self.ledger(
                        day - timedelta(days=offset // 2), day, site_ids=sites, rows_by=rows_by
                    )
                    self.assertEqual(ledger["totals"]["balance"], self.booked(day))
                    self.assertEqual(ledger["booked"], self.booked(day))
        deposits = self.env["property.deposit"].search([("site_id", "in", sites)])
        last = self.ledger(start, date(2026, 11, 20), site_ids=sites, rows_by="deposit_id")
        self.assertEqual(
            sum((row["balance"] for row in last["rows"]), Decimal(0)),
            Decimal(str(round(sum(deposits.mapped("amount_left")), 2))),
        )

    def random_history(self, rng, repair):
        """Take, deduct for rent and damage, refund and hand over deposits, in order of days."""
        day, deposits = date(2026, 7, 2), []
        for _step in range(12):
            day += timedelta(days=rng.randint(0, 6))
            held = [one for one in deposits if one.amount_left]
            act = rng.choice(["take", "take", "deduct", "refund", "hand_over"]) if held else "take"
            if act == "take":
                unit, payer = rng.choice([(self.shop, self.cafe), (self.far_shop, self.baker)])
                deposits.append(
                    self.env["property.deposit"]._receive(
                        unit,
                        payer,
                        rng.randint(1, 300000) / 100,
                        self.bank,
                        self.company._lease_deposit_type(),
                        date=day,
                    )
                )
                continue
            deposit = rng.choice(held)
            amount = rng.randint(1, round(deposit.amount_left * 100)) / 100
            if act == "refund":
                deposit._refund(amount, self.bank, day)
            elif act == "hand_over":
                heir = self.baker if deposit.partner_id == self.cafe else self.cafe
                deposits.append(deposit._hand_over(heir, deposit.unit_id, amount, day))
            else:
                item = rng.choice([repair, self.one_off])
                charge = self.env["property.charge"]._create_single(
                    deposit.unit_id, item, deposit.partner_id, day, amount, "Damage"
                )
                deposit._deduct(charge._post(), amount, day)

    def test_each_sees_the_deposits_of_his_sites(self):
        self.env["property.deposit"]._receive(
            self.far_shop,
            self.baker,
            100.0,
            self.bank,
            self.company._lease_deposit_type(),
            date="2026-07-01",
        )
        span = (date(2026, 6, 1), date(2026, 11, 20))
        ledger = self.ledger(*span, user=self.users["finance"])
        self.assertEqual(ledger["totals"]["balance"], Decimal("9000.00"))
        self.assertEqual(ledger["booked"], Decimal("9000.00"))
        with self.assertRaises(AccessError):
            self.ledger(*span, user=self.users["guard"])


@tagged("post_install", "-at_install")
class TestDepositLedgerWorkbook(MoveoutMixin, LeasingStaffCommon, HttpCase):
    def test_the_workbook_is_sent_to_who_asked_and_to_nobody_else(self):
        with freeze_time(TODAY):
            self.set_up_moveout()
            wizard = (
                self.env["property.deposit.ledger"]
                .with_user(self.users["finance"])
                .create({"date_from": "2026-06-01", "date_to": "2026-11-20"})
            )
        url = wizard.action_export()["url"]
        self.authenticate("staff.finance", "staff.finance")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        page = load_workbook(io.BytesIO(answer.content)).active
        cells = [cell.value for row in page.iter_rows() for cell in row]
        self.assertIn(self.lease.display_name, cells)
        self.assertIn(9000, cells)
        self.authenticate("staff.cashier", "staff.cashier")
        self.assertEqual(self.url_open(url).status_code, 404)
