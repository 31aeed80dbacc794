from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger

from .desk_common import DeskCommon, photo_bytes


@tagged("post_install", "-at_install")
class TestRequestMail(DeskCommon):
    """A mail to the address of a site is a request; answers go to its chatter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "garden.example.com"})
        cls.company.alias_domain_id = cls.domain
        cls.site.alias_name = "test.garden"
        cls.tenant.email = "wu@example.com"

    def mail(self, sender, subject="Lift stands still", text="In building 3.", **options):
        """Receive a mail and return the requests it raised."""
        message = EmailMessage()
        message["From"] = sender
        message["To"] = options.get("to", "test.garden@garden.example.com")
        message["Subject"] = subject
        message["Message-Id"] = options.get("number", f"<{subject}{sender}@example.com>")
        if "answers" in options:
            message["In-Reply-To"] = options["answers"]
        message.set_content(text)
        for name, content in options.get("files", ()):
            message.add_attachment(content, maintype="image", subtype="jpeg", filename=name)
        before = self.requests.search([])
        with mute_logger("odoo.addons.mail.models.mail_thread", "odoo.tests"):
            self.env["mail.thread"].message_process(False, message.as_bytes())
        return self.requests.search([]) - before

    def test_a_known_sender_gives_contact_and_unit(self):
        one = self.mail("Wu <wu@example.com>")
        self.assertEqual(
            (one.contact_id, one.unit_id, one.site_id), (self.tenant, self.unit, self.site)
        )
        self.assertEqual((one.channel, one.step, one.name), ("mail", "new", "Lift stands still"))
        self.assertIn("In building 3.", one.description)

    def test_an_unknown_sender_is_kept_for_the_desk(self):
        one = self.mail("Visitor He <he@elsewhere.example>")
        self.assertEqual((one.contact_id.id, one.unit_id.id), (False, False))
        self.assertEqual(one.contact_name, "Visitor He he@elsewhere.example")
        self.assertEqual(one.site_id, self.site)

    def test_an_address_that_two_people_share_names_nobody(self):
        self.owner.email = "wu@example.com"
        self.assertFalse(self.mail("wu@example.com").contact_id)

    def test_a_sender_with_several_homes_chooses_none_by_himself(self):
        self.occupy(self.unit_2, self.tenant, "tenant", "2026-01-01")
        one = self.mail("wu@example.com")
        self.assertEqual((one.contact_id, one.unit_id.id), (self.tenant, False))

    def test_a_resident_of_another_site_is_unknown_here(self):
        self.other_owner.email = "qian@example.com"
        self.assertFalse(self.mail("qian@example.com").contact_id)

    def test_photos_are_taken_over_small_and_nothing_else(self):
        one = self.mail(
            "wu@example.com",
            files=[("a.jpg", photo_bytes((2000, 100))), ("b.jpg", b"MZ no photo")],
        )
        self.assertEqual(one.photo_ids.mapped("name"), ["photo-1.jpg"])

    def test_an_answer_goes_to_the_chatter_and_raises_nothing(self):
        one = self.mail("wu@example.com", number="<first@example.com>")
        raised = self.mail(
            "wu@example.com",
            subject="Re: Lift stands still",
            text="It moves again",
            answers="<first@example.com>",
            number="<second@example.com>",
        )
        self.assertFalse(raised)
        self.assertIn("It moves again", one.message_ids.sorted("id")[-1].body)

    def test_an_empty_mail_is_kept_too(self):
        one = self.mail("wu@example.com", subject=" ", text="")
        self.assertEqual(one.name, "E-mail without a text")

    def test_other_addresses_work_as_before(self):
        team = self.env["maintenance.team"].create({"name": "Stock", "alias_name": "stock.team"})
        one = self.mail("wu@example.com", to="stock.team@garden.example.com")
        self.assertEqual((one.site_id.id, one.maintenance_team_id), (False, team))
