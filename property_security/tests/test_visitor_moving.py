from datetime import datetime, time, timedelta

from odoo import fields
from odoo.tests import tagged

from .visitor_common import VisitorCommon


@tagged("post_install", "-at_install")
class TestVisitorMoving(VisitorCommon):
    """Nobody is let in for somebody who has moved out."""

    def test_what_a_tenant_has_handed_out_ends_with_his_last_day(self):
        today = fields.Date.today()
        mine = {"partner_id": self.tenant.id, "valid_to": self.now + timedelta(days=20)}
        now = self.new_pass(**mine)
        later = self.new_pass(**mine, valid_from=self.now + timedelta(days=15))
        self.tenant_row.date_to = today + timedelta(days=5)
        end = datetime.combine(today + timedelta(days=5), time(15, 59))
        self.assertEqual((now.valid_to, now.state), (end, "valid"))
        self.assertEqual(later.state, "revoked")
        self.assertFalse(self.one.revoked_at)  # the owner's

    def test_passes_and_lists_of_somebody_who_is_gone_are_revoked(self):
        one = self.new_pass(partner_id=self.tenant.id, valid_to=self.now + timedelta(days=3))
        release = self.new_release(partner_id=self.tenant.id)
        self.tenant_row.date_to = fields.Date.today() - timedelta(days=2)
        self.assertEqual((one.state, bool(release.revoked_at)), ("revoked", True))
