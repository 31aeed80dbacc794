from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .receipt_common import ReceiptCommon
from .test_billing_access_matrix import MATRIX

MODELS = (
    "property.receipt",
    "property.receipt.line",
    "property.receipt.book",
    "property.receipt.book.move",
    "property.receipt.stock",
    "property.receipt.writeoff",
)


@tagged("post_install", "-at_install")
class TestReceiptAccess(AccessMatrixMixin, ReceiptCommon):
    MATRIX = {model: MATRIX[model] for model in MODELS}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        fee = cls.new_item(
            "FWYF", "area", 1.0, 6, site_id=cls.other_site.id, unit_type_ids=cls.type_residence.ids
        )
        run = cls.new_run(items=fee, site_ids=[(6, 0, cls.other_site.ids)])
        run.action_compute()
        run.action_post()
        worlds = {}
        for site, bill in (
            (cls.site, cls.management_bill),
            (cls.other_site, run.charge_ids.move_id),
        ):
            book = cls.new_book(cls, f"{site.code}-", site=site)
            receipt = cls.receipts._issue(cls.payment(cls, bill))
            writeoff = cls.env["property.receipt.writeoff"].create({"book_id": book.id})
            stock = cls.env["property.receipt.stock"].search([("book_id", "=", book.id)])
            worlds[site] = {
                "property.receipt": receipt,
                "property.receipt.line": receipt.line_ids[:1],
                "property.receipt.book": book,
                "property.receipt.book.move": book.move_ids[:1],
                "property.receipt.stock": stock,
                "property.receipt.writeoff": writeoff,
            }
        cls.records = {
            model: (worlds[cls.site][model], worlds[cls.other_site][model]) for model in MODELS
        }

    def test_every_model_has_the_site_rule(self):
        self.assert_site_scoped(*MODELS)

    def test_the_portal_reaches_no_receipt_record(self):
        for own, foreign in self.records.values():
            self.assert_operations(own | foreign, self.portal_user, "", "portal")

    def test_nobody_takes_a_book_into_a_foreign_stock(self):
        vals = {"prefix": "Z", "number_from": 1, "number_to": 2, "site_id": self.other_site.id}
        for role in ("cashier", "finance", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.books.with_user(self.users[role]).create(vals)

    def test_nobody_transfers_a_book_to_a_site_he_does_not_see(self):
        book = self.records["property.receipt.book"][0].with_user(self.users["finance"])
        with self.assertRaises(AccessError):
            book._transfer(self.other_site.with_user(self.users["finance"]))

    def test_nobody_prints_a_receipt_of_a_foreign_site(self):
        foreign = self.records["property.receipt"][1]
        for role in ("service", "cashier", "finance", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env["report.property_billing.report_property_receipt_a5"].with_user(
                    self.users[role]
                )._get_report_values(foreign.ids)
        self.assertFalse(foreign.print_count)

    def test_a_token_is_not_for_staff(self):
        receipt = self.records["property.receipt"][0].with_user(self.users["finance"])
        with self.assertRaises(AccessError):
            receipt.read(["token"])
