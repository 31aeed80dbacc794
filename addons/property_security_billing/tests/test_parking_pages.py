"""The pages of drivers: what they show, what they hide, and what they take."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign

from .common import PLATE, ParkingMoneyCommon, free_limits


@tagged("post_install", "-at_install")
class TestParkingPages(ParkingMoneyCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tariff.line_ids.block_price = 40

    def setUp(self):
        super().setUp()
        free_limits(self)
        self.stay = self.inside()

    def refused(self):
        """Return a context in which the server refuses a call."""
        return self.assertRaisesRegex(Exception, ".")

    def ask(self, plate=PLATE, area=None):
        path = f"/parking/pay/{(area or self.area).id}"
        self.authenticate(None, None)
        data = {"plate": plate, "csrf_token": Request.csrf_token(self)}
        return self.url_open(f"{path}/fee", data=data)

    def ticket(self, stay=None):
        return f"/parking/ticket/{(stay or self.stay)._ticket()}"

    def test_a_driver_types_his_plate_and_sees_what_he_owes_and_why(self):
        page = self.url_open(f"/parking/pay/{self.area.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_parking_keyboard", page.text)
        page = self.ask(" 苏e·12345 ")
        self.assertIn("/parking/ticket/", page.url)
        self.assertIn("o_parking_fee", page.text)
        self.assertIn("40.00", page.text)
        self.assertIn("苏E·12345", page.text)
        self.assertIn("o_payment_form", page.text)
        self.assertEqual(page.headers["Cache-Control"], "private, no-store")

    def test_a_stranger_a_pass_and_a_free_stay_look_alike(self):
        self.new_card(self.vehicle, date_to="2099-12-31")  # the page has the real time
        self.inside("浙A8K888")
        visitor = self.inside("苏E00001")
        visitor.category = "visitor"
        pages = {
            plate: self.ask(plate).text.replace(shown, "PLATE")
            for plate, shown in (
                ("浙A8K888", "浙A·8K888"),
                ("苏E00001", "苏E·00001"),
                ("苏E99999", "苏E·99999"),
            )
        }
        cleaned = {self.without_csrf(text) for text in pages.values()}
        self.assertEqual(len(cleaned), 1)
        self.assertIn("o_parking_nothing", cleaned.pop())
        self.assertNotIn(self.owner.name, "".join(pages.values()))

    def without_csrf(self, text):
        head, _found, tail = text.partition("csrf_token")
        return head + tail.partition("}")[2]

    def test_the_page_of_one_area_does_not_know_the_cars_of_another(self):
        self.other_area.is_paid_exit = True
        self.assertIn("o_parking_nothing", self.ask(area=self.other_area).text)

    def test_bad_input_gets_a_clear_page(self):
        for plate in ("", "x", "A" * 50, "'; DROP", "<b>"):
            with self.subTest(plate=plate):
                page = self.ask(plate)
                self.assertEqual(page.status_code, 400)
                self.assertIn("o_parking_keyboard", page.text)
        for path in (
            "/parking/pay/0",
            "/parking/pay/99999999999999",
            f"/parking/pay/{self.inner.id}",
            "/parking/ticket/xyz",
            "/parking/ticket/AQAAAAAAAAAA",
            f"{self.ticket()}x",
            "/parking/receipt/short",
            "/parking/receipt/" + "x" * 32,
            "/parking/paid/" + "x" * 32,
        ):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path).status_code, 404)

    def test_a_ticket_cannot_be_made_up(self):
        forged = hash_sign(self.env, "other", [self.stay.id])
        self.assertEqual(self.url_open(f"/parking/ticket/{forged}").status_code, 404)
        with mute_logger("odoo.http"), self.refused():
            self.start_payment(f"/parking/ticket/{forged}/transaction")
        self.assertFalse(self.stay.transaction_ids)

    def test_paying_starts_a_transaction_of_what_is_due_and_the_page_says_how_it_went(self):
        url = self.ticket()
        self.start_payment(f"{url}/transaction")
        transaction = self.stay.transaction_ids
        self.assertEqual((transaction.amount, transaction.state), (40, "draft"))
        transaction._set_pending()
        self.assertIn("o_parking_processing", self.url_open(url).text)
        with mute_logger("odoo.http"), self.refused():
            self.start_payment(f"{url}/transaction")
        transaction._set_done()
        page = self.url_open(url)
        self.assertIn("o_parking_paid", page.text)
        payment = self.stay.payment_ids
        self.assertEqual((payment.amount, payment.transaction_id), (40, transaction))
        self.assertIn(f"/parking/paid/{payment.access_token}", page.text)

    def test_who_only_typed_the_plate_of_another_gets_neither_his_receipt_nor_his_invoice(self):
        url = self.ticket()
        self.start_payment(f"{url}/transaction")
        self.stay.transaction_ids._set_done()
        self.assertIn("o_parking_paid", self.url_open(url).text)
        self.env.invalidate_all()
        token = self.stay.payment_ids.access_token
        self.assertIn(token, self.url_open(url).text)
        self.authenticate(None, None)
        page = self.url_open(url).text
        self.assertIn("o_parking_paid", page)
        self.assertNotIn(token, page)

    def test_the_client_decides_neither_amount_nor_provider(self):
        url = self.ticket()
        hidden = self.provider.copy({"state": "disabled", "name": "Hidden"})
        for values in (
            {"amount": 0.01},
            {"provider_id": hidden.id},
            {"flow": "token"},
            {"payment_method_id": -1},
        ):
            with self.subTest(values=values), mute_logger("odoo.http"), self.refused():
                self.start_payment(f"{url}/transaction", **values)
        self.assertFalse(self.stay.transaction_ids)

    def test_a_coupon_on_the_page_lowers_the_fee_and_frees_who_owes_nothing(self):
        today = self.area._local(fields.Datetime.now()).date()
        coupon = self.env["property.parking.coupon"].create(
            {
                "site_id": self.site.id,
                "kind": "percent",
                "percent": 100.0,
                "date_from": today,
                "date_to": today + timedelta(days=1),
            }
        )
        url = self.ticket()
        self.authenticate(None, None)
        data = {"code": "WRONG234", "csrf_token": Request.csrf_token(self)}
        page = self.url_open(f"{url}/coupon", data=data)
        self.assertEqual(page.status_code, 400)
        data["code"] = coupon.code.lower()
        page = self.url_open(f"{url}/coupon", data=data)
        self.assertIn("o_parking_nothing", page.text)
        self.assertEqual(coupon.session_id, self.stay)
        page = self.url_open(f"{url}/coupon", data=data)
        self.assertEqual(page.status_code, 400)

    def test_a_receipt_is_a_paper_that_its_token_opens(self):
        due = self.stay._due_at(fields.Datetime.now())
        payment = self.stay._add_payment(
            due,
            due,
            key="receipt",
            quoted_at=fields.Datetime.now(),
            method="cash",
            journal_id=self.cash.journal_id.id,
        )
        reports = type(self.env["ir.actions.report"])
        seen = []

        def render(_self, name, ids, *args, **kwargs):
            seen.append((name, ids))
            return b"%PDF", "pdf"

        with patch.object(reports, "_render_qweb_pdf", render):
            page = self.url_open(f"/parking/receipt/{payment.access_token}")
        self.assertEqual((page.content, seen[0][1]), (b"%PDF", payment.ids))
        html = self.env["ir.actions.report"]._render_qweb_html(
            "property_security_billing.action_report_parking_receipt", payment.ids
        )[0]
        self.assertIn("苏E·12345", html.decode())
        # the words of a line stand beside its amount, not before it in one sentence
        *_rest, (words, amount) = payment._receipt_lines()
        self.assertTrue(words and amount.startswith("¥"))
        self.assertRegex(html.decode(), rf"<td>{words}</td>\s*<td[^>]*>{amount}</td>")
