"""What receipts look like on paper and on the page that verifies them."""

from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..controllers import receipt_verify
from .portal_common import PortalBillsCommon
from .receipt_common import ReceiptCommon

REPORT = "property_billing.action_report_property_receipt_%s"


@tagged("post_install", "-at_install")
class TestReceiptPaper(ReceiptCommon):
    def html(self, receipts, layout="a5"):
        reports = self.env["ir.actions.report"]
        content, _type = reports._render_qweb_html(REPORT % layout, receipts.ids)
        return content.decode()

    def test_every_form_says_the_same(self):
        receipt = self.issue(self.payment(self.management_bill | self.parking_bill))
        for layout in ("a5", "form_93", "form_140", "roll"):
            text = self.html(receipt, layout)
            for wanted in (receipt.name, receipt.amount_words, receipt.payer_name, "330.00"):
                self.assertIn(wanted, text, layout)
            self.assertIn("data:image/png;base64", text)

    def test_printing_again_is_counted_marked_and_logged(self):
        receipt = self.issue(self.payment(self.management_bill))
        self.assertNotIn("op-rc-mark", self.html(receipt))
        self.assertIn("REPRINT 1", self.html(receipt))
        self.assertIn("REPRINT 2", self.html(receipt, "roll"))
        self.assertEqual(receipt.print_count, 3)
        entries = self.env["property.audit"].search(
            [("model", "=", "property.receipt"), ("res_id", "=", receipt.id)]
        )
        self.assertEqual([entry.after["action"] for entry in entries], ["reprint", "reprint"])

    def test_a_void_receipt_is_marked_void_and_a_lost_one_duplicate(self):
        first = self.issue(self.payment(self.management_bill))
        second = self.issue(self.payment(self.parking_bill))
        first._void("torn")
        second._void("gone", state="lost")
        self.assertIn(">VOID<", self.html(first))
        self.assertIn(">DUPLICATE<", self.html(second))

    def test_blank_forms_print_nothing(self):
        book = self.new_book(holder=self.users["cashier"])
        blank = self.receipts._spoil(book, [1], "void", "torn")
        self.assertIn("nothing to print", self.html(blank))
        with self.assertRaisesRegex(Exception, "nothing to print"):
            blank.action_print()

    def test_the_button_prints_on_the_form_of_the_book(self):
        self.new_book("A", 1, 1, layout="form_93", holder=self.users["cashier"])
        first = self.issue(self.payment(self.management_bill))
        second = self.issue(self.payment(self.parking_bill))
        self.assertIn("form_93", first._print_action().report_name)
        self.assertIn("_a5", second._print_action().report_name)
        with self.assertRaisesRegex(Exception, "different forms"):
            (first | second).action_print()

    def test_continuous_forms_are_cut_to_the_tenth_of_a_millimetre(self):
        paper = self.env.ref("property_billing.paperformat_receipt_form_93")
        self.assertEqual((paper.print_page_width, paper.print_page_height), (241, 93.1))

    def test_a_roll_is_as_long_as_its_receipt(self):
        report = self.env.ref(REPORT % "roll")
        longer = report.with_context(property_roll_height=333).get_paperformat()
        self.assertEqual(longer.print_page_height, 333)
        self.assertEqual(report.get_paperformat().print_page_height, 200)
        other = self.env.ref(REPORT % "a5").with_context(property_roll_height=333)
        self.assertEqual(other.get_paperformat().format, "A5")


@tagged("post_install", "-at_install")
class TestReceiptVerify(PortalBillsCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.allow_misses(1000)
        transaction = self.new_transaction(self.owner, self.bill | self.space_bill)
        transaction._set_done()
        transaction._post_process()
        self.payment = transaction.payment_id
        self.receipt = self.payment.receipt_id

    def allow_misses(self, count):
        fresh = receipt_verify.MISSES._replace(events=count)
        self.startPatcher(patch.object(receipt_verify, "MISSES", fresh))

    def verify(self, token):
        return self.url_open(f"/property/receipt/verify/{token}")

    def test_an_online_payment_has_a_receipt_with_a_number(self):
        self.assertEqual(self.receipt.name, "SJ-TSTA-0000001")
        self.assertEqual(self.receipt.amount_total, 350.50)
        self.authenticate("b_owner", "b_owner")
        page = self.url_open(f"/my/bills/receipt/{self.payment.id}")
        self.assertIn(self.receipt.name, page.text)

    def test_the_page_says_what_the_paper_says_and_hides_who_paid(self):
        response = self.verify(self.receipt.token)
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.receipt.name, response.text)
        self.assertIn("350.50", response.text)
        self.assertNotIn(self.owner.name, response.text)
        self.assertIn("T***********i", response.text)
        self.assertEqual(response.headers["X-Robots-Tag"], "noindex, nofollow")
        self.assertIn("no-store", response.headers["Cache-Control"])

    def test_a_void_or_lost_receipt_is_not_called_valid(self):
        self.receipt._void("torn", state="lost")
        # the page speaks the visitor's language
        self.assertRegex(self.verify(self.receipt.token).text, "reported lost|已报遗失")
        self.payment.action_draft()
        text = self.verify(self.receipt.token).text
        self.assertRegex(text, "proves no payment|不能作为付款凭证")
        self.assertNotRegex(text, "genuine|真实有效")

    def test_a_wrong_code_tells_nothing(self):
        for token in ("x" * 32, self.receipt.token[:-1] + "!", "1", self.receipt.name):
            response = self.verify(token)
            self.assertEqual(response.status_code, 404, token)
            self.assertNotIn("350.50", response.text)

    def test_whoever_guesses_is_stopped_even_with_a_right_code(self):
        self.allow_misses(2)
        self.verify("x" * 32)
        self.verify("y" * 32)
        response = self.verify(self.receipt.token)
        self.assertEqual(response.status_code, 429)
        self.assertNotIn(self.receipt.name, response.text)

    def test_codes_are_long_and_differ(self):
        self.assertRegex(self.receipt.token, r"^[A-Za-z0-9_-]{32}$")
