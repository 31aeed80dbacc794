"""The smallest billing world: Test Garden with a management fee, parking and water."""

from datetime import date
from decimal import Decimal

from odoo.addons.property_base.tests.common import PropertyCommon, PropertyStaffCommon


class BillingMixin:
    """Prices on top of the property world; every amount is easy to check by hand."""

    @classmethod
    def set_up_billing(cls):
        """Create items, tariffs, a meter and readings for the units of the first site."""
        cls.env["res.company"].browse(cls.company.id)._billing_prepare_accounting()
        cls.space.write({"billing_date_from": date(2026, 9, 21)})
        cls.occupy(cls.unit_2, cls.buyer, "owner", date(2025, 1, 1))
        cls.management = cls.new_item(
            "WYF", "area", 3.0, 6, category="management", unit_type_ids=cls.type_residence.ids
        )
        cls.parking = cls.new_item(
            "CW", "fixed", 90.0, 9, category="parking", unit_type_ids=cls.type_parking.ids
        )
        cls.water = cls.new_item(
            "SF",
            "metered",
            0.0,
            3,
            category="water",
            meter_kind="cold_water",
            payer_role="tenant",
            tiers=[(0, 15, 3.45), (15, 25, 4.83), (25, 0, 5.83)],
        )
        cls.shared = cls.new_item(
            "GT", "allocated", 0.0, 13, category="allocation", unit_type_ids=cls.type_residence.ids
        )
        cls.meter = cls.env["property.meter"].create(
            {
                "code": "W1",
                "unit_id": cls.unit.id,
                "kind": "cold_water",
                "digits": 5,
                "initial_reading": 99980,
                "install_date": date(2026, 6, 30),
            }
        )
        cls.read_meter(cls.meter, date(2026, 8, 31), 99990)
        cls.read_meter(cls.meter, date(2026, 9, 30), 17)

    @classmethod
    def new_item(cls, code, method, price, rate, tiers=(), date_from=date(2020, 1, 1), **vals):
        """Create an item of the first site with one tariff."""
        types = vals.pop("unit_type_ids", [])
        item = cls.env["property.charge.item"].create(
            {
                "code": code,
                "name": f"Item {code}",
                "method": method,
                "site_id": cls.site.id,
                "company_id": cls.company.id,
                "unit_type_ids": [(6, 0, types)],
                **vals,
            }
        )
        cls.env["property.tariff"].create(
            {
                "item_id": item.id,
                "date_from": date_from,
                "price": price,
                "tax_id": cls.env["account.tax"]._vat_tax(cls.company, rate).id,
                "tier_ids": [
                    (0, 0, {"qty_from": low, "qty_to": high, "price": tier})
                    for low, high, tier in tiers
                ],
            }
        )
        return item

    @classmethod
    def read_meter(cls, meter, day, value):
        """Enter a reading."""
        return cls.env["property.meter.reading"].create(
            {"meter_id": meter.id, "date": day, "value": value}
        )

    @classmethod
    def new_run(cls, date_from=date(2026, 9, 1), date_to=date(2026, 9, 30), items=None, **vals):
        """Create a billing run on the first site."""
        return cls.env["property.billing.run"].create(
            {
                "site_ids": [(6, 0, cls.site.ids)],
                "item_ids": [(6, 0, items.ids if items else [])],
                "date_from": date_from,
                "date_to": date_to,
                **vals,
            }
        )

    def billed(self, run, item=None):
        """Return list of (item code, unit code, payer's name, amount) of a run, in order."""
        charges = run.charge_ids.filtered(lambda charge: not item or charge.item_id == item)
        return [
            (
                charge.item_id.code,
                charge.unit_id.code,
                charge.payer_id.name,
                Decimal(str(charge.amount)).quantize(Decimal("0.01")),
            )
            for charge in charges.sorted(
                lambda charge: (charge.item_id.code, charge.unit_id.code, charge.date_from)
            )
        ]

    def problem_kinds(self, run):
        """Return list of (kind, unit code) of the problems of a run."""
        return sorted((problem.kind, problem.unit_id.code or "") for problem in run.problem_ids)

    def pay(self, move, amount=None, day=None):
        """Register a payment on a bill the stock way, on the day of the bill if none is told."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create(
                {
                    "payment_date": day or move.invoice_date,
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return wizard._create_payments()


class BillingCommon(BillingMixin, PropertyCommon):
    """Billing world without users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_billing()


class BillingStaffCommon(BillingMixin, PropertyStaffCommon):
    """Billing world with one user a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_billing()
