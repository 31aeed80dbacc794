"""The one way in for portal, mail, field app and devices: bad input writes nothing."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RequestCommon

PNG = b"\x89PNG\r\n\x1a\n"


@tagged("post_install", "-at_install")
class TestRaise(RequestCommon):
    def count(self):
        return self.env["maintenance.request"].search_count([])

    def raise_it(self, files=None, **vals):
        requests = self.env["maintenance.request"].with_user(self.portal_user)
        return requests._raise_request(
            {"unit_id": self.unit.id, "contact_id": self.owner.id, "description": "Leak", **vals},
            files,
        )

    def test_a_resident_raises_a_request_with_photos(self):
        request = self.raise_it(
            [("a.png", PNG, "image/png"), ("b.png", PNG, "image/png")],
            description="Kitchen leaks\nsince <b>yesterday</b>",
            request_category_id=self.leak.id,
            channel="portal",
        )
        self.assertEqual(request.name, "Kitchen leaks")
        self.assertEqual((request.step, request.site_id), ("new", self.site))
        self.assertIn("&lt;b&gt;", request.sudo().description)
        self.assertEqual(len(request.sudo().photo_ids), 2)
        self.assertEqual(set(request.sudo().photo_ids.mapped("res_id")), {request.id})
        self.assertEqual(request.sudo().contact_phone, "13800001111")
        self.assertTrue(request.has_access("read"))

    def test_what_cannot_be_a_request_is_refused_and_writes_nothing(self):
        before = self.count()
        for vals, words in (
            ({"unit_id": False}, "where it is"),
            ({"description": "  "}, "what is wrong"),
            ({"description": "x" * 5001}, "longer"),
            ({"kind": "robbery"}, "not possible"),
            ({"channel": "pigeon"}, "not possible"),
            ({"request_category_id": self.repair.id}, "categories"),
            ({"request_category_id": 10**9}, "categories"),
            ({"unit_id": 10**9}, "is gone"),
            ({"contact_id": 10**9}, "is gone"),
            ({"stage_id": 1}, "has no stage_id"),
            ({"finish_done_at": "2026-01-01"}, "has no"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, words):
                self.raise_it(**vals)
        with self.assertRaisesRegex(UserError, "At most 9"):
            self.raise_it([("a.png", PNG, "image/png")] * 10)
        self.assertEqual(self.count(), before)

    def test_markup_of_a_resident_stays_text(self):
        request = self.raise_it(description="<img src=x onerror=alert(1)> leaks")
        self.assertIn("&lt;img", request.sudo().description)

    def test_open_requests_of_the_unit_show_what_may_be_the_same(self):
        mine = self.new_request()
        self.new_done()
        self.new_request(unit_id=self.unit_2.id)
        requests = self.env["maintenance.request"].with_user(self.users["service"])
        self.assertEqual(requests._open_requests_of(self.unit), mine)
        self.assertFalse(requests._open_requests_of(self.unit.browse()))
        self.new_request()
        self.assertEqual(mine.open_of_unit_count, 1)

    def test_the_number_tells_day_and_order(self):
        request = self.new_request()
        self.assertRegex(request.code, rf"^\d{{6}}-{request.id}$")

    def test_a_public_place_needs_no_unit(self):
        request = self.raise_it(unit_id=False, site_id=self.site.id, place="Gate 2")
        self.assertEqual(request.sudo().place_shown, "Gate 2")

    def test_materials_and_labour_add_up(self):
        request = self.new_request()
        request.line_ids = [
            (0, 0, {"name": "Valve", "quantity": 2, "price_unit": 12.5, "is_chargeable": True}),
            (0, 0, {"name": "Work", "kind": "labour", "quantity": 0.5, "price_unit": 60}),
        ]
        self.assertEqual((request.amount_cost, request.amount_chargeable), (55, 25))
