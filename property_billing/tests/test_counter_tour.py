from odoo.tests import HttpCase, tagged

from .counter_common import CounterCommon


@tagged("post_install", "-at_install")
class TestCounterTour(HttpCase, CounterCommon):
    def test_a_cashiers_day_with_the_keyboard_alone(self):
        user = self.new_staff("tour.cashier", self.new_job("cashier"), self.site)
        self.new_standing_fee()
        self.start_tour("/odoo/counter", "property_billing_counter", login=user.login, timeout=120)
        shift = self.env["property.cashier.shift"].search([("user_id", "=", user.id)])
        self.assertEqual((shift.state, shift.amount_float), ("closed", 200))
        self.assertEqual(shift.amount_difference, 0)
        takings = shift.collection_ids.sorted("id")
        self.assertEqual(takings.mapped("state"), ["undone", "done"])
        self.assertEqual(takings[0].undo_reason, "Pays by card")
        self.assertEqual(takings[1].tender_ids.method_id.kind, "pos")
        bills = self.bill | self.space_bill | self.tenant_bill
        self.assertEqual(set(bills.mapped("amount_residual")), {0})
