import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import BillingCommon, BillingStaffCommon
from .dunning_common import PRINTED, DunningMixin, printed


class Gateway(BaseHTTPRequestHandler):
    """A gateway that checks signatures as a real one would."""

    secret, taken, status = b"key", [], 200

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = "sha256=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        good = hmac.compare_digest(wanted, self.headers["X-Signature"])
        self.send_response(self.status if good else 401)
        self.end_headers()
        if good and self.status == 200:
            self.taken.append(json.loads(body))
            self.wfile.write(json.dumps({"id": f"sms-{len(self.taken)}"}).encode())

    def log_message(self, *_args):
        pass


@tagged("post_install", "-at_install")
class TestSmsGateway(DunningMixin, BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_dunning()
        cls.server = HTTPServer(("127.0.0.1", 0), Gateway)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.gateway = cls.env["property.sms.gateway"].create(
            {
                "name": "Local",
                "company_id": cls.company.id,
                "provider": "http",
                "url": f"http://127.0.0.1:{cls.server.server_port}/send",
                "secret": "key",
                "signature_name": "【Test】",
            }
        )

    def setUp(self):
        super().setUp()
        Gateway.taken.clear()
        Gateway.status = 200
        self.level.write({"by_print": False, "by_sms": True})

    def test_messages_reach_the_gateway_signed_and_the_number_is_kept(self):
        run = self.new_dunning()
        run.action_prepare()
        self.send(run)
        self.assertEqual(len(Gateway.taken), 3)
        self.assertTrue(all(row["text"].startswith("【Test】") for row in Gateway.taken))
        self.assertEqual(
            sorted(run.notice_ids.delivery_ids.mapped("reference")), ["sms-1", "sms-2", "sms-3"]
        )

    def test_a_wrong_key_or_a_refusal_is_a_failed_delivery_with_its_reason(self):
        self.gateway.secret = "wrong"
        run = self.new_dunning()
        run.action_prepare()
        self.send(run)
        self.assertEqual((run.failed_count, len(Gateway.taken)), (3, 0))
        self.assertIn("401", run.notice_ids.delivery_ids[0].detail)

    @mute_logger("odoo.addons.property_billing.models.property_sms_gateway")
    def test_a_gateway_that_does_not_answer_is_a_failed_delivery(self):
        self.gateway.url = "http://127.0.0.1:1/send"
        run = self.new_dunning()
        run.action_prepare()
        self.send(run)
        self.assertEqual(run.failed_count, 3)

    def test_a_gateway_in_clear_over_the_network_is_refused(self):
        with self.assertRaises(ValidationError):
            self.gateway.url = "http://sms.example.com/send"

    def test_only_administrators_read_the_key(self):
        user = self.new_staff("sms.manager", self.new_job("manager"), self.site)
        with self.assertRaises(AccessError):
            self.gateway.with_user(user).read(["secret"])


@tagged("post_install", "-at_install")
class TestNoticesInThePortal(DunningMixin, BillingStaffCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_dunning()
        cls.new_portal_user(cls.buyer, "portal.buyer")

    def notice_of(self, partner):
        self.level.write({"by_print": False, "by_portal": True})
        run = self.new_dunning(building_ids=[Command.set(self.building.ids)])
        run.action_prepare()
        self.send(run)
        return run.notice_ids.filtered(lambda row: row.partner_id == partner)

    def test_the_payer_sees_the_notice_opens_it_and_that_is_written_down(self):
        notice = self.notice_of(self.owner)
        self.authenticate("portal.owner", "portal.owner")
        page = self.url_open("/my/bills")
        self.assertIn(f"/my/notices/{notice.id}/pdf", page.text)
        with printed(self):
            answer = self.url_open(f"/my/notices/{notice.id}/pdf")
            self.url_open(f"/my/notices/{notice.id}/pdf")
        self.assertEqual(answer.content, PRINTED)
        self.assertEqual(len(notice.delivery_ids.filtered(lambda row: row.channel == "read")), 1)

    def test_nobody_else_opens_it(self):
        notice = self.notice_of(self.owner)
        self.authenticate("portal.buyer", "portal.buyer")
        self.assertNotIn(f"/my/notices/{notice.id}/pdf", self.url_open("/my/bills").text)
        for wrong in (notice.id, 0, 2**40):
            self.assertEqual(self.url_open(f"/my/notices/{wrong}/pdf").status_code, 404)
        self.assertFalse(notice.delivery_ids.filtered(lambda row: row.channel == "read"))
