import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .visitor_common import VisitorCommon


@tagged("post_install", "-at_install")
class TestVisitorHousehold(VisitorCommon, HttpCase):
    """A household sees who came without a pass, and says when it knows nobody of that name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.email = "owner@example.com"
        cls.home_row = cls.occupy(cls.unit_2, cls.owner, "owner", fields.Date.to_date("2025-01-01"))
        cls.new_portal_user(cls.other_owner, "portal.other")
        cls.guard = cls.users["guard"]

    def let_in(self, unit=None, **vals):
        """Let a guard register somebody without a pass, to a home of the owner."""
        unit = unit or self.unit_2
        visits = self.visits.with_user(self.guard)
        return visits.create(
            {"name": "Man with a box", "unit_id": unit.id, "confirmed_by": "Intercom", **vals}
        ).sudo()

    def mails(self):
        """Return the mails to the household about walk-ins, in the order sent."""
        return self.env["mail.mail"].search([("model", "=", self.visits._name)], order="id")

    def look(self, login="portal.owner"):
        self.env.flush_all()
        self.authenticate(login, login)
        return self.url_open("/my/visitors")

    def deny(self, visit, login="portal.owner"):
        token = re.search(r'csrf_token: "([^"]+)"', self.look(login).text)[1]
        data = {"csrf_token": token}
        url = f"/my/visitors/walk-in/{visit.uuid}/unknown"
        answer = self.url_open(url, data=data, allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def test_the_household_sees_who_came_without_a_pass_and_no_telephone_number(self):
        self.let_in().phone = "13000004321"
        page = self.look().text
        self.assertIn("Man with a box", page)
        # digits alone would be found in some token of some page
        self.assertNotRegex(page, r"1300000|\*4321")
        self.let_in(name="Guest of last week").entered_at -= timedelta(days=6)
        self.env.flush_all()
        counters = {"params": {"counters": ["property_walk_in_count"]}}
        counted = self.url_open("/my/counters", json=counters).json()["result"]
        self.assertEqual(counted["property_walk_in_count"], 1)

    def test_neighbours_and_those_who_moved_in_later_see_nothing(self):
        self.let_in()
        self.assertNotIn("Man with a box", self.look("portal.other").text)
        self.home_row.date_from = fields.Date.today() - timedelta(days=1)
        old = self.let_in(name="Guest of before")
        old.entered_at -= timedelta(days=5)
        page = self.look().text
        self.assertIn("Man with a box", page)
        self.assertNotIn("Guest of before", page)

    def test_the_visitors_of_a_tenant_are_none_of_the_owner_s_business(self):
        self.let_in(self.unit)
        self.new_portal_user(self.tenant, "portal.tenant")
        self.assertIn("Man with a box", self.look("portal.tenant").text)
        self.assertNotIn("Man with a box", self.look().text)
        self.assertEqual(self.visits._household_rows(self.unit).partner_id, self.tenant)

    def test_visitors_with_a_pass_are_not_among_them(self):
        visit = self.enter(self.one)
        self.assertFalse(self.visits._of_household(self.owner))
        self.assertEqual(self.deny(visit).status_code, 404)

    def test_a_visitor_whom_nobody_knows_is_an_incident_that_managers_hear_of(self):
        visit = self.let_in(gate="South gate")
        self.assertEqual(self.deny(visit).status_code, 303)
        incident = visit.incident_id
        self.assertEqual((visit.denied_partner_id, incident.unit_id), (self.owner, self.unit_2))
        self.assertEqual((incident.source, incident.severity), ("resident", "3"))
        self.assertIn("Man with a box", incident.description)
        self.assertIn("South gate", incident.description)
        self.assertIn(self.users["manager"], incident.activity_ids.user_id)
        self.assertTrue(incident.with_user(self.guard).read(["name"]), "guards handle it")
        self.assertIn("Reported as unknown", self.look().text)

    def test_saying_so_twice_makes_one_incident(self):
        visit = self.let_in()
        self.deny(visit)
        first = visit.incident_id
        self.deny(visit)
        self.assertEqual(visit.incident_id, first)
        domain = [("site_id", "=", self.site.id), ("source", "=", "resident")]
        self.assertEqual(self.env["property.incident"].search(domain), first)

    def test_nobody_denies_the_visitors_of_others(self):
        visit = self.let_in()
        self.assertEqual(self.deny(visit, "portal.other").status_code, 404)
        self.assertFalse(visit.denied_at)

    def test_nothing_happens_without_the_form_of_our_own_page(self):
        visit = self.let_in()
        self.look()
        self.url_open(f"/my/visitors/walk-in/{visit.uuid}/unknown", data={"csrf_token": "wrong"})
        self.env.invalidate_all()
        self.assertFalse(visit.denied_at)

    def test_a_mail_is_written_only_where_the_company_wants_it(self):
        self.let_in()
        self.assertFalse(self.mails())
        self.company.visitor_walk_in_mail = True
        self.let_in(name="Woman with a dog")
        mail = self.mails()
        self.assertEqual(mail.recipient_ids, self.owner)
        self.assertIn("Woman with a dog", mail.body_html)
        self.assertIn("/my/visitors", mail.body_html)

    def test_a_walk_in_that_a_phone_tells_is_written_about_as_well(self):
        self.company.visitor_walk_in_mail = True
        step = {
            "site": self.site.id,
            "unit": self.unit_2.code,
            "name": "Courier",
            "kind": "delivery",
            "phone": "",
            "plate": "",
            "confirmed_by": "Intercom",
        }
        visits = self.visits.with_user(self.guard)
        visits._field_walk_in(step, {"entered_at": self.now})
        self.assertIn("Courier", self.mails().body_html)

    def test_the_setting_is_one_of_the_company(self):
        settings = self.env["res.config.settings"].create({"visitor_walk_in_mail": True})
        settings.execute()
        self.assertTrue(self.company.visitor_walk_in_mail)
