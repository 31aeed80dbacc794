"""The smallest world of receipts: posted bills, payments, and a cashier with a book."""

from datetime import date

from .common import BillingStaffCommon


class ReceiptMixin:
    """Bills of September on the first site; helpers to pay them and to make books."""

    @classmethod
    def set_up_receipts(cls):
        """Bill management, parking and water, and keep the users at hand."""
        run = cls.new_run(items=cls.management | cls.parking | cls.water)
        run.action_compute()
        run.action_post()
        bills = run.charge_ids.move_id
        cls.bills = bills
        cls.management_bill = bills.filtered(
            lambda bill: bill.charge_item_id == cls.management and bill.unit_id == cls.unit
        )
        cls.management_bill_2 = bills.filtered(
            lambda bill: bill.charge_item_id == cls.management and bill.unit_id == cls.unit_2
        )
        cls.parking_bill = bills.filtered(lambda bill: bill.charge_item_id == cls.parking)
        cls.water_bill = bills.filtered(lambda bill: bill.charge_item_id == cls.water)
        cls.receipts = cls.env["property.receipt"]
        cls.books = cls.env["property.receipt.book"]
        cls.cash = cls.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.today = date.today()

    def new_book(self, prefix="A", first=1, last=10, site=None, holder=None, **vals):
        """Create a book; issue it to a holder when one is given."""
        book = self.books.create(
            {
                "prefix": prefix,
                "number_from": first,
                "number_to": last,
                "digits": 4,
                "site_id": (site or self.site).id,
                **vals,
            }
        )
        if holder:
            book._issue_to(holder)
        return book

    def payment(self, bills, amount=None):
        """Pay bills of one payer with one payment, the stock way."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=bills.ids)
            .create(
                {
                    "payment_date": max(bills.mapped("invoice_date")),
                    "group_payment": True,
                    "journal_id": self.cash.id,
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return wizard._create_payments()

    def issue(self, payments, user=None, **options):
        """Issue receipts as a user, the cashier when left out."""
        cashier = user or self.users["cashier"]
        return self.receipts.with_user(cashier)._issue(payments.with_user(cashier), **options)


class ReceiptCommon(ReceiptMixin, BillingStaffCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_receipts()
