from odoo.tests import HttpCase, tagged

from .equipment_common import EquipmentCommon


@tagged("post_install", "-at_install")
class TestEquipmentLabel(HttpCase, EquipmentCommon):
    def scan(self, equipment):
        return self.url_open(f"/equipment/{equipment.label_token}", allow_redirects=False)

    def test_a_label_opens_the_equipment_for_staff_of_its_site(self):
        self.authenticate("staff.engineer", "staff.engineer")
        answer = self.scan(self.lift)
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(
            answer.headers["Location"].endswith(f"/odoo/property-equipment/{self.lift.id}")
        )

    def test_foreign_and_unknown_labels_are_not_found(self):
        self.authenticate("staff.engineer", "staff.engineer")
        self.assertEqual(self.scan(self.other_lift).status_code, 404)
        for token in ("x", "' OR 1=1 --", "%00", "a" * 5000):
            with self.subTest(token[:20]):
                answer = self.url_open(f"/equipment/{token}", allow_redirects=False)
                self.assertIn(answer.status_code, (400, 404, 414))

    def test_residents_and_strangers_see_nothing(self):
        self.assertEqual(self.scan(self.lift).status_code, 303)
        self.assertIn("/web/login", self.scan(self.lift).headers["Location"])
        self.new_portal_user(self.owner, "portal.label")
        self.authenticate("portal.label", "portal.label")
        self.assertEqual(self.scan(self.lift).status_code, 404)

    def test_labels_say_what_and_where(self):
        [label] = self.lift._labels()
        self.assertEqual(
            (label["route"], label["name"], label["place"], label["code"]),
            ("Test Garden", "Lift 1", "3栋", self.lift.code),
        )
        self.assertTrue(label["qr"].startswith("data:image/png;base64,"))
        reports = self.env["ir.actions.report"]
        for name in ("sheet", "roll"):
            html, _kind = reports._render_qweb_html(
                f"property_maintenance.report_equipment_labels_{name}", self.lift.ids
            )
            self.assertIn(self.lift.code, html.decode())
