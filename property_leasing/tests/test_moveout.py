from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LeasingCommon
from .moveout_common import MoveoutMixin
from .turnover_common import TurnoverMixin

TODAY = "2026-10-05"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMoveout(MoveoutMixin, TurnoverMixin, LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.set_up_moveout()

    def booked(self):
        """Return the balance of the deposits account, as owed."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.company._billing_deposit_account().id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(-sum(lines.mapped("balance")), 2)

    def test_the_checklist_is_of_every_space_and_must_be_whole(self):
        moveout = self.env["property.lease.moveout"].create({"lease_id": self.lease.id})
        self.assertEqual((moveout.date, moveout.partner_id), (date(2026, 9, 30), self.cafe))
        self.assertGreaterEqual(len(moveout.check_ids), 8)
        with self.assertRaisesRegex(UserError, "Look at everything first"):
            moveout.action_inspect()
        moveout.check_ids.result = "ok"
        moveout.action_inspect()
        self.assertEqual(moveout.step, "inspected")
        self.assertEqual(moveout.check_ids.checked_by_id, self.env.user)

    def test_the_deposit_pays_bills_and_damage_and_the_rest_is_refunded(self):
        closed = []
        self.patch(type(self.lease), "_on_move_out", lambda lease, moveout: closed.append(moveout))
        self.shop.state = "leased"
        before = self.booked()
        moveout = self.move_out(bad=700.0)
        # September was not billed yet: the final bill brings it
        self.assertEqual(moveout.charge_ids.mapped("amount"), [3000.0])
        self.assertEqual(len(moveout.statement_html) > 0 and moveout.amount_due, 700.0)
        self.close(moveout)
        self.assertEqual(moveout.step, "closed")
        bills = moveout._open_bills_sudo()
        self.assertEqual(sum(bills.mapped("amount_residual")), 700.0)
        self.assertEqual(self.deposit.amount_left, 0.0)
        self.assertEqual(self.booked(), before - 9000.0)
        self.assertEqual(moveout.deduction_ids.charge_id.state, "posted")
        self.assertEqual(self.shop.state, "vacant")
        self.assertEqual(closed, [moveout])

    def test_what_is_left_of_the_deposit_is_paid_back(self):
        charges = self.lease.instalment_ids.charge_id
        for bill in charges.move_id:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create({"payment_date": "2026-09-01"})._create_payments()
        moveout = self.close(self.move_out(bad=500.0))
        self.assertEqual(moveout.payment_ids.amount, 5500.0)
        self.assertEqual(moveout.payment_ids.payment_type, "outbound")
        self.assertEqual((self.deposit.amount_left, self.booked()), (0.0, 0.0))
        self.assertFalse(moveout._open_bills_sudo())
        kinds = [row["kind"] for row in self.deposit._statement_rows()]
        self.assertIn("used", kinds)

    def test_the_final_bills_bring_each_row_of_the_lease_once(self):
        moveout = self.move_out()
        moveout.action_bill()
        self.assertEqual(len(moveout.charge_ids), 1)
        self.assertFalse(self.bill("2026-09-01", "2026-09-30").charge_ids)

    def test_a_lease_that_goes_on_has_to_be_ended_first(self):
        lease = self.sign(self.new_lease(unit=self.shop_2, partner_id=self.baker.id))
        moveout = self.env["property.lease.moveout"].create(
            {"lease_id": lease.id, "date": "2026-09-30"}
        )
        with self.assertRaisesRegex(UserError, "ends on 2027-06-30"):
            moveout.action_bill()
        self.bill("2026-07-01", "2026-09-30")
        action = moveout.action_end_lease()
        amendment = self.amend(
            lease, kind="term", date_to=action["context"]["default_date_to"], penalty=3000.0
        )
        self.assertEqual(amendment.approval_state, "approved")
        moveout.action_bill()
        self.assertEqual(moveout.amount_due, 12000.0)

    def test_turnover_rent_is_settled_with_the_last_bills(self):
        lease = self.sign(
            self.new_turnover_lease(
                unit=self.shop_2, partner_id=self.baker.id, date_to="2026-09-30", tiers=((0, 8),)
            )
        )
        self.declare(lease, jul=100000, aug=100000, sep=100000)
        moveout = self.env["property.lease.moveout"].create({"lease_id": lease.id})
        moveout.action_bill()
        # three months of 3,000, and 5,000 beyond each
        self.assertEqual(sum(moveout.charge_ids.mapped("amount")), 24000.0)

    def test_final_bills_wait_for_turnover_that_is_not_known(self):
        lease = self.sign(
            self.new_turnover_lease(
                unit=self.shop_2, partner_id=self.baker.id, date_to="2026-09-30", tiers=((0, 8),)
            )
        )
        self.declare(lease, jul=100000, aug=100000)
        september = lease.turnover_ids.filtered(lambda one: one.state == "open")
        moveout = self.env["property.lease.moveout"].create({"lease_id": lease.id})
        with self.assertRaisesRegex(UserError, "Enter the turnover.* 2026-09-01 – 2026-09-30"):
            moveout.action_bill()
        september._declare(0)
        with self.assertRaisesRegex(UserError, "have it confirmed first"):
            moveout.action_bill()
        september.action_confirm(september._versions())
        moveout.check_ids.result = "ok"
        moveout.action_inspect()
        moveout.action_bill()
        # 16,000 for the time less 9,000: 7,000, and 10,000 are billed
        with self.assertRaisesRegex(UserError, "Have finance credit"):
            moveout.action_offer()
        lease.settlement_ids.filtered(lambda one: one.state == "credit").action_credit()
        moveout.action_offer()
        self.assertEqual(moveout.amount_due, 16000.0)

    def prepay(self, amount, item=None, unit=None):
        return self.env["property.prepayment"]._receive(
            unit or self.shop, self.cafe, amount, self.bank, item=item
        )

    def test_what_is_paid_back_is_what_the_signed_statement_says(self):
        earmarked = self.prepay(4000.0, item=self.service)
        moveout = self.move_out(bad=5000.0)
        moveout.action_offer()
        # 9,000 and 4,000 are kept, 5,000 and three months of 3,000 are owed
        self.assertEqual((moveout.amount_refund, moveout.amount_due), (0.0, 1000.0))
        moveout._sign("Lin")
        self.close(moveout, agree=False)
        self.assertFalse(moveout.payment_ids)
        self.assertEqual((earmarked.amount_left, self.deposit.amount_left), (0.0, 0.0))
        self.assertEqual(sum(moveout._open_bills_sudo().mapped("amount_residual")), 1000.0)

    def give(self, amount, tax=None):
        campaign = self.env["property.campaign"].create(
            {
                "name": "Pay a year",
                "company_id": self.company.id,
                "kind": "months",
                "date_to": "2026-12-31",
                "item_ids": [Command.set(self.service.ids)],
            }
        )
        gift = {
            "unit": self.shop,
            "payer": self.cafe,
            "item": self.service,
            "tax": tax or self.env["account.tax"],
            "amount": Decimal(amount),
            "campaign_id": campaign.id,
            "text": "A month free",
        }
        campaign._grant_gift(gift, date(2026, 9, 1))
        return self.env["property.prepayment"].search([("campaign_id", "=", campaign.id)])

    def test_what_a_campaign_gave_is_not_paid_back_and_lapses(self):
        kept = self.give(106, self.env["account.tax"]._vat_tax(self.company, 6))
        for bill in self.lease.instalment_ids.charge_id.move_id:
            self.pay(bill)
        moveout = self.move_out()
        moveout.action_offer()
        self.assertEqual([row["amount"] for row in moveout.statement["lapsing"]], [106.0])
        self.assertIn("106.00", moveout.statement_html)
        moveout._sign("Lin")
        self.close(moveout, agree=False)
        self.assertEqual(moveout.payment_ids.mapped("amount"), [6000.0])
        self.assertEqual(kept.amount_left, 0.0)
        last = kept._statement_rows()[-1]
        self.assertEqual((last["kind"], last["amount"], last["balance"]), ("lapsed", -106, 0))
        lapsed = kept.line_id.matched_debit_ids.debit_move_id.move_id
        self.assertEqual((lapsed.amount_untaxed, lapsed.amount_tax), (100.0, 6.0))
        self.assertEqual(lapsed.partner_id, self.cafe)
        self.assertFalse(moveout._open_bills_sudo())

    def test_the_day_of_the_offer_is_that_of_the_site(self):
        self.site.tz = "Asia/Shanghai"
        moveout = self.move_out()
        with freeze_time("2026-10-05 22:30:00"):
            moveout.action_offer()
        self.assertEqual(moveout._settled_on(), date(2026, 10, 6))

    def test_a_statement_that_changed_after_it_was_signed_is_not_booked(self):
        moveout = self.move_out(bad=500.0)
        moveout.action_offer()
        moveout._sign("Lin")
        self.assertEqual(moveout.statement_sha256, moveout._fingerprint())
        with self.assertRaisesRegex(UserError, "with the tenant"):
            moveout.deduction_ids.with_user(self.env.ref("base.user_admin")).amount = 1.0
        moveout.deduction_ids.sudo().amount = 600.0
        with self.assertRaisesRegex(UserError, "have changed since"):
            moveout.action_submit()
        moveout.action_take_back()
        self.assertEqual((moveout.step, moveout.signed_at), ("inspected", False))
        self.close(moveout)
        self.assertEqual(moveout.step, "closed")

    def test_the_statement_reads_the_same_in_every_language_of_the_staff(self):
        moveout = self.move_out(bad=500.0)
        self.assertTrue(moveout.statement_html)
        texts = [
            moveout.with_context(lang=lang)._statement()
            for lang, _name in self.env["res.lang"].get_installed()
        ]
        self.assertTrue(all(text == texts[0] for text in texts))

    def test_who_asked_does_not_approve(self):
        moveout = self.move_out()
        moveout.action_offer()
        moveout._sign("Lin")
        moveout.journal_id = self.bank
        moveout.action_submit()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            moveout.action_approve()

    def test_an_objection_sends_the_statement_back(self):
        moveout = self.move_out(bad=500.0)
        with self.assertRaisesRegex(UserError, "not possible now"):
            moveout._sign("Lin")
        moveout.action_offer()
        with self.assertRaisesRegex(UserError, "few words"):
            moveout._dispute(" ")
        moveout._dispute("The hole was there before")
        self.assertEqual(moveout.step, "disputed")
        self.assertTrue(moveout.activity_ids)
        moveout.deduction_ids.unlink()
        moveout.action_offer()
        self.assertEqual(moveout.statement["deductions"], [])
        with self.assertRaisesRegex(UserError, "Enter your name"):
            moveout._sign(" ")

    def test_a_paper_signature_needs_the_paper(self):
        moveout = self.move_out()
        moveout.action_offer()
        with self.assertRaisesRegex(UserError, "Attach the signed"):
            moveout.action_agree_on_paper()
        paper = self.env["ir.attachment"].create({"name": "s.pdf", "raw": b"%PDF-1.7"})
        moveout.attachment_ids = [Command.link(paper.id)]
        moveout.action_agree_on_paper()
        self.assertEqual((moveout.step, moveout.signed_name), ("agreed", "Cafe Lin"))

    def test_steps_and_signatures_are_not_written_by_hand(self):
        clerk = self.new_staff("leasing.moveout", self.new_job("leasing"), self.site)
        moveout = self.env["property.lease.moveout"].create({"lease_id": self.lease.id})
        for vals in ({"step": "agreed"}, {"signed_name": "x"}, {"statement": {}}):
            with self.subTest(vals), self.assertRaises(UserError):
                moveout.with_user(clerk).write(vals)
        with self.assertRaisesRegex(UserError, "Finance or a site manager"):
            moveout.with_user(clerk).action_approve()

    def test_a_second_move_out_of_the_same_tenant_is_refused_and_cancelling_frees(self):
        moveout = self.env["property.lease.moveout"].create({"lease_id": self.lease.id})
        self.assertEqual(self.lease.action_move_out()["res_id"], moveout.id)
        moveout.action_cancel_request()
        self.assertEqual(moveout.step, "cancelled")
        self.assertFalse(self.lease.action_move_out()["res_id"])

    def test_the_statement_is_printed_with_the_signature(self):
        moveout = self.move_out(bad=500.0)
        moveout.action_offer()
        moveout._sign("Lin of the Cafe")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "property_leasing.report_moveout", moveout.ids
        )
        for words in (
            "Lin of the Cafe",
            moveout.statement_sha256,
            "Hole in the wall",
            moveout.name,
        ):
            self.assertIn(words, html.decode())


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMoveoutMeters(MoveoutMixin, LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.set_up_billing()
            cls.set_up_moveout()
            cls.shop_meter = cls.env["property.meter"].create(
                {
                    "code": "W9",
                    "unit_id": cls.shop.id,
                    "kind": "cold_water",
                    "digits": 5,
                    "initial_reading": 0,
                    "install_date": "2026-06-30",
                }
            )

    def test_the_last_reading_is_billed_to_the_tenant(self):
        moveout = self.env["property.lease.moveout"].create({"lease_id": self.lease.id})
        self.assertEqual(moveout.reading_ids.meter_id, self.shop_meter)
        moveout.check_ids.result = "ok"
        moveout.action_inspect()
        with self.assertRaisesRegex(UserError, "Enter the readings of 2026-09-30 first: W9"):
            moveout.action_bill()
        moveout.reading_ids.value = 10
        moveout.action_bill()
        reading = moveout.reading_ids.reading_id
        self.assertEqual((reading.value, reading.date), (10.0, date(2026, 9, 30)))
        water = moveout.charge_ids.filtered(lambda one: one.item_id == self.water)
        self.assertEqual((water.amount, water.payer_id), (34.5, self.cafe))
        moveout.action_bill()
        self.assertEqual(len(moveout.charge_ids), 2)


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestNotice(LeasingCommon):
    def give(self, lease, kind="end", day="2026-12-31"):
        return self.env["property.lease.notice"]._give(
            lease, kind, date.fromisoformat(day), "Moving"
        )

    def test_notice_to_end_becomes_an_amendment_that_somebody_approves(self):
        lease = self.sign(
            self.new_lease(option_ids=[(0, 0, {"date": "2026-12-31", "notice_months": 2})])
        )
        notice = self.give(lease)
        self.assertEqual((notice.earliest_date, notice.is_short), (date(2027, 1, 5), True))
        self.assertEqual(notice.activity_ids.user_id, lease.user_id)
        with self.assertRaisesRegex(UserError, "given notice already"):
            self.give(lease)
        notice.action_confirm()
        self.assertEqual(
            (notice.state, notice.amendment_id.kind, notice.amendment_id.date_to),
            ("confirmed", "term", date(2026, 12, 31)),
        )
        self.assertEqual(notice.amendment_id.approval_state, "draft")
        self.assertEqual(lease.option_ids.taken_on, date(2026, 10, 5))
        self.assertEqual(lease.date_to, date(2027, 6, 30))
        context = notice.action_move_out()["context"]
        self.assertEqual(context["default_date"], date(2026, 12, 31))
        with self.assertRaisesRegex(UserError, "answered already"):
            notice.action_refuse()

    def test_notice_not_to_renew_leaves_the_lease_as_it_is(self):
        lease = self.sign(self.new_lease())
        notice = self.give(lease, "leave")
        notice.action_confirm()
        self.assertEqual((notice.date_to, notice.amendment_id.id), (date(2027, 6, 30), False))

    def test_a_day_outside_the_lease_is_refused(self):
        lease = self.sign(self.new_lease())
        for day in ("2026-10-04", "2027-07-01"):
            with self.subTest(day), self.assertRaisesRegex(UserError, "Choose a day from today"):
                self.give(lease, day=day)

    def test_leasing_is_told_once_of_papers_that_expire(self):
        lease = self.sign(self.new_lease())
        papers = self.env["property.lease.document"]
        soon, later, without = (
            papers._upload(lease, self.cafe, {"name": "P", "date_to": day}, b"%PDF-1.7")
            for day in ("2026-11-01", "2027-05-01", False)
        )
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 60.0):
            papers._cron_expiring()
            papers._cron_expiring()
        self.assertEqual(soon.activity_ids.user_id, lease.user_id)
        self.assertEqual(len(soon.activity_ids), 1)
        self.assertFalse((later | without).activity_ids)
        soon.date_to = "2026-10-20"
        self.assertFalse(soon.told_on)
