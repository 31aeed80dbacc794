import contextlib
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..tools import camera_fetch
from ..tools.camera_fetch import FetchError, Target, fetch
from .camera_server import PASSWORD, USER, CameraServer

LOOPBACK = ("127.0.0.0/8",)


@tagged("post_install", "-at_install")
class TestCameraFetch(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.camera = cls.enterClassContext(CameraServer())

    def target(self, path="jpeg", **values):
        return Target(
            **{
                "url": self.camera.url(path),
                "host": "127.0.0.1",
                "networks": LOOPBACK,
                **values,
            }
        )

    def refused(self, code, target, **values):
        with self.assertRaises(FetchError) as caught:
            fetch(target, **values)
        self.assertEqual(caught.exception.code, code)

    def test_pictures_of_both_kinds_come(self):
        self.assertTrue(fetch(self.target("jpeg?channel=1")).startswith(b"\xff\xd8\xff"))
        self.assertTrue(fetch(self.target("png")).startswith(b"\x89PNG"))

    def test_logins_are_given_only_when_asked_for(self):
        who = {"username": USER, "password": PASSWORD}
        for path in ("digest", "digest?channel=2", "sha", "basic"):
            with self.subTest(path):
                self.assertTrue(fetch(self.target(path, **who)))
        fetch(self.target("jpeg?quiet", **who))
        self.assertIn(("/jpeg?quiet", None), self.camera.asked)

    def test_wrong_and_missing_logins_are_told(self):
        for path in ("digest", "sha", "basic"):
            with self.subTest(path):
                self.refused("login", self.target(path))
                self.refused("login", self.target(path, username=USER, password="wrong"))

    def test_what_is_no_picture_is_refused(self):
        for path, code in (
            ("html", "type"),
            ("missing", "status"),
            ("away", "status"),
            ("announced", "size"),
        ):
            with self.subTest(path):
                self.refused(code, self.target(path))

    def test_a_body_without_end_is_cut_at_the_limit(self):
        self.refused("size", self.target("endless"), limit=200_000)

    def test_nothing_waits_longer_than_the_time_it_has(self):
        for path in ("silent", "drip"):
            with self.subTest(path):
                self.refused("timeout", self.target(path), timeout=0.4)

    def test_only_the_host_of_the_camera_is_asked(self):
        before = len(self.camera.asked)
        for host in ("10.0.0.1", "", "127.0.0.1.example.com"):
            with self.subTest(host):
                self.refused("forbidden", self.target(host=host))
        self.assertEqual(len(self.camera.asked), before)

    def test_this_machine_and_metadata_services_are_out_of_bounds(self):
        self.refused("forbidden", self.target(networks=()))
        for host in ("169.254.169.254", "[::1]", "2130706433"):
            url = f"http://{host}/latest"
            with self.subTest(host), self.assertRaises(FetchError) as caught:
                fetch(Target(url, host.strip("[]")))
            self.assertIn(caught.exception.code, ("forbidden", "network"))

    def test_a_name_is_looked_up_once_and_one_bad_address_spoils_it(self):
        rows = [(2, 1, 6, "", (address, 80)) for address in ("8.8.8.8", "127.0.0.1")]
        with patch.object(camera_fetch.socket, "getaddrinfo", return_value=rows) as look:
            self.refused("forbidden", Target("http://camera.example.com/a", "camera.example.com"))
        self.assertEqual(look.call_count, 1)

    def test_addresses_that_are_none_are_refused(self):
        for url in (
            "",
            "file:///etc/passwd",
            "ftp://127.0.0.1/a",
            "gopher://127.0.0.1/",
            "http://",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1:x/",
            "http://u:p@127.0.0.1/",
            "http://127.0.0.1/a\r\nX: 1",
            "http://127.0.0.1/a b",
            "http://[::1/",
        ):
            with self.subTest(url):
                self.refused("address", self.target(url=url))

    def test_nobody_there_is_a_fault_of_the_network(self):
        with contextlib.closing(camera_fetch.socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        self.refused("network", self.target(url=f"http://127.0.0.1:{port}/a"))
