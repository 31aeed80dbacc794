"""Several payers on one fee, and the developer before handover."""

from datetime import date
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..tools import shares
from .charging_common import ChargingCommon

D = Decimal


@tagged("post_install", "-at_install")
class TestChargingPayers(ChargingCommon):
    # Payers -----------------------------------------------------------------------------------

    def split(self, item, *rows):
        fee = item.fee_ids
        fee.write(
            {
                "payer_role": "split",
                "share_ids": [(0, 0, {"payer_role": role, "percent": p}) for role, p in rows],
            }
        )
        return fee

    def test_owner_and_tenant_share_by_percent(self):
        item = self.fixed("FT", 100.01)
        self.split(item, ("owner", 60), ("tenant", 40))
        run = self.september(item)
        self.assertEqual(
            sorted(row[2:] for row in self.billed(run)),
            [("Test Owner Li", D("60.01")), ("Test Tenant Wu", D("40.00"))],
        )
        self.assertEqual(set(run.charge_ids.mapped("share")), {-6000, -60016000})
        self.assertIn("60%", run.charge_ids.sorted("share")[-1].explanation)
        run.action_post()
        self.assertFalse(run.charge_ids._underivable())
        self.assertFalse(self.september(item).charge_ids)

    def test_a_share_undone_is_billed_again_alone(self):
        item = self.fixed("FT")
        self.split(item, ("owner", 60), ("tenant", 40))
        run = self.september(item)
        run.action_post()
        run.charge_ids.filtered(lambda c: c.payer_id == self.tenant)._undo()
        again = self.september(item)
        self.assertEqual([row[2:] for row in self.billed(again)], [("Test Tenant Wu", D("40.00"))])

    def test_shares_of_one_payer_are_one_bill(self):
        item = self.fixed("FT")
        item.fee_ids.unit_id = self.unit_2
        self.split(item, ("owner", 60), ("tenant", 40))
        run = self.september(item)
        self.assertEqual(self.billed(run), [("FT", "3-1-201", "Test Buyer Zhao", D("100.00"))])
        self.assertEqual(run.charge_ids.share, 0)

    def test_a_sale_inside_the_month_splits_only_the_owners_share(self):
        item = self.fixed("FT", 90.0)
        self.split(item, ("owner", 50), ("tenant", 50))
        self.owner_row.date_to = date(2026, 9, 10)
        self.env.flush_all()
        self.occupy(self.unit, self.buyer, "owner", date(2026, 9, 11))
        run = self.september(item)
        self.assertEqual(
            sorted(row[2:] for row in self.billed(run)),
            [
                ("Test Buyer Zhao", D("30.00")),
                ("Test Owner Li", D("15.00")),
                ("Test Tenant Wu", D("45.00")),
            ],
        )
        run.action_post()
        self.assertFalse(run.charge_ids._underivable())

    def test_shares_must_make_the_whole(self):
        item = self.fixed("FT")
        with self.assertRaisesRegex(ValidationError, "100"):
            self.split(item, ("owner", 60), ("tenant", 30))
        with self.assertRaises(ValidationError):
            item.fee_ids.write({"payer_role": "split"})
        with self.assertRaises(ValidationError):
            self.split(self.water, ("owner", 60), ("tenant", 40))

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_the_whole_beside_a_part_and_parts_that_overlap(self):
        run = self.september(self.management)
        charge = run.charge_ids[0]
        charge.sudo().share = shares.encode(0, 6000)
        self.env.flush_all()
        charge.copy({"share": shares.encode(6000, 10000)})
        self.env.flush_all()
        for share in (0, shares.encode(5000, 10000), shares.encode(0, 6000)):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                charge.copy({"share": share})
                self.env.flush_all()

    # Developer --------------------------------------------------------------------------------

    def developer_world(self, percent=70.0):
        developer = self.env["res.partner"].create({"name": "Test Developer"})
        self.site.developer_id = developer
        self.building.completion_date = date(2026, 1, 1)
        self.management.write({"developer_pays": True, "developer_percent": percent})
        return self.new_unit("301", floor=3, handover_date=False, state="unsold")

    def test_the_developer_pays_until_handover(self):
        unit = self.developer_world()
        fee = unit.fee_ids.filtered(lambda fee: fee.item_id == self.management)
        self.assertEqual(fee.date_from, date(2026, 1, 1))
        run = self.september(self.management)
        charge = run.charge_ids.filtered(lambda c: c.unit_id == unit)
        whole = unit.area_billable * 3
        self.assertEqual((charge.payer_id.name, charge.amount), ("Test Developer", whole * 0.7))
        unit.handover_date = date(2026, 9, 16)
        self.occupy(unit, self.buyer, "owner", date(2026, 9, 16))
        again = self.september(self.management)
        self.assertEqual(
            [
                (c.payer_id.name, str(c.date_from), round(c.amount, 2))
                for c in again.charge_ids.filtered(lambda c: c.unit_id == unit).sorted("date_from")
            ],
            [
                ("Test Developer", "2026-09-01", round(whole * 0.35, 2)),
                ("Test Buyer Zhao", "2026-09-16", round(whole * 0.5, 2)),
            ],
        )

    def test_a_unit_whose_developer_is_unknown_is_a_problem(self):
        unit = self.developer_world()
        self.site.developer_id = False
        run = self.september(self.management)
        self.assertIn(("no_payer", unit.code), self.problem_kinds(run))

    def test_a_developer_without_a_first_day_is_a_problem(self):
        self.management.developer_pays = True
        self.site.developer_id = self.buyer
        unit = self.new_unit("302", floor=3, handover_date=False, state="unsold")
        self.assertIn(("no_start", unit.code), self.problem_kinds(self.september(self.management)))
        unit.developer_date_from = date(2026, 9, 1)
        run = self.september(self.management)
        self.assertIn(unit, run.charge_ids.unit_id)
