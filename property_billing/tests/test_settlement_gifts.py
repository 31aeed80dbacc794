"""What a campaign gave a seller, when his home changes hands."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementGifts(SettlementCommon):
    def give(self, amount, item=None):
        campaign = self.env["property.campaign"].create(
            {
                "name": "Pay a year",
                "company_id": self.company.id,
                "kind": "months",
                "date_to": "2026-12-31",
                "item_ids": self.set_ids(self.water),
            }
        )
        gift = {
            "unit": self.unit,
            "payer": self.owner,
            "item": item or self.water,
            "tax": self.env["account.tax"],
            "amount": Decimal(amount),
            "campaign_id": campaign.id,
            "text": "A month free",
        }
        campaign._grant_gift(gift, date(2026, 9, 1))
        return self.env["property.prepayment"].search([("campaign_id", "=", campaign.id)])

    def test_what_a_campaign_gave_is_not_paid_back_to_the_seller_and_lapses(self):
        given = self.give(100)
        prepaid = self.receive(40.0, item=self.water)
        settlement = self.decide(
            self.transfer(),
            arrears_decision="stay",
            prepayment_decision="refund",
            journal_id=self.cash.id,
        )
        self.assertIn("40.00", settlement.impact_text)
        self.assertIn("100.00", settlement.impact_text)
        self.assertEqual((prepaid.amount_left, given.amount_left), (0.0, 0.0))
        self.assertEqual(given._statement_rows()[-1]["kind"], "lapsed")
        self.assertIn("100.00", given.message_ids[0].body)

    def test_what_a_campaign_gave_does_not_go_to_the_buyer(self):
        given = self.give(100)
        prepaid = self.receive(40.0, item=self.water)
        settlement = self.transfer()
        self.assertIn("100.00", str(settlement.overview_html))
        self.decide(
            settlement,
            arrears_decision="stay",
            prepayment_decision="buyer",
            attachment_ids=self.set_ids(self.form),
        )
        self.assertEqual((prepaid.amount_left, given.amount_left), (0.0, 0.0))
        heirs = self.env["property.prepayment"].search([("partner_id", "=", self.buyer.id)])
        self.assertEqual((heirs.amount, heirs.campaign_id.ids), (40.0, []))

    def test_a_gift_pays_bills_of_its_item_before_it_lapses(self):
        self.bill(self.management)
        given = self.give(100, self.management)
        settlement = self.decide(self.transfer(), arrears_decision="stay")
        self.assertEqual(given.amount_left, 0.0)
        self.assertEqual(given._statement_rows()[-1]["kind"], "used")
        self.assertNotIn("lapses", settlement.impact_text)

    def test_a_gift_that_was_left_behind_lapses_on_request(self):
        given = self.give(100)
        action = given.with_user(self.users["cashier"]).action_request()
        request = (
            self.env["property.refund"]
            .with_user(self.users["cashier"])
            .with_context(**action["context"])
            .create({"reason": "Moved away long ago"})
        )
        self.assertEqual((request.kind, request.amount), ("lapse", 100.0))
        request.action_submit()
        request.with_user(self.users["finance"]).action_approve()
        self.assertEqual(given.amount_left, 0.0)

    def test_a_gift_is_handed_to_nobody_else_and_own_money_does_not_lapse(self):
        given = self.give(100)
        prepaid = self.receive(40.0)
        for vals, words in (
            ({"prepayment_id": given.id, "kind": "hand_over"}, "to nobody else"),
            ({"prepayment_id": prepaid.id, "kind": "lapse"}, "own money"),
        ):
            request = self.env["property.refund"].create(
                {"amount": 40.0, "reason": "Why", "to_partner_id": self.buyer.id, **vals}
            )
            with self.subTest(vals), self.assertRaisesRegex(UserError, words):
                request.action_submit()
