from datetime import date
from decimal import Decimal

from odoo.addons.property_base.tests.common import PropertyCommon

from ..models.payment_lane import PaymentOrder
from ..tools import bank_file
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

    def plain_orders(self, part):
        """Return payments of every plain kind: one bill, all bills, the last one in part.

        :param str part: what some pay of their first bill
        """
        orders = []
        for number, home in enumerate(self.homes):
            bills = self.open_bills(home)
            total = sum(Decimal(str(bill.amount_residual)) for bill in bills)
            orders.append(
                [
                    self.order(home, bills[:1]),
                    self.order(home, bills),
                    self.order(home, bills, total - Decimal("10.01")),
                    self.order(home, bills[:1], Decimal(part)),
                ][number % 4]
            )
        return orders

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

    @classmethod
    def new_mandate(cls, payer, number=None, **vals):
        """Enter and activate a mandate."""
        account = payer.bank_ids[:1] or cls.env["res.partner.bank"].create(
            {"acc_number": f"6222 {payer.id:08}", "partner_id": payer.id}
        )
        mandate = cls.env["property.bank.mandate"].create(
            {
                "name": number or f"XY{payer.id}",
                "site_id": cls.site.id,
                "partner_id": payer.id,
                "bank_account_id": account.id,
                "date_from": date(2026, 1, 1),
                **vals,
            }
        )
        mandate.action_activate()
        return mandate

    @classmethod
    def new_batch(cls, **vals):
        """Make a batch with everything that can be collected."""
        batch = cls.env["property.bank.collection"].create(
            {"site_id": cls.site.id, "journal_id": cls.bank.id, "date": cls.day, **vals}
        )
        batch.action_collect()
        return batch

    @classmethod
    def sent_batch(cls, **vals):
        """Make a batch and send it."""
        batch = cls.new_batch(**vals)
        batch.action_export_csv()
        return batch

    @staticmethod
    def answer_rows(batch, **by_number):
        """Return the cells of an answer: all collected but those told otherwise.

        :param by_number: ``line_3=("余额不足", amount paid)``
        """
        lines = batch.line_ids.filtered(lambda line: line.result == "pending").sorted("sequence")
        rows = [list(bank_file.HEADINGS.values())]
        for line in lines:
            reason, paid = by_number.get(f"line_{line.sequence}", ("", line.amount))
            rows.append(
                [
                    str(line.sequence),
                    line.agreement,
                    line.holder,
                    line.account_number,
                    f"{line.amount:.2f}",
                    line.unit_text,
                    batch.name,
                    "成功" if paid else "失败",
                    f"{paid:.2f}",
                    "" if paid == line.amount else "E51",
                    reason,
                    f"LS{line.id}" if paid else "",
                ]
            )
        total = f"{sum(lines.mapped('amount')):.2f}"
        rows.append(["合计", str(len(lines)), "", "", total, *[""] * 7])
        return rows

    @staticmethod
    def as_csv(rows):
        return "\r\n".join(",".join(row) for row in rows).encode("gb18030")

    def answered(self, batch, **by_number):
        """Import an answer into a batch."""
        content = self.as_csv(self.answer_rows(batch, **by_number))
        batch._import_results("answer.csv", content)
        return content


class BankCommon(BankMixin, PropertyCommon):
    """The world of the bank without users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_billing()
        cls.set_up_bank()


class BankMandatesCommon(BankCommon):
    """Every household has a mandate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandates = cls.env["property.bank.mandate"]
        for payer in cls.payers:
            cls.mandates |= cls.new_mandate(payer)

    def owed(self, home):
        return sum(self.open_bills(home).mapped("amount_residual"))
