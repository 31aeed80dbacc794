from odoo.tests import HttpCase, tagged

from .desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestDeskTours(DeskCommon, HttpCase):
    browser_size = "1366x850"

    def test_the_front_desk_finds_a_caller_and_sends_an_engineer(self):
        known = self.new_request(contact_id=self.tenant.id)
        self.start_tour("/odoo/front-desk", "property_front_desk", login="staff.service")
        raised = self.requests.search([("unit_id", "=", self.unit.id)]) - known
        self.assertEqual((raised.step, raised.assignee_id), ("assigned", self.engineer))
        self.assertEqual((raised.contact_id, raised.is_urgent), (self.tenant, True))
        self.assertEqual(known.urge_count, 1)


@tagged("post_install", "-at_install")
class TestResidentTours(DeskCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_resident_raises_a_request_with_a_photo_on_the_phone(self):
        self.start_tour("/my/requests", "property_request_raised", login="portal.owner")
        raised = self.requests.search([("contact_id", "=", self.owner.id)])
        self.assertEqual((raised.kind, raised.urge_count), ("cleaning", 1))
        self.assertEqual(raised.photo_ids.mapped("mimetype"), ["image/jpeg"])

    def test_a_resident_rates_finished_work(self):
        one = self.bring_to(self.new_request(), "done")
        self.start_tour("/my/requests", "property_request_rated", login="portal.owner")
        self.assertEqual(one.step, "closed")
        self.assertEqual((one.rating_speed, one.rating_quality), (5, 4))

    def test_a_resident_accepts_a_quotation(self):
        one = self.new_request()
        quotation = self.quote(one)
        self.start_tour("/my/requests", "property_request_quotation", login="portal.owner")
        self.assertEqual((quotation.state, one.quotation_state), ("accepted", "accepted"))
