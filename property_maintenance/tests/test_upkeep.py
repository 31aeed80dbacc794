from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .equipment_common import TODAY, EquipmentCommon


@tagged("post_install", "-at_install")
class TestUpkeep(EquipmentCommon):
    def raise_due(self, plan, day=TODAY):
        with freeze_time(datetime.combine(day, datetime.min.time().replace(hour=4))):
            return plan._raise_due(day)

    def run_job(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_kw: 60.0):
            self.env["property.upkeep.plan"]._cron_raise()

    def test_an_order_is_raised_once_with_the_checklist_of_the_class(self):
        plan = self.new_plan()
        order = self.raise_due(plan)
        self.assertEqual(order.upkeep_due_date, date(2026, 6, 1))
        self.assertEqual((order.kind, order.maintenance_type), ("preventive", "preventive"))
        self.assertEqual((order.site_id, order.equipment_id), (self.site, self.lift))
        self.assertEqual(order.maintenance_team_id, self.team)
        self.assertEqual(
            order.task_ids.mapped("name"), ["Look at the ropes", "Listen to the motor"]
        )
        self.assertEqual(order.step, "new")
        self.assertTrue(plan.is_open)
        self.assertEqual(plan.next_due_date, date(2026, 6, 1))
        self.assertTrue(plan.is_late)
        self.assertFalse(self.raise_due(plan))

    def test_the_database_refuses_the_same_due_day_twice(self):
        order = self.raise_due(self.new_plan())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            order.copy(
                {"upkeep_plan_id": order.upkeep_plan_id.id, "upkeep_due_key": order.upkeep_due_key}
            )

    def test_orders_are_raised_ahead(self):
        plan = self.new_plan(date_start=date(2026, 6, 20), lead_days=5)
        self.assertFalse(self.raise_due(plan, date(2026, 6, 14)))
        self.assertEqual(self.raise_due(plan).upkeep_due_date, date(2026, 6, 20))

    def test_orders_are_not_raised_a_whole_period_ahead(self):
        with self.assertRaises(ValidationError):
            self.new_plan(interval_unit="week", lead_days=7)

    def test_a_slip_in_the_rhythm_is_told(self):
        plan = self.new_plan()
        for vals in ({"interval": 2**31 - 1}, {"interval": 101, "interval_unit": "year"}):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, "hundred years"):
                plan.write(vals)
            form = {"next_due_date": {}, "interval": {}}
            self.assertTrue(plan.onchange(vals, ["interval"], form))
        with self.assertRaisesRegex(ValidationError, "Hours takes"):
            plan.duration = 1e12

    def test_after_a_standstill_one_order_stands_for_all_that_was_missed(self):
        plan = self.new_plan(date_start=date(2026, 1, 31))
        order = self.raise_due(plan)
        self.assertEqual(order.upkeep_due_date, date(2026, 5, 31))
        for missed in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"):
            self.assertIn(missed, order.description)
        self.assertFalse(self.raise_due(plan, date(2026, 7, 5)), "one order at a time")
        with freeze_time(datetime(2026, 7, 5, 4)):
            self.finish(order)
        self.assertEqual(plan.last_done_date, date(2026, 7, 5))
        self.assertEqual(plan.next_due_date, date(2026, 7, 31), "the work covers 30 June too")

    def test_after_a_standstill_every_missed_day_gets_its_order_when_wanted(self):
        plan = self.new_plan(date_start=date(2026, 3, 1), catch_up="every")
        orders = self.raise_due(plan)
        self.assertEqual(
            sorted(orders.mapped("upkeep_due_date")),
            [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)],
        )
        self.assertFalse(self.raise_due(plan))
        self.assertEqual(
            self.raise_due(plan, date(2026, 7, 1)).mapped("upkeep_due_date"), [date(2026, 7, 1)]
        )

    def test_from_last_done_late_work_moves_the_next_due_day(self):
        plan = self.new_plan(anchor="last_done")
        order = self.raise_due(plan)
        self.assertFalse(self.raise_due(plan, date(2026, 8, 1)))
        with freeze_time(datetime(2026, 6, 20, 4)):
            self.finish(order)
        self.assertEqual(plan.next_due_date, date(2026, 7, 20))
        self.assertFalse(self.raise_due(plan, date(2026, 7, 19)))
        self.assertEqual(self.raise_due(plan, date(2026, 7, 20)).upkeep_due_date, date(2026, 7, 20))

    def test_a_cancelled_order_does_not_stop_the_plan(self):
        for anchor in ("fixed", "last_done"):
            plan = self.new_plan(anchor=anchor, name=anchor)
            self.raise_due(plan).action_cancel("Lift is being replaced")
            self.assertFalse(plan.is_open)
            self.assertEqual(plan.next_due_date, date(2026, 7, 1))

    def test_a_reopened_order_is_open_again(self):
        plan = self.new_plan()
        order = self.raise_due(plan)
        self.finish(order)
        self.assertEqual(plan.last_done_date, TODAY)
        order.action_reopen("Not solved")
        self.assertFalse(plan.last_done_date)
        self.assertTrue(plan.is_open)

    def test_a_counter_plan_is_due_by_its_readings(self):
        plan = self.new_plan(
            rhythm="counter",
            gauge_id=self.hours.id,
            counter_start=500,
            counter_step=250,
            lead_count=10,
        )
        self.read_gauge(self.hours, (-40, 280), (-10, 430))
        self.assertFalse(self.raise_due(plan))
        self.assertEqual(plan.next_due_total, 500)
        # 150 hours in 30 days from 5 June: the 70 left take 14 days
        self.assertEqual(plan.next_due_date, date(2026, 6, 19))
        self.read_gauge(self.hours, (-1, 490))
        order = self.raise_due(plan)
        self.assertEqual((order.upkeep_due_total, order.upkeep_due_key), (500, "500"))
        self.assertFalse(self.raise_due(plan))
        self.finish(order)
        self.assertEqual(order.upkeep_done_total, 490)
        self.assertEqual(plan.next_due_total, 750)

    def test_a_counter_plan_from_last_done_counts_from_the_reading_then(self):
        plan = self.new_plan(
            rhythm="counter",
            anchor="last_done",
            gauge_id=self.hours.id,
            counter_start=500,
            counter_step=250,
        )
        self.read_gauge(self.hours, (-1, 530.5))
        self.finish(self.raise_due(plan))
        self.assertEqual(plan.next_due_total, 780.5)

    def test_a_counter_plan_needs_a_counter_of_its_equipment(self):
        far = self.new_gauge(self.other_lift, "Far", kind="counter")
        level = self.new_gauge(self.lift, "Temperature")
        for gauge in (far, level):
            with self.subTest(gauge.name), self.assertRaises(ValidationError):
                self.new_plan(rhythm="counter", gauge_id=gauge.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.new_plan(rhythm="counter")

    def test_nothing_is_raised_for_archived_or_scrapped_equipment(self):
        plan = self.new_plan()
        self.lift.action_change_state("scrapped", "Old")
        self.assertFalse(self.raise_due(plan))
        second = self.new_equipment("Lift 2", active=False)
        self.assertFalse(self.raise_due(self.new_plan(second)))

    def test_the_technician_gets_the_order_while_the_site_is_his(self):
        engineer = self.users["engineer"].employee_id
        plan = self.new_plan(technician_id=engineer.id)
        order = self.raise_due(plan)
        self.assertEqual((order.assignee_id, order.step), (engineer, "assigned"))
        engineer.site_ids = self.other_site
        plan = self.new_plan(technician_id=engineer.id, name="Another")
        self.assertFalse(self.raise_due(plan).assignee_id)

    def test_the_job_raises_and_reminds_once(self):
        self.site.manager_id = self.users["manager"].employee_id
        plan = self.new_plan(date_start=date(2026, 6, 20), lead_days=5, remind_days=2)
        for day in range(15, 22):
            with freeze_time(datetime(2026, 6, day, 4)):
                self.run_job()
                kind = self.env.ref("property_maintenance.mail_activity_upkeep")
                reminders = plan.request_ids.activity_ids.filtered(
                    lambda one, kind=kind: one.activity_type_id == kind
                )
                self.assertEqual(len(reminders), 1 if day >= 18 else 0)
        self.assertEqual(reminders.user_id, self.users["manager"])
        self.assertEqual(len(plan.request_ids), 1)

    def test_a_plan_that_cannot_raise_says_why_and_stops_no_other(self):
        plan, other = self.new_plan(), self.new_plan(self.new_equipment("Lift 2"))
        create = type(self.env["maintenance.request"]).create

        def fail(requests, vals_list):
            if any(vals.get("equipment_id") == self.lift.id for vals in vals_list):
                raise UserError(requests.env._("No team"))
            return create(requests, vals_list)

        with patch.object(type(self.env["maintenance.request"]), "create", fail):
            self.run_job()
        self.assertEqual((plan.problem, len(plan.request_ids)), ("No team", 0))
        self.assertEqual((other.problem, len(other.request_ids)), (False, 1))
        self.run_job()
        self.assertEqual((plan.problem, len(plan.request_ids)), (False, 1))

    def test_a_manager_raises_what_is_due_by_hand_and_others_do_not(self):
        plan = self.new_plan()
        for user in ("engineer", "service"):
            with self.subTest(user), self.assertRaises(AccessError):
                plan.with_user(self.users[user]).action_raise_due()
        action = plan.with_user(self.users["manager"]).action_raise_due()
        self.assertEqual(plan.request_ids.ids, action["domain"][0][2])
        action = plan.with_user(self.users["manager"]).action_raise_due()
        self.assertEqual(action["tag"], "display_notification")

    def test_a_plan_is_given_to_more_equipment_once(self):
        plan = self.new_plan()
        second, third = self.new_equipment("Lift 2"), self.new_equipment("Lift 3")
        wizard = (
            self.env["property.upkeep.copy"]
            .with_user(self.users["manager"])
            .create({"plan_id": plan.id, "equipment_ids": [(6, 0, (second | third).ids)]})
        )
        wizard.action_copy()
        wizard.action_copy()
        self.assertEqual((second | third).plan_ids.mapped("name"), ["Monthly service"] * 2)
        self.assertEqual(len(second.plan_ids.task_ids), 2)

    def test_a_counter_plan_is_given_only_where_there_is_the_counter(self):
        plan = self.new_plan(rhythm="counter", gauge_id=self.hours.id)
        second = self.new_equipment("Lift 2")
        wizard = self.env["property.upkeep.copy"].create(
            {"plan_id": plan.id, "equipment_ids": [(6, 0, second.ids)]}
        )
        with self.assertRaises(UserError):
            wizard.action_copy()
        gauge = self.new_gauge(second, "Running hours", kind="counter")
        wizard.action_copy()
        self.assertEqual(second.plan_ids.gauge_id, gauge)

    def test_many_plans_are_looked_at_with_the_queries_of_one(self):
        def count(plans):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assertFalse(plans._raise_due(date(2026, 5, 1)))
            return self.env.cr.sql_log_count - start

        plans = self.env["property.upkeep.plan"].concat(
            *(self.new_plan(self.new_equipment(f"Lift {number}")) for number in range(50))
        )
        count(plans[:1])
        self.assertEqual(count(plans), count(plans[:1]))

    def test_work_done_the_evening_before_counts_on_the_day_of_the_site(self):
        plan = self.new_plan()
        order = self.raise_due(plan)
        with freeze_time(datetime(2026, 6, 15, 17)):
            self.finish(order)
        self.assertEqual(order.upkeep_done_date, TODAY + timedelta(days=1))
