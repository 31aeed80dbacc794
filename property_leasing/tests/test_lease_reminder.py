import doctest
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..tools import reminders
from .common import TODAY, LeasingCommon


@tagged("post_install", "-at_install")
class TestLeaseReminder(LeasingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"  # what tests read
        with freeze_time(TODAY):
            cls.lease = cls.sign(
                cls.new_lease(
                    date_to="2027-12-31", step_ids=[(0, 0, {"repeat_months": 12, "value": 5})]
                )
            )

    def remind(self, day, lease=None):
        """Run the job on a day and return what it reminds of."""
        lease = lease or self.lease
        before = lease.activity_ids
        with freeze_time(f"{day} 04:00:00"):
            lease.sudo()._remind()
        new = lease.activity_ids - before
        return new.mapped("summary")

    def test_the_examples_hold(self):
        self.assertFalse(doctest.testmod(reminders).failed)

    def test_nothing_is_said_before_its_time(self):
        self.assertEqual(self.remind("2026-12-01"), [])

    def test_each_reminder_is_given_once(self):
        told = [self.remind(day) for day in ("2027-07-04", "2027-07-05", "2027-10-02")]
        self.assertEqual([len(texts) for texts in told], [1, 0, 1])
        self.assertIn("ends on 2027-12-31", told[0][0])

    def test_a_step_is_announced_to_the_leasing_agent(self):
        texts = self.remind("2027-06-15")
        self.assertEqual(len(texts), 1)
        self.assertIn("steps on 2027-07-01", texts[0])
        self.assertEqual(self.lease.activity_ids.user_id, self.lease.user_id)
        self.assertEqual(sorted(self.lease.reminder_ids.mapped("days")), [30, 90, 180])

    def test_a_job_that_slept_reminds_once_of_what_it_missed(self):
        self.assertEqual(len(self.remind("2027-12-20")), 1)
        ends = self.lease.reminder_ids.filtered(lambda one: one.kind == "end")
        self.assertEqual(sorted(ends.mapped("days")), [30, 90, 180])

    def test_what_is_over_is_not_announced(self):
        self.assertEqual(self.remind("2028-01-01"), [])

    def test_another_end_is_announced_anew(self):
        self.remind("2027-07-05")
        with freeze_time(TODAY):
            self.amend(self.lease, kind="term", date_to="2027-11-30")
        self.assertIn("2027-11-30", self.remind("2027-07-06")[0])

    def test_the_day_is_that_of_the_site(self):
        self.site.tz = "Asia/Shanghai"
        with freeze_time("2027-07-03 17:00:00"):  # the 4th in Shanghai
            self.lease.sudo()._remind()
        self.assertEqual(len(self.lease.activity_ids), 1)

    def test_the_job_takes_signed_leases_only(self):
        draft = self.new_lease(self.shop_2, date_to="2026-12-31")
        over = self.sign(self.new_lease(self.shop_2, date_to="2026-08-31"))
        progress = "odoo.addons.base.models.ir_cron.IrCron._commit_progress"
        with freeze_time("2026-12-20"), patch(progress, return_value=1e9):
            self.env["property.lease"]._cron_remind()
        self.assertFalse((draft | over).activity_ids)

    def test_the_days_ahead_are_a_setting(self):
        self.company.lease_reminder_days = "10"
        self.assertEqual(self.remind("2027-12-20"), [])
        self.assertEqual(len(self.remind("2027-12-21")), 1)
        with self.assertRaises(ValidationError):
            self.company.lease_reminder_days = "soon"

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_the_same_reminder_twice(self):
        vals = {"lease_id": self.lease.id, "kind": "end", "date": "2027-12-31", "days": 90}
        self.env["property.lease.reminder"].create(vals)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["property.lease.reminder"].create(vals)

    def test_the_next_step_and_the_days_left_are_shown(self):
        with freeze_time(TODAY):
            self.lease.invalidate_recordset()
            self.assertEqual(str(self.lease.next_step_date), "2027-07-01")
            self.assertEqual(self.lease.days_left, 472)
