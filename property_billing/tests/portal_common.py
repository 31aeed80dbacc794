"""The smallest world of the portal: bills of two households, a way to pay, portal users."""

from datetime import date
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.property_base.tests.common import PropertyCommon


class PortalBillsCommon(PropertyCommon):
    """Unit 3-1-1502 has an owner, a tenant and a child; a stranger owns a unit elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._billing_prepare_accounting()
        cls.currency = cls.company.currency_id
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "Portal VAT 6%",
                "amount": 6.0,
                "type_tax_use": "sale",
                "price_include_override": "tax_included",
                "company_id": cls.company.id,
            }
        )
        cls.management = cls.new_item("PT-WY", "Management Fee", category="management")
        cls.parking = cls.new_item("PT-CW", "Parking Fee", category="parking")
        cls.bill = cls.new_bill(cls.unit, cls.owner, 200.50)
        cls.space_bill = cls.new_bill(cls.space, cls.owner, 150.00, item=cls.parking)
        cls.tenant_bill = cls.new_bill(cls.unit, cls.tenant, 60.00)
        cls.foreign_bill = cls.new_bill(cls.other_unit, cls.other_owner, 99.00)
        cls.provider = cls.new_provider()
        cls.portal_users = {
            login: cls.env["res.users"].create(
                {
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
            for login, partner in (
                ("b_owner", cls.owner),
                ("b_tenant", cls.tenant),
                ("b_child", cls.child),
                ("b_other", cls.other_owner),
            )
        }

    @classmethod
    def new_item(cls, code, name, **vals):
        """Create a charge item on a product of its own."""
        product = cls.env["product.product"].create({"name": name, "type": "service"})
        return cls.env["property.charge.item"].create(
            {
                "code": code,
                "name": name,
                "company_id": cls.company.id,
                "product_id": product.id,
                **vals,
            }
        )

    @classmethod
    def new_bill(cls, unit, partner, amount, item=None, month=9, post=True, **vals):
        """Create a bill of one month of 2026, dated its last day."""
        item = item or cls.management
        last = {7: 31, 8: 31, 9: 30}[month]
        bill = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": date(2026, month, last),
                "invoice_date_due": date(2026, month, last),
                "invoice_payment_term_id": False,
                "unit_id": unit.id,
                "charge_item_id": item.id,
                "period_from": date(2026, month, 1),
                "period_to": date(2026, month, last),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": item.product_id.id,
                            "quantity": 1.0,
                            "price_unit": amount,
                            "tax_ids": [Command.set(cls.tax.ids)],
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            bill.action_post()
        return bill

    @classmethod
    def new_provider(cls):
        """Create the one published way to pay, booked in the bank journal."""
        cls.env["payment.provider"].search([]).write({"state": "disabled"})
        method = cls.env.ref("payment.payment_method_unknown")
        form = cls.env["ir.ui.view"].create(
            {
                "name": "Portal test form",
                "type": "qweb",
                "arch": '<form action="/payment/status" method="get"/>',
            }
        )
        provider = cls.env["payment.provider"].create(
            {
                "name": "Test Pay",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": cls.company.id,
                "payment_method_ids": [Command.set(method.ids)],
                "redirect_form_view_id": form.id,
            }
        )
        method.active = True
        method_model = cls.env.registry["account.payment.method"]
        stock = cls.env["account.payment.method"]._get_payment_method_information()
        known = {**stock, "none": {"mode": "electronic", "type": ("bank",)}}
        with patch.object(method_model, "_get_payment_method_information", lambda self: known):
            cls.env["account.payment.method"].create(
                {"name": "Test Pay", "code": "none", "payment_type": "inbound"}
            )
            provider.journal_id = cls.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
            )
        return provider

    @classmethod
    def pay_values(cls, bills, **values):
        """Return what the payment form sends for bills."""
        return {
            "invoice_ids": bills.ids,
            "provider_id": cls.provider.id,
            "payment_method_id": cls.provider.payment_method_ids.id,
            "token_id": None,
            "amount": sum(bills.mapped("amount_residual")),
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/my/bills",
            "is_validation": False,
            "access_token": "",
            **values,
        }

    @classmethod
    def new_transaction(cls, partner, bills):
        """Create the transaction a person starts for bills."""
        return cls.env["payment.transaction"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": cls.provider.payment_method_ids.id,
                "reference": f"TEST-{partner.id}-{'-'.join(map(str, bills.ids))}",
                "amount": sum(bills.mapped("amount_residual")),
                "currency_id": cls.currency.id,
                "partner_id": partner.id,
                "operation": "online_direct",
                "invoice_ids": [Command.set(bills.ids)],
                "property_amounts": {str(bill.id): bill.amount_residual for bill in bills},
            }
        )

    @classmethod
    def receivable(cls, partner):
        """Return what a person owes by the books."""
        lines = cls.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return cls.currency.round(sum(lines.mapped("balance")))
