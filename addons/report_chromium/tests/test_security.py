import http.server
import os
import tempfile
import threading

from odoo.tests import new_test_user, tagged

from ..tools import document
from ..tools.browser import Browser
from .common import PIXEL, BrowserCase


class Listener(http.server.HTTPServer):
    """A web server of this machine that counts who comes."""

    def __init__(self):
        self.paths = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        """Keep the test log clean."""


@tagged("post_install", "-at_install")
class TestSecurity(BrowserCase):
    def setUp(self):
        super().setUp()
        self.listener = Listener()
        thread = threading.Thread(target=self.listener.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 10)
        self.addCleanup(self.listener.server_close)
        self.addCleanup(self.listener.shutdown)
        handle, self.secret = tempfile.mkstemp(suffix=".html")
        self.addCleanup(os.unlink, self.secret)
        with os.fdopen(handle, "w") as file:
            file.write("<p>Topsecret</p>")

    def hostile(self):
        """Return markup that tries to reach this machine and the network in every known way."""
        url, path = self.listener.url, f"file://{self.secret}"
        return f"""
            <p>Harmless</p>
            <img src="{url}/img"/><img src="{path}"/><img srcset="{url}/set 1x"/>
            <iframe src="{path}"></iframe><iframe src="{url}/frame"></iframe>
            <iframe srcdoc="&lt;img src={url}/srcdoc&gt;"></iframe>
            <object data="{path}"></object><embed src="{path}"/>
            <link rel="stylesheet" href="{url}/link.css"/>
            <link rel="prefetch" href="{url}/prefetch"/>
            <style>@import "{url}/import.css"; @font-face{{font-family:x;src:url({url}/font)}}
            p{{background:url({url}/css);font-family:x}} p{{background:u\\72l({url}/escaped)}}
            p::after{{content:image-set("{url}/set2" 1x)}}</style>
            <div style="background:url('{url}/style')">d</div>
            <svg><image href="{url}/svg" width="9" height="9"/><use href="{path}#x"/></svg>
            <video src="{url}/video" poster="{url}/poster"></video>
            <input type="image" src="{url}/input"/><body background="{url}/background"></body>
            <meta http-equiv="refresh" content="0;url={path}"/>
            <script>document.write("Scripted"); fetch("{url}/fetch")</script>
            <img src="x" onerror="document.write('Scripted')"/>
        """

    def test_a_hostile_note_reaches_neither_network_nor_files(self):
        self.partners[0].comment = "<p>x</p>"
        markup = self.hostile()
        content = self.env["ir.actions.report"]._run_wkhtmltopdf(
            [f"<html><head></head><body>{markup}</body></html>"],
            header=f"<html><head></head><body><div id='{document.HEADERS}'>"
            f"<div class='header'>{markup}</div></div></body></html>",
        )
        text = "".join(self.texts(content))
        self.assertIn("Harmless", text)
        self.assertNotIn("Topsecret", text)
        self.assertNotIn("Scripted", text)
        self.assertEqual(self.listener.paths, [])

    def test_nothing_of_an_address_is_left_in_the_document(self):
        root = document.parse(f"<html><body>{self.hostile()}</body></html>")
        document.inline(root, lambda url: None, lambda url: None)
        html = document.serialise(root)
        self.assertNotIn(self.secret, html)
        self.assertNotIn("script", html.lower())
        self.assertNotIn("onerror", html)

    def test_the_browser_refuses_by_itself_what_a_document_still_names(self):
        executable = self.env["ir.actions.report"]._chromium_path()
        with Browser(executable, 60) as browser:
            content = browser.print_pdf(f"<html><body>{self.hostile()}</body></html>", 210, 297)
        text = "".join(self.texts(content))
        self.assertNotIn("Topsecret", text)
        self.assertNotIn("Scripted", text)
        self.assertEqual(self.listener.paths, [])

    def test_the_policy_comes_before_everything_else(self):
        root = document.parse("<html><head><style>p{}</style></head><body>x</body></html>")
        document.finish(root, "")
        first = root.find("head")[0]
        self.assertEqual(first.get("http-equiv"), "Content-Security-Policy")
        self.assertIn("default-src 'none'", first.get("content"))

    def test_a_style_cannot_close_its_element(self):
        element = document.style_element("p{}</style><script>x</script>")
        self.assertNotIn("</", element.text)

    def test_links_to_click_on_stay_and_scripts_in_links_go(self):
        root = document.parse(
            "<html><head><base href='http://host'/></head><body><a href='/odoo'>a</a>"
            "<a href='javascript:alert(1)'>b</a><a href='file:///etc/passwd'>c</a></body></html>"
        )
        document.inline(root, lambda url: None, lambda url: None)
        links = [link.get("href") for link in root.iter("a")]
        self.assertEqual(links, ["http://host/odoo", None, None])

    def test_an_image_the_user_may_not_see_is_not_printed(self):
        private = self.env["ir.attachment"].create({"name": "private.png", "datas": PIXEL})
        url = f"/web/image/{private.id}"
        user = new_test_user(self.env, "report_portal", groups="base.group_portal")
        resources = self.env["ir.report.resource"]
        self.assertTrue(resources.with_user(self.env.ref("base.user_admin"))._read_image(url))
        self.assertFalse(resources.with_user(user)._read_image(url))
        self.assertFalse(resources.with_user(user).sudo()._read_image(url))
        self.assertFalse(resources.with_user(1)._read_image(url))
