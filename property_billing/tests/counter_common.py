"""The world of the counter: bills of a household, a cashier with an open shift, late fees."""

from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from unittest.mock import patch
from uuid import uuid4

from odoo.fields import Command

from .portal_common import PortalBillsCommon

D = Decimal


class CounterCommon(PortalBillsCommon):
    """Owner owes 200.50 (unit) and 150.00 (space), tenant 60.00; the cashier's shift is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = cls.new_staff("counter.cashier", cls.new_job("cashier"), cls.site)
        cls.finance = cls.new_staff("counter.finance", cls.new_job("finance"), cls.site)
        cls.shift = cls.env["property.cashier.shift"].with_user(cls.cashier)._open(cls.site, 200)
        methods = cls.env["property.tender.method"]._for_site(cls.site)
        cls.methods = {method.kind: method for method in methods}

    def counter(self, user=None):
        """Return the counter as a user sees it."""
        return self.env["property.counter"].with_user(user or self.cashier)

    def collect(self, bills_amounts, tenders, user=None, **options):
        """Take money the way code does.

        :param bills_amounts: list of (bill, text)
        :param tenders: list of (kind, text)
        """
        user = user or self.cashier
        options.setdefault("shift", self.shift)
        options.setdefault("unit", self.unit)
        return (
            self.env["property.collection"]
            .with_user(user)
            ._collect(
                [(bill.with_user(user), D(amount)) for bill, amount in bills_amounts],
                [
                    {"method": self.methods[kind], "amount": D(amount), "reference": "REF"}
                    for kind, amount in tenders
                ],
                **options,
            )
        )

    def spec(self, bills=None, tenders=(("cash", ""),), **values):
        """Return what the screen sends: bills chosen and tenders as (kind, text)."""
        chosen = self.bill | self.space_bill | self.tenant_bill if bills is None else bills
        return {
            "unit_id": self.unit.id,
            "bill_ids": chosen.ids,
            "late_fees": True,
            "tenders": [
                {"method_id": self.methods[kind].id, "amount": amount} for kind, amount in tenders
            ],
            **values,
        }

    def take(self, spec=None, token=None, user=None):
        """Take money the way the screen does."""
        return self.counter(user).take(spec or self.spec(), token or str(uuid4()))

    def new_standing_fee(self):
        """Charge the unit 2.50 a m² (250.00) every month, and return the item."""
        item = self.new_item("PT-A", "Service Fee", method="area", site_id=self.site.id)
        self.env["property.tariff"].create(
            {"item_id": item.id, "date_from": "2020-01-01", "price": 2.5, "tax_id": self.tax.id}
        )
        self.env["property.fee"].create(
            {"unit_id": self.unit.id, "item_id": item.id, "date_from": "2026-01-01"}
        )
        return item

    def prepay(self, partner, amount, item=None, unit=None):
        """Give a payer a prepayment on the unit."""
        return self.env["property.prepayment"]._receive(
            unit or self.unit, partner, amount, self.methods["bank"].journal_id, item=item
        )

    @contextmanager
    def late_fees(self, amounts):
        """Let bills have live late fees: dict bill -> text; crystallised like any invoice."""
        moves = self.env.registry["account.move"]
        known = {bill.id: D(amount) for bill, amount in amounts.items()}
        item = self.new_item("PT-LATE", "Late Fee")
        case = self

        def live(self, day=None):
            billed = case.env["account.move"].search([("late_fee_bill_id", "in", self.ids)])
            done = set(billed.late_fee_bill_id.ids)
            return {bill.id: D(0) if bill.id in done else known.get(bill.id, D(0)) for bill in self}

        def crystallise(self, day=None):
            made = self.browse()
            for bill in self:
                made |= case.env["account.move"].create(
                    {
                        "move_type": "out_invoice",
                        "partner_id": bill.partner_id.id,
                        "invoice_date": date(2026, 10, 31),
                        "unit_id": bill.unit_id.id,
                        "charge_item_id": item.id,
                        "late_fee_bill_id": bill.id,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": item.product_id.id,
                                    "price_unit": float(known[bill.id]),
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                )
            made.action_post()
            return made.with_env(self.env)

        with (
            patch.object(moves, "_property_late_fees", live),
            patch.object(moves, "_property_crystallise_late_fees", crystallise),
        ):
            yield
