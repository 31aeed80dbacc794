from odoo import api, fields, models


class PropertyCashierShift(models.Model):
    """What a cashier takes at the lane is counted with what he takes at the counter (交班)."""

    _inherit = "property.cashier.shift"

    parking_payment_ids = fields.One2many("property.parking.payment", "shift_id", readonly=True)
    parking_refund_ids = fields.One2many("property.parking.refund", "shift_id", readonly=True)
    amount_parking = fields.Monetary(
        compute="_compute_amounts",
        string="Parking Fees",
        help="Taken at the lane, less what was given back in cash.",
    )

    @api.depends("parking_payment_ids.amount_received", "parking_refund_ids.amount")
    def _compute_amounts(self):
        """Extend: money of the lane has been received, too."""
        result = super()._compute_amounts()
        for shift in self:
            shift.amount_parking = shift.currency_id.round(
                sum(amount for amount, _count in shift._parking_by_method().values())
            )
            shift.amount_received += shift.amount_parking
        return result

    def _parking_by_method(self):
        """Return what came in at the lane by way to pay, less cash given back.

        :return: dict property.tender.method -> (amount, number of takings)
        """
        self.ensure_one()
        # sudo: the sums of a shift the reader may see
        payments_sudo = self.env["property.parking.payment"].sudo()
        refunds_sudo = self.env["property.parking.refund"].sudo()
        groups = payments_sudo._read_group(
            [("shift_id", "=", self._origin.id), ("tender_id", "!=", False)],
            ["tender_id"],
            ["amount_received:sum", "__count"],
        )
        sums = {method: (amount, count) for method, amount, count in groups}
        for method, amount, count in refunds_sudo._read_group(
            [("shift_id", "=", self._origin.id), ("tender_id", "!=", False)],
            ["tender_id"],
            ["amount:sum", "__count"],
        ):
            taken, takings = sums.get(method, (0.0, 0))
            sums[method] = (taken - amount, takings + count)
        return sums

    def _figures(self):
        """Extend: the drawer and the slips of the lane are counted, too."""
        figures, parking = super()._figures(), self._parking_by_method()
        for figure in figures:
            amount, count = parking.pop(figure["method"], (0.0, 0))
            figure["expected"] = self.currency_id.round(figure["expected"] + amount)
            figure["count"] += count
        figures += [
            {
                "method": method,
                "expected": self.currency_id.round(amount),
                "is_cash": False,
                "count": count,
            }
            for method, (amount, count) in parking.items()
        ]
        return sorted(
            figures, key=lambda one: (not one["is_cash"], one["method"].sequence, one["method"].id)
        )

    def _report(self):
        """Extend with the takings of the lane and the cash given back there."""
        report = super()._report()
        # sudo: the report of a shift the reader may see
        shift_sudo = self.sudo()
        payments_sudo, refunds_sudo = shift_sudo.parking_payment_ids, shift_sudo.parking_refund_ids
        report["parking"] = [
            {
                "area": area.name,
                "method": method.name,
                "count": len(paid),
                "amount": sum(paid.mapped("amount_received")),
            }
            for (area, method), paid in payments_sudo.grouped(
                lambda one: (one.area_id, one.tender_id)
            ).items()
        ]
        report["parking_refunds"] = [
            {
                "name": one.payment_id.name,
                "plate": one.payment_id.plate_display,
                "amount": one.amount,
                "reason": one.reason,
            }
            for one in refunds_sudo.sorted("id")
        ]
        report["taking_count"] += len(payments_sudo)
        report["received"] += self.amount_parking
        return report

    def action_view_parking(self):
        """Open the takings of the lane in the shift."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_security_billing.property_parking_payment_action"
        )
        return {**action, "domain": [("shift_id", "=", self.id)], "context": {}}
