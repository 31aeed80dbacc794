"""A later change of what phones sent shows, and managers are told where the chain stood."""

import json
from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import field_chain
from .field_common import FieldCommon, Phone


@tagged("post_install", "-at_install")
class TestFieldChain(FieldCommon):
    def setUp(self):
        super().setUp()
        self.five = self.new_entries(*({"name": str(number)} for number in range(5)))
        self.company = self.env.company

    def breaks(self):
        self.env.invalidate_all()
        found = self.entries._check_chain(self.company)
        return [(one.sequence, one.kind, one.count) for one in found]

    def alter(self, place, **values):
        """Change an entry as somebody with the database in hand would."""
        self.env.flush_all()
        columns = ", ".join(f"{name} = %s" for name in values)
        self.env.cr.execute(
            f"UPDATE field_entry SET {columns} WHERE sequence = %s AND company_id = %s",  # noqa: S608
            [*values.values(), place, self.company.id],
        )

    def rehash(self, sequence):
        """Make the sum of a changed entry right again."""
        self.env.invalidate_all()
        entry = self.entries.search([("sequence", "=", sequence)])
        self.env.cr.execute("SELECT * FROM field_entry WHERE id = %s", [entry.id])
        [row] = self.env.cr.dictfetchall()
        values = self.entries._chained(row)
        own = field_chain.link_hash(entry.previous_hash, sequence, values)
        self.alter(sequence, chain_hash=own)

    def test_what_came_in_stands_in_a_row_without_a_break(self):
        self.assertEqual(self.five.sorted("sequence").mapped("sequence"), [1, 2, 3, 4, 5])
        self.assertEqual(self.breaks(), [])

    def test_a_changed_payload_shows(self):
        text = self.five.filtered(lambda entry: entry.sequence == 3).payload
        self.alter(3, payload=text.replace('"name": "2"', '"name": "9"'))
        self.assertEqual(self.breaks(), [(3, "changed", 1)])

    def test_a_changed_time_employee_or_state_shows(self):
        for values in (
            {"device_at": "2020-01-01 00:00:00"},
            {"employee_id": self.other.id},
            {"signature_state": "invalid"},
            {"clock_skew": 12345},
        ):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self.alter(2, **values)
                self.assertEqual(self.breaks(), [(2, "changed", 1)])
                savepoint.rollback()

    def test_a_change_with_a_new_sum_shows_at_the_entry_that_was_changed(self):
        self.alter(3, device_at="2020-01-01 00:00:00")
        self.rehash(3)
        self.assertEqual(self.breaks(), [(3, "changed", 1)])

    def test_missing_entries_show_with_their_number(self):
        self.env.cr.execute("DELETE FROM field_entry WHERE sequence IN (2, 3)")
        self.assertEqual(self.breaks(), [(2, "missing", 2)])

    def test_entries_that_changed_places_show(self):
        self.alter(2, sequence=99)
        self.alter(3, sequence=2)
        self.alter(99, sequence=3)
        kinds = {kind for _place, kind, _count in self.breaks()}
        self.assertTrue(kinds)

    def test_an_end_that_was_cut_off_shows_against_the_head_that_was_told(self):
        last = self.five.sorted("sequence")[-1]
        self.env["field.head"].create(
            {
                "company_id": self.company.id,
                "date": date(2026, 1, 1),
                "last_sequence": 5,
                "chain_hash": last.chain_hash,
            }
        )
        self.assertEqual(self.breaks(), [])
        self.env.cr.execute("DELETE FROM field_entry WHERE sequence > 3")
        self.assertEqual(self.breaks(), [(4, "missing", 2)])

    def test_each_company_has_a_chain_of_its_own(self):
        company = self.env["res.company"].create({"name": "Other"})
        user = self.other_user
        user.write({"company_ids": [(4, company.id)], "company_id": company.id})
        self.other.sudo().company_id = company
        phone = Phone()
        entry = self.new_entries({"name": "x"}, employee=self.other, phone=phone)
        self.assertEqual((entry.sequence, entry.company_id), (1, company))
        self.assertEqual(self.entries._check_chain(company), [])

    def test_nobody_changes_or_deletes_an_entry_through_the_system(self):
        entry = self.five[0]
        for values in ({"payload": "{}"}, {"sequence": 9}, {"device_at": "2020-01-01"}):
            with self.assertRaisesRegex(UserError, "evidence"):
                entry.sudo().write(values)
        with self.assertRaisesRegex(UserError, "evidence"):
            entry.sudo().unlink()

    def test_the_button_tells_that_all_is_whole_or_where_it_is_not(self):
        checks = self.env["field.check"].with_user(self.manager)
        whole = checks.browse(checks.action_check()["res_id"])
        self.assertTrue(whole.is_whole)
        self.assertEqual(whole.entry_count, 5)
        self.alter(4, clock_skew=999)
        self.env.invalidate_all()
        broken = checks.browse(checks.action_check()["res_id"])
        self.assertEqual(broken.break_ids.mapped("sequence"), [4])
        self.assertEqual(broken.break_ids.entry_id.sequence, 4)

    def test_the_chain_is_read_in_parts_with_as_many_queries_as_parts(self):
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.entries._check_chain(self.company)
        self.new_entries(*({"name": str(number)} for number in range(45)))
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.entries._check_chain(self.company)


@tagged("post_install", "-at_install")
class TestFieldHeads(FieldCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.heads = cls.env["field.head"]

    def at(self, moment, *names):
        with freeze_time(moment):
            return self.new_entries(*({"name": name} for name in names))

    def close(self, moment):
        with freeze_time(moment):
            self.heads._cron_close_days()

    def test_every_day_that_is_over_is_told_once_by_its_own_time_zone(self):
        self.at("2026-03-02 15:30:00", "a", "b")  # 23:30 in Shanghai
        late = self.at("2026-03-02 16:30:00", "c")  # half past midnight
        self.at("2026-03-05 01:00:00", "d")
        self.close("2026-03-03 00:00:00")  # 8:00 of the 3rd
        self.assertEqual(self.heads.search([]).mapped("date"), [date(2026, 3, 2)])
        self.close("2026-03-10 00:00:00")  # after a week in which nothing ran
        self.close("2026-03-10 01:00:00")
        found = self.heads.search([], order="date")
        self.assertEqual(
            [(head.date.day, head.entry_count, head.last_sequence) for head in found],
            [(2, 2, 2), (3, 1, 3), (5, 1, 4)],
        )
        self.assertEqual(found[1].chain_hash, late.chain_hash)
        self.assertEqual(found.mapped("break_count"), [0, 0, 0])

    def test_the_managers_get_the_head_by_mail(self):
        self.at("2026-03-02 08:00:00", "a")
        self.close("2026-03-03 08:00:00")
        head = self.heads.search([])
        mail = self.env["mail.mail"].search(
            [("model", "=", "field.head"), ("res_id", "=", head.id)]
        )
        self.assertIn(self.manager.partner_id, mail.recipient_ids)
        self.assertNotIn(self.user.partner_id, mail.recipient_ids)
        self.assertIn(head.chain_hash, mail.body_html)
        self.assertIn(self.manager.email, head.sent_to)

    def test_a_day_of_today_is_not_over(self):
        self.at("2026-03-02 08:00:00", "a")
        self.close("2026-03-02 15:59:00")
        self.assertFalse(self.heads.search([]))

    def test_a_broken_chain_is_told(self):
        entry = self.at("2026-03-02 08:00:00", "a")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE field_entry SET payload = %s WHERE id = %s", [json.dumps({}), entry.id]
        )
        self.env.invalidate_all()
        self.close("2026-03-03 08:00:00")
        self.assertEqual(self.heads.search([]).break_count, 1)
