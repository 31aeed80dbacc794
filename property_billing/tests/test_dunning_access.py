from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .common import BillingStaffCommon
from .dunning_common import TODAY, DunningMixin
from .test_billing_access_matrix import MATRIX


@tagged("post_install", "-at_install")
class TestDunningAccess(DunningMixin, AccessMatrixMixin, BillingStaffCommon):
    MODELS = (
        "property.dunning.level",
        "property.dunning.run",
        "property.dunning.notice",
        "property.dunning.delivery",
        "property.promise",
    )
    MATRIX = {model: MATRIX[model] for model in MODELS}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_dunning()
        own = cls.world(cls.site, cls.unit, cls.owner)
        far = cls.world(cls.other_site, cls.other_unit, cls.other_owner)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, site, unit, payer):
        level = cls.level.copy({"site_id": site.id})
        run = cls.new_dunning(site_id=site.id, level_id=level.id)
        notice = cls.env["property.dunning.notice"].create(
            {"run_id": run.id, "unit_id": unit.id, "partner_id": payer.id, "date": TODAY}
        )
        delivery = cls.env["property.dunning.delivery"].create(
            {"notice_id": notice.id, "channel": "print"}
        )
        promise = cls.env["property.promise"].create(
            {
                "unit_id": unit.id,
                "partner_id": payer.id,
                "amount": 1.0,
                "promised_date": date(2099, 1, 1),
            }
        )
        return {
            "property.dunning.level": level,
            "property.dunning.run": run,
            "property.dunning.notice": notice,
            "property.dunning.delivery": delivery,
            "property.promise": promise,
        }

    def test_staff_write_down_visits_but_no_delivery(self):
        notice = self.records["property.dunning.notice"][0]
        deliveries = self.env["property.dunning.delivery"].with_user(self.users["service"])
        deliveries.create({"notice_id": notice.id, "channel": "visit", "detail": "met the owner"})
        with self.assertRaises(UserError):
            deliveries.create({"notice_id": notice.id, "channel": "print"})
        foreign = self.records["property.dunning.notice"][1]
        with self.assertRaises(AccessError):
            deliveries.create({"notice_id": foreign.id, "channel": "visit"})

    def test_a_service_clerk_prepares_a_run_of_the_own_site_only(self):
        service = self.users["service"]
        run = self.new_dunning().with_user(service)
        run.action_prepare()
        self.assertEqual(len(run.notice_ids), 3)
        with self.assertRaises(AccessError):
            self.records["property.dunning.run"][1].with_user(service).action_prepare()

    def test_the_state_of_a_run_is_not_written_by_hand(self):
        run = self.records["property.dunning.run"][0].with_user(self.users["finance"])
        with self.assertRaises(UserError):
            run.write({"state": "done"})
