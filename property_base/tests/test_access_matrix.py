from odoo.tests import tagged

from .access_matrix import AccessMatrixMixin
from .common import ROLES, PropertyStaffCommon

# model -> operations of each role on its own site: r(ead), w(rite), c(reate), u(nlink)
READ = dict.fromkeys(ROLES, "r")
MATRIX = {
    "property.site": {**READ, "manager": "rw", "director": "rwcu"},
    "property.building": {**READ, "manager": "rwc", "director": "rwcu"},
    "property.unit": {
        **READ,
        "service": "rwc",
        "leasing": "rw",
        "manager": "rwcu",
        "director": "rwcu",
    },
    "property.occupancy": {
        **READ,
        "service": "rwc",
        "leasing": "rwc",
        "manager": "rwcu",
        "director": "rwcu",
    },
    "property.vehicle": {
        **READ,
        "service": "rwc",
        "guard": "rwc",
        "manager": "rwcu",
        "director": "rwcu",
    },
    "property.audit": {**dict.fromkeys(ROLES, ""), "manager": "r", "director": "r"},
    "property.unit.type": {**READ, "manager": "rwc", "director": "rwcu"},
    "property.transfer": {
        **dict.fromkeys(ROLES, ""),
        "service": "rwcu",
        "leasing": "rwcu",
        "manager": "rwcu",
        "director": "rwcu",
    },
    "property.unmask": {**dict.fromkeys(ROLES, ""), "manager": "rwcu", "director": "rwcu"},
    "property.knock": {**dict.fromkeys(ROLES, ""), "director": "r"},
}
PORTAL = {
    "property.site": "r",
    "property.building": "r",
    "property.unit": "r",
    "property.occupancy": "r",
    "property.vehicle": "r",
    "property.unit.type": "r",
    "property.audit": "",
    "property.transfer": "",
    "property.unmask": "",
    "property.knock": "",
}


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrixMixin, PropertyStaffCommon):
    MATRIX = MATRIX

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other_vehicle = cls.env["property.vehicle"].create(
            {"plate": "浙B11111", "unit_id": cls.other_unit.id, "partner_id": cls.other_owner.id}
        )
        audit = cls.env["property.audit"]
        cls.records = {
            "property.site": (cls.site, cls.other_site),
            "property.building": (cls.building, cls.other_building),
            "property.unit": (cls.unit, cls.other_unit),
            "property.occupancy": (cls.owner_row, cls.other_row),
            "property.vehicle": (cls.vehicle, other_vehicle),
            "property.audit": (
                audit._log("config", cls.site),
                audit._log("config", cls.other_site),
            ),
        }

    def test_portal_users_read_their_own_and_nothing_else(self):
        for model, wanted in PORTAL.items():
            own, *foreign = self.records.get(model, (self.env[model],))
            self.assert_operations(own, self.portal_user, wanted, "portal own")
            for record in foreign:
                self.assert_operations(record, self.portal_user, "", "portal foreign")

    def test_bank_accounts_are_for_those_who_deal_with_money_and_of_whom_they_see(self):
        own, foreign, company = self.env["res.partner.bank"].create(
            [
                {"acc_number": f"62220000{number}", "partner_id": partner.id}
                for number, partner in enumerate(
                    (self.owner, self.other_owner, self.company.partner_id)
                )
            ]
        )
        every = own | foreign | company
        wanted = {"guard": company, "engineer": company, "director": every}
        for role in ROLES:
            with self.subTest(role):
                seen = every.with_user(self.users[role]).search([("id", "in", every.ids)])
                self.assertEqual(seen, wanted.get(role, own | company))

    def test_every_property_model_is_in_the_table(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "property_base"
            and not model._abstract
            and name.startswith("property.")
            and not name.startswith("property.import")
        }
        self.assertEqual(models, set(MATRIX))
