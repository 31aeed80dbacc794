"""What the tests of money kept for households have in common."""

from datetime import date
from decimal import Decimal

from odoo.fields import Command

from .common import BillingStaffCommon


class BalancesCommon(BillingStaffCommon):
    """A cash journal, a one-off item and a kind of deposit on top of the billing world."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", cls.company.id)], limit=1
        ) or cls.env["account.journal"].create(
            {"name": "Till", "code": "TILL", "type": "cash", "company_id": cls.company.id}
        )
        cls.repair = cls.new_item("WX", "one_off", 0.0, 6, category="other")
        cls.deposit_type = cls.env["property.deposit.type"].create(
            {"name": "Decoration", "kind": "decoration", "amount": 2000.0}
        )
        cls.form = (
            cls.env["ir.attachment"]
            .with_user(cls.users["cashier"])
            .create({"name": "form.txt", "raw": b"signed"})
        )

    @classmethod
    def receive(cls, amount, unit=None, payer=None, item=None, day=date(2026, 8, 1), **vals):
        """Take a prepayment."""
        return cls.env["property.prepayment"]._receive(
            unit or cls.unit, payer or cls.owner, amount, cls.cash, item=item, date=day, **vals
        )

    @classmethod
    def take_deposit(cls, amount=2000.0, unit=None, payer=None, day=date(2026, 8, 1)):
        """Take a deposit."""
        return cls.env["property.deposit"]._receive(
            unit or cls.unit, payer or cls.owner, amount, cls.cash, cls.deposit_type, date=day
        )

    @classmethod
    def bill(cls, items=None, **vals):
        """Compute and post a run; return its bills."""
        run = cls.new_run(items=items, **vals)
        run.action_compute()
        run.action_post()
        return run.charge_ids.move_id

    def bill_of(self, moves, unit, item):
        """Return the bill of a unit and an item."""
        return moves.filtered(lambda move: move.unit_id == unit and move.charge_item_id == item)

    def request(self, user="cashier", **vals):
        """Make and submit a request about money kept."""
        vals = {"reason": "As agreed", "date": date(2026, 10, 5), **vals}
        request = self.env["property.refund"].with_user(self.users[user]).create(vals)
        request.action_submit()
        return request

    def approve(self, request, user="finance"):
        """Have somebody else approve a request."""
        request.with_user(self.users[user]).action_approve()
        return request.sudo()

    def balance(self, partner, account_type="asset_receivable"):
        """Return what a person owes by the books: Decimal."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_id.account_type", "=", account_type),
                ("parent_state", "=", "posted"),
            ]
        )
        return Decimal(str(round(sum(lines.mapped("balance")), 2)))

    def assert_books_balance(self):
        """Check that the trial balance of the company is zero."""
        ((total,),) = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            [],
            ["balance:sum"],
        )
        self.assertEqual(round(total or 0.0, 2), 0.0)

    def set_ids(self, records):
        """Return the command that sets records."""
        return [Command.set(records.ids)]
