from odoo import models
from odoo.exceptions import UserError


class PropertyCollection(models.Model):
    _inherit = "property.collection"

    def _keep_advances(self, plan):
        """Extend: what a campaign gives for paying ahead is booked with the money."""
        result = super()._keep_advances(plan)
        campaigns = self.env["property.campaign"]
        gifts = [gift for advance in plan["advances"] for gift in advance.get("gifts", ())]
        notes = self.env["account.move"]
        for gift in gifts:
            notes |= campaigns._grant_gift(gift, self.date)
        if notes:
            self.write(
                {
                    "discount_ids": [(4, note.id) for note in notes],
                    "amount_discount": self.amount_discount + float(campaigns._gift_sum(gifts)),
                }
            )
        return result

    def _gift_prepayments(self):
        # sudo: what was given with this taking, whoever may read prepayments
        return (
            self.env["property.prepayment"]
            .sudo()
            .search([("line_id.move_id", "in", self.discount_ids.ids)])
        )

    def _check_undoable(self):
        """Extend: a gift that has paid a bill already stays."""
        result = super()._check_undoable()
        for gift_sudo in self._gift_prepayments():
            if gift_sudo.currency_id.compare_amounts(gift_sudo.amount_left, gift_sudo.amount):
                raise UserError(
                    self.env._(
                        "Of the months given by the campaign some are used already. Refund what "
                        "is left of the prepayment instead of undoing this taking."
                    )
                )
        return result
