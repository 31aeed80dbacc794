from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .desk_common import DeskCommon


@tagged("post_install", "-at_install")
class TestQuotations(DeskCommon):
    """The resident hears the price before the work is billed, and what he heard stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.new_request(request_category_id=cls.paid_category.id)

    def new_line(self, **vals):
        return self.env["property.request.line"].create(
            {"request_id": self.one.id, "name": "Tap", "price_unit": 80.0, **vals}
        )

    def answer(self, quotation, state, reason=""):
        quotation.with_user(self.portal_user)._answer(state, "portal", reason)

    def test_a_quotation_freezes_lines_amount_and_addressee(self):
        self.new_line(quantity=2)
        self.new_line(name="Free seal", is_chargeable=False)
        self.one.with_user(self.users["service"]).action_send_quotation()
        quotation = self.one.quotation_id
        self.assertEqual((quotation.state, quotation.amount), ("sent", 160))
        self.assertEqual(quotation.partner_id, self.owner)
        self.assertEqual([line["name"] for line in quotation.content], ["Tap"])
        self.assertEqual(quotation.sent_by_id, self.users["service"])
        self.assertTrue(quotation._is_untouched())
        self.assertEqual(self.one.quotation_state, "sent")
        self.assertEqual(self.one.step_ids.sorted("id")[-1].event, "quote")

    def test_the_contact_is_told(self):
        quotation = self.quote(self.one)
        message = self.one.message_ids.filtered(lambda one: self.owner in one.notified_partner_ids)
        self.assertIn(quotation.name, message.body)

    def test_accepting_keeps_who_and_when(self):
        quotation = self.quote(self.one)
        self.answer(quotation, "accepted")
        self.assertEqual((quotation.state, quotation.answer_channel), ("accepted", "portal"))
        self.assertEqual(quotation.answered_by_id, self.portal_user)
        self.assertTrue(quotation.answered_at)
        self.assertEqual(self.one.quotation_state, "accepted")
        self.assertEqual(self.one.amount_accepted, 80)

    def test_declining_keeps_the_reason(self):
        quotation = self.quote(self.one)
        self.answer(quotation, "declined", "Too dear")
        self.assertEqual((quotation.state, quotation.reason), ("declined", "Too dear"))
        self.assertEqual(self.one.quotation_state, "declined")
        self.assertIn("Too dear", self.one.step_ids.sorted("id")[-1].reason)

    def test_an_answer_is_final(self):
        quotation = self.quote(self.one)
        self.answer(quotation, "accepted")
        with self.assertRaises(UserError):
            self.answer(quotation, "declined", "No")

    def test_quoted_lines_are_not_changed_but_new_ones_are_quoted_on_top(self):
        first = self.quote(self.one)
        line = first.line_ids
        for change in ({"price_unit": 8}, {"quantity": 3}, {"is_chargeable": False}):
            with self.assertRaises(UserError):
                line.write(change)
        with self.assertRaises(UserError):
            line.unlink()
        self.answer(first, "accepted")
        second = self.quote(self.one, price=20)
        self.assertEqual((second.number, second.amount), (2, 20))
        self.answer(second, "accepted")
        self.assertEqual(self.one.amount_accepted, 100)

    def test_declined_or_withdrawn_lines_can_be_corrected_and_offered_again(self):
        first = self.quote(self.one)
        self.one.with_user(self.users["service"]).action_withdraw_quotation()
        self.assertEqual((first.state, self.one.quotation_state), ("withdrawn", "none"))
        first.line_ids.price_unit = 60
        self.one.action_send_quotation()
        self.assertEqual(self.one.quotation_id.amount, 60)
        self.assertEqual(first.amount, 80)

    def test_only_one_quotation_waits_at_a_time(self):
        self.quote(self.one)
        self.new_line()
        with self.assertRaises(UserError):
            self.one.action_send_quotation()

    def test_nothing_to_quote_nobody_to_ask_and_no_unit_are_refused(self):
        with self.assertRaises(UserError):
            self.one.action_send_quotation()
        public = self.new_request(unit_id=None, place="Gate")
        self.env["property.request.line"].create(
            {"request_id": public.id, "name": "X", "price_unit": 5, "is_chargeable": True}
        )
        with self.assertRaises(UserError):
            public.action_send_quotation()

    def test_cancelling_the_request_withdraws_what_waits(self):
        quotation = self.quote(self.one)
        self.one.with_user(self.users["service"]).action_cancel("Moved out")
        self.assertEqual(quotation.state, "withdrawn")

    def test_nobody_writes_or_deletes_a_quotation(self):
        quotation = self.quote(self.one)
        for role in ("service", "manager", "engineer"):
            with self.assertRaises(AccessError):
                quotation.with_user(self.users[role]).write({"state": "accepted"})
        for vals in ({"amount": 1}, {"content": []}, {"partner_id": self.tenant.id}):
            with self.assertRaises(UserError):
                quotation.sudo().write(vals)
        with self.assertRaises(UserError):
            quotation.unlink()

    def test_a_resident_without_a_portal_answers_at_the_desk_with_a_proof(self):
        quotation = self.quote(self.one)
        self.env["property.request.quotation.answer"].with_user(self.users["service"]).create(
            {"quotation_id": quotation.id, "answer": "accepted", "reason": "Paper no. 12"}
        ).action_confirm()
        self.assertEqual((quotation.state, quotation.answer_channel), ("accepted", "counter"))
        self.assertEqual(quotation.answered_by_id, self.users["service"])
        self.assertEqual(quotation.reason, "Paper no. 12")
