"""Who may see and change the requests and rows of this part, on own and foreign sites."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .common import BillingStaffCommon
from .test_billing_access_matrix import MATRIX

MODELS = (
    "property.fee.share",
    "property.fee.batch",
    "property.fee.batch.line",
    "property.relief",
    "property.rerate",
    "property.rerate.line",
    "property.price.change",
    "property.price.change.line",
)


@tagged("post_install", "-at_install")
class TestChargingAccess(AccessMatrixMixin, BillingStaffCommon):
    MATRIX = {model: MATRIX[model] for model in MODELS}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.far_item = cls.new_item("FWYF", "area", 3.0, 6, site_id=cls.other_site.id)
        own = cls.world(cls.site, cls.unit, cls.management)
        far = cls.world(cls.other_site, cls.other_unit, cls.far_item)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, site, unit, item):
        """Create one record of every model on a site."""
        env, common = cls.env, {"site_id": site.id, "date_from": date(2026, 9, 1)}
        one_off = cls.new_item(f"MK{site.id}", "one_off", 0.0, 6, site_id=site.id)
        share = env["property.fee.share"].create(
            {"item_id": item.id, "payer_role": "owner", "percent": 100}
        )
        batch = env["property.fee.batch"].create(
            {"name": "Cards", "site_id": site.id, "item_id": one_off.id}
        )
        batch_line = env["property.fee.batch.line"].create(
            {"batch_id": batch.id, "unit_id": unit.id, "amount": 1}
        )
        relief = env["property.relief"].create({"name": "Vacancy", **common})
        rerate = env["property.rerate"].create(
            {
                "item_ids": [(6, 0, item.ids)],
                "date_to": date(2026, 9, 30),
                "reason": "x",
                **common,
            }
        )
        rerate_line = env["property.rerate.line"].create(
            {
                "rerate_id": rerate.id,
                "unit_id": unit.id,
                "item_id": item.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
            }
        )
        change = env["property.price.change"].create(
            {"name": "New", "item_ids": [(6, 0, item.ids)], "reason": "x", **common}
        )
        change_line = env["property.price.change.line"].create(
            {"change_id": change.id, "item_id": item.id, "tariff_id": item.tariff_ids.id}
        )
        records = (share, batch, batch_line, relief, rerate, rerate_line, change, change_line)
        return dict(zip(MODELS, records, strict=True))

    def test_nobody_asks_for_anything_on_a_foreign_site(self):
        site = {"site_id": self.other_site.id, "date_from": date(2026, 9, 1)}
        values = {
            "property.relief": {"name": "x", **site},
            "property.rerate": {
                "item_ids": [(6, 0, self.far_item.ids)],
                "date_to": date(2026, 9, 30),
                "reason": "x",
                **site,
            },
            "property.price.change": {
                "name": "x",
                "reason": "x",
                "item_ids": [(6, 0, self.far_item.ids)],
                **site,
            },
            "property.fee.share": {"item_id": self.far_item.id, "percent": 100},
        }
        for model, vals in values.items():
            for role in ("service", "cashier", "finance", "manager"):
                with self.subTest(f"{role} {model}"), self.assertRaises(AccessError):
                    self.env[model].with_user(self.users[role]).create(vals)

    def test_a_request_is_not_moved_to_a_foreign_site(self):
        for model in ("property.relief", "property.rerate", "property.price.change"):
            own = self.records[model][0].with_user(self.users["finance"])
            with self.subTest(model), self.assertRaises(AccessError):
                own.site_id = self.other_site

    def test_a_portal_user_reaches_none_of_it(self):
        for own, foreign in self.records.values():
            self.assert_operations(own, self.portal_user, "", "portal own")
            self.assert_operations(foreign, self.portal_user, "", "portal foreign")
