"""A stranger uses up his own budget on the pages without login, never that of a driver."""

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import config, mute_logger

from .common import PLATE, ParkingMoneyCommon, free_limits

DRIVER, STRANGER = "198.51.100.7", "203.0.113.9"


@tagged("post_install", "-at_install")
class TestParkingLimits(ParkingMoneyCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.tariff.line_ids.block_price = 40
        self.stay = self.inside()
        self.addCleanup(config.__setitem__, "proxy_mode", config["proxy_mode"])
        config["proxy_mode"] = True
        self.authenticate(None, None)

    def from_address(self, address):
        return {"X-Forwarded-For": address, "X-Forwarded-Host": "park.example"}

    def ask(self, address, plate=PLATE):
        data = {"plate": plate, "csrf_token": Request.csrf_token(self)}
        path = f"/parking/pay/{self.area.id}/fee"
        reply = self.url_open(
            path, data=data, headers=self.from_address(address), allow_redirects=False
        )
        return reply.status_code

    def begin(self, address):
        route = f"/parking/ticket/{self.stay._ticket()}/transaction"
        return self.start_payment(route, self.from_address(address))

    def test_a_stranger_who_asks_for_a_plate_again_and_again_locks_out_only_himself(self):
        free_limits(self, SAME_PLATE=2)
        self.assertEqual([self.ask(STRANGER) for _time in range(4)], [303, 303, 429, 429])
        self.assertEqual(self.ask(DRIVER), 303)
        self.assertEqual(self.ask(STRANGER, "苏E99999"), 200)

    def test_a_stranger_who_tries_all_plates_is_stopped_and_nobody_else(self):
        free_limits(self, LOOKUPS=3)
        tries = [self.ask(STRANGER, f"苏E8888{number}") for number in range(5)]
        self.assertEqual(tries, [200, 200, 200, 429, 429])
        self.assertEqual(self.ask(DRIVER), 303)

    def test_changing_the_address_within_a_network_gives_no_new_budget(self):
        free_limits(self, LOOKUPS=1)
        self.assertEqual(self.ask("2001:db8:1:2::1"), 303)
        self.assertEqual(self.ask("2001:db8:1:2:9::2"), 429)
        self.assertEqual(self.ask("2001:db8:1:3::1"), 303)

    def test_an_address_the_client_makes_up_does_not_count(self):
        free_limits(self, LOOKUPS=1)
        self.assertEqual(self.ask(f"192.0.2.1, {STRANGER}"), 303)
        self.assertEqual(self.ask(f"192.0.2.2, {STRANGER}"), 429)

    def test_beginning_payments_is_limited_for_a_stranger_but_not_for_the_driver(self):
        free_limits(self, STAY_PAYMENTS=2)
        for _time in range(2):
            self.begin(STRANGER)
        with mute_logger("odoo.http"), self.assertRaisesRegex(Exception, "."):
            self.begin(STRANGER)
        self.assertEqual(len(self.stay.transaction_ids), 2)
        self.begin(DRIVER)
        self.assertEqual(len(self.stay.transaction_ids), 3)

    def test_guessing_coupons_is_limited_for_who_guesses(self):
        free_limits(self, STAY_CODES=1)
        path = f"/parking/ticket/{self.stay._ticket()}/coupon"
        data = {"code": "WRONG234", "csrf_token": Request.csrf_token(self)}
        replies = [
            self.url_open(path, data=data, headers=self.from_address(address)).status_code
            for address in (STRANGER, STRANGER, DRIVER)
        ]
        self.assertEqual(replies, [400, 429, 400])

    def test_guessing_receipts_is_limited_and_does_not_hide_a_real_one(self):
        free_limits(self, MISSES=2)
        payment = self.pay_now()
        codes = [
            self.url_open(
                f"/parking/paid/{'x' * 31}{number}", headers=self.from_address(STRANGER)
            ).status_code
            for number in range(4)
        ]
        self.assertEqual(codes, [404, 404, 429, 429])
        page = self.url_open(
            f"/parking/paid/{payment.access_token}", headers=self.from_address(DRIVER)
        )
        self.assertEqual(page.status_code, 200)

    def pay_now(self):
        return self.stay._add_payment(
            5,
            5,
            key="limits",
            quoted_at=self.stay.entered_at,
            method="cash",
            journal_id=self.cash.journal_id.id,
        )
