"""Rows of proposed schedules that are put on file together are what `create` makes of them."""

from freezegun import freeze_time
from odoo.tests import tagged

from ..tools import schedule
from .common import TODAY, LeasingCommon

TECHNICAL = {"id", "display_name", "create_date", "write_date", "charge_id", "state"}


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestScheduleRows(LeasingCommon):
    def test_rows_put_on_file_together_are_those_that_create_makes(self):
        lease = self.new_lease(
            lines=[{"price": 3.3333, "pricing": "m2_day", "tax_id": self.vat9.id}],
            is_vat_included=False,
            step_ids=[(0, 0, {"repeat_months": 5, "value": 3})],
            rent_free_ids=[(0, 0, {"date_from": "2026-09-10", "date_to": "2026-10-20"})],
        )
        line, rows = lease.line_ids, lease.instalment_ids
        fields = sorted(set(rows._fields) - TECHNICAL)
        together = [tuple(str(row[name]) for name in fields) for row in rows]
        plan = schedule.schedule(line._terms())
        vals_list = line._prepare_instalments(plan)
        self.assertEqual(len(rows), len(plan))
        self.assertEqual(
            set(vals_list[0]) & set(rows._fields),
            {name for name, field in rows._fields.items() if field.store and name not in TECHNICAL}
            - {"create_uid", "write_uid"}
            - {"amount_difference", "rent_difference", "rent_credited", "is_dropped"},
        )
        rows.sudo().unlink()
        created = rows.sudo().create(vals_list).sorted("date_from")
        self.env.flush_all()
        created.invalidate_recordset()
        one_by_one = [tuple(str(row[name]) for name in fields) for row in created]
        self.assertEqual(together, one_by_one)

    def test_the_total_follows_from_rows_put_on_file_together(self):
        lease = self.new_lease()
        self.assertEqual(lease.amount_total, 36000.0)
        self.assertEqual(lease.line_ids.instalment_ids, lease.instalment_ids)
        lease.date_to = "2026-12-31"
        self.assertEqual(lease.amount_total, 18000.0)
        self.assertEqual(len(lease.instalment_ids), 6)
