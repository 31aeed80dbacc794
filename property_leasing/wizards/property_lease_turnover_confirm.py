from odoo import api, fields, models


class PropertyLeaseTurnoverConfirm(models.TransientModel):
    """Declared months, looked at together: exactly what is shown is confirmed."""

    _name = "property.lease.turnover.confirm"
    _description = "Confirm Turnover"

    turnover_ids = fields.Many2many("property.lease.turnover", string="Months", required=True)
    seen = fields.Json(help="Which declarations were shown.")
    currency_id = fields.Many2one("res.currency", compute="_compute_amount_total")
    amount_total = fields.Monetary(compute="_compute_amount_total", string="Total")

    @api.model
    def default_get(self, fields):
        """Override: remember which declarations are shown."""
        values = super().default_get(fields)
        months = self.env["property.lease.turnover"].browse(
            self.env.context.get("default_turnover_ids") or []
        )
        return {**values, "seen": months._versions()}

    @api.depends("turnover_ids")
    def _compute_amount_total(self):
        for wizard in self:
            wizard.currency_id = wizard.turnover_ids.currency_id[:1]
            wizard.amount_total = sum(wizard.turnover_ids.mapped("amount"))

    def action_confirm(self):
        """Confirm the months as they were shown."""
        self.ensure_one()
        self.turnover_ids.action_confirm(self.seen)
        return {"type": "ir.actions.act_window_close"}
