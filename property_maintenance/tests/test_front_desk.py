import base64
import secrets
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .desk_common import DeskCommon, photo_bytes


@tagged("post_install", "-at_install")
class TestFrontDesk(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk = cls.env["property.front.desk"].with_user(cls.users["service"])

    def wish(self, **values):
        return {
            "token": secrets.token_hex(16),
            "unit_id": self.unit.id,
            "site_id": self.site.id,
            "contact_id": self.tenant.id,
            "kind": "repair",
            "category_id": self.category.id,
            "description": "The tap drips",
            "preferred_at": "2026-12-01T09:30",
            "is_urgent": True,
            "files": [],
            **values,
        }

    def test_one_box_finds_the_caller_by_phone_name_plate_or_room(self):
        for text in ("13800002222", "2222", "Test Tenant", "浙A8K888", "3-1-1502", "1502"):
            found = self.desk.search_callers(text)
            self.assertIn(self.unit.id, [row["id"] for row in found], text)
        [row] = self.desk.search_callers("2222")
        self.assertEqual((row["contact_id"], row["names"]), (self.tenant.id, "Test Tenant Wu"))
        self.assertEqual(row["phone"], "138****2222")

    def test_the_desk_finds_nobody_of_a_foreign_site(self):
        self.assertFalse(self.desk.search_callers("13900004444"))
        with self.assertRaises(AccessError):
            self.desk.open_unit(self.other_unit.id)
        with self.assertRaises(AccessError):
            self.desk.open_site(self.other_site.id)

    def test_open_requests_of_the_home_are_shown_and_phones_are_masked(self):
        one = self.new_request()
        shown = self.desk.open_unit(self.unit.id)
        self.assertEqual([row["id"] for row in shown["open"]], [one.id])
        self.assertNotIn("13800001111", str(shown))
        self.assertEqual(self.desk.search_callers("1502")[0]["open_count"], 1)
        self.assertIn(self.engineer.id, [row["id"] for row in shown["engineers"]])

    def test_finding_fifty_homes_takes_no_more_queries_than_finding_one(self):
        def count(text):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.desk.search_callers(text)
            return self.env.cr.sql_log_count - before

        count("1502")
        few = count("1502")
        for number in range(50):
            unit = self.new_unit(f"9{number:02}")
            self.occupy(unit, self.owner, "owner", "2025-01-01")
        self.assertLessEqual(count("3-1-9"), few + 3)

    def test_a_request_is_raised_with_everything_the_caller_said(self):
        photo = base64.b64encode(photo_bytes()).decode()
        raised = self.desk.raise_request(self.wish(files=[photo, photo]))
        one = self.requests.browse(raised["id"])
        self.assertEqual((one.contact_id, one.unit_id), (self.tenant, self.unit))
        self.assertEqual((one.channel, one.is_urgent), ("phone", True))
        self.assertEqual(one.preferred_at, datetime(2026, 12, 1, 1, 30))
        self.assertEqual(one.photo_ids.mapped("mimetype"), ["image/jpeg"] * 2)
        self.assertEqual(raised["number"], one.code)

    def test_it_is_sent_to_an_engineer_at_once(self):
        raised = self.desk.raise_request(self.wish(assignee_id=self.engineer.id))
        one = self.requests.browse(raised["id"])
        self.assertEqual((one.step, one.assignee_id), ("assigned", self.engineer))
        self.assertIn(self.engineer.name, raised["message"])

    def test_a_caller_who_is_not_registered_is_kept_by_name_and_phone(self):
        raised = self.desk.raise_request(
            self.wish(contact_id=False, contact_name="Visitor He", contact_phone="13700005555")
        )
        one = self.requests.browse(raised["id"])
        self.assertEqual((one.contact_name, one.contact_phone), ("Visitor He", "13700005555"))

    def test_a_public_space_needs_no_unit(self):
        raised = self.desk.raise_request(
            self.wish(unit_id=False, contact_id=False, place="Lift of building 3")
        )
        self.assertEqual(self.requests.browse(raised["id"]).place, "Lift of building 3")

    def test_the_same_form_twice_raises_one_request(self):
        wish = self.wish()
        first = self.desk.raise_request(wish)
        self.assertEqual(self.desk.raise_request(wish)["id"], first["id"])
        self.assertEqual(self.requests.search_count([("unit_id", "=", self.unit.id)]), 1)

    def test_bad_input_says_what_to_correct_and_raises_nothing(self):
        for values in (
            {"description": "  "},
            {"description": None},
            {"token": "x"},
            {"unit_id": -1},
            {"unit_id": "7"},
            {"site_id": False, "unit_id": False},
            {"kind": "magic"},
            {"category_id": 10**9},
            {"contact_id": [1]},
            {"preferred_at": "tomorrow"},
            {"files": ["%%%"]},
            {"files": "abc"},
            {"files": [base64.b64encode(b"MZ").decode()]},
            {"files": [base64.b64encode(photo_bytes()).decode()] * 10},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.desk.raise_request(self.wish(**values))
        self.assertFalse(self.requests.search([("unit_id", "=", self.unit.id)]))

    def test_people_and_places_of_foreign_sites_are_refused(self):
        for values in (
            {"unit_id": self.other_unit.id},
            {"unit_id": False, "site_id": self.other_site.id, "place": "Gate"},
            {"contact_id": self.other_owner.id},
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.desk.raise_request(self.wish(**values))

    def test_only_service_and_those_above_use_the_desk(self):
        for role in ("engineer", "guard", "cashier", "finance"):
            desk = self.env["property.front.desk"].with_user(self.users[role])
            for call in (
                lambda desk=desk: desk.start(),
                lambda desk=desk: desk.search_callers("1502"),
                lambda desk=desk: desk.open_unit(self.unit.id),
                lambda desk=desk: desk.open_site(self.site.id),
                lambda desk=desk: desk.raise_request(self.wish()),
            ):
                with self.assertRaises(AccessError):
                    call()
        self.env["property.front.desk"].with_user(self.users["manager"]).start()
