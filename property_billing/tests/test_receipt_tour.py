from odoo.tests import HttpCase, tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestReceiptTour(HttpCase, CounterCommon):
    def test_finance_voids_a_torn_receipt_and_the_next_number_replaces_it(self):
        self.take()
        taking = self.env["property.collection"].search([("unit_id", "=", self.unit.id)])
        receipt = taking.receipt_ids
        action = self.env.ref("property_billing.property_receipt_action")
        url = f"/odoo/action-{action.id}/{receipt.id}"
        self.start_tour(url, "property_receipt_void", login=self.finance.login, timeout=120)
        self.assertEqual((receipt.state, receipt.void_by_id), ("void", self.finance))
        after = receipt.replaced_by_ids
        self.assertEqual((after.state, after.amount_total), ("issued", receipt.amount_total))
        self.assertEqual(after.payment_ids, taking.payment_ids)
