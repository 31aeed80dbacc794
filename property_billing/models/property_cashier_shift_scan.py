from odoo import fields, models
from odoo.exceptions import UserError


class PropertyCashierShift(models.Model):
    _inherit = "property.cashier.shift"

    scan_ids = fields.One2many("property.scan.payment", "shift_id", readonly=True)

    def _close(self, denominations, counted, explanations, note=""):
        """Extend: nobody hands over while a payer is paying by scan."""
        self.ensure_one()
        # sudo: what the shift asked for is the shift's own
        scans_sudo = self.sudo().scan_ids
        scans_sudo._catch_up()
        for scan_sudo in scans_sudo.filtered(lambda one: one.state == "waiting"):
            raise UserError(
                self.env._(
                    "%(unit)s is still asked for %(amount)s by scan. Wait for the money or give "
                    "it up, then close the shift.",
                    unit=scan_sudo.unit_id.code,
                    amount=scan_sudo.currency_id.format(scan_sudo.amount),
                )
            )
        return super()._close(denominations, counted, explanations, note)

    def _report(self):
        """Extend with the scanned payments, by the reference the provider's statement has."""
        report = super()._report()
        # sudo: the report of a shift the reader may see
        tenders_sudo = (
            self.sudo()
            .collection_ids.filtered(lambda one: one.state == "done")
            .tender_ids.filtered("transaction_id")
        )
        report["scanned"] = [
            {
                "method": one.method_id.name,
                "name": one.collection_id.name,
                "unit": one.collection_id.unit_id.code or "",
                "reference": one.reference or one.transaction_id.reference,
                "amount": one.amount,
            }
            for one in tenders_sudo.sorted("id")
        ]
        return report
