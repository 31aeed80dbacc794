from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PropertyStaffCommon

DAY = date(2026, 9, 15)


@tagged("post_install", "-at_install")
class TestTransfer(PropertyStaffCommon):
    def wizard(self, kind="transfer", user="service", **vals):
        vals = {"kind": kind, "unit_id": self.unit.id, "date": DAY, **vals}
        return self.env["property.transfer"].with_user(self.users[user]).create(vals)

    def rows(self, unit=None):
        rows = self.env["property.occupancy"].search([("unit_id", "=", (unit or self.unit).id)])
        return {(row.partner_id, row.role, row.date_from, row.date_to) for row in rows}

    def test_a_transfer_ends_the_old_owner_the_day_before(self):
        wizard = self.wizard(partner_id=self.buyer.id, co_owner_ids=[Command.set(self.child.ids)])
        self.assertFalse(wizard.problem)
        self.assertIn("2026-09-14", wizard.effect)
        self.assertIn("Test Buyer Zhao", wizard.effect)
        wizard.action_confirm()
        self.assertEqual(
            self.rows(),
            {
                (self.owner, "owner", date(2025, 1, 1), date(2026, 9, 14)),
                (self.child, "family", date(2025, 1, 1), date(2026, 9, 14)),
                (self.tenant, "tenant", date(2026, 3, 1), False),
                (self.buyer, "owner", DAY, False),
                (self.child, "co_owner", DAY, False),
            },
        )
        payers = self.unit._property_timeline("owner", date(2026, 9, 1), date(2026, 9, 30))
        self.assertEqual([row[0] for row in payers[self.unit.id]], [self.owner, self.buyer])

    def test_the_form_shows_the_effect_before_confirming(self):
        wizards = self.env["property.transfer"].with_user(self.users["service"])
        form = Form(wizards.with_context(default_unit_id=self.unit.id))
        form.date = DAY
        self.assertIn("new owner", form.problem)
        self.assertFalse(form.effect)
        self.assertEqual(form.leave_ids.ids, self.child_row.ids)
        form.partner_id = self.buyer
        self.assertFalse(form.problem)
        self.assertEqual(len(form.effect.splitlines()), 3)
        form.save().action_confirm()
        self.assertEqual(self.owner_row.date_to, date(2026, 9, 14))
        form = Form(wizards.with_context(default_unit_id=self.unit.id, default_kind="move_out"))
        form.date = DAY
        form.leave_ids.add(self.tenant_row)
        self.assertFalse(form.problem)
        self.assertIn("Test Tenant Wu", form.effect)
        form.leave_ids.add(self.owner_row)
        self.assertIn("owner does not move out", form.problem)

    def test_family_may_stay(self):
        self.wizard(partner_id=self.buyer.id, leave_ids=[Command.clear()]).action_confirm()
        self.assertIn((self.child, "family", date(2025, 1, 1), False), self.rows())

    def test_a_space_of_its_own_goes_along(self):
        self.occupy(self.space, self.owner, "owner", date(2025, 2, 1))
        self.wizard(partner_id=self.buyer.id).action_confirm()
        self.assertEqual(
            self.rows(self.space),
            {
                (self.owner, "owner", date(2025, 2, 1), date(2026, 9, 14)),
                (self.buyer, "owner", DAY, False),
            },
        )

    def test_impossible_transfers_are_refused_and_change_nothing(self):
        before = self.rows()
        for reason, vals in {
            "nobody chosen": {},
            "same owner": {"partner_id": self.owner.id},
            "before the owner came": {"partner_id": self.buyer.id, "date": date(2024, 1, 1)},
            "on the owner's first day": {"partner_id": self.buyer.id, "date": date(2025, 1, 1)},
            "co-owner too": {
                "partner_id": self.buyer.id,
                "co_owner_ids": [Command.set(self.buyer.ids)],
            },
            "foreign line": {
                "partner_id": self.buyer.id,
                "leave_ids": [Command.set(self.other_row.ids)],
                "user": "director",
            },
        }.items():
            with self.subTest(reason):
                wizard = self.wizard(**vals)
                self.assertTrue(wizard.problem)
                self.assertFalse(wizard.effect)
                with self.assertRaises(UserError):
                    wizard.action_confirm()
        self.assertEqual(self.rows(), before)

    def test_a_transfer_before_a_later_owner_is_refused(self):
        self.wizard(partner_id=self.buyer.id).action_confirm()
        wizard = self.wizard(partner_id=self.tenant.id, date=date(2026, 8, 1))
        self.assertIn("Test Buyer Zhao", wizard.problem)

    def test_a_first_owner_needs_nobody_to_leave(self):
        self.unit_2.state = "unsold"
        self.wizard(unit_id=self.unit_2.id, partner_id=self.buyer.id).action_confirm()
        self.assertEqual(self.rows(self.unit_2), {(self.buyer, "owner", DAY, False)})
        self.assertEqual(self.unit_2.state, "delivered")

    def test_a_tenant_moves_in_and_out(self):
        self.wizard(
            "move_in", unit_id=self.unit_2.id, partner_id=self.tenant.id, role="tenant"
        ).action_confirm()
        self.assertEqual(self.unit_2.state, "leased")
        row = self.unit_2.occupancy_ids
        self.assertTrue(row.is_primary and row.may_see_bills)
        self.wizard(
            "move_out",
            unit_id=self.unit_2.id,
            date=date(2026, 12, 31),
            leave_ids=[Command.set(row.ids)],
        ).action_confirm()
        self.assertEqual(row.date_to, date(2026, 12, 31))
        self.assertEqual(self.unit_2.state, "vacant")

    def test_moving_in_twice_or_as_a_second_owner_is_refused(self):
        for vals in (
            {"partner_id": self.tenant.id, "role": "tenant"},
            {"partner_id": self.buyer.id, "role": "owner"},
            {"role": "family"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self.wizard("move_in", **vals).action_confirm()

    def test_moving_out_needs_people_who_are_there(self):
        for leave, day in (
            ([], DAY),
            (self.owner_row.ids, DAY),
            (self.tenant_row.ids, date(2026, 2, 1)),
        ):
            with self.subTest(leave), self.assertRaises(UserError):
                self.wizard("move_out", date=day, leave_ids=[Command.set(leave)]).action_confirm()

    def test_a_guard_cannot_transfer_and_nobody_on_a_foreign_site(self):
        with self.assertRaises(AccessError):
            self.wizard(user="guard", partner_id=self.buyer.id)
        with self.assertRaises(AccessError):
            self.wizard(unit_id=self.other_unit.id, partner_id=self.buyer.id).action_confirm()
