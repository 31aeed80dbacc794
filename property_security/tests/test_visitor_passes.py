from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from .visitor_common import VisitorCommon


@tagged("post_install", "-at_install")
class TestVisitorPasses(VisitorCommon):
    def as_user(self, role, records):
        return records.with_user(self.users[role])

    # === A pass and its codes ===

    def test_a_pass_has_a_link_of_128_bits_and_a_code_of_eight_digits(self):
        self.assertGreaterEqual(len(self.one.token), 22)  # 6 bits each
        self.assertRegex(self.one.code, r"^\d{8}$")
        self.assertEqual(self.one.state, "valid")

    def test_codes_are_unique_on_a_site_also_among_item_releases(self):
        taken = iter([self.one.code, "00000007"])
        self.patch(
            self.env.registry["property.visitor.ticket"],
            "_drawn",
            lambda self, count: {next(taken)},
        )
        self.assertEqual(self.new_release().code, "00000007")

    def test_the_database_keeps_codes_apart(self):
        other = self.new_pass()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            other.code = self.one.code
            self.env.flush_all()

    def test_the_state_follows_from_the_clock_the_uses_and_the_decisions(self):
        hour = timedelta(hours=1)
        late = {"valid_from": self.now - 3 * hour, "valid_to": self.now - hour}
        made = {
            "draft": self.new_pass(issue=False),
            "upcoming": self.new_pass(valid_from=self.now + hour),
            "expired": self.new_pass(),
            "used_up": self.new_pass(),
            "revoked": self.new_pass(),
            "valid": self.new_pass(),
        }
        made["expired"].write(late)
        self.enter(made["used_up"])
        made["revoked"].action_revoke()
        for state, one in made.items():
            with self.subTest(state):
                self.assertEqual(one.state, state)
        for state, one in made.items():
            found = self.passes.search(
                [("id", "in", [other.id for other in made.values()]), ("state", "=", state)]
            )
            self.assertEqual(found, one, state)

    def test_plates_are_kept_in_one_spelling(self):
        self.assertEqual(self.new_pass(plate="浙a·123 45").plate, "浙A12345")

    def test_a_pass_that_is_handed_out_is_not_changed(self):
        desk = self.as_user("service", self.one)
        for name, value in (("name", "Other"), ("uses_max", 5), ("valid_to", self.now)):
            with self.subTest(name), self.assertRaises(UserError):
                desk.write({name: value})
        desk.note = "With a dog"

    def test_decisions_are_not_written_past_the_buttons(self):
        desk = self.as_user("service", self.one)
        for vals in ({"approval": "approved"}, {"revoked_at": False}, {"code": "1"}):
            with self.subTest(vals), self.assertRaises(AccessError):
                desk.write(vals)

    def test_a_pass_cannot_end_before_it_begins(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.new_pass(issue=False, valid_to=self.now - timedelta(hours=2))

    # === Rules and approval ===

    def test_contractors_wait_for_customer_service_where_the_site_wants_that(self):
        self.env["property.visitor.rule"].create(
            {"site_id": self.site.id, "kind": "contractor", "needs_approval": True}
        )
        one = self.new_pass(kind="contractor")
        self.assertEqual((one.state, self.new_pass().state), ("waiting", "valid"))
        with self.assertRaises(AccessError):
            self.as_user("guard", one).action_approve()
        self.as_user("service", one).action_approve()
        self.assertEqual((one.state, one.decided_uid), ("valid", self.users["service"]))
        self.assertIn("approved", one.message_ids[0].body)
        with self.assertRaises(UserError):
            self.as_user("service", one).action_refuse()

    def test_managers_are_asked_until_somebody_decides(self):
        rule = {"site_id": self.site.id, "kind": "contractor", "needs_approval": True}
        self.env["property.visitor.rule"].create(rule)
        managers = self.site._managers_to_tell()
        self.assertIn(self.users["manager"], managers)
        first, second = self.new_pass(kind="contractor"), self.new_pass(kind="contractor")
        for one in (first, second):
            self.assertEqual(one.activity_ids.user_id, managers)
        self.as_user("manager", first).action_approve()
        self.as_user("service", second).action_revoke()
        self.assertFalse((first | second).activity_ids)
        self.assertFalse(self.new_pass().activity_ids, "nobody is asked about friends")

    def test_a_refusal_says_why_and_the_resident_reads_it(self):
        rule = {"site_id": self.site.id, "kind": "contractor", "needs_approval": True}
        self.env["property.visitor.rule"].create(rule)
        one = self.new_pass(kind="contractor")
        action = self.as_user("service", one).action_refuse()
        wizard = self.env[action["res_model"]].with_user(self.users["service"])
        wizard = wizard.with_context(**action["context"]).create({"reason": "No papers yet"})
        wizard.action_refuse()
        self.assertEqual((one.state, one.refusal), ("refused", "No papers yet"))
        self.assertIn("No papers yet", one.message_ids[0].body)
        with self.assertRaises(UserError):
            wizard.action_refuse()
        with self.assertRaises(AccessError):
            one.with_user(self.users["service"]).write({"refusal": "Changed"})

    def test_an_item_release_is_refused_with_a_reason_as_well(self):
        rule = {"site_id": self.site.id, "kind": "item", "needs_approval": True}
        self.env["property.visitor.rule"].create(rule)
        release = self.new_release()
        with self.assertRaises(AccessError):
            self.as_user("guard", release)._decide_approval("refused", "No")
        self.as_user("service", release)._decide_approval("refused", "Bring the invoice")
        self.assertEqual((release.state, release.refusal), ("refused", "Bring the invoice"))
        self.assertIn("Bring the invoice", release.message_ids[0].body)

    def test_what_the_desk_makes_needs_no_second_approval(self):
        self.env["property.visitor.rule"].create(
            {"site_id": self.site.id, "kind": "visitor", "needs_approval": True}
        )
        one = self.new_pass(issue=False)
        self.as_user("service", one).action_issue()
        self.assertEqual(one.state, "valid")

    def test_a_pass_is_not_longer_than_the_rule_allows(self):
        self.env["property.visitor.rule"].create(
            {"site_id": self.site.id, "kind": "visitor", "days_max": 2}
        )
        with self.assertRaises(UserError):
            self.new_pass(valid_to=self.now + timedelta(days=3))

    # === Blacklist ===

    def test_nobody_on_the_blacklist_gets_a_pass(self):
        self.new_ban(plate="浙A66666")
        for vals in ({"phone": "+86 130 0000 1234"}, {"plate": "浙a·66666"}):
            with self.subTest(vals), self.assertRaises(UserError):
                self.new_pass(**vals)
        self.new_pass(phone="13000009999", plate="浙A77777")
        self.new_pass(unit_id=self.other_unit.id, phone="13000001234")

    def test_a_ban_counts_when_a_manager_has_approved_it_and_until_its_last_day(self):
        ban = self.new_ban(approve=False)
        self.new_pass(phone="13000001234")
        with self.assertRaises(AccessError):
            self.as_user("service", ban).action_approve()
        self.as_user("manager", ban).action_approve()
        self.assertEqual((ban.state, ban.approved_uid), ("active", self.users["manager"]))
        with self.assertRaises(AccessError):
            self.as_user("service", ban).reason = "Nothing"
        ban.date_to = self.now.date() - timedelta(days=2)
        self.assertEqual(ban.state, "expired")
        self.new_pass(phone="13000001234")

    def test_a_ban_ends_with_the_day_of_the_site_wherever_its_reader_is(self):
        east, west = "Pacific/Kiritimati", "Pacific/Pago_Pago"  # never on the same day
        ban = self.new_ban()
        for zone, reader, wanted in ((east, west, "expired"), (west, east, "active")):
            with self.subTest(zone):
                self.site.tz = zone
                ban.date_to = self.env["property.site"].with_context(tz=west)._today()
                seen = ban.with_context(tz=reader)
                self.assertEqual(seen.state, wanted)
                self.assertIn(seen, seen.search([("state", "=", wanted)]))
                people = [("key", self.site, "13000001234", None)]
                self.assertEqual(bool(seen._hits(people)), wanted == "active")

    def test_a_ban_by_name_alone_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.new_ban(phone=False)

    def test_who_is_banned_later_is_told_from_his_pass_at_the_gate(self):
        one = self.new_pass(phone="13000001234")
        self.new_ban()
        self.assertEqual(self.enter(one).problem, "banned")

    # === Visits ===

    def test_an_entry_counts_tells_the_resident_and_ends_when_the_visitor_leaves(self):
        visit = self.enter(self.one)
        self.assertEqual((self.one.use_count, self.one.state), (1, "used_up"))
        self.assertEqual((visit.state, visit.due_at), ("inside", self.one.valid_to))
        message = self.one.message_ids[0]
        self.assertIn("has arrived", message.body)
        self.assertEqual(message.partner_ids, self.owner)
        self.as_user("guard", visit).action_leave()
        self.assertEqual(visit.state, "left")

    def test_a_second_use_is_kept_and_marked_whatever_order_phones_report_in(self):
        late = self.enter(self.one, minutes=30)
        self.assertFalse(late.problem)
        early = self.enter(self.one, minutes=10)
        self.assertEqual((early.problem, late.problem), (False, "used_up"))

    def test_what_is_odd_is_looked_at_by_a_manager(self):
        self.enter(self.one)
        odd = self.enter(self.one, minutes=5)
        with self.assertRaises(AccessError):
            self.as_user("guard", odd).action_review()
        self.as_user("manager", odd).action_review()
        self.assertEqual(odd.reviewed_uid, self.users["manager"])

    def test_who_has_not_left_in_time_is_on_the_list(self):
        one = self.new_pass(uses_max=0)
        early = self.enter(one, minutes=-30)
        one.sudo().valid_to = self.now - timedelta(minutes=5)
        early.due_at = one.valid_to
        inside = self.enter(self.one)
        found = self.visits.search([("state", "=", "overstay"), ("site_id", "=", self.site.id)])
        self.assertEqual(found, early)
        self.assertEqual((early.state, inside.state), ("overstay", "inside"))

    def test_a_walk_in_needs_somebody_who_agreed(self):
        guard = self.visits.with_user(self.users["guard"])
        vals = {"name": "Courier", "kind": "delivery", "unit_id": self.unit.id}
        with self.assertRaises(UserError):
            guard.create(vals)
        visit = guard.create({**vals, "confirmed_by": "Mrs Li by intercom"})
        self.assertEqual(
            (visit.method, visit.guard_id, visit.site_id),
            ("walk_in", self.users["guard"].employee_id, self.site),
        )
        self.assertEqual(visit.due_at, visit.entered_at + timedelta(hours=4))
        with self.assertRaises(AccessError):
            guard.create({**vals, "confirmed_by": "x", "pass_id": self.one.id})

    def test_the_desk_registers_a_walk_in_with_the_form(self):
        for role in ("guard", "service"):
            with Form(self.visits.with_user(self.users[role])) as form:
                form.name = "Plumber"
                form.unit_id = self.unit
                form.confirmed_by = "Mrs Li"
            self.assertEqual((form.record.site_id, form.record.state), (self.site, "inside"))

    def test_the_desk_makes_and_hands_out_a_pass_with_the_form(self):
        with Form(self.passes.with_user(self.users["service"])) as form:
            form.name = "Uncle Sun"
            form.unit_id = self.unit
            form.phone = "13000005678"
        form.record.action_issue()
        self.assertEqual(form.record.state, "valid")
        self.assertRegex(form.record.share_url, r"/v/[\w-]{22}$")

    def test_a_walk_in_on_the_blacklist_is_not_registered(self):
        self.new_ban(plate="浙A66666")
        guard = self.visits.with_user(self.users["guard"])
        with self.assertRaises(UserError):
            guard.create(
                {
                    "name": "Wang",
                    "unit_id": self.unit.id,
                    "plate": "浙A66666",
                    "confirmed_by": "Li",
                }
            )

    def test_the_hour_of_a_visit_is_that_of_the_site(self):
        visit = self.enter(self.new_pass(uses_max=0))
        self.assertEqual(visit.entered_hour, f"{visit.entered_at + timedelta(hours=8):%H}:00")

    def test_telephone_numbers_are_forgotten_after_half_a_year(self):
        old, new = self.new_pass(phone="13000005678"), self.new_pass(phone="13000005679")
        visit = self.enter(old)
        for record, name in ((old, "valid_from"), (old, "valid_to"), (visit, "entered_at")):
            record.sudo()[name] -= timedelta(days=190)
        self.visits._gc_phones()
        self.assertEqual((old.phone, visit.phone), (False, False))
        self.assertEqual(new.phone, "13000005679")

    def test_twenty_passes_take_no_more_queries_than_one_on_a_phone(self):
        guard = self.visits.with_user(self.users["guard"])
        employee = self.users["guard"].employee_id

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            guard._field_data(employee)
            return self.env.cr.sql_log_count - before

        self.enter(self.new_pass(uses_max=0))
        self.new_release()
        count()
        few = count()
        for _number in range(20):
            self.enter(self.new_pass(uses_max=0))
            self.new_release()
        self.assertLessEqual(count(), few + 4)
