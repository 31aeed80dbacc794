"""Renewing a card: so many months are paid, then billed in one bill, and the card goes on."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.property_billing.tools.rounding import FEN, to_decimal
from odoo.addons.property_billing.tools.tariffs import tariff_on

MONTHS = (1, 3, 6, 12)


class PropertyParkingPass(models.Model):
    _inherit = "property.parking.pass"

    def _is_renewable(self):
        """Tell whether the holder can pay this card ahead by himself."""
        self.ensure_one()
        return bool(
            self.kind == "monthly"
            and self.date_to
            and not self.stopped_at
            and self.sudo().fee_id  # who holds a card has no rights on fees
            and self._renewal(1)["amount"]
        )

    def _renewal(self, months):
        """Return what so many months cost from where the card ends.

        A card goes on from its last day, also within the days after expiry; later it begins anew.

        :return: dict ``date_from``, ``date_to`` and ``amount`` (Decimal, VAT inside)
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        start = self.date_to + timedelta(days=1) if self._last_day() >= today else today
        firsts = [self._last_day_of(start, number) + timedelta(days=1) for number in range(months)]
        return {
            "date_from": start,
            "date_to": self._last_day_of(start, months),
            "amount": sum((self._month_price(day) for day in firsts), Decimal(0)),
        }

    def _month_price(self, day):
        """Return what a month that begins on a day costs: Decimal, VAT inside; 0 without price."""
        fee_sudo = self.sudo().fee_id  # as in _is_renewable
        tariffs = [(one.date_from, one.date_to or None, one) for one in fee_sudo.item_id.tariff_ids]
        tariff = tariff_on(day, tariffs)
        price = to_decimal(fee_sudo.price) or to_decimal(tariff.price if tariff else 0)
        price *= to_decimal(fee_sudo.quantity)
        if tariff and tariff.tax_id and not tariff.price_include:
            price *= 1 + to_decimal(tariff.tax_id.amount) / 100
        return price.quantize(FEN)

    def _renew_paid(self, months, amount, day):
        """Bill months that have been paid, and let the card go on for them.

        :param Decimal amount: what was paid for them
        :param date day: date of the bill
        :return: (the card that counts, which is a new one after a gap; its posted bill)
        :raise UserError: when the card cannot be renewed any more
        """
        self._lock_and_reread("date_to", "stopped_at", "kind")
        if not self._is_renewable():
            raise UserError(
                self.env._("This card cannot be renewed any more. Ask the property service centre.")
            )
        span = self._renewal(months)
        if amount < span["amount"]:  # begun before the price rose, or before other months were paid
            raise UserError(
                self.env._("The price has risen since. Ask the property service centre.")
            )
        card = self
        if span["date_from"] > self.date_to + timedelta(days=1):
            card = self.copy({"date_from": span["date_from"], "date_to": span["date_to"]})
        else:
            card.date_to = span["date_to"]
        charge = card._create_renewal_charge(span, months, amount, day)
        # what was left in advance must not pay it: the money for it has just come
        return card, charge.with_context(property_no_prepayments=True)._post()

    def _create_renewal_charge(self, span, months, amount, day):
        """Create the draft charge of a renewal; its days are those of the card's fee."""
        fee, item, company = self.fee_id, self.fee_id.item_id, self.company_id
        tariffs = [(one.date_from, one.date_to or None, one) for one in item.tariff_ids]
        tariff = tariff_on(span["date_from"], tariffs)
        tax = tariff.tax_id._as_included(company) if tariff else self.env["account.tax"]
        env = self.with_context(lang=company._billing_lang()).env
        note = env._(
            "Parking card %(plates)s, %(months)s months from %(start)s to %(end)s",
            plates=self.plates,
            months=months,
            start=span["date_from"],
            end=span["date_to"],
        )
        basis = {
            "kind": "sum",
            "amount": f"{amount:.2f}",
            "rate": f"{tax.amount:g}" if tax else "",
            "note": note,
        }
        payer = self.partner_id or self.unit_id.tenant_id or self.unit_id.owner_id
        vals = {
            "fee_id": fee.id,
            "unit_id": self.unit_id.id,
            "item_id": item.id,
            "payer_id": payer.id,
            "date_from": span["date_from"],
            "date_to": span["date_to"],
            "bill_date": day,
            "tax_id": tax.id,
        }
        charges = self.env["property.charge"]
        return charges.create(
            {**vals, **charges._prepare_text_vals(company, item, vals, basis, note)}
        )
