from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.property_leasing.tests.common import LeasingCommon
from odoo.addons.property_leasing.tests.moveout_common import MoveoutMixin

TODAY = "2026-10-05"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMoveoutPasses(MoveoutMixin, LeasingCommon):
    def test_the_passes_of_a_tenant_end_on_his_last_day(self):
        self.set_up_moveout()
        area = self.env["property.parking.area"].create(
            {"name": "Deck", "site_id": self.site.id, "capacity": 9}
        )
        common = {"area_id": area.id, "date_from": "2026-07-01", "date_to": "2026-12-31"}
        own, later, elsewhere, other = self.env["property.parking.pass"].create(
            [
                {**common, "partner_id": self.cafe.id, "unit_id": self.shop.id},
                {
                    **common,
                    "partner_id": self.cafe.id,
                    "unit_id": self.shop.id,
                    "date_from": "2026-10-01",
                },
                {**common, "partner_id": self.cafe.id, "unit_id": self.shop_2.id},
                {**common, "partner_id": self.baker.id, "unit_id": self.shop.id},
            ]
        )
        self.close(self.move_out())
        self.assertEqual(own.date_to, date(2026, 9, 30))
        self.assertFalse(own.stopped_at)
        self.assertTrue(later.stopped_at)
        for card in (elsewhere, other):
            self.assertEqual((card.date_to, card.stopped_at), (date(2026, 12, 31), False))
