"""The counter with a way to pay that is scanned."""

from uuid import uuid4

from .counter_common import CounterCommon


class ScanCommon(CounterCommon):
    """WeChat Pay at the counter is linked to the test provider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wechat = cls.methods["wechat"]
        cls.wechat.provider_id = cls.provider

    def ask(self, tenders=(("wechat", ""),), bills=None, user=None, **values):
        """Ask for a payment by scan the way the screen does."""
        spec = self.spec(bills, tenders, **values)
        shown = self.counter(user).scan_start(spec, str(uuid4()))
        return self.env["property.scan.payment"].browse(shown["id"])

    def pay(self, scan, state="done", amount=None):
        """Let a payer start to pay, and the provider say how it went."""
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids.id,
                "reference": f"{scan.name}-{uuid4().hex[:6]}",
                "amount": amount or scan.amount,
                "currency_id": self.currency.id,
                "partner_id": scan.partner_id.id,
                "operation": "online_direct",
                "provider_reference": f"WX{uuid4().hex[:8]}",
                **scan._transaction_vals(),
            }
        )
        self.notify(transaction, state)
        return transaction

    def notify(self, transaction, state):
        steps = {
            "done": transaction._set_done,
            "pending": transaction._set_pending,
            "cancel": transaction._set_canceled,
            "error": lambda: transaction._set_error("no money"),
            "draft": lambda: None,
        }
        steps[state]()

    def kept(self):
        """Return what is kept for the household, in yuan."""
        return sum(self.env["property.prepayment"]._open(self.unit).mapped("amount_left"))

    def residuals(self):
        bills = self.bill | self.space_bill | self.tenant_bill
        bills.invalidate_recordset(["amount_residual"])
        return bills.mapped("amount_residual")
