from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BillingStaffCommon

SCOPED = (
    "property.charge.item",
    "property.tariff",
    "property.tariff.tier",
    "property.fee",
    "property.meter",
    "property.meter.reading",
    "property.allocation",
    "property.charge",
    "property.charge.line",
    "property.billing.problem",
    "account.move",
    "account.move.line",
    "account.payment",
    "account.invoice.report",
)


@tagged("post_install", "-at_install")
class TestBillingAccess(BillingStaffCommon):
    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*SCOPED)

    def test_finance_sees_bills_payments_and_items_of_its_sites_only(self):
        foreign_site = self.other_site
        run = self.new_run(items=self.management)
        run.action_compute()
        run.action_post()
        mine = run.charge_ids.filtered(lambda charge: charge.unit_id == self.unit)
        payment = self.pay(mine.move_id)
        foreign = self.new_staff("foreign.finance", self.new_job("finance"), foreign_site)
        for user, sees in ((self.users["finance"], True), (foreign, False)):
            for records in (
                run,
                run.charge_ids,
                run.charge_ids.line_ids,
                run.charge_ids.move_id,
                run.charge_ids.move_id.line_ids,
                payment,
                self.management,
                self.management.fee_ids,
                self.meter,
                self.meter.reading_ids,
            ):
                found = records.with_user(user).search([("id", "in", records.ids)])
                self.assertEqual(bool(found), sees, f"{user.login} {records._name}")
                if not sees:
                    with self.assertRaises(AccessError):
                        records.with_user(user).read(["id", "display_name"])

    def test_a_run_needs_every_one_of_its_sites(self):
        run = self.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, (self.site | self.other_site).ids)],
                "date_from": "2026-09-01",
                "date_to": "2026-09-30",
            }
        )
        runs = self.env["property.billing.run"].with_user(self.users["finance"])
        self.assertFalse(runs.search([("id", "=", run.id)]))
        self.assertTrue(
            self.env["property.billing.run"]
            .with_user(self.users["director"])
            .search([("id", "=", run.id)])
        )

    def test_finance_and_manager_bill_and_undo_and_others_do_not(self):
        for role in ("finance", "manager"):
            run = self.new_run(items=self.management).with_user(self.users[role])
            run.action_compute()
            run.action_post()
            self.assertEqual(set(run.charge_ids.mapped("state")), {"posted"})
            run.action_undo()
        run = self.new_run(items=self.management)
        for role in ("cashier", "service", "engineer", "guard", "leasing"):
            with self.assertRaises(AccessError):
                run.with_user(self.users[role]).action_compute()

    def test_an_engineer_enters_readings(self):
        self.env["property.meter.reading"].with_user(self.users["engineer"]).create(
            {"meter_id": self.meter.id, "date": "2026-10-31", "value": 30}
        )

    def test_a_changed_price_is_logged_with_what_it_was(self):
        self.management.tariff_ids.price = 3.5
        entry = self.env["property.audit"].search(
            [("event", "=", "money"), ("res_id", "=", self.management.id)], limit=1
        )
        self.assertEqual((entry.before["price"], entry.after["price"]), ("3", "3.5"))

    def test_a_tier_written_alone_is_logged_as_a_change_of_its_price(self):
        tier = self.water.tariff_ids.tier_ids[0]
        domain = [("event", "=", "money"), ("res_id", "=", self.water.id)]
        for change in (
            lambda: tier.write({"price": tier.price + 1}),
            lambda: self.water.tariff_ids.write({"tier_ids": [(1, tier.id, {"price": 9})]}),
            lambda: self.water.tariff_ids.write({"price_include": False}),
        ):
            known = self.env["property.audit"].search(domain)
            change()
            entry = self.env["property.audit"].search(domain) - known
            self.assertEqual(len(entry), 1)
            self.assertNotEqual(entry.before, entry.after)

    def test_what_makes_a_price_of_its_own_is_logged(self):
        fee = self.management.fee_ids[:1]
        policy = self.env["property.late.fee.policy"].create({"name": "Late"})
        for record, vals in (
            (self.management, {"rounding_step": 1}),
            (self.management, {"late_fee_policy_id": policy.id}),
            (self.management, {"developer_percent": 70}),
            (policy, {"cap_rate": 0.2}),
            (fee, {"price": 1.25}),
            (fee, {"quantity": 0.6}),
        ):
            with self.subTest(record=record, vals=vals):
                known = self.env["property.audit"].search([("event", "=", "money")])
                record.write(vals)
                entry = self.env["property.audit"].search([("event", "=", "money")]) - known
                self.assertEqual((entry.model, entry.res_id), (record._name, record.id))
                self.assertNotEqual(entry.before, entry.after)

    def test_fees_that_cost_what_their_item_says_are_not_logged(self):
        known = self.env["property.audit"].search([("event", "=", "money")])
        self.management.fee_ids.copy({"date_from": "2020-01-01", "date_to": "2020-12-31"})
        self.assertEqual(self.env["property.audit"].search([("event", "=", "money")]), known)

    def test_prices_are_hidden_from_guards_and_engineers_and_names_of_items_are_not(self):
        for role in ("guard", "engineer"):
            item = self.management.with_user(self.users[role])
            self.assertTrue(item.read(["name"])[0]["name"])
            for name in ("price_text", "tariff_ids"):
                with self.subTest(role, name=name), self.assertRaises(AccessError):
                    item.read([name])
        for role in ("service", "leasing", "cashier", "finance", "manager"):
            with self.subTest(role):
                item = self.management.with_user(self.users[role])
                self.assertTrue(item.read(["price_text", "tariff_ids"])[0]["price_text"])

    def test_what_a_unit_owes_is_hidden_from_guards_engineers_and_the_portal(self):
        hidden = ["amount_open", "amount_late_fee"]
        for user in (self.users["guard"], self.users["engineer"], self.portal_user):
            for name in hidden:
                with self.subTest(user.login, name=name), self.assertRaises(AccessError):
                    self.unit.with_user(user).read([name])
        for role in ("service", "cashier", "finance", "manager"):
            with self.subTest(role):
                self.assertTrue(self.unit.with_user(self.users[role]).read(hidden))
