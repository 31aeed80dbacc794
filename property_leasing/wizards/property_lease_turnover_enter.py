from odoo import api, fields, models
from odoo.exceptions import AccessError

ENTER_GROUPS = ("leasing", "finance", "manager")


class PropertyLeaseTurnoverEnter(models.TransientModel):
    """Declare a month for the tenant, or correct a confirmed one."""

    _name = "property.lease.turnover.enter"
    _description = "Enter Turnover"

    turnover_id = fields.Many2one("property.lease.turnover", required=True, ondelete="cascade")
    state = fields.Selection(related="turnover_id.state")
    currency_id = fields.Many2one(related="turnover_id.currency_id")
    amount = fields.Monetary(required=True, help="Of the whole month, VAT included.")
    attachment_ids = fields.Many2many("ir.attachment", string="Till Reports")
    reason = fields.Text(help="Why a confirmed month is corrected.")
    is_correction = fields.Boolean(compute="_compute_is_correction")

    @api.depends("turnover_id.state")
    def _compute_is_correction(self):
        for wizard in self:
            wizard.is_correction = wizard.turnover_id.state == "confirmed"

    def action_confirm(self):
        """Take the turnover.

        :raise AccessError: when the user has no such role on the site of the lease
        """
        self.ensure_one()
        row = self.turnover_id
        row.check_access("read")
        if not any(self.env.user.has_group(f"property_base.group_{name}") for name in ENTER_GROUPS):
            raise AccessError(self.env._("Leasing or finance enters turnover for a tenant."))
        if self.is_correction:
            row._correct(self.amount, self.reason)
            row.sudo().attachment_ids |= self.attachment_ids  # sudo: the step was checked
        else:
            row._declare(self.amount, self.attachment_ids, self.reason)
        return {"type": "ir.actions.act_window_close"}
