from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .common import ParkingMoneyCommon

NONE = dict.fromkeys(ROLES, "")
TILL = {**NONE, "cashier": "r", "finance": "r", "manager": "r", "director": "r"}
WINDOW = {**NONE, "cashier": "rwcu", "director": "rwcu"}


@tagged("post_install", "-at_install")
class TestParkingMoneyAccess(AccessMatrixMixin, ParkingMoneyCommon):
    MATRIX = {
        "property.parking.payment": TILL,
        "property.parking.day": TILL,
        "property.parking.refund": {
            **NONE,
            **dict.fromkeys(("cashier", "finance", "manager"), "rwc"),
            "director": "rwcu",
        },
        "property.vehicle.request": {
            **NONE,
            "service": "rw",
            "manager": "rw",
            "director": "rwu",
        },
        "property.parking.collect": WINDOW,
        "property.parking.invoice.request": {
            **TILL,
            **dict.fromkeys(("finance", "manager", "director"), "rw"),
        },
        "property.vehicle.holding": {**NONE, "service": "r", "manager": "r", "director": "r"},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new_tariff(cls.other_area)
        cls.other_area.parking_item_id = cls.company._parking_item()
        other_in, _out = cls.new_lanes(cls.other_area)
        refunds, requests = cls.env["property.parking.refund"], cls.env["property.vehicle.request"]
        payments = [
            cls.pay_now(cls.inside(plate, lane=lane))
            for lane, plate in ((cls.lane_in, "苏E00001"), (other_in, "苏E00002"))
        ]
        cls.env.flush_all()
        days = cls.env["property.parking.day"].search([])
        cls.records = {
            "property.parking.payment": tuple(payments),
            "property.parking.day": tuple(
                days.filtered(lambda day, area=area: day.area_id == area)
                for area in (cls.area, cls.other_area)
            ),
            "property.parking.refund": tuple(
                refunds.create(
                    {
                        "payment_id": payment.id,
                        "amount": 1,
                        "reason": "x",
                        "journal_id": cls.cash.journal_id.id,
                    }
                )
                for payment in payments
            ),
            "property.parking.invoice.request": tuple(
                cls.env["property.parking.invoice.request"]._ask(
                    payment, {"kind": "person", "title": "张三", "phone": "13812345678"}
                )[0]
                for payment in payments
            ),
            "property.vehicle.holding": (
                cls.vehicle.holding_ids,
                cls.new_foreign_car().holding_ids,
            ),
            "property.vehicle.request": (
                requests._ask(cls.unit, cls.owner, "add", "浙B12345"),
                requests._ask(cls.other_unit, cls.other_owner, "add", "浙B12345"),
            ),
        }

    @classmethod
    def new_foreign_car(cls):
        return cls.env["property.vehicle"].create(
            {"plate": "浙C00009", "unit_id": cls.other_unit.id, "partner_id": cls.other_owner.id}
        )

    @classmethod
    def pay_now(cls, stay):
        return stay._add_payment(
            5,
            5,
            key=f"access-{stay.id}",
            quoted_at=stay.entered_at,
            method="cash",
            journal_id=cls.cash.journal_id.id,
        )

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.records)

    def test_portal_users_and_guards_see_no_parking_money(self):
        for user in (self.portal_user, self.users["guard"], self.users["service"]):
            for model in ("payment", "refund", "day", "collect", "invoice.request"):
                model = f"property.parking.{model}"
                with self.subTest(model=model, user=user.login):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))
        stay = self.records["property.parking.payment"][0].session_id
        for name in ("payment_ids", "amount_paid", "amount_open", "amount_due"):
            with self.subTest(name), self.assertRaises(AccessError):
                stay.with_user(self.users["guard"]).read([name])

    def test_nobody_reads_the_keys_of_receipts(self):
        payment = self.records["property.parking.payment"][0]
        for role in ("cashier", "finance", "manager"):
            for name in ("access_token", "key"):
                with self.subTest(role=role, name=name), self.assertRaises(AccessError):
                    payment.with_user(self.users[role]).read([name])

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        director = self.new_staff("other.director", self.new_job("director"))
        director.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for model, (own, _foreign) in self.records.items():
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(director).search([("id", "=", own.id)]))

    def test_a_cashier_takes_nothing_on_a_foreign_site(self):
        foreign = self.records["property.parking.payment"][1].session_id
        with self.assertRaises(AccessError):
            foreign.with_user(self.users["cashier"])._take_at_lane(self.cash, 5, "x")

    def test_a_refund_is_not_moved_to_a_payment_of_a_foreign_site(self):
        own = self.records["property.parking.refund"][0].with_user(self.users["cashier"])
        with self.assertRaises(AccessError):
            own.payment_id = self.records["property.parking.payment"][1]
