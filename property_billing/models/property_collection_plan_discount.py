from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError


class PropertyCollectionPlan(models.AbstractModel):
    _inherit = "property.collection.plan"

    @api.model
    def _check_discounts(self, discounts, wanted, date):
        """Raise unless campaigns still give these discounts for what is paid in full.

        :param dict discounts: bill -> dict ``campaign_id`` and ``amount``
        :param dict wanted: bill -> Decimal that is paid
        """
        if not discounts:
            return
        given = {bill: one["amount"] for bill, one in discounts.items()}
        bills = self.env["account.move"].browse(
            dict.fromkeys(bill.id for bill in (*wanted, *discounts))
        )
        whole = bills.filtered(
            lambda bill: (
                wanted.get(bill, 0) + given.get(bill, 0)
                == self._decimal(bill, bill.amount_residual)
            )
        )
        offers = self.env["property.campaign"]._offers(whole, date)
        for bill, one in discounts.items():
            offer = offers.get(bill.id)
            if (
                not offer
                or offer["campaign_id"] != one["campaign_id"]
                or not 0 < one["amount"] <= offer["amount"]
            ):
                raise UserError(
                    self.env._(
                        "The discount on %(bill)s no longer holds. No money was taken. Open the "
                        "household again and look at the sum.",
                        bill=self._describe(bill),
                    )
                )

    @api.model
    def _grant_discounts(self, plan, discounts):
        """Lower the bills by their discounts before they are settled."""
        plan["discount"] = sum((one["amount"] for one in discounts.values()), Decimal(0))
        plan["discounts"] = self.env["account.move"]
        if not discounts:
            return
        bills = plan["discounts"].browse([bill.id for bill in discounts])
        known = bills.credit_note_ids
        bills._property_honour_terms(
            bills._property_frozen_terms(
                {
                    bill.id: {
                        "day": plan["date"],
                        "late_fee": Decimal(0),
                        "discount": one["amount"],
                        "campaign_id": one["campaign_id"],
                    }
                    for bill, one in discounts.items()
                }
            )
        )
        bills.invalidate_recordset(["amount_residual", "payment_state", "credit_note_ids"])
        plan["discounts"] = bills.credit_note_ids - known
