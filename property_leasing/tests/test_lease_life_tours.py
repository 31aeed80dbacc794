from freezegun import freeze_time
from odoo.tests import HttpCase, tagged

from .common import LeasingCommon
from .moveout_common import MoveoutMixin
from .turnover_common import TurnoverMixin

TODAY = "2026-10-05"
MOVEOUTS = "/odoo/action-property_leasing.property_lease_moveout_action"


@tagged("post_install", "-at_install")
class TestLeaseLifeTours(HttpCase, MoveoutMixin, TurnoverMixin, LeasingCommon):
    browser_size = "390x844"
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(TODAY):
            cls.set_up_moveout()

    def test_a_tenant_declares_turnover_on_his_phone(self):
        with freeze_time(TODAY):
            lease = self.sign(
                self.new_turnover_lease(
                    unit=self.shop_2, partner_id=self.baker.id, brand="Sun Bread"
                )
            )
        self.new_portal_user(self.baker, "tour.baker")
        self.start_tour("/my/leases", "property_lease_turnover_declared", login="tour.baker")
        july = lease.turnover_ids.sorted("date_from")[0]
        self.assertEqual((july.state, july.amount), ("declared", 128000.5))

    def test_a_tenant_signs_the_settlement_of_his_deposit(self):
        with freeze_time(TODAY):
            moveout = self.move_out(bad=500.0)
            moveout.action_offer()
        self.new_portal_user(self.cafe, "tour.cafe")
        self.start_tour(
            f"/my/leases/moveout/{moveout.id}", "property_lease_statement_signed", login="tour.cafe"
        )
        self.assertEqual((moveout.step, moveout.signed_name), ("agreed", "Lin of the Cafe"))
        self.assertTrue(moveout.signature)
        self.assertEqual(moveout.statement_sha256, moveout._fingerprint())


@tagged("post_install", "-at_install")
class TestDepositTour(HttpCase, MoveoutMixin, LeasingCommon):
    def test_finance_settles_a_deposit(self):
        with freeze_time(TODAY):
            self.set_up_moveout()
            moveout = self.env["property.lease.moveout"].create({"lease_id": self.lease.id})
            moveout.check_ids.result = "ok"
            moveout.action_inspect()
        clerk = self.new_staff("tour.finance", self.new_job("finance"), self.site)
        manager = self.new_staff("tour.manager", self.new_job("manager"), self.site)
        with freeze_time(TODAY):
            self.start_tour(
                MOVEOUTS, "property_lease_deposit_settled", login=clerk.login, timeout=120
            )
            self.assertEqual(moveout.step, "offered")
            moveout._sign("Lin of the Cafe")
            moveout.with_user(clerk).journal_id = self.bank
            moveout.with_user(clerk).action_submit()
            self.start_tour(
                MOVEOUTS, "property_lease_deposit_booked", login=manager.login, timeout=120
            )
        self.assertEqual((moveout.step, self.deposit.amount_left), ("closed", 0.0))
