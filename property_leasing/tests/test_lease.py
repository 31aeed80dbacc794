from datetime import date
from decimal import Decimal

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import TODAY, LeasingCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestLease(LeasingCommon):
    def test_the_whole_schedule_is_shown_before_signing(self):
        lease = self.new_lease(
            cadence="3",
            due_days=5,
            rent_free_ids=[(0, 0, {"date_from": "2026-07-01", "date_to": "2026-07-31"})],
        )
        self.assertEqual(
            self.rows(lease, "date_from", "due_date", "amount", "state"),
            [
                ("2026-07-01", "2026-07-01", 6000.0, "planned"),
                ("2026-10-01", "2026-09-26", 9000.0, "planned"),
                ("2027-01-01", "2026-12-27", 9000.0, "planned"),
                ("2027-04-01", "2027-03-27", 9000.0, "planned"),
            ],
        )
        self.assertEqual(lease.amount_total, 33000.0)
        self.assertRegex(lease.instalment_ids[0].explanation, "2026-07-01.*2026-07-31.* 31 ")

    def test_other_terms_give_another_proposal(self):
        lease = self.new_lease()
        lease.write({"step_ids": [(0, 0, {"repeat_months": 6, "kind": "amount", "value": 100})]})
        self.assertEqual(lease.instalment_ids.mapped("amount")[5:7], [3000.0, 3100.0])
        lease.date_to = "2026-12-31"
        self.assertEqual(len(lease.instalment_ids), 6)

    def test_steps_and_rent_free_days_are_for_the_rent_only(self):
        lease = self.new_lease(
            lines=[{}, {"item_id": self.service.id, "price": 500.0}],
            date_to="2026-08-31",
            rent_free_ids=[(0, 0, {"date_from": "2026-07-01", "date_to": "2026-07-31"})],
            step_ids=[(0, 0, {"repeat_months": 1, "kind": "percent", "value": 10})],
        )
        self.assertEqual(
            sorted(row for row in self.rows(lease, "date_from", "amount")),
            [("2026-07-01", 0.0), ("2026-07-01", 500.0), ("2026-08-01", 500.0)]
            + [("2026-08-01", 3300.0)],
        )

    def test_a_price_per_day_counts_as_the_lease_says(self):
        line = {"price": 4.0, "pricing": "m2_day"}
        for convention, wanted in (("calendar_days", 6200.0), ("days_365", 6083.33)):
            lease = self.new_lease(lines=[line], convention=convention, date_to="2026-07-31")
            self.assertEqual(lease.instalment_ids.amount, wanted)

    def test_vat_on_top_is_added_to_every_instalment(self):
        lease = self.new_lease(lines=[{"tax_id": self.vat9.id}], is_vat_included=False)
        row = lease.instalment_ids[0]
        self.assertEqual((row.amount_rent, row.amount), (3000.0, 3270.0))

    def test_the_state_follows_from_the_dates(self):
        lease = self.new_lease()
        for step, wanted in (
            (lambda: None, "draft"),
            (lease.action_submit, "approval"),
            (lease.with_user(self.checker()).action_approve, "approved"),
            (lease.action_sign, "active"),
        ):
            step()
            self.assert_state(lease, wanted)
        for day, wanted in (
            ("2026-06-30", "signed"),
            ("2027-04-01", "active"),
            ("2027-04-02", "ending"),
            ("2027-06-30", "ending"),
            ("2027-07-01", "closed"),
        ):
            with freeze_time(day):
                lease.invalidate_recordset(["state"])
                self.assert_state(lease, wanted)

    def checker(self):
        checker = self.env.ref("base.user_admin")
        checker.group_ids |= self.env.ref("property_base.group_director")
        return checker

    def assert_state(self, lease, state):
        self.assertEqual(lease.state, state)
        found = [
            one
            for one, _label in lease._fields["state"].selection
            if lease in lease.search([("state", "=", one)])
        ]
        self.assertEqual(found, [state])

    def test_nobody_approves_his_own_lease(self):
        lease = self.new_lease()
        lease.action_submit()
        with self.assertRaises(UserError):
            lease.action_approve()

    def test_the_audit_log_tells_an_approval_in_words(self):
        lease = self.sign(self.new_lease())
        [entry] = (
            self.env["property.audit"]
            .search([("model", "=", lease._name), ("res_id", "=", lease.id)])
            .filtered(lambda one: one.before == {"state": "submitted"})
        )
        labels = {
            name: dict(lease._fields[name]._description_selection(self.env))
            for name in ("approval_state", "state")
        }
        self.assertIn(labels["approval_state"]["submitted"], entry.before_text)
        self.assertIn(labels["state"]["approved"], entry.after_text)

    def test_a_small_lease_needs_no_second_person(self):
        self.company.lease_approval_amount = 36000.0
        lease = self.new_lease()
        lease.action_submit()
        self.assertEqual(lease.approval_state, "approved")
        other = self.new_lease(self.shop_2, lines=[{"price": 3000.01}])
        other.action_submit()
        self.assertEqual(other.approval_state, "submitted")

    def test_signing_registers_the_tenant_and_creates_a_dated_fee(self):
        lease = self.sign(self.new_lease(handover_date="2026-06-20"))
        fee = lease.line_ids.fee_id
        self.assertEqual(
            (fee.unit_id, fee.item_id, str(fee.date_from), str(fee.date_to)),
            (self.shop, self.rent, "2026-07-01", "2027-06-30"),
        )
        occupancy = lease.occupancy_ids
        self.assertEqual(
            (occupancy.partner_id, occupancy.role, occupancy.is_primary),
            (self.cafe, "tenant", True),
        )
        self.assertEqual(str(occupancy.date_from), "2026-06-20")
        self.assertEqual(self.shop.tenant_id, self.cafe)

    def test_a_space_is_not_let_twice_on_one_day(self):
        self.sign(self.new_lease())
        with self.assertRaisesRegex(UserError, "3-1-S01 has a tenant"):
            self.new_lease(date_from="2027-06-30", date_to="2027-12-31").action_submit()
        self.sign(self.new_lease(date_from="2027-07-01", date_to="2027-12-31"))

    def test_two_leases_approved_for_one_space_are_not_both_signed(self):
        first, second = self.new_lease(), self.new_lease(partner_id=self.baker.id)
        for lease in (first, second):
            lease.action_submit()
            lease.with_user(self.checker()).action_approve()
        first.action_sign()
        with self.assertRaises(UserError):
            second.action_sign()

    def test_a_submitted_lease_and_its_terms_stand(self):
        user = self.new_staff("lease.agent", self.new_job("leasing"), self.site)
        lease = self.new_lease().with_user(user)
        lease.action_submit()
        for change in (
            lambda: lease.write({"date_to": "2028-06-30"}),
            lambda: lease.line_ids.write({"price": 1.0}),
            lambda: lease.line_ids.unlink(),
            lambda: lease.env["property.lease.step"].create({"lease_id": lease.id, "value": 5}),
            lambda: lease.write({"signed_date": "2026-09-01"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    def test_papers_are_filed_after_signing(self):
        user = self.new_staff("lease.agent", self.new_job("leasing"), self.site)
        lease = self.sign(self.new_lease()).with_user(user)
        paper = self.env["ir.attachment"].with_user(user).create({"name": "scan.pdf", "raw": b"x"})
        lease.write({"attachment_ids": [(4, paper.id)]})
        self.assertEqual((paper.res_model, paper.res_id), ("property.lease", lease.id))
        with self.assertRaises(UserError):
            lease.write({"attachment_ids": [(5,)], "brand": "Other"})

    def test_no_lease_is_born_approved_or_signed(self):
        user = self.new_staff("lease.cheat", self.new_job("leasing"), self.site)
        leases = (
            self.env["property.lease"]
            .with_user(user)
            .with_context(
                default_approval_state="approved",
                default_signed_date="2026-07-01",
                default_decided_by_id=self.env.ref("base.user_admin").id,
            )
        )
        lease = leases.create(
            {
                "site_id": self.site.id,
                "partner_id": self.cafe.id,
                "date_from": "2026-07-01",
                "date_to": "2027-06-30",
                "line_ids": [
                    (0, 0, {"unit_id": self.shop.id, "item_id": self.rent.id, "price": 3000.0})
                ],
            }
        )
        self.assertEqual(
            (lease.approval_state, lease.signed_date, lease.decided_by_id.id),
            ("draft", False, False),
        )

    def test_papers_of_others_are_neither_filed_nor_changed(self):
        user = self.new_staff("lease.thief", self.new_job("leasing"), self.site)
        lease = self.sign(self.new_lease()).with_user(user)
        secret = self.env["ir.attachment"].create({"name": "salaries.pdf", "raw": b"x"})
        for command in (
            Command.link(secret.id),
            Command.set(secret.ids),
            Command.update(secret.id, {"public": True}),
            Command.delete(secret.id),
        ):
            with self.subTest(command), self.assertRaises(AccessError), self.env.cr.savepoint():
                lease.write({"attachment_ids": [command]})
        self.assertEqual((secret.res_id, secret.public, secret.raw), (0, False, b"x"))

    def test_steps_do_not_bring_the_rent_down_to_nothing(self):
        lease = self.new_lease(
            step_ids=[(0, 0, {"kind": "amount", "value": -3001.0, "repeat_months": 6})]
        )
        with self.assertRaisesRegex(UserError, "down to nothing"):
            lease.action_submit()

    def test_steps_do_not_raise_the_rent_beyond_all_measure(self):
        steps = [(0, 0, {"value": 1000.0, "repeat_months": 1})]
        lease = self.new_lease(date_to="2046-06-30", step_ids=steps)
        with self.assertRaisesRegex(UserError, "beyond all measure"):
            lease.action_submit()
        lease = self.sign(
            self.new_lease(self.shop_2, step_ids=[(0, 0, {"value": 900.0, "repeat_months": 2})])
        )
        with self.assertRaisesRegex(UserError, "beyond all measure"):
            self.amend(lease, kind="term", date_to="2046-06-30")

    def test_an_amendment_ends_a_lease_after_twenty_years_at_most(self):
        lease = self.sign(self.new_lease())
        for day in ("2046-07-02", "9999-12-31"):
            with self.subTest(day), self.assertRaisesRegex(UserError, "twenty years"):
                self.amend(lease, kind="term", date_to=day)

    def test_a_signed_lease_stays_on_file(self):
        lease = self.sign(self.new_lease())
        with self.assertRaises(UserError):
            lease.unlink()

    def test_what_cannot_be_billed_is_not_submitted(self):
        for vals, words in (
            ({"line_ids": []}, "Choose the spaces"),
            ({"handover_date": "2028-01-01"}, "handover day"),
        ):
            lease = self.new_lease()
            lease.line_ids[: "line_ids" in vals].unlink()
            lease.write({key: value for key, value in vals.items() if key != "line_ids"})
            with self.assertRaisesRegex(UserError, words):
                lease.action_submit()
        lease = self.new_lease(lines=[{"unit_id": self.far_shop.id}])
        with self.assertRaisesRegex(UserError, "all belong"):
            lease.action_submit()
        lease = self.new_lease(lines=[{"pricing": "m2_month", "area": 0.0}])
        lease.line_ids.area = 0.0
        with self.assertRaisesRegex(UserError, "let area"):
            lease.action_submit()

    @mute_logger("odoo.sql_db")
    def test_impossible_terms_are_refused(self):
        overlapping = [("2026-07-01", "2026-07-31"), ("2026-07-31", "2026-08-31")]
        for vals in (
            {"date_to": "2026-06-30"},
            {"due_days": 91},
            {"date_to": "2047-01-01"},
            {
                "rent_free_ids": [
                    (0, 0, {"date_from": first, "date_to": last}) for first, last in overlapping
                ]
            },
            {"lines": [{"price": -1.0}]},
            {"lines": [{"price": 100000001.0}]},
            {"lines": [{"area": 10000001.0}]},
            {"date_from": "9980-01-01", "date_to": "9999-12-31"},
            {"date_from": "1026-07-01", "date_to": "1026-12-31"},
            {"lines": [{}, {}]},
        ):
            with (
                self.subTest(vals),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.new_lease(**vals)
                self.env.flush_all()
        for step in ({"repeat_months": 0, "value": 5}, {"kind": "percent", "value": -100}):
            with self.subTest(step), self.assertRaises(ValidationError):
                self.new_lease(step_ids=[(0, 0, step)])

    @mute_logger("odoo.sql_db")
    def test_days_out_of_order_are_refused_by_the_table_also_where_they_are_changed(self):
        lease = self.new_lease()
        for vals in (
            {"date_to": "2026-06-30"},
            {"date_to": "9999-12-31"},
            {"date_from": "2000-01-01"},
            {"line_ids": [(1, lease.line_ids.id, {"price": 1e13, "area": 1e13})]},
        ):
            with (
                self.subTest(vals),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                lease.write(vals)
                self.env.flush_all()

    def test_a_deposit_of_months_waits_for_the_spaces(self):
        lease = self.new_lease(term_ids=[(0, 0, {"months": 2})], line_ids=[])
        lease.term_ids.months = 3
        self.assertEqual(lease.term_ids.amount, 0.0)

    def test_the_deposit_is_months_of_the_first_rent_and_is_held_in_the_ledger(self):
        lease = self.sign(self.new_lease(term_ids=[(0, 0, {"months": 2})]))
        term = lease.term_ids
        self.assertEqual((term.amount, term.amount_missing), (6000.0, 6000.0))
        action = term.action_receive()
        wizard = (
            self.env["property.deposit.receive"]
            .with_context(**action["context"])
            .create({"amount": 4000.0})
        )
        wizard.action_confirm()
        deposit = lease.deposit_ids
        self.assertEqual((deposit.partner_id, deposit.type_id.kind), (self.cafe, "lease"))
        self.assertEqual((term.amount_received, term.amount_missing), (4000.0, 2000.0))
        ledger = self.env["property.deposit"]._ledger(self.company, date(2026, 9, 15))
        self.assertIn((deposit, Decimal("4000.00")), ledger["rows"])
        self.assertEqual(ledger["total"], ledger["booked"])

    def test_a_deposit_is_taken_for_a_signed_lease_only(self):
        lease = self.new_lease(term_ids=[(0, 0, {"months": 2})])
        with self.assertRaises(UserError):
            lease.term_ids.action_receive()

    def test_fifty_leases_are_listed_in_as_many_queries_as_one(self):
        leases = self.new_lease()
        units = [self.new_unit(f"Q{i}", type_id=self.type_shop.id) for i in range(49)]
        leases |= self.env["property.lease"].union(*(self.new_lease(unit) for unit in units))
        self.env.flush_all()
        counts = []
        for some in (leases[:1], leases):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some.mapped(lambda one: (one.display_name, one.state, one.area_total))
            some.instalment_ids.mapped("state")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)
