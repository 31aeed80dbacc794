"""What a campaign gave a seller, when his home changes hands."""

from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from .test_settlement import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementGifts(SettlementCommon):
    def test_what_a_campaign_gave_is_not_paid_back_to_the_seller(self):
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
            "item": self.water,
            "tax": self.env["account.tax"],
            "amount": Decimal(100),
            "campaign_id": campaign.id,
            "text": "A month free",
        }
        campaign._grant_gift(gift, date(2026, 9, 1))
        given = self.env["property.prepayment"].search([("campaign_id", "=", campaign.id)])
        prepaid = self.receive(40.0, item=self.water)
        settlement = self.decide(
            self.transfer(),
            arrears_decision="stay",
            prepayment_decision="refund",
            journal_id=self.cash.id,
        )
        self.assertIn("40.00", settlement.impact_text)
        self.assertEqual((prepaid.amount_left, given.amount_left), (0.0, 100.0))
