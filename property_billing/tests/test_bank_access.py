from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.property_base.tests.access_matrix import AccessMatrixMixin

from .bank_common import BankMixin
from .common import BillingStaffCommon
from .test_billing_access_matrix import MATRIX

MODELS = tuple(f"property.bank.{name}" for name in ("mandate", "collection")) + tuple(
    f"property.bank.collection.{name}" for name in ("line", "bill", "file")
)


@tagged("post_install", "-at_install")
class TestBankAccess(AccessMatrixMixin, BankMixin, BillingStaffCommon):
    HOUSEHOLDS = 2
    MATRIX = {name: MATRIX[name] for name in MODELS}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_bank()
        own = cls.world(cls.site, cls.homes[0], cls.payers[0], cls.open_bills(cls.homes[0]))
        bill = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.other_owner.id,
                "unit_id": cls.other_unit.id,
                "invoice_date": date(2026, 9, 30),
                "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 9, "tax_ids": []})],
            }
        )
        bill.action_post()
        far = cls.world(cls.other_unit.site_id, cls.other_unit, cls.other_owner, bill)
        cls.records = {model: (own[model], far[model]) for model in own}

    @classmethod
    def world(cls, site, unit, payer, bills):
        mandate = cls.new_mandate(payer, site_id=site.id)
        batch = cls.sent_batch(site_id=site.id, date_due=date(2026, 12, 31))
        line = batch.line_ids
        assert line.unit_id == unit and line.bill_ids.bill_id == bills
        return {
            "property.bank.mandate": mandate,
            "property.bank.collection": batch,
            "property.bank.collection.line": line,
            "property.bank.collection.bill": line.bill_ids[0],
            "property.bank.collection.file": batch.file_ids,
        }

    def test_models_have_the_site_rule(self):
        self.assert_site_scoped(*MODELS)

    def test_finance_takes_a_batch_from_the_bills_to_the_payments(self):
        own = self.records["property.bank.collection"][0].with_user(self.users["finance"])
        content = self.as_csv(self.answer_rows(own))
        wizard = self.env["property.bank.import"].with_user(self.users["finance"])
        wizard.create(
            {"collection_id": own.id, "file": self.b64(content), "filename": "a.csv"}
        ).action_import()
        own.action_post()
        self.assertEqual(own.state, "done")
        self.assertEqual(own.line_ids.payment_id.create_uid, self.users["finance"])

    @staticmethod
    def b64(content):
        import base64

        return base64.b64encode(content)

    def test_nobody_else_moves_a_batch_on(self):
        own, far = self.records["property.bank.collection"]
        for role in ("service", "cashier", "manager", "engineer"):
            batch = own.with_user(self.users[role])
            for act in (
                batch.action_collect,
                batch.action_export_csv,
                batch.action_cancel,
                batch.action_post,
                lambda batch=batch: batch._import_results("a.csv", b"x"),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    act()
        finance = self.users["finance"]
        with self.assertRaises(AccessError):
            far.with_user(finance).action_export_csv()
        wizard = self.env["property.bank.import"].with_user(finance)
        with self.assertRaises(AccessError):
            wizard.create(
                {"collection_id": far.id, "file": self.b64(b"x"), "filename": "a"}
            ).action_import()

    def test_lines_are_not_written_by_hand(self):
        line = self.records["property.bank.collection.line"][0].with_user(self.users["finance"])
        with self.assertRaises(AccessError):
            line.write({"result": "success"})
        line = line.with_user(self.users["cashier"])
        with self.assertRaises(AccessError):
            line.action_cancel_line()
