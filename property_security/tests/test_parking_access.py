from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES, PropertyStaffCommon

from .common import ParkingCommon

NONE, READ = dict.fromkeys(ROLES, ""), dict.fromkeys(ROLES, "r")
DESK = {**NONE, "service": "r", "cashier": "r", "finance": "r"}
GATE = {**DESK, "guard": "r"}
MONEY = ("amount", "amount_now", "explanation", "coupon_ids")


@tagged("post_install", "-at_install")
class TestParkingAccess(AccessMatrixMixin, ParkingCommon, PropertyStaffCommon):
    MATRIX = {
        "property.parking.area": {**READ, "manager": "rwc", "director": "rwcu"},
        "property.parking.lane": {**READ, "manager": "rwc", "director": "rwcu"},
        "property.parking.tariff": {**DESK, "manager": "rwc", "director": "rwcu"},
        "property.parking.tariff.line": {**DESK, "manager": "rwcu", "director": "rwcu"},
        "property.parking.pass": {
            **GATE,
            "service": "rwc",
            "manager": "rwcu",
            "director": "rwcu",
        },
        "property.parking.coupon": {
            **DESK,
            "service": "rwc",
            "manager": "rwc",
            "director": "rwcu",
        },
        "property.parking.session": {**GATE, "manager": "r", "director": "r"},
        "property.parking.passage": {**GATE, "manager": "r", "director": "r"},
        "property.parking.anomaly": {
            **NONE,
            "guard": "r",
            "service": "r",
            "manager": "rw",
            "director": "rw",
        },
        "property.parking.presence": {**NONE, "director": "r"},
        "property.parking.coupon.use": {
            **NONE,
            **dict.fromkeys(("service", "cashier", "finance", "manager", "director"), "rwcu"),
        },
        "property.parking.confirm": {
            **NONE,
            "guard": "rwcu",
            "manager": "rwcu",
            "director": "rwcu",
        },
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        foreign = cls.env["property.vehicle"].create(
            {"plate": "浙B11111", "unit_id": cls.other_unit.id}
        )
        other_tariff = cls.new_tariff(cls.other_area)
        other_lane, _out = cls.new_lanes(cls.other_area)
        passages = [
            cls.env["property.parking.passage"]._take(lane, [{"key": "k", "plate": plate}])
            for lane, plate in ((cls.lane_out, "浙A8K888"), (other_lane, "浙B11111"))
        ]
        passages[1]._add_anomalies("conflict")
        coupons = cls.env["property.parking.coupon"].create(
            [{"site_id": site.id} for site in (cls.site, cls.other_site)]
        )
        presences = cls.env["property.parking.presence"]
        cls.records = {
            "property.parking.area": (cls.area, cls.other_area),
            "property.parking.lane": (cls.lane_in, other_lane),
            "property.parking.tariff": (cls.tariff, other_tariff),
            "property.parking.tariff.line": (cls.tariff.line_ids, other_tariff.line_ids),
            "property.parking.pass": (
                cls.new_card(cls.vehicle),
                cls.new_card(foreign, area=cls.other_area),
            ),
            "property.parking.coupon": tuple(coupons),
            "property.parking.session": tuple(passage.session_id for passage in passages),
            "property.parking.passage": tuple(passages),
            "property.parking.anomaly": tuple(passage.anomaly_ids for passage in passages),
            "property.parking.presence": tuple(
                presences.search([("area_id", "=", area.id)]) for area in (cls.area, cls.other_area)
            ),
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.records)

    def test_portal_users_see_nothing_of_the_gates(self):
        for model in (*self.MATRIX, "property.parking.holiday"):
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(self.portal_user).has_access("read"))

    def test_a_guard_sees_no_money(self):
        stay = self.records["property.parking.session"][0].with_user(self.users["guard"])
        self.assertTrue(stay.plate_display)
        for name in MONEY:
            with self.subTest(name), self.assertRaises(AccessError):
                stay.read([name])
        self.assertFalse(set(MONEY) & set(stay.fields_get()))
        stay.with_user(self.users["cashier"]).read(MONEY)

    def test_only_managers_change_the_holidays(self):
        day = self.env["property.parking.holiday"].create({"name": "Fair", "date": "2030-05-05"})
        for role in ROLES:
            can = day.with_user(self.users[role]).has_access("write")
            self.assertEqual(can, role in ("manager", "director"), role)

    def test_a_guard_learns_nothing_of_a_foreign_passage_through_the_wizard(self):
        foreign = self.records["property.parking.passage"][1]
        wizards = self.env["property.parking.confirm"].with_user(self.users["guard"])
        with self.assertRaises(AccessError):
            wizards.create({"passage_id": foreign.id, "plate": "浙A1"}).action_confirm()
        with self.assertRaises(AccessError):
            wizards.create({"passage_id": foreign.id, "plate": "浙A1"}).read(["plate_read"])

    def test_a_guard_is_told_that_the_plate_he_confirms_may_not_pass(self):
        self.vehicle.write({"access_list": "black", "access_list_reason": "Blocked a hydrant"})
        passage = self.drive(self.lane_in, "2026-02-02 08:00", "浙A8K88B", confidence=60)
        wizards = self.env["property.parking.confirm"].with_user(self.users["guard"])
        told = wizards.create({"passage_id": passage.id, "plate": "浙A8K888"}).action_confirm()
        self.assertEqual(passage.action, "refuse")
        self.assertEqual(told["params"]["message"], "浙A·8K888 may not pass: On the black list")

    def test_a_resident_reads_no_reason_of_a_list(self):
        self.vehicle.write({"access_list": "black", "access_list_reason": "Blocked a hydrant"})
        own = self.vehicle.with_user(self.portal_user)
        self.assertEqual(own.plate, "浙A8K888")
        with self.assertRaises(AccessError):
            own.read(["access_list_reason"])

    def test_a_guard_registers_cars_and_gives_them_no_pass(self):
        card = self.records["property.parking.pass"][0]
        vehicles = self.env["property.vehicle"].with_user(self.users["guard"])
        values = {"plate": "浙C10001", "unit_id": self.unit.id}
        car = vehicles.with_context(default_pass_ids=[Command.link(card.id)]).create(values)
        self.assertFalse(car.pass_ids)
        given = {"pass_ids": [Command.link(card.id)]}
        with self.assertRaises(AccessError):
            car.write(given)
        with self.assertRaises(AccessError):
            vehicles.create({**values, "plate": "浙C10002", **given})
        car.with_user(self.users["service"]).write(given)
        self.assertEqual(car.pass_ids, card)

    def test_a_manager_marks_an_anomaly_and_does_not_change_it(self):
        odd = self.records["property.parking.anomaly"][0].with_user(self.users["manager"])
        other = self.records["property.parking.passage"][1]
        for values in ({"kind": "replay"}, {"times": 0}, {"passage_id": other.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "stays"):
                odd.write(values)
        odd.note = "The barrier was open"
        odd.action_done()
        self.assertEqual((odd.state, odd.kind), ("done", "missed_in"))

    def test_a_car_has_no_pass_of_a_foreign_site(self):
        foreign = self.records["property.parking.pass"][1]
        given = {"pass_ids": [Command.link(foreign.id)]}
        with self.assertRaisesRegex(ValidationError, "must belong"):
            self.vehicle.write(given)
        with self.assertRaisesRegex(ValidationError, "must belong"):
            self.vehicle.create({"plate": "浙C10003", "unit_id": self.unit.id, **given})

    def test_a_manager_moves_nothing_to_an_area_of_a_foreign_site(self):
        # What would be in the way before the rule is.
        self.other_area.tariff_ids.active = False
        self.records["property.parking.pass"][0].vehicle_ids = False
        for model in ("lane", "tariff", "pass"):
            own = self.records[f"property.parking.{model}"][0].with_user(self.users["manager"])
            with self.subTest(model), self.assertRaises(AccessError):
                own.area_id = self.other_area

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        director = self.new_staff("other.director", self.new_job("director"))
        director.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for model, (own, _foreign) in self.records.items():
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(director).search([("id", "=", own.id)]))

    def test_a_manager_moves_no_area_to_a_foreign_site(self):
        area = self.inner.with_user(self.users["manager"])
        area.parent_id = False
        with self.assertRaises(AccessError):
            area.site_id = self.other_site
