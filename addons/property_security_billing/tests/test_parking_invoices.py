"""A driver asks for a VAT invoice on the page of his receipt; finance issues it; he takes it."""

import base64
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import ParkingMoneyCommon, free_limits

CODE = "91350100M000100Y43"
FORM = {
    "kind": "company",
    "title": "星澜（杭州）有限公司",
    "tax_number": CODE.lower(),
    "email": "Zhang.San@Example.com",
    "phone": "13812345678",
}


@tagged("post_install", "-at_install")
class TestParkingInvoices(ParkingMoneyCommon, HttpCase):
    def setUp(self):
        super().setUp()
        free_limits(self)
        stay = self.arrive()
        self.leave("2026-02-02 10:30")
        self.payment = self.collect(stay, "2026-02-02 10:33", 15)
        self.url = f"/parking/paid/{self.payment.access_token}"
        self.authenticate(None, None)

    def ask(self, url=None, **typed):
        data = {**FORM, **typed, "csrf_token": Request.csrf_token(self)}
        return self.url_open(f"{url or self.url}/invoice", data=data)

    def asked(self):
        return self.payment.invoice_request_ids.sorted("id")[-1:]

    def as_role(self, role="finance"):
        return self.asked().with_user(self.users[role])

    def issue(self, content=b"%PDF-1.7 invoice", number="24332000000012345678"):
        request = self.as_role()
        request.write(
            {"number": number, "file": base64.b64encode(content), "file_name": "invoice.pdf"}
        )
        request.action_issue()
        return request.sudo()

    def refund(self, amount):
        refund = (
            self.env["property.parking.refund"]
            .with_user(self.users["cashier"])
            .create({"payment_id": self.payment.id, "amount": amount, "reason": "Gate broken"})
        )
        refund.action_submit()
        refund.with_user(self.users["finance"]).action_approve()

    def test_the_receipt_page_shows_what_was_paid_and_offers_the_invoice(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        for text in ("苏E·12345", "15.00", self.payment.name, "o_parking_invoice_form"):
            with self.subTest(text=text):
                self.assertIn(text, page.text)
        self.assertEqual(page.headers["Cache-Control"], "private, no-store")
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex, nofollow")

    def test_asking_stores_what_was_typed_in_order_and_the_page_says_that_it_is_being_made(self):
        page = self.ask()
        self.assertIn("o_parking_invoice_waiting", page.text)
        request = self.asked()
        self.assertEqual(
            (request.title, request.tax_number, request.email, request.phone, request.state),
            ("星澜（杭州）有限公司", CODE, "zhang.san@example.com", "13812345678", "new"),
        )
        self.assertEqual((request.amount, request.site_id), (15, self.site))
        self.assertIn("138****5678", page.text)
        self.assertIn("z***@example.com", page.text)
        self.assertNotIn("13812345678", page.text)
        self.assertNotIn("zhang.san", page.text)

    def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(self):
        for typed in (
            {"tax_number": CODE[:-1] + "4"},
            {"tax_number": ""},
            {"title": "x"},
            {"email": "a@b"},
            {"phone": "12345"},
            {"email": "", "phone": ""},
            {"kind": "thief"},
        ):
            with self.subTest(typed=typed):
                page = self.ask(**typed)
                self.assertEqual(page.status_code, 400)
                self.assertIn("o_parking_invoice_form", page.text)
                self.assertFalse(self.asked())
        page = self.ask(title='<script>"x"</script>', tax_number="1")
        self.assertNotIn('<script>"x"', page.text)

    def test_a_person_needs_no_taxpayer_number(self):
        self.ask(kind="person", title="张三", tax_number="whatever", phone="")
        self.assertEqual((self.asked().tax_number, self.asked().state), ("", "new"))

    def test_one_payment_has_one_request_until_it_is_refused(self):
        self.ask()
        page = self.ask(title="另一家有限公司")
        self.assertEqual((page.status_code, len(self.payment.invoice_request_ids)), (400, 1))
        request = self.as_role()
        with self.assertRaisesRegex(UserError, "why"):
            request.action_refuse()
        request.reason = "抬头与税号不符"
        request.action_refuse()
        page = self.url_open(self.url)
        self.assertIn("抬头与税号不符", page.text)
        self.assertIn("o_parking_invoice_form", page.text)
        self.ask(title="另一家有限公司")
        self.assertEqual(self.asked().title, "另一家有限公司")

    def test_the_driver_takes_the_issued_file_from_the_same_link(self):
        self.ask()
        self.assertEqual(self.url_open(f"{self.url}/invoice/file").status_code, 404)
        request = self.issue()
        self.assertEqual((request.state, request.amount_issued), ("issued", 15))
        page = self.url_open(self.url)
        self.assertIn("24332000000012345678", page.text)
        self.assertIn("o_parking_invoice_file", page.text)
        reply = self.url_open(f"{self.url}/invoice/file")
        self.assertEqual(reply.content, b"%PDF-1.7 invoice")
        self.assertEqual(reply.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", reply.headers["Content-Disposition"])
        self.assertEqual(reply.headers["X-Content-Type-Options"], "nosniff")

    def test_who_gave_an_address_gets_the_link_by_e_mail(self):
        self.ask()
        self.issue()
        mail = self.env["mail.mail"].search([("email_to", "=", "zhang.san@example.com")])
        self.assertEqual(len(mail), 1)
        self.assertIn(self.payment.access_token, mail.body_html)

    def test_finance_needs_a_number_and_a_real_file(self):
        self.ask()
        request = self.as_role()
        with self.assertRaisesRegex(UserError, "number"):
            request.action_issue()
        request.write({"number": "1", "file": base64.b64encode(b"<html>")})
        with self.assertRaisesRegex(UserError, "PDF"):
            request.action_issue()
        request.file = False
        request.action_issue()
        self.assertNotIn("o_parking_invoice_file", self.url_open(self.url).text)
        with self.assertRaisesRegex(UserError, "decided"):
            request.action_issue()
        with self.assertRaisesRegex(UserError, "decided"):
            request.number = "2"

    def test_nobody_changes_what_the_driver_asked_for(self):
        self.ask()
        for values in ({"title": "x"}, {"tax_number": "1"}, {"state": "issued"}):
            for role in ("finance", "manager", "director"):
                with self.subTest(values=values, role=role), self.assertRaises(UserError):
                    self.as_role(role).write(values)
        with self.assertRaises(AccessError):
            self.as_role("cashier").write({"number": "1"})

    def test_a_cashier_sees_the_request_but_not_how_to_reach_the_driver(self):
        self.ask()
        self.assertEqual(self.as_role("cashier").read(["title"])[0]["title"], FORM["title"])
        for name in ("email", "phone"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_role("cashier").read([name])

    def test_how_to_reach_the_driver_is_forgotten_in_time_but_not_before_he_is_answered(self):
        self.ask()
        request = self.asked().sudo()

        def contact_after(days):
            with freeze_time(request.create_date + timedelta(days=days)):
                request._gc_contacts()
            return request.email, request.phone

        known = contact_after(400)
        self.assertEqual(known, (FORM["email"].lower(), FORM["phone"]))
        self.issue()
        self.assertEqual(contact_after(179), known)
        self.assertEqual(contact_after(181), (False, False))
        self.assertEqual((request.title, request.state), (FORM["title"], "issued"))

    def test_money_given_back_is_not_invoiced_and_shows_on_what_was_issued(self):
        self.ask()
        self.issue()
        self.assertFalse(self.asked().is_over)
        self.refund(5)
        self.assertTrue(self.asked().is_over)
        over = self.env["property.parking.invoice.request"].search([("is_over", "=", True)])
        self.assertIn(self.asked(), over)

    def test_what_was_given_back_entirely_gets_no_invoice(self):
        self.refund(15)
        page = self.url_open(self.url)
        self.assertNotIn("o_parking_invoice_form", page.text)
        self.assertEqual(self.ask().status_code, 400)
        self.assertFalse(self.asked())

    def test_a_wrong_link_reveals_and_stores_nothing(self):
        wrong = self.url[:-1] + ("A" if self.url[-1] != "A" else "B")
        for url in (wrong, "/parking/paid/short", f"/parking/paid/{self.payment.id}"):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 404)
                self.assertEqual(self.ask(url).status_code, 404)
                self.assertEqual(self.url_open(f"{url}/invoice/file").status_code, 404)
        self.assertFalse(self.asked())

    def test_asking_is_limited(self):
        free_limits(self, INVOICES=2)
        codes = [self.ask(tax_number="1").status_code for _time in range(3)]
        self.assertEqual(codes, [400, 400, 429])
