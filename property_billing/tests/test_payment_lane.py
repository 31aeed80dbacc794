from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import payment_lane_orm, payment_lane_proof
from ..models.payment_lane import PaymentLane
from .bank_common import BankCommon
from .invariants import broken, unbalanced

#: What the wizard of Odoo leaves to the reconciliation to scope, and we write at once.
SCOPE = (
    "move.unit_id",
    "move.site_id",
    "move.is_manually_modified",
    "lines.unit_id",
    "lines.site_id",
    "account_payment_register_move_line_rel.line_id",
)


@tagged("post_install", "-at_install")
class TestPaymentLane(BankCommon):
    def orders(self):
        """Return payments of every plain kind: one bill, all bills, the last one in part."""
        orders = []
        for number, home in enumerate(self.homes):
            bills = self.open_bills(home)
            total = sum(Decimal(str(bill.amount_residual)) for bill in bills)
            orders.append(
                [
                    self.order(home, bills[:1]),
                    self.order(home, bills),
                    self.order(home, bills, total - Decimal("10.01")),
                    self.order(home, bills[:1], Decimal("7.77")),
                ][number % 4]
            )
        return orders

    def lane(self, journal=None):
        journal = journal or self.bank
        return PaymentLane(self.env, journal, self.method(journal), self.day)

    @contextmanager
    def undone(self):
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

    def capture(self, paid, orders):
        self.env.flush_all()
        payments = self.env["account.payment"].browse([paid[order.key] for order in orders])
        return payment_lane_proof.capture(self.env, payments)

    def wizard(self, order):
        """Pay as a user does with Odoo's own wizard."""
        bills = self.env["account.move"].browse([bill for bill, _part in order.parts])
        values = {
            "payment_date": self.day,
            "journal_id": self.bank.id,
            "group_payment": True,
            "communication": order.memo,
            "amount": float(order.amount),
            "payment_method_line_id": self.method(self.bank).id,
        }
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bills.ids, mail_create_nolog=True,
            tracking_disable=True,
        )
        return wizard.create(values)._create_payments()

    def test_everything_plain_goes_as_a_set(self):
        orders = self.orders()
        lane = self.lane()
        with patch.object(payment_lane_orm, "pay", wraps=payment_lane_orm.pay) as by_orm:
            paid, reasons = lane.pay(orders, least=0)
        self.assertEqual((len(paid), reasons), (len(orders), {}))
        self.assertFalse(by_orm.call_args.args[1], "the last call pays what was left to the ORM")
        self.assertGreater(lane.cells, 1000)
        self.assertFalse(broken(self.env))
        self.assertFalse(unbalanced(self.env, self.company, self.day))

    def test_a_set_equals_what_the_wizard_of_odoo_leaves(self):
        orders = self.orders()
        with self.undone():
            wizard = {order.key: self.wizard(order).id for order in orders}
            by_wizard = self.capture(wizard, orders)
        with self.undone():
            paid, reasons = self.lane().pay(orders, least=0)
            by_lane = self.capture(paid, orders)
        self.assertFalse(reasons)
        cells = 0
        for one, other in zip(by_wizard, by_lane, strict=True):
            found, count = payment_lane_proof.differences(one, other, SCOPE)
            self.assertEqual(found, [])
            cells += count
        self.assertGreater(cells, 5000)
