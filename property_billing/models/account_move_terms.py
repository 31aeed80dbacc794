"""What paying a bill costs on a day: what is open, the late fee on top, the discount off it."""

from decimal import Decimal

from odoo import api, fields, models

from ..tools.rounding import to_decimal

NO_TERMS = {"day": None, "late_fees": {}, "discounts": {}}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _property_payment_terms(self, day=None):
        """Tell what it costs to pay these bills together on a day.

        :param date day: day of payment; today when left out
        :return: dict bill id -> dict `principal` (what is open), `late_fee`, `discount`,
            `payable` (principal − discount + late fee), all Decimal; `late_fee_text`,
            `discount_text`, `campaign_id`
        """
        day = day or fields.Date.context_today(self)
        facts = self._property_late_fee_facts(day)
        offers = self.env["property.campaign"]._offers(self, day)
        terms = {}
        for bill in self:
            late = facts.get(bill.id)
            late_fee = late["live"] if late else Decimal(0)
            offer = offers.get(bill.id)
            discount = offer["amount"] if offer else Decimal(0)
            principal = to_decimal(bill.currency_id.round(bill.amount_residual))
            terms[bill.id] = {
                "day": day,
                "principal": principal,
                "late_fee": late_fee,
                "late_fee_text": self._property_late_fee_text(late) if late_fee else "",
                "discount": discount,
                "discount_text": offer["text"] if offer else "",
                "campaign_id": offer["campaign_id"] if offer else False,
                "payable": principal - discount + late_fee,
            }
        return terms

    @api.model
    def _property_frozen_terms(self, terms):
        """Return terms as a payment in progress keeps them: what the payer saw stays.

        :param dict terms: as from `_property_payment_terms`
        """
        return {
            "day": max((str(one["day"]) for one in terms.values()), default=None),
            "late_fees": {
                str(bill_id): str(one["late_fee"])
                for bill_id, one in terms.items()
                if one["late_fee"]
            },
            "discounts": {
                str(bill_id): [one["campaign_id"], str(one["discount"])]
                for bill_id, one in terms.items()
                if one["discount"]
            },
        }

    def _property_honour_terms(self, frozen):
        """Make the late fees and discounts a payer was shown bills and credit notes.

        The amount the payer saw is what counts, also when the money arrives later: what grew
        meanwhile on the bills paid is let go. Call it before the bills are settled.

        :param dict frozen: as from `_property_frozen_terms`
        :return: the bills to settle, those of late fees before the bill they are for, each with
            what was meant for it: list of (bill, Decimal)
        """
        frozen = {**NO_TERMS, **(frozen or {})}
        late_fees = {int(key): Decimal(value) for key, value in frozen["late_fees"].items()}
        late = self.filtered(lambda bill: late_fees.get(bill.id))
        shown = fields.Date.to_date(frozen["day"])
        if late:
            # the money that arrives pays them, not what was left in advance
            late.with_context(property_no_prepayments=True)._property_crystallise_late_fees(shown)
        if shown:
            # also on bills that were not late yet when they were shown
            self._property_waive_late_fee(
                self._property_grown_since(shown),
                self.env._("The amount shown to the payer on %(day)s counts", day=shown),
            )
        self.env["property.campaign"]._apply(
            self,
            fields.Date.context_today(self),
            {
                int(bill_id): {"campaign_id": campaign_id, "amount": Decimal(amount)}
                for bill_id, (campaign_id, amount) in frozen["discounts"].items()
            },
        )
        wanted = []
        for bill in late:
            rest = late_fees[bill.id]
            for late_bill in bill._property_open_late_fees() - self:
                share = min(rest, to_decimal(late_bill.amount_residual))
                if share:
                    wanted.append((late_bill, share))
                    rest -= share
        return wanted

    def _property_grown_since(self, day):
        """Return dict bill -> late fee that grew after a day until today."""
        before = self._property_late_fees(day)
        today = self._property_late_fees()
        return {bill: max(today[bill.id] - before[bill.id], Decimal(0)) for bill in self}
