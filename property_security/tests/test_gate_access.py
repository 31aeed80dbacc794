from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES, PropertyStaffCommon

from .gate_common import GateCommon

NONE, READ = dict.fromkeys(ROLES, ""), dict.fromkeys(ROLES, "r")
GUARDS = {**NONE, **dict.fromkeys(("guard", "service", "manager", "director"), "r")}
HEADS = {**NONE, "manager": "r", "director": "r"}


@tagged("post_install", "-at_install")
class TestGateAccess(AccessMatrixMixin, GateCommon, PropertyStaffCommon):
    MATRIX = {
        "property.gate": {**READ, "manager": "rwc", "director": "rwcu"},
        "property.gate.command": GUARDS,
        "property.gate.opening": GUARDS,
        "property.gate.day": HEADS,
        "property.gate.nonce": {**NONE, "director": "r"},
        "property.gate.guest": GUARDS,
        "property.gate.event": GUARDS,
        "property.gate.card": {
            **NONE,
            "guard": "r",
            "service": "rwc",
            "manager": "rwcu",
            "director": "rwcu",
        },
        "property.parking.occupancy": {**HEADS, "finance": "r"},
        "property.parking.close": {
            role: "rwcu" if role in ("manager", "director") else "" for role in ROLES
        },
        "property.gate.open": {role: "rwcu" if GUARDS[role] else "" for role in ROLES},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gates = cls.gate, cls.other_gate
        _in, other_lane = cls.new_lanes(cls.other_area)
        other_lane.gate_id = cls.other_gate
        openings = [
            cls.env["property.gate.opening"]._open(gate, lane, "test", "Access", "浙A00001")
            for gate, lane in ((cls.gate, cls.lane_in), (cls.other_gate, other_lane))
        ]
        for gate in gates:
            gate._use_nonce("nonce-nonce")
        nonces = cls.env["property.gate.nonce"]
        doors = cls.env["property.gate"].create(
            [{"name": "Door", "kind": "door", "site_id": gate.site_id.id} for gate in gates]
        )
        cards = cls.env["property.gate.card"].create(
            [
                {"number": "1", "site_id": gate.site_id.id, "partner_id": cls.owner.id}
                for gate in gates
            ]
        )
        lanes = cls.lane_in, other_lane
        other_lane.direction = "in"
        guests = cls.env["property.gate.guest"]
        (lanes[0] | lanes[1]).unplated_at = fields.Datetime.now()
        cls.records = {
            "property.gate": gates,
            "property.gate.opening": tuple(openings),
            "property.gate.command": tuple(opening.command_id for opening in openings),
            "property.gate.day": tuple(
                cls.env["property.gate.day"].create(
                    {"site_id": gate.site_id.id, "date": "2026-02-02"}
                )
                for gate in gates
            ),
            "property.gate.card": tuple(cards),
            "property.gate.guest": tuple(guests._enter(lane)[0] for lane in lanes),
            "property.gate.event": tuple(
                cls.env["property.gate.event"]._take(door, {"message_id": 1, "card": "1"})
                for door in doors
            ),
            "property.gate.nonce": tuple(
                nonces.search([("gate_id", "=", gate.id)]) for gate in gates
            ),
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*self.records)

    def test_portal_users_see_nothing_of_the_gates(self):
        for model in self.MATRIX:
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(self.portal_user).has_access("read"))

    def test_nobody_but_the_administrator_reads_a_secret(self):
        for role in ROLES:
            gate = self.gate.with_user(self.users[role])
            for name in ("secret", "secret_former"):
                with self.subTest(f"{role} {name}"), self.assertRaises(AccessError):
                    gate.read([name])

    def test_only_managers_make_secrets(self):
        for role in ROLES:
            gate = self.gate.with_user(self.users[role])
            if role in ("manager", "director"):
                self.assertTrue(gate.action_make_secret()["params"]["message"])
            else:
                with self.subTest(role), self.assertRaises(AccessError):
                    gate.action_make_secret()

    def test_a_gate_stays_on_the_site_of_its_lanes(self):
        manager = self.gate.with_user(self.users["manager"])
        with self.assertRaises(UserError):
            manager.site_id = self.other_site
        with self.assertRaises(UserError):
            self.lane_in.with_user(self.users["manager"]).gate_id = self.other_gate

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other Company"})
        director = self.new_staff("other.director", self.new_job("director"))
        director.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for model, (own, _foreign) in self.records.items():
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(director).search([("id", "=", own.id)]))


@tagged("post_install", "-at_install")
class TestGateSimulator(GateCommon, PropertyStaffCommon, HttpCase):
    def simulator(self, role):
        return self.env["property.gate.simulator"].with_user(self.users[role])

    def send(self, asked):
        return self.url_open(asked["path"], data=asked["body"].encode(), headers=asked["headers"])

    def test_its_message_is_taken_like_that_of_a_camera_and_once(self):
        self.gate.driver = "simulator"
        asked = self.simulator("guard").message(self.lane_in.id, "浙A8K888", 99)
        result = self.send(asked).json()["results"][0]
        self.assertTrue(result["open"])
        self.assertEqual(self.send(asked).status_code, 401)
        told = self.simulator("guard").stay(result["passage"])
        self.assertEqual(told["state"], "inside")

    def test_it_speaks_for_no_real_gate(self):
        with self.assertRaises(UserError):
            self.simulator("manager").message(self.lane_in.id, "浙A8K888", 99)

    def test_it_speaks_for_no_foreign_gate(self):
        self.other_gate.driver = "simulator"
        lane, _out = self.new_lanes(self.other_area)
        lane.gate_id = self.other_gate
        with self.assertRaises(AccessError):
            self.simulator("manager").message(lane.id, "浙A8K888", 99)

    def test_only_guards_and_managers_drive_it(self):
        for role in ROLES:
            if role in ("guard", "manager", "director"):
                self.simulator(role).start()
            else:
                with self.subTest(role), self.assertRaises(AccessError):
                    self.simulator(role).start()

    def test_a_guard_is_told_no_fee(self):
        leaving = self.stay("2026-02-02 08:00", "2026-02-02 10:00").passage_ids.sorted("at")[-1]
        self.assertNotIn("amount", self.simulator("guard").stay(leaving.id))
        self.assertEqual(self.simulator("manager").stay(leaving.id)["amount"], 10)

    def test_it_proposes_cars_that_are_inside_at_the_way_out(self):
        self.gate.driver = "simulator"
        self.drive(self.lane_in, "2026-02-02 08:00", "浙C33333")
        self.assertEqual(self.simulator("guard").plates(self.lane_out.id), ["浙C33333"])
        self.assertIn("浙A8K888", self.simulator("guard").plates(self.lane_in.id))
