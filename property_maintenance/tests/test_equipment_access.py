from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin
from odoo.addons.property_base.tests.common import ROLES

from .equipment_common import EquipmentCommon

READ = dict.fromkeys(ROLES, "r")
KEPT = {**READ, "manager": "rwcu", "director": "rwcu"}
REFERENCE = {**READ, "manager": "rwc", "director": "rwcu"}
# model -> operations of each role on its own site: r(ead), w(rite), c(reate), u(nlink)
MATRIX = {
    "maintenance.equipment": REFERENCE,
    "property.equipment.class": REFERENCE,
    "property.certificate.kind": REFERENCE,
    "property.equipment.certificate": KEPT,
    "property.equipment.gauge": KEPT,
    "property.equipment.reading": {**KEPT, "engineer": "rc"},
    "property.equipment.state.log": READ,
    "property.upkeep.plan": KEPT,
    "property.upkeep.task": KEPT,
    "property.equipment.state.change": {
        **dict.fromkeys(ROLES, ""),
        "engineer": "rwcu",
        "manager": "rwcu",
        "director": "rwcu",
    },
    "property.equipment.availability": {
        **dict.fromkeys(ROLES, ""),
        "manager": "r",
        "director": "r",
    },
    "property.upkeep.copy": {
        **dict.fromkeys(ROLES, ""),
        "manager": "rwcu",
        "director": "rwcu",
    },
}
SCOPED = (
    "maintenance.equipment",
    "property.equipment.certificate",
    "property.equipment.gauge",
    "property.equipment.reading",
    "property.equipment.state.log",
    "property.upkeep.plan",
    "property.upkeep.task",
    "property.equipment.availability",
)


@tagged("post_install", "-at_install")
class TestEquipmentAccess(AccessMatrixMixin, EquipmentCommon):
    MATRIX = MATRIX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        far_hours = cls.new_gauge(cls.other_lift, "Running hours", kind="counter")
        plan, far_plan = cls.new_plan(), cls.new_plan(cls.other_lift)
        cls.records = {
            "maintenance.equipment": (cls.lift, cls.other_lift),
            "property.equipment.certificate": (
                cls.new_certificate(10),
                cls.new_certificate(10, cls.other_lift),
            ),
            "property.equipment.gauge": (cls.hours, far_hours),
            "property.equipment.reading": (
                cls.read_gauge(cls.hours, (-1, 5)),
                cls.read_gauge(far_hours, (-1, 5)),
            ),
            "property.equipment.state.log": (
                cls.lift.state_log_ids,
                cls.other_lift.state_log_ids,
            ),
            "property.upkeep.plan": (plan, far_plan),
            "property.upkeep.task": (plan.task_ids, far_plan.task_ids),
        }

    def test_every_model_of_a_site_has_the_global_site_rule(self):
        self.assert_site_scoped(*SCOPED)

    def test_residents_see_no_equipment(self):
        for model in MATRIX:
            self.assert_operations(
                self.env[model], self.new_portal_user(self.buyer, f"p{model}"), "", "portal"
            )

    def test_nobody_moves_a_record_to_equipment_of_a_foreign_site(self):
        manager = self.users["manager"]
        for model in ("property.equipment.certificate", "property.upkeep.plan"):
            own, _foreign = self.records[model]
            with self.subTest(model), self.assertRaises(AccessError):
                own.with_user(manager).equipment_id = self.other_lift
                own.flush_recordset()
