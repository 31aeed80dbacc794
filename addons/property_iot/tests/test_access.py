"""Who sees which devices: staff those of their sites, residents none."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .common import IotCommon


def rights(**roles):
    return {**dict.fromkeys(ROLES, ""), **roles}


SEEN = rights(engineer="r", manager="r", director="r")


@tagged("post_install", "-at_install")
class TestAccess(AccessMatrixMixin, IotCommon):
    MATRIX = {
        "mqtt.device": rights(engineer="rwc", manager="rwc", director="rwcu"),
        "mqtt.message": SEEN,
        "mqtt.value": SEEN,
        "mqtt.sample": SEEN,
        "mqtt.alarm": SEEN,
        "mqtt.event": SEEN,
        "mqtt.command": SEEN,
        "property.meter.telegram": rights(engineer="r", manager="r", director="rwcu"),
        "property.meter.connect": rights(manager="rwcu", director="rwcu"),
        "property.meter.connect.line": rights(manager="rwcu", director="rwcu"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.device.site_id = cls.site
        cls.foreign = cls.new_device("WM-09", site_id=cls.other_site.id)
        cls.nowhere = cls.new_device("WM-00")
        cls.pairs = {}

    def setUp(self):
        super().setUp()
        for code in ("WM-01", "WM-09", "WM-00"):
            self.hear(20, "2026-10-31 10:00:00", code=code)
            device = self.env["mqtt.device"].search([("code", "=", code)])
            self.env["mqtt.alarm"]._raise(device, "leak", "major", "Leak")
            self.env["mqtt.command"].send(device, {"open": 1})
        self.env.flush_all()

    @property
    def records(self):
        found = {"mqtt.device": (self.device, self.foreign)}
        for model in ("message", "value", "sample", "alarm", "event", "command"):
            of_model = self.env[f"mqtt.{model}"]
            found[f"mqtt.{model}"] = tuple(
                of_model.search([("device_id", "=", device.id)])
                for device in (self.device, self.foreign)
            )
        return found

    def test_each_pair_is_there(self):
        for model, pair in self.records.items():
            self.assertTrue(all(pair), model)

    def test_devices_of_no_site_are_seen_by_who_connects_them(self):
        for role, sees in (("engineer", False), ("manager", True), ("director", True)):
            user = self.users[role]
            self.assertEqual(self.nowhere.with_user(user).has_access("read"), sees)
            for model in ("mqtt.alarm", "mqtt.message", "mqtt.value"):
                found = self.env[model].with_user(user).search([])
                self.assertEqual(self.nowhere.id in found.device_id.ids, sees, (role, model))

    def test_users_without_a_role_in_property_see_what_they_did_before(self):
        found = self.env["mqtt.device"].with_user(self.runner).search([])
        self.assertLessEqual({"WM-01", "WM-09", "WM-00"}, set(found.mapped("code")))

    def test_other_roles_see_no_devices_but_what_their_meters_show(self):
        self.connect()
        self.run_events()
        for role in ("guard", "cashier", "finance", "service"):
            meter = self.meter.with_user(self.users[role])
            self.assertEqual((meter.live_value, meter.is_automatic), (20, True), role)
            with self.assertRaises(AccessError):
                meter.read(["device_id"])
            with self.assertRaises(AccessError):
                self.device.with_user(self.users[role]).read(["code"])

    def test_a_role_whose_site_it_is_opens_its_forms(self):
        self.connect()
        for role in ROLES:
            user = self.users[role]
            for record in (self.meter, self.unit, self.site):
                views = record.with_user(user).get_views([(False, "form")])
                names = list(views["models"][record._name]["fields"])
                record.with_user(user).read(names)

    def test_a_device_is_not_moved_to_a_foreign_site(self):
        device = self.device.with_user(self.users["engineer"])
        with self.assertRaises(AccessError):
            device.site_id = self.other_site
        self.device.invalidate_recordset()
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.users["manager"]).site_id = self.site

    def test_a_meter_of_a_foreign_site_gets_no_device_of_ours(self):
        meter = self.env["property.meter"].create(
            {"code": "W9", "unit_id": self.other_unit.id, "kind": "cold_water"}
        )
        self.connect()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.connect(meter)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.connect(device=self.foreign)
        with self.assertRaises(AccessError):
            self.connect(meter.with_user(self.users["manager"]), self.foreign)
        with self.assertRaises(AccessError):
            self.connect(self.meter.with_user(self.users["manager"]), self.foreign)
        with self.assertRaises(AccessError):
            self.connect(self.meter.with_user(self.users["engineer"]), self.nowhere)
        self.assertEqual(self.foreign.site_id, self.other_site)

    def test_an_engineer_acknowledges_alarms_of_the_own_site_only(self):
        engineer = self.users["engineer"]
        own, foreign = self.records["mqtt.alarm"]
        own.with_user(engineer).action_acknowledge()
        self.assertEqual(own.acknowledged_by_id, engineer)
        with self.assertRaises(AccessError):
            foreign.with_user(engineer).action_acknowledge()

    def test_dead_letters_are_for_who_is_not_bound_to_sites(self):
        self.subscription.unknown_device = "reject"
        self.assertEqual(self.hear(1, "2026-10-31 10:00:00", code="WHO"), "dead")
        self.assertFalse(self.letters.with_user(self.users["engineer"]).search([]))
        self.assertTrue(self.letters.with_user(self.users["director"]).search([]))

    def test_residents_see_nothing_of_it(self):
        for model in self.MATRIX:
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.portal_user).search([])
        with self.assertRaises(AccessError):
            self.unit.with_user(self.portal_user).read(["device_count"])

    def test_the_bridge_acts_for_devices_of_all_sites(self):
        meter = self.env["property.meter"].create(
            {"code": "W9", "unit_id": self.other_unit.id, "kind": "cold_water"}
        )
        self.connect()
        self.connect(meter, self.foreign)
        self.run_events()
        self.assertEqual((self.meter.telegram_value, meter.telegram_value), (20, 20))
