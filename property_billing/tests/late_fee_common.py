"""Bills that are late: a management item with a policy of 0.05% a day, due 30 September 2026."""

from datetime import date, timedelta

from odoo.fields import Command

DUE = date(2026, 9, 30)
RATE = 0.0005


class LateFeeMixin:
    """Use beside `BillingCommon` or `BillingStaffCommon`."""

    @classmethod
    def set_up_late_fees(cls):
        cls.policy = cls.env["property.late.fee.policy"].create(
            {
                "name": "Contract",
                "site_id": cls.site.id,
                "legal_basis": "Clause 7",
                "rate_ids": [Command.create({"date_from": "2020-01-01", "rate": RATE})],
            }
        )
        cls.management.late_fee_policy_id = cls.policy
        cls.month_run = cls.new_run(items=cls.management)
        cls.month_run.action_compute()
        cls.month_run.action_post()
        cls.bill = cls.month_run.charge_ids.filtered(lambda c: c.unit_id == cls.unit).move_id
        cls.bill_2 = cls.month_run.charge_ids.filtered(lambda c: c.unit_id == cls.unit_2).move_id

    @staticmethod
    def day(number):
        """Return the day that is so many days after the due date."""
        return DUE + timedelta(days=number)

    def fee(self, number, bill=None):
        """Return the live late fee so many days after the due date."""
        bill = bill or self.bill
        return bill._property_late_fees(self.day(number))[bill.id]

    def pay_on(self, number, amount, bill=None):
        """Pay a bill on a day, the stock way."""
        bill = bill or self.bill
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"payment_date": self.day(number), "amount": amount})
            ._create_payments()
        )

    def approve(self, request, asker=None, checker=None):
        """Submit and approve a request by two people."""
        request.with_user(asker or self.users["finance"]).action_submit()
        request.with_user(checker or self.users["manager"]).action_approve()
