from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyCollectionPlan(models.AbstractModel):
    """Payments by scan within a taking: their bills are held, their money is proved."""

    _inherit = "property.collection.plan"

    @api.model
    def _check_tenders(self, tenders, site):
        """Extend: money a provider brings is never typed in."""
        for tender in tenders:
            is_proved = tender.get("transaction") or tender.get("scan")
            if tender["method"].is_scan and not is_proved:
                raise UserError(
                    self.env._(
                        "%(method)s is paid by scan: show the code and wait for the money.",
                        method=tender["method"].name,
                    )
                )
        return super()._check_tenders(tenders, site)

    @api.model
    def _check_not_held(self, bills, scan):
        """Raise when another counter has asked for a bill by scan and waits for the payer."""
        line_sudo = self.env["property.scan.payment.line"]._holding(bills, scan)[:1]
        if line_sudo:
            until = fields.Datetime.context_timestamp(self, line_sudo.scan_id.expires_at)
            raise UserError(
                self.env._(
                    "%(bill)s is being paid by scan with %(cashier)s until %(time)s. Wait for it, "
                    "or have it given up there.",
                    bill=self._describe(line_sudo.move_id),
                    cashier=line_sudo.scan_id.user_id.name,
                    time=until.strftime("%H:%M"),
                )
            )

    @api.model
    def _plan_rows(self, plan):
        """Extend: the evidence names the transaction the money came with."""
        result = super()._plan_rows(plan)
        for vals, tender in zip(plan["tender_vals"], plan["money"], strict=False):
            if tender.get("transaction"):
                vals["transaction_id"] = tender["transaction"].id
        return result
