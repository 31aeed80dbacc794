from odoo import api, models


class PropertyCounter(models.AbstractModel):
    """Offers on paying ahead at the counter: 预存 12 个月送 1 个月."""

    _inherit = "property.counter"

    @api.model
    def open_household(self, unit_id):
        """Extend with the offers on months paid ahead."""
        values = super().open_household(unit_id)
        fees = self.env["property.fee"].browse([one["fee_id"] for one in values["standing"]])
        offers = self.env["property.campaign"]._offers(fees) if fees else {}
        known = {(offer["months"], offer["text"]) for rows in offers.values() for offer in rows}
        return {
            **values,
            "ahead_offers": [{"months": months, "text": text} for months, text in sorted(known)],
        }

    @api.model
    def _advances(self, spec, units):
        """Extend: months a campaign gives are not paid, but kept as a gift."""
        advances = super()._advances(spec, units)
        if not advances:
            return advances
        wanted = spec.get("fee_ids")
        rows = [row for row in self._standing(units) if wanted is None or row["fee_id"] in wanted]
        is_all_paid = spec.get("amount") in (None, "", False)
        paid_now = self.env["account.move"].browse(spec.get("bill_ids") if is_all_paid else [])
        gifts = self.env["property.campaign"]._gifts(rows, spec["months"], paid_now)
        for advance in advances:
            mine = [gift for gift in gifts if gift["payer"] == advance["payer"]]
            advance["gross"] = advance["amount"]
            advance["amount"] -= self.env["property.campaign"]._gift_sum(mine)
            advance["gifts"] = mine
        return advances

    @api.model
    def _gift_rows(self, advances):
        """Return list of dict ``text`` and ``amount`` (text), one an offer and item."""
        return [
            {
                "text": f"{gift['text']} · {gift['item'].name} {gift['unit'].code}",
                "amount": f"{gift['amount']:.2f}",
            }
            for advance in advances
            for gift in advance.get("gifts", ())
        ]
