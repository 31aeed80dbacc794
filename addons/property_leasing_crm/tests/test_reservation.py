from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, ProspectCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestReservation(ProspectCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.new_lead(brand="Baker", partner_id=cls.baker.id)

    def reserve(self, lead, spaces, until="2026-09-30", amount=0.0, waits=False):
        wizard = self.env["property.leasing.reserve"].create(
            {
                "lead_id": lead.id,
                "space_ids": [(6, 0, spaces.ids)],
                "date_to": until,
                "amount": amount,
                "waits": waits,
            }
        )
        wizard.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()

    def receive(self, space):
        action = space.action_receive_intention()
        wizard = self.env["property.deposit.receive"].with_context(**action["context"]).create({})
        wizard.action_confirm()
        self.env.invalidate_all()

    def run_line(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *args, **kwargs: 60.0):
            self.env["property.space.reservation"]._cron_next_in_line()
        self.env.invalidate_all()

    def test_a_deposit_for_several_spaces_is_shared_by_their_rents_to_the_fen(self):
        self.space_2.price = 6000.0
        both = self.space | self.space_2
        self.reserve(self.lead, both, amount=1000.0)
        self.assertEqual(both.mapped("reserved_deposit"), [333.33, 666.67])
        self.assertEqual(both.mapped("reserved_missing"), [333.33, 666.67])
        self.assertEqual(self.lead.intention_amount, 1000.0)
        self.receive(self.space_2)
        self.assertEqual(both.mapped("reserved_missing"), [333.33, 0.0])
        self.receive(self.space)
        self.assertEqual(both.mapped("reserved_missing"), [0.0, 0.0])
        self.assertEqual(self.lead.intention_held, 1000.0)

    def test_what_was_paid_for_another_space_counts_for_the_one_he_changes_to(self):
        self.reserve(self.lead, self.space, amount=1000.0)
        self.receive(self.space)
        self.lead.action_release()
        self.reserve(self.lead, self.space_2, amount=1500.0)
        self.assertEqual(self.space_2.reserved_missing, 500.0)

    def test_a_second_reservation_stands_beside_the_first(self):
        self.reserve(self.lead, self.space, until="2026-09-20", amount=500.0)
        self.reserve(self.lead, self.space_2, until="2026-09-30", amount=300.0)
        self.assertEqual(self.lead.space_ids, self.space | self.space_2)
        self.assertEqual(
            self.space.mapped(lambda one: (str(one.reserved_until), one.reserved_deposit)),
            [("2026-09-20", 500.0)],
        )
        self.assertEqual(str(self.lead.reserved_until), "2026-09-30")
        self.assertEqual(self.lead.intention_amount, 800.0)
        # another term for the first space replaces its record, which stays on file
        self.reserve(self.lead, self.space, until="2026-10-05", amount=600.0)
        rows = self.space.reservation_ids.sorted("id")
        self.assertEqual(rows.mapped("state"), ["released", "held"])
        self.assertEqual(rows.mapped("amount"), [500.0, 600.0])

    def test_who_asks_second_is_refused_or_waits_in_line(self):
        self.reserve(self.lead, self.space, amount=500.0)
        with self.assertRaisesRegex(UserError, "wait in line"):
            self.reserve(self.other, self.space)
        self.reserve(self.other, self.space, until="2026-09-25", amount=700.0, waits=True)
        self.assertEqual((self.space.reserved_lead_id, self.space.waiting_count), (self.lead, 1))
        self.assertEqual(self.other.reservation_ids.state, "waiting")
        self.reserve(self.other, self.space, waits=True)
        self.assertEqual(self.space.waiting_count, 1)
        self.assertEqual(self.other.leasing_step, "prospect")

    def test_a_released_space_goes_to_the_first_in_line(self):
        third = self.new_lead(brand="Tea", partner_name="Tea")
        self.reserve(self.lead, self.space)
        self.reserve(self.other, self.space, until="2026-09-25", amount=700.0, waits=True)
        self.reserve(third, self.space, waits=True)
        with freeze_time("2026-09-18"):
            self.lead.action_release()
            self.env.invalidate_all()
            self.assertEqual(self.space.reserved_lead_id, self.other)
            # he asked for ten days, which begin with his turn
            self.assertEqual(str(self.space.reserved_until), "2026-09-28")
            self.assertEqual(self.space.reserved_missing, 700.0)
            self.assertEqual((self.other.leasing_step, self.space.waiting_count), ("reserved", 1))
            self.assertIn("is reserved for", self.other.activity_ids.summary)
            states = self.space.reservation_ids.sorted("id").mapped("state")
            self.assertEqual(sorted(states), ["held", "released", "served", "waiting"])
            self.other.action_set_lost()
            self.env.invalidate_all()
            self.assertEqual(self.space.reserved_lead_id, third)

    def test_a_lapsed_space_goes_to_who_waits_before_anybody_else(self):
        self.reserve(self.lead, self.space, until="2026-09-20")
        self.reserve(self.other, self.space, until="2026-09-25", waits=True)
        with freeze_time("2026-09-21"):
            with self.assertRaisesRegex(UserError, "is reserved for Baker Sun"):
                self.reserve(self.new_lead(brand="Tea", partner_name="Tea"), self.space)
            self.run_line()
            self.assertEqual(self.space.reserved_lead_id, self.other)
            self.run_line()
            self.assertEqual(str(self.space.reserved_until), "2026-10-01")

    def test_a_lapsed_space_is_the_turn_of_who_waits_before_any_job_has_run(self):
        self.reserve(self.lead, self.space, until="2026-09-20")
        self.reserve(self.other, self.space, until="2026-09-25", waits=True)
        spaces = self.env["property.space"].with_user(self.users["leasing"])
        with freeze_time("2026-09-21"):
            self.env.invalidate_all()
            self.assertEqual(self.space.state, "reserved")
            mine = spaces.search([("state", "=", "reserved"), ("id", "=", self.space.id)])
            self.assertEqual(mine, self.space)
            self.assertFalse(spaces.search([("state", "=", "vacant"), ("id", "in", mine.ids)]))
            plan = spaces.get_stacking_plan(self.space.building_id.id)
            [row] = [
                row
                for floor in plan["floors"]
                for row in floor["spaces"]
                if row["id"] == self.space.id
            ]
            self.assertEqual(
                (row["state"], row["tenant"], row["until"]), ("reserved", "Baker Sun", "2026-10-01")
            )
            self.run_line()
            self.assertEqual(self.space.reserved_for_id.name, row["tenant"])
            self.assertEqual(str(self.space.reserved_until), row["until"])

    def test_nobody_takes_or_lets_a_lapsed_space_past_who_waits(self):
        self.reserve(self.lead, self.space, until="2026-09-20")
        self.reserve(self.other, self.space, until="2026-09-25", waits=True)
        lease = self.env["property.lease"].browse(self.lead.action_make_lease()["res_id"])
        with freeze_time("2026-09-21"):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "is reserved for Baker Sun"):
                self.space.write({"reserved_for_id": self.cafe.id, "reserved_until": "2026-09-30"})
            with self.assertRaisesRegex(UserError, "is reserved for Baker Sun"):
                self.sign(lease)

    def test_who_gave_up_or_signed_elsewhere_is_passed_over(self):
        self.reserve(self.lead, self.space, until="2026-09-20")
        self.reserve(self.other, self.space, waits=True)
        self.other.action_set_lost()
        with freeze_time("2026-09-21"):
            self.run_line()
            self.assertEqual(self.space.state, "vacant")
        self.assertEqual(
            self.other.with_context(active_test=False).reservation_ids.state, "withdrawn"
        )

    def test_a_deposit_is_not_negative(self):
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            self.reserve(self.lead, self.space, amount=-5.0)

    def test_no_tenant_takes_a_held_space_more_and_none_renews_over_who_holds_it(self):
        lease = self.sign(
            self.new_lease(self.shop_2, partner_id=self.baker.id, date_to="2026-09-20")
        )
        self.reserve(self.lead, self.space)
        row = {"unit_id": self.shop.id, "price": 3000.0, "pricing": "month"}
        with self.assertRaisesRegex(UserError, "is reserved for Cafe Lin until 2026-09-30"):
            self.amend(lease, kind="space", date="2026-09-18", space_ids=[(0, 0, row)])
        self.lead.wanted_date = "2026-09-25"
        self.reserve(self.lead, self.space_2)
        with self.assertRaisesRegex(UserError, "is reserved for Cafe Lin until 2026-09-30"):
            self.amend(lease, kind="term", date_to="2027-06-30")
        self.amend(lease, kind="term", date_to="2026-09-18")
        self.lead.action_release()
        self.amend(lease, kind="term", date_to="2027-06-30")

    def test_a_signed_lease_ends_the_reservation_as_let(self):
        self.reserve(self.lead, self.space)
        self.reserve(self.other, self.space, waits=True)
        lease = self.env["property.lease"].browse(self.lead.action_make_lease()["res_id"])
        self.sign(lease)
        self.env.invalidate_all()
        self.assertEqual(self.lead.reservation_ids.state, "let")
        self.assertEqual(self.other.reservation_ids.state, "waiting")
        self.run_line()
        self.assertFalse(self.space.reserved_lead_id)
