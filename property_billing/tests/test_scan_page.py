"""The page a payer's phone opens: what it shows, hides and starts."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .scan_common import ScanCommon


@tagged("post_install", "-at_install")
class TestScanPage(ScanCommon, HttpCase):
    def url(self, scan, path=""):
        return f"/property/pay/{scan.access_token}{path}"

    def start(self, scan, **values):
        return self.make_jsonrpc_request(
            self.url(scan, "/transaction"),
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids.id,
                "token_id": None,
                "amount": scan.amount,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/",
                "is_validation": False,
                "access_token": "",
                **values,
            },
        )

    def test_the_page_shows_what_is_paid_and_hides_who_it_is(self):
        scan = self.ask()
        page = self.url_open(self.url(scan))
        self.assertEqual(page.status_code, 200)
        self.assertIn("410.50", page.text)
        self.assertIn("o_payment_form", page.text)
        self.assertIn("3-1-15**", page.text)
        self.assertNotIn("3-1-1502", page.text)
        self.assertNotIn(scan.partner_id.name, page.text)
        self.assertEqual(page.headers["Cache-Control"], "private, no-store")

    def test_a_payer_without_an_account_pays_and_the_counter_learns_of_it(self):
        scan = self.ask()
        values = self.start(scan)
        transaction = scan.transaction_ids
        self.assertEqual(values["reference"], transaction.reference)
        self.assertEqual((transaction.amount, transaction.state), (410.5, "draft"))
        self.assertEqual(set(transaction.invoice_ids), set(scan.line_ids.move_id))
        self.notify(transaction, "done")
        page = self.url_open(self.url(scan))
        self.assertIn("o_property_scan_paid", page.text)
        self.assertEqual(scan.state, "done")
        self.assertEqual(self.residuals(), [0, 0, 0])

    def test_a_code_that_is_over_cannot_be_paid(self):
        scan = self.ask()
        self.counter().scan_cancel(scan.id)
        self.assertIn("o_property_scan_over", self.url_open(self.url(scan)).text)
        with mute_logger("odoo.http"), self.assertRaisesRegex(Exception, "."):
            self.start(scan)
        self.assertFalse(scan.transaction_ids)

    def test_the_client_decides_neither_amount_nor_provider(self):
        scan = self.ask()
        self.start(scan, amount=0.01)
        self.assertEqual(scan.transaction_ids.amount, 410.5)
        hidden = self.provider.copy({"state": "test", "name": "Hidden"})
        for values in ({"provider_id": hidden.id}, {"flow": "token"}, {"payment_method_id": -1}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(Exception, "."),
            ):
                self.start(scan, **values)
        self.assertEqual(len(scan.transaction_ids), 1)

    def test_unknown_codes_tell_nothing(self):
        self.ask()
        for token in ("x" * 32, "short", "%20" * 11):
            page = self.url_open(f"/property/pay/{token}")
            self.assertIn(page.status_code, (404, 429))
            self.assertNotIn("410.50", page.text)
