from datetime import date
from decimal import Decimal

from odoo.addons.property_base.tests.common import PropertyCommon

from ..models.payment_lane import PaymentOrder
from .common import BillingMixin

MONTHS = tuple((date(2026, month, 1), date(2026, month, 28)) for month in (6, 7, 8))


class BankMixin(BillingMixin):
    """A dozen households with three months of bills, and a bank that withholds them."""

    HOUSEHOLDS = 12

    @classmethod
    def set_up_bank(cls):
        """Create households, their bills and the bank."""
        cls.day = date(2026, 11, 20)
        cls.homes = cls.env["property.unit"].create(
            [
                {
                    "site_id": cls.site.id,
                    "building_id": cls.building.id,
                    "entrance": "9",
                    "floor": number + 1,
                    "room": f"{number + 1:02}09",
                    "type_id": cls.type_residence.id,
                    "area_gross": 60 + number * 7 + 0.37,
                    "handover_date": date(2020, 1, 1),
                }
                for number in range(cls.HOUSEHOLDS)
            ]
        )
        cls.payers = cls.env["res.partner"].create(
            [{"name": f"业主{number:02}"} for number in range(cls.HOUSEHOLDS)]
        )
        for home, payer in zip(cls.homes, cls.payers, strict=True):
            cls.occupy(home, payer, "owner", date(2020, 1, 1))
        cls.management._sync_fees(cls.homes)
        for first, last in MONTHS:
            run = cls.new_run(first, last, items=cls.management)
            run.action_compute()
            run.action_post()
        cls.bank = cls.env["account.journal"].create(
            {"name": "Bank", "code": "TSB1", "type": "bank", "company_id": cls.company.id}
        )
        cls.bank_2 = cls.env["account.journal"].create(
            {"name": "Bank", "code": "TSB2", "type": "bank", "company_id": cls.company.id}
        )

    @classmethod
    def method(cls, journal):
        return journal.inbound_payment_method_line_ids.filtered(lambda line: line.code == "manual")[
            :1
        ]

    @classmethod
    def open_bills(cls, home):
        return cls.env["account.move"].search(
            [
                ("unit_id", "=", home.id),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "=", "not_paid"),
            ],
            order="invoice_date_due, id",
        )

    def order(self, home, bills, amount=None, key=None):
        """Return a payment of one household for bills, oldest first."""
        parts, left = [], amount
        for bill in bills:
            due = Decimal(str(bill.amount_residual))
            part = due if left is None else min(due, left)
            if left is not None:
                left -= part
            if part:
                parts.append((bill.id, part))
        total = sum(part for _bill, part in parts) if amount is None else amount
        return PaymentOrder(
            key or home.id,
            bills[:1].partner_id.id,
            home.id,
            home.site_id.id,
            total,
            f"DK {home.code}",
            tuple(parts),
        )


class BankCommon(BankMixin, PropertyCommon):
    """The world of the bank without users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_billing()
        cls.set_up_bank()
