from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.settlement import allocate

ZERO = Decimal(0)


class PropertyCounter(models.AbstractModel):
    """What bills cost at the counter: an amount shared out, discounts of campaigns taken off."""

    _inherit = "property.counter"

    @api.model
    def _share_out(self, bills, late, amount, order):
        """Say what each bill gets; discounts go to bills that are paid in full only.

        An amount that does not reach far enough loses the discounts of the bills it leaves open,
        and with them those an offer gives only without arrears; then it is shared out anew.

        :param bills: account.move, the bills chosen
        :param dict late: bill -> Decimal of its live late fee
        :param amount: Decimal to share out; None pays everything
        :param str order: order of settlement of the site
        :return: dict bill -> amount, dict bill -> late fee, dict bill -> discount as from
            `property.campaign._offers`, and what is left of the amount
        """
        residuals = {bill: self._amount(self._text(bill, bill.amount_residual)) for bill in bills}
        discounts = self._offered(bills)
        while True:
            dues = {
                bill: residual - discounts[bill]["amount"] if bill in discounts else residual
                for bill, residual in residuals.items()
            }
            if amount is None:
                return {bill: due for bill, due in dues.items() if due}, late, discounts, ZERO
            shares, late_shares, rest = self._allocate(amount, dues, late, order)
            whole = bills.filtered(
                lambda bill, shares=shares, dues=dues: shares.get(bill, ZERO) == dues[bill]
            )
            kept = {
                bill: {**one, "amount": min(one["amount"], discounts[bill]["amount"])}
                for bill, one in self._offered(whole).items()
                if bill in discounts
            }
            if self._discount(kept) == self._discount(discounts):
                return shares, late_shares, discounts, rest
            discounts = kept

    @api.model
    def _offered(self, bills):
        """Return dict bill -> what a campaign gives for paying bills together today."""
        return {
            bill: {
                "campaign_id": terms["campaign_id"],
                "amount": terms["discount"],
                "text": terms["discount_text"],
            }
            for bill, terms in zip(bills, bills._property_payment_terms().values(), strict=True)
            if terms["discount"]
        }

    @api.model
    def _discount(self, discounts):
        return sum((one["amount"] for one in discounts.values()), ZERO)

    @api.model
    def _offer_rows(self, discounts):
        """Return list of dict ``text`` and ``amount`` (text), one an offer."""
        sums = {}
        for one in discounts.values():
            sums[one["text"]] = sums.get(one["text"], ZERO) + one["amount"]
        return [{"text": text, "amount": f"{amount:.2f}"} for text, amount in sums.items()]

    @api.model
    def _allocate(self, amount, shares, late, order):
        dues = [self._due(bill, share) for bill, share in shares.items() if share]
        dues += [self._due(bill, share, "late_fee") for bill, share in late.items()]
        bills = {bill.id: bill for bill in shares}
        parts, rest = allocate(amount, dues, order)
        return (
            {bills[bill_id]: share for (bill_id, kind), share in parts if kind == "bill"},
            {bills[bill_id]: share for (bill_id, kind), share in parts if kind == "late_fee"},
            rest,
        )

    @api.model
    def _check_due(self, spec, reckoned):
        """Raise when the sum is not the one the cashier said aloud, such as after an offer ended.

        :raise UserError: with the sum as it is now
        """
        if spec.get("due") in (None, "", False):
            return
        if self._amount(spec["due"]) != reckoned["due"]:
            raise UserError(
                self.env._(
                    "The sum has changed meanwhile: it is %(amount)s now. No money was taken. Look "
                    "at it, then take the money.",
                    amount=reckoned["unit"].site_id.currency_id.format(float(reckoned["due"])),
                )
            )
