"""Requests as people make them: one asks, another approves, in the browser."""

from freezegun import freeze_time
from odoo.tests import HttpCase, tagged

from .common import BillingStaffCommon
from .late_fee_common import LateFeeMixin

ACTION = "/odoo/action-property_billing.%s"


@tagged("post_install", "-at_install")
class TestRequestTours(LateFeeMixin, HttpCase, BillingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()

    def ask_and_approve(self, action, story):
        """Let finance ask and the manager approve."""
        for step, role in (("asked", "finance"), ("approved", "manager")):
            self.start_tour(
                ACTION % action, f"property_{story}_{step}", login=f"staff.{role}", timeout=120
            )

    def test_a_late_fee_is_waived_by_two_people(self):
        with freeze_time("2026-11-02"):
            self.ask_and_approve("property_late_fee_waiver_action", "waiver")
        waiver = self.env["property.late.fee.waiver"].search([("site_id", "=", self.site.id)])
        self.assertEqual((waiver.approval_state, waiver.amount_waived), ("approved", 4.95))
        self.assertEqual(self.fee(33), 0)

    def test_a_bill_is_written_off_and_the_write_off_undone(self):
        with freeze_time("2026-11-02"):
            self.ask_and_approve("property_write_off_action", "write_off")
            write_off = self.env["property.write.off"].search([("site_id", "=", self.site.id)])
            self.assertEqual((write_off.approval_state, self.bill.amount_residual), ("approved", 0))
            self.start_tour(
                ACTION % "property_decision_undo_action",
                "property_undo_approved",
                login="staff.finance",
                timeout=120,
            )
        self.assertTrue(write_off.is_undone)
        self.assertEqual(self.bill.amount_residual, 300)

    def test_a_campaign_is_offered_and_ended(self):
        with freeze_time("2026-11-02"):
            self.ask_and_approve("property_campaign_action", "campaign")
        campaign = (
            self.env["property.campaign"]
            .with_context(active_test=False)
            .search([("site_id", "=", self.site.id)])
        )
        self.assertEqual((campaign.approval_state, campaign.active), ("approved", False))
        self.assertEqual((campaign.kind, campaign.item_ids), ("months", self.management))
