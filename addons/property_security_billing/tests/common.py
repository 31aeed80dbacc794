"""A car park where temporary cars pay before they leave, with an accountant's world around it."""

from decimal import Decimal
from unittest.mock import patch
from uuid import uuid4

from freezegun import freeze_time
from odoo import fields

from odoo.addons.property_base.tests.common import PropertyStaffCommon
from odoo.addons.property_billing.tests.common import BillingMixin
from odoo.addons.property_billing.tests.portal_common import PortalBillsCommon
from odoo.addons.property_security.tests.common import ParkingCommon, utc

from ..controllers import limits

PLATE = "苏E12345"


def free_limits(case, **budgets):
    """Let a test ask as often as it likes, or only so often.

    :param budgets: name of a limit -> how many events it allows
    """
    for name, limit in vars(limits).items():
        if isinstance(limit, limits.Limit):
            fresh = limit._replace(events=budgets.get(name, 1000))
            case.startPatcher(patch.object(limits, name, fresh))


class ParkingMoneyMixin:
    """``cls.area`` costs 5 an hour; 9 % VAT inside; the driver has 15 minutes after paying."""

    @classmethod
    def set_up_money(cls):
        """Create the item, the ways to pay and a provider."""
        cls.env["res.company"].browse(cls.company.id)._billing_prepare_accounting()
        cls.item = BillingMixin.new_item.__func__(cls, "TC", "one_off", 0.0, 9, category="parking")
        cls.area.write({"is_paid_exit": True, "parking_item_id": cls.item.id})
        cls.tariff.write({"leave_minutes": 15, "cap_period": 0})
        methods = cls.env["property.tender.method"]._for_site(cls.site)
        cls.cash = methods.filtered(lambda one: one.kind == "cash")[:1]
        cls.pos = methods.filtered(lambda one: one.kind == "pos")[:1]
        cls.currency = cls.company.currency_id
        cls.provider = PortalBillsCommon.new_provider.__func__(cls)

    def arrive(self, at="2026-02-02 08:00", plate=PLATE):
        """Drive a car in; return its stay."""
        return self.drive(self.lane_in, at, plate).session_id

    @classmethod
    def inside(cls, plate=PLATE, minutes=50, lane=None):
        """Let a car have driven in some minutes ago by the real clock; return its stay."""
        moment = fields.Datetime.subtract(fields.Datetime.now(), minutes=minutes)
        read = {"key": f"in-{plate}-{minutes}", "plate": plate, "at": moment, "received_at": moment}
        return cls.env["property.parking.passage"]._take(lane or cls.lane_in, [read]).session_id

    def leave(self, at, plate=PLATE, **values):
        """Drive a car to the exit; return the passage."""
        return self.drive(self.lane_out, at, plate, **values)

    def open_shift(self, user="cashier", amount_float=100):
        """Return the open shift of a user on the site, opened when there is none."""
        users = getattr(self, "users", {})
        shifts = self.env["property.cashier.shift"]
        shifts = shifts.with_user(users[user]) if user in users else shifts
        return shifts._open(self.site, amount_float)

    def collect(self, stay, at, amount, tender=None, key=None, user="cashier"):
        """Let a cashier take the fee at a local time."""
        users = getattr(self, "users", {})
        stay = stay.with_user(users[user]) if user in users else stay
        if user == "cashier":
            self.open_shift(user)
        with freeze_time(utc(at)):
            return stay._take_at_lane(
                tender or self.cash, Decimal(str(amount)), key or str(uuid4())
            ).sudo()

    def new_transaction(self, stay, amount, quoted_at):
        """Create what a driver's phone starts."""
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids[:1].id,
                "reference": f"PK-{uuid4().hex[:10]}",
                "amount": amount,
                "currency_id": self.currency.id,
                "partner_id": self.company._parking_partner().id,
                "operation": "online_redirect",
                "parking_session_id": stay.id,
                "parking_quoted_at": utc(quoted_at),
            }
        )

    def arrive_money(self, transaction, at):
        """Let the provider tell at a local time that the money has arrived."""
        with freeze_time(utc(at)):
            transaction._set_done()
            transaction._post_process()
        return transaction

    def money(self, records, name="amount"):
        """Return the sum of an amount: Decimal."""
        return Decimal(f"{sum(records.mapped(name)):.2f}")

    def ledger(self, account_type, partner=None):
        """Return the balance of the company's parking entries on a type of account: Decimal."""
        lines = self.env["account.move.line"].search(
            [
                ("account_type", "=", account_type),
                ("parent_state", "=", "posted"),
                ("partner_id", "=", (partner or self.company._parking_partner()).id),
            ]
        )
        return Decimal(f"{sum(lines.mapped('balance')):.2f}")

    def start_payment(self, route, headers=None, **values):
        """Begin a payment as the form of a page does; for tests that are an HttpCase too.

        :param str route: of the transaction
        :param values: what the form sends otherwise
        :return: processing values of the transaction
        """
        return self.make_jsonrpc_request(
            route,
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids[:1].id,
                "token_id": None,
                "amount": 40.0,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/",
                "is_validation": False,
                "access_token": "",
                **values,
            },
            headers=headers,
        )


class ParkingMoneyCommon(ParkingMoneyMixin, ParkingCommon, PropertyStaffCommon):
    """The world with one user a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_money()
