import base64

from odoo.tests import TransactionCase, tagged

from ..models.ir_report_resource import ROUTES
from .common import PIXEL


@tagged("post_install", "-at_install")
class TestResource(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_admin"))
        cls.resources = cls.env["ir.report.resource"]
        cls.attachment = cls.env["ir.attachment"].create({"name": "dot.png", "datas": PIXEL})

    def test_attachments_and_fields_are_read_by_every_form_of_address(self):
        ident = self.attachment.id
        expected = f"data:image/png;base64,{PIXEL}"
        for url in (
            f"/web/image/{ident}",
            f"/web/image/{ident}/dot.png",
            f"/web/image/{ident}-abc",
            f"/web/image?id={ident}",
            f"/web/image?model=ir.attachment&id={ident}&field=datas",
            f"/web/content/{ident}",
            f"/web/image/ir.attachment/{ident}/raw",
            f"http://here/web/image/{ident}",
        ):
            with self.subTest(url=url):
                self.assertEqual(self.resources._read_image(url, "http://here"), expected)

    def test_an_image_is_sized_as_asked(self):
        url = f"/web/image/res.company/{self.env.company.id}/logo/40x30"
        found = self.resources._read_image(url)
        self.assertTrue(found.startswith("data:image/"))

    def test_logo_and_barcode_and_static_files_are_read(self):
        for url in (
            "/logo.png",
            f"/web/binary/company_logo?company={self.env.company.id}",
            "/report/barcode/QR/a%20b?width=50&height=50",
            "/report/barcode?barcode_type=Code128&value=12&width=90&height=30",
            "/web/static/img/logo.png",
            "/web/static/src/../img/logo.png",
        ):
            with self.subTest(url=url):
                self.assertTrue(self.resources._read_image(url).startswith("data:image/"))

    def test_other_addresses_are_not_read(self):
        for url in (
            "",
            "x.png",
            "//host/web/image/1",
            "http://elsewhere/web/static/img/logo.png",
            "http://here.evil/web/static/img/logo.png",
            "file:///etc/passwd",
            "/etc/passwd",
            "/web/static/../../../../../etc/passwd",
            "/web/static/..%2f..%2f..%2fetc%2fpasswd",
            "/web/static/src/module_loader.js",
            "/base/static/../__manifest__.py",
            "/report/barcode/QR/x?width=99999&height=99999",
            "/web/image/999999999",
            "/web/image/no.such.model/1/image",
            "/web/image/res.users/1/password",
            "/web/session/logout",
        ):
            with self.subTest(url=url):
                self.assertIsNone(self.resources._read_image(url, "http://here"))

    def test_what_is_not_an_image_is_not_shown(self):
        text = self.env["ir.attachment"].create({"name": "x.txt", "raw": b"secret"})
        page = self.env["ir.attachment"].create({"name": "x.html", "raw": b"<html>x</html>"})
        for attachment in text + page:
            self.assertIsNone(self.resources._read_image(f"/web/image/{attachment.id}"))

    def test_an_attachment_that_is_an_address_is_not_followed(self):
        link = self.env["ir.attachment"].create(
            {"name": "x", "type": "url", "url": "http://127.0.0.1:1/x.png"}
        )
        self.assertIsNone(self.resources._read_image(f"/web/image/{link.id}"))

    def test_a_bundle_comes_with_its_fonts_and_without_addresses(self):
        (url,) = self.env["ir.qweb"]._get_asset_link_urls("web.report_assets_common")
        css = self.resources._read_stylesheet(url)
        self.assertIn("data:font/", css)
        self.assertNotIn("url(/", css)
        self.assertNotIn("url('/", css)
        self.assertNotIn('url("/', css)
        self.assertNotIn("@import", css)

    def test_a_bundle_not_made_yet_is_compiled(self):
        self.env["ir.attachment"].search(
            [("url", "=like", "/web/assets/%report_assets_pdf%")]
        ).unlink()
        self.env.registry.clear_cache("assets")
        self.assertTrue(
            self.resources._read_stylesheet("/web/assets/any/web.report_assets_pdf.min.css")
        )

    def test_a_bundle_that_does_not_exist_is_left_out(self):
        for name in ("x.min.css", "web.report_assets_pdf.min.js", "a.b.c.min.css"):
            self.assertFalse(self.resources._read_stylesheet(f"/web/assets/any/{name}"))

    def test_routes_know_every_form_of_the_image_address(self):
        from odoo.addons.web.controllers.binary import Binary

        for route in Binary.content_image.original_routing["routes"]:
            path = route
            for name, value in (
                ("<int:id>", "1"),
                ("<string:unique>", "u"),
                ("<string:model>", "res.partner"),
                ("<string:field>", "image_128"),
                ("<string:xmlid>", "base.x"),
                ("<string:filename>", "f.png"),
                ("<int:width>", "1"),
                ("<int:height>", "1"),
            ):
                path = path.replace(name, value)
            with self.subTest(route=route):
                self.assertEqual(ROUTES.bind("").match(path)[0], "record")

    def test_reading_a_pixel_gives_the_pixel(self):
        mimetype, content = self.resources._read(f"/web/image/{self.attachment.id}")
        self.assertEqual((mimetype, content), ("image/png", base64.b64decode(PIXEL)))
