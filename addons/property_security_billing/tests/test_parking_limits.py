"""A stranger uses up his own budget on the pages without login, never that of a driver."""

from odoo import SUPERUSER_ID, api
from odoo.http import Request
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, HttpCase, get_db_name, tagged
from odoo.tools import config, mute_logger

from ..controllers.limits import Limit
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

    def begin(self, address, stay=None):
        values = {
            "provider_id": self.provider.id,
            "payment_method_id": self.provider.payment_method_ids[:1].id,
            "token_id": None,
            "amount": 40.0,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/",
            "is_validation": False,
            "access_token": "",
        }
        return self.make_jsonrpc_request(
            f"/parking/ticket/{(stay or self.stay)._ticket()}/transaction",
            values,
            headers=self.from_address(address),
        )

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


@tagged("post_install", "-at_install")
class TestParkingLimitsOfWorkers(BaseCase):
    """What one worker counts counts for the others: nothing is kept in its memory."""

    def setUp(self):
        super().setUp()
        self.limit = Limit("test_of_workers", 2, 600)
        self.addCleanup(self.sql, "DELETE FROM property_parking_knock WHERE digest = ANY(%s)")

    def knocks(self, method, key="198.51.100.7 苏E12345"):
        with db_connect(get_db_name()).cursor() as cr:
            knocks = api.Environment(cr, SUPERUSER_ID, {})["property.parking.knock"]
            self.digests = [*getattr(self, "digests", []), knocks._digest(self.limit, key)]
            result = getattr(knocks, method)(self.limit, key)
            cr.rollback()  # as a request that fails
        return result

    def sql(self, query, *values):
        with db_connect(get_db_name()).cursor() as cr:
            cr.execute(query, [*values, self.digests])
            return cr.fetchall() if cr.description else None

    def test_a_budget_is_used_up_for_all_workers_whatever_became_of_the_requests(self):
        self.assertEqual([self.knocks("_allows") for _time in range(3)], [True, True, False])
        self.assertTrue(self.knocks("_is_full"))
        self.assertTrue(self.knocks("_allows", "203.0.113.9 苏E12345"))
        # another worker takes back what this one counted
        self.sql("DELETE FROM property_parking_knock WHERE digest = ANY(%s)")
        self.assertFalse(self.knocks("_is_full"))
        self.assertTrue(self.knocks("_allows"))

    def test_a_window_is_over_in_time_and_forgotten_later(self):
        for seconds, full, left in ((500, True, 2), (700, False, 2), (100_000, False, 0)):
            with self.subTest(seconds):
                self.knocks("_allows")
                self.knocks("_allows")
                self.sql(
                    "UPDATE property_parking_knock SET at = CLOCK_TIMESTAMP() AT TIME ZONE 'UTC'"
                    " - %s * INTERVAL '1 second' WHERE digest = ANY(%s)",
                    seconds,
                )
                self.assertEqual(self.knocks("_is_full"), full)
                with db_connect(get_db_name()).cursor() as cr:
                    api.Environment(cr, SUPERUSER_ID, {})["property.parking.knock"]._gc_knocks()
                rows = self.sql("SELECT id FROM property_parking_knock WHERE digest = ANY(%s)")
                self.assertEqual(len(rows), left)
                self.sql("DELETE FROM property_parking_knock WHERE digest = ANY(%s)")

    def test_nothing_tells_who_asked_about_what(self):
        self.knocks("_allows")
        [(row,)] = self.sql(
            "SELECT to_jsonb(k)::text FROM property_parking_knock k WHERE digest = ANY(%s)"
        )
        self.assertNotRegex(row, "198|苏")
