from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon

D = Decimal


@tagged("post_install", "-at_install")
class TestPools(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.building_4 = cls.env["property.building"].create(
            {"site_id": cls.site.id, "code": "4", "name": "4栋"}
        )
        cls.unit_4 = cls.new_unit("101", building=cls.building_4, area_gross=300.0)
        cls.unit_5 = cls.new_unit("501", entrance="2", floor=5, area_gross=50.0)
        for unit in (cls.unit_4, cls.unit_5):
            cls.occupy(unit, cls.buyer, "owner", date(2025, 1, 1))
        cls.shared.tariff_ids.price = 0.5

    def pool(self, amount=100.0, **vals):
        return self.env["property.allocation"].create(
            {
                "site_id": self.site.id,
                "item_id": self.shared.id,
                "date_from": date(2026, 9, 1),
                "date_to": date(2026, 9, 30),
                "amount": amount,
                **vals,
            }
        )

    def shares(self, pool, total=None):
        """Bill a pool and return dict unit code -> amount; the parts sum to it, and derive."""
        run = self.new_run(items=self.shared)
        run.action_compute()
        charges = run.charge_ids.filtered(lambda charge: charge.allocation_id == pool)
        for charge in charges:
            self.assertEqual(float(charge._derive()["amount"]), charge.amount)
            self.assertTrue(charge.explanation)
        parts = {row[1]: row[3] for row in self.billed(run)}
        self.assertEqual(sum(parts.values()), D(str(pool.amount if total is None else total)))
        self.run_of_shares = run
        return parts

    def test_an_entrance_shares_its_cost_alone(self):
        pool = self.pool(building_id=self.building.id, entrance="2")
        self.assertEqual(self.shares(pool), {"3-2-501": 100})

    def test_a_zone_of_floors_and_further_units_shares_its_cost(self):
        zone = self.env["property.zone"].create(
            {
                "name": "Lift A",
                "site_id": self.site.id,
                "building_ids": [Command.set(self.building.ids)],
                "has_floors": True,
                "floor_from": 3,
                "floor_to": 20,
                "unit_ids": [Command.set(self.unit_4.ids)],
            }
        )
        self.assertEqual(zone.unit_count, 3)
        pool = self.pool(450.0, zone_id=zone.id)
        parts = self.shares(pool)
        self.assertEqual(parts, {"3-1-1502": 100, "3-2-501": 50, "4-1-101": 300})
        self.assertIn("Lift A", self.run_of_shares.charge_ids[0].explanation)
        for vals in (
            {"building_id": self.building.id},
            {"excluded_unit_ids": [Command.set(self.other_unit.ids)]},
        ):
            with self.assertRaises(ValidationError):
                self.pool(zone_id=zone.id, **vals)

    def test_units_left_out_and_exceptions_of_the_day_bear_less(self):
        exceptions = self.env["property.allocation.exception"]
        exceptions.create(
            {
                "unit_id": self.unit_2.id,
                "date_from": date(2026, 9, 1),
                "factor": 0.5,
                "reason": "ground floor",
            }
        )
        exceptions.create(
            {
                "unit_id": self.unit_5.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 9, 29),
                "reason": "closed",
            }
        )
        pool = self.pool(200.0, excluded_unit_ids=[Command.set(self.unit_4.ids)])
        parts = self.shares(pool)
        self.assertEqual(parts, {"3-1-201": 50, "3-1-1502": 100, "3-2-501": 50})
        half = self.run_of_shares.charge_ids.filtered(lambda c: c.unit_id == self.unit_2)
        self.assertIn("ground floor", half.explanation)

    def test_vacant_units_bear_the_factor_of_the_pool(self):
        self.unit_4.with_context(property_state_date=date(2026, 1, 1)).state = "vacant"
        self.assertEqual(self.shares(self.pool(400.0, vacancy_factor=0.5))["4-1-101"], D("150.00"))
        self.run_of_shares.action_undo()
        self.env["property.allocation"].search([]).unlink()
        self.assertNotIn("4-1-101", self.shares(self.pool(250.0, vacancy_factor=0)))

    def test_the_state_on_the_last_day_of_the_period_counts_not_todays(self):
        dated = self.unit_4.with_context(property_state_date=date(2026, 10, 1))
        dated.state = "vacant"
        self.assertEqual([row.state_before for row in self.unit_4.state_history_ids], ["delivered"])
        pool = self.pool(400.0, vacancy_factor=0.5)
        self.assertEqual(pool.date_to, date(2026, 9, 30))
        whole = self.shares(pool)["4-1-101"]
        # a manager corrects since when it was vacant
        self.run_of_shares.action_undo()
        self.unit_4.state_history_ids.date_from = date(2026, 9, 30)
        self.assertLess(self.shares(pool)["4-1-101"], whole)
        self.run_of_shares.action_undo()
        # somebody lives there by now, which changes nothing about September
        self.unit_4.state = "occupied"
        self.assertLess(self.shares(pool)["4-1-101"], whole)
        states = self.unit_4._property_states_on
        days = (date(2026, 9, 29), date(2026, 9, 30))
        self.assertEqual([states(day)[self.unit_4.id] for day in days], ["delivered", "vacant"])
        # a state that is taken off the file is not the state any more
        self.unit_4.state_history_ids.sorted("date_from")[-1].unlink()
        self.assertEqual(self.unit_4.state, "vacant")

    def test_a_pool_by_persons_counts_who_lives_there_and_stops_at_nobody(self):
        pool = self.pool(basis="persons")
        # 3-1-1502: tenant and child, without the owner who does not live there
        parts = self.shares(pool)
        self.assertEqual(parts["3-1-1502"], 40)
        self.unit_5.occupancy_ids.unlink()
        run = self.new_run(items=self.shared)
        run.action_compute()
        self.assertFalse(run.charge_ids)
        self.assertIn(("no_member", "3-2-501"), self.problem_kinds(run))

    def test_a_pool_is_split_over_buildings_first(self):
        pool = self.pool(100.0, building_basis="unit")
        parts = self.shares(pool)
        self.assertEqual(
            parts,
            {"3-1-201": 30, "3-1-1502": 30, "3-2-501": 15, "4-1-101": 25},
        )
        charge = self.run_of_shares.charge_ids.filtered(lambda c: c.unit_id == self.unit_5)
        self.assertEqual(charge.basis["level"]["pool"], "100.00")
        self.assertEqual(charge.basis["pool"], "75.00")
        self.assertIn("4", charge.explanation)

    def common_meter(self, code, building=None, **vals):
        return self.env["property.meter"].create(
            {
                "code": code,
                "site_id": self.site.id,
                "building_id": building and building.id,
                "kind": "electricity",
                "install_date": date(2026, 8, 31),
                **vals,
            }
        )

    def test_buildings_share_by_their_common_meters(self):
        self.shared.meter_kind = "electricity"
        for code, building, used in (("E3", self.building, 30), ("E4", self.building_4, 10)):
            self.read_meter(self.common_meter(code, building), date(2026, 9, 30), used)
        parts = self.shares(self.pool(100.0, building_basis="consumption"))
        self.assertEqual(parts["4-1-101"], 25)
        self.env["property.meter.reading"].search([("meter_id.code", "=", "E4")]).unlink()
        run = self.new_run(items=self.shared)
        run.action_compute()
        self.assertFalse(run.charge_ids)
        self.assertEqual(self.problem_kinds(run), [("source", "")])

    def test_the_loss_between_master_and_sub_meters_is_shared(self):
        master = self.common_meter("EM", multiplier=10)
        subs = [self.common_meter(f"E{n}", master_id=master.id) for n in range(2)]
        pool = self.pool(0.0, source="meters", master_meter_id=master.id)
        run = self.new_run(items=self.shared)
        run.action_compute()
        self.assertEqual(self.problem_kinds(run), [("source", "")])
        with self.assertRaises(UserError):
            pool.action_take_amount()
        self.read_meter(master, date(2026, 9, 30), 100)
        for sub, used in zip(subs, (300, 500), strict=True):
            self.read_meter(sub, date(2026, 9, 30), used)
        self.shares(pool, total=100)
        self.assertEqual(pool.amount, 100.0)
        self.assertEqual(pool.source_facts["used"], "200")
        self.assertIn("EM", self.run_of_shares.charge_ids[0].explanation)
        held = subs[0].reading_ids
        held.value = 900
        with self.assertRaises(UserError):
            pool.action_take_amount()

    def estimate_too_high(self, meter, estimate, value):
        """Let a meter show less at the end of September than was estimated before it."""
        meter.install_date = date(2026, 7, 31)
        self.env["property.meter.reading"].create(
            {
                "meter_id": meter.id,
                "date": date(2026, 8, 31),
                "value": estimate,
                "is_estimated": True,
            }
        )
        self.read_meter(meter, date(2026, 9, 30), value)

    def test_a_sub_meter_below_its_estimate_lowers_what_was_counted(self):
        master = self.common_meter("EM")
        subs = [self.common_meter(f"E{n}", master_id=master.id) for n in range(2)]
        pool = self.pool(0.0, source="meters", master_meter_id=master.id)
        self.read_meter(master, date(2026, 9, 30), 1000)
        self.estimate_too_high(subs[0], 200, 180)
        self.read_meter(subs[1], date(2026, 9, 30), 500)
        self.shares(pool, total=260)
        self.assertEqual(pool.source_facts["used"], "520")

    def test_a_unit_whose_meter_is_below_its_estimate_bears_nothing(self):
        self.shared.meter_kind = "electricity"
        meters = [
            self.common_meter(f"E{n}", building_id=False, unit_id=unit.id)
            for n, unit in enumerate((self.unit_4, self.unit_5))
        ]
        self.estimate_too_high(meters[0], 200, 180)
        self.read_meter(meters[1], date(2026, 9, 30), 40)
        self.assertEqual(self.shares(self.pool(basis="consumption")), {"3-2-501": 100})

    def vendor_bill(self, *amounts, kind="in_invoice"):
        account = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company.ids)], limit=1
        )
        bill = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.other_owner.id,
                "invoice_date": date(2026, 9, 30),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Electricity",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                            "account_id": account.id,
                        }
                    )
                    for amount in amounts
                ],
            }
        )
        bill.action_post()
        return bill

    def test_lines_of_a_vendor_bill_are_shared_once(self):
        bill = self.vendor_bill(120.0, 80.0)
        lines = bill.invoice_line_ids
        pool = self.pool(0.0, source="bill", source_line_ids=[Command.set(lines[0].ids)])
        self.assertEqual(pool.amount, 120.0)
        self.shares(pool)
        self.assertIn(bill.name, self.run_of_shares.charge_ids[0].explanation)
        with self.assertRaises(ValidationError):
            self.pool(0.0, source="bill", source_line_ids=[Command.set(lines.ids)])
        self.assertEqual(
            self.pool(0.0, source="bill", source_line_ids=[Command.set(lines[1].ids)]).amount, 80
        )
        with self.assertRaises(ValidationError):
            self.pool(0.0, source="bill")
        own = self.env["account.move.line"].search([("move_id.move_type", "=", "entry")], limit=1)
        if own:
            with self.assertRaises(ValidationError):
                self.pool(0.0, source="bill", source_line_ids=[Command.set(own.ids)])

    def test_the_database_itself_refuses_a_line_twice(self):
        self.env.cr.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = %s",
            ["property_allocation_source_line_once"],
        )
        self.assertIn("UNIQUE", self.env.cr.fetchone()[0])

    def test_a_billed_pool_keeps_how_it_was_shared(self):
        pool = self.pool()
        run = self.new_run(items=self.shared)
        run.action_compute()
        run.action_post()
        for vals in (
            {"vacancy_factor": 0.5},
            {"excluded_unit_ids": [Command.set(self.unit_4.ids)]},
            {"building_basis": "unit"},
            {"source": "meters"},
        ):
            with self.assertRaises(UserError):
                pool.write(vals)
        with self.assertRaises(UserError):
            pool.action_take_amount()

    def test_the_notice_shows_every_part_and_no_name(self):
        pool = self.pool(100.0, building_basis="unit")
        with self.assertRaises(UserError):
            pool._disclosures()
        self.shares(pool)
        [notice] = pool._disclosures()
        rows = [row for group in notice["groups"] for row in group["rows"]]
        self.assertEqual(round(sum(row["amount"] for row in rows), 2), 100.0)
        self.assertEqual((notice["rest"], notice["is_final"]), (0.0, False))
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "property_billing.report_disclosure", pool.ids
        )
        text = html.decode()
        for unit in ("3-1-201", "3-1-1502", "3-2-501", "4-1-101"):
            self.assertIn(unit, text)
        for person in (self.owner, self.tenant, self.buyer):
            self.assertNotIn(person.name, text)
