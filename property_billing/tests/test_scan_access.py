from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .common import BillingStaffCommon
from .late_fee_common import LateFeeMixin
from .portal_common import PortalBillsCommon
from .test_billing_access_matrix import MATRIX

MODELS = ("property.scan.payment", "property.scan.payment.line", "property.decision.undo")


@tagged("post_install", "-at_install")
class TestScanAccess(AccessMatrixMixin, LateFeeMixin, BillingStaffCommon):
    MATRIX = {model: MATRIX[model] for model in MODELS}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_late_fees()
        cls.currency = cls.company.currency_id
        cls.provider = PortalBillsCommon.new_provider.__func__(cls)
        foreign_bill = cls.bill.copy({"unit_id": cls.other_unit.id, "site_id": cls.other_site.id})
        own = cls.world(cls.site, cls.unit, cls.bill)
        far = cls.world(cls.other_site, cls.other_unit, foreign_bill)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, site, unit, bill):
        shift = cls.env["property.cashier.shift"]._open(site, 0)
        method = cls.env["property.tender.method"]._for_site(site)[:1]
        write_off = cls.env["property.write.off"].create(
            {"site_id": site.id, "reason": "Reason", "bill_ids": [Command.set(bill.ids)]}
        )
        scan = cls.env["property.scan.payment"].create(
            {
                "name": f"SM-{site.id}",
                "token": f"token-{site.id}",
                "site_id": site.id,
                "company_id": site.company_id.id,
                "unit_id": unit.id,
                "user_id": cls.env.uid,
                "shift_id": shift.id,
                "method_id": method.id,
                "provider_id": cls.provider.id,
                "partner_id": bill.partner_id.id,
                "date": "2026-09-30",
                "expires_at": "2026-09-30 10:00:00",
                "amount": 1.0,
                "line_ids": [Command.create({"move_id": bill.id, "amount": 1.0})],
            }
        )
        return {
            "property.scan.payment": scan,
            "property.scan.payment.line": scan.line_ids,
            "property.decision.undo": cls.env["property.decision.undo"].create(
                {"write_off_id": write_off.id, "reason": "Reason"}
            ),
        }

    def test_each_model_has_the_agreed_site_rule(self):
        self.assert_site_scoped(*MODELS)

    def test_nobody_asks_for_the_undo_of_a_foreign_decision(self):
        far = self.records["property.decision.undo"][1].write_off_id
        for role in ("service", "cashier", "finance", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["property.decision.undo"].with_user(self.users[role]).create(
                    {"write_off_id": far.id, "reason": "Reason"}
                )

    def test_nobody_reads_the_secret_of_a_code(self):
        scan = self.records["property.scan.payment"][0]
        for role in ("cashier", "finance", "manager"):
            for field in ("token", "access_token"):
                with self.subTest(f"{role} {field}"), self.assertRaises(AccessError):
                    scan.with_user(self.users[role]).read([field])

    def test_the_scan_side_of_the_counter_is_for_cashiers(self):
        scan = self.records["property.scan.payment"][0]
        for role in ("service", "engineer"):
            counter = self.env["property.counter"].with_user(self.users[role])
            for call in (
                lambda counter=counter: counter.scan_start({}, "x" * 20),
                lambda counter=counter: counter.scan_state(scan.id),
                lambda counter=counter: counter.scan_cancel(scan.id),
                lambda counter=counter: counter.scan_read_note(scan.id),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    call()
