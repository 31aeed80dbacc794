from odoo.tests import HttpCase, tagged

from .visitor_common import VisitorCommon


@tagged("post_install", "-at_install")
class TestVisitorTours(VisitorCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_resident_makes_a_pass_on_the_phone_and_revokes_it(self):
        self.start_tour("/my/visitors", "property_security_visitor_pass", login="portal.owner")
        made = self.passes.search([("name", "=", "Aunt Zhao"), ("unit_id", "=", self.unit.id)])
        self.assertEqual((made.state, made.plate), ("revoked", "浙A12345"))
