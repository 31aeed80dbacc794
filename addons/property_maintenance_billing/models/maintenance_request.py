from odoo import api, fields, models

from odoo.addons.property_maintenance.tools.workflow import FINISHED_STEPS


class MaintenanceRequest(models.Model):
    _inherit = "maintenance.request"

    bill_count = fields.Integer(
        string="Bills", compute="_compute_bill_count", compute_sudo=True, help="Bills of quotations"
    )

    @api.depends("quotation_ids.charge_ids.state")
    def _compute_bill_count(self):
        for request in self:
            request.bill_count = len(request.quotation_ids.charge_id)

    def _on_event(self, event, entry):
        """Override: finished work that was accepted is billed; cancelled work is taken back."""
        result = super()._on_event(event, entry)
        # sudo: whoever finishes, accepts or cancels need not be allowed to make bills
        quotations_sudo = self.sudo().quotation_ids
        if event == "done" or (event == "quote_accept" and self.step in FINISHED_STEPS):
            quotations_sudo._bill()
        elif event == "cancel":
            quotations_sudo._unbill()
        return result

    def action_view_bills(self):
        """Open the bills of the request."""
        self.env["property.request.quotation"]._check_biller()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.account_move_action_bills"
        )
        moves = self.sudo().quotation_ids.charge_id.move_id
        return {**action, "domain": [("id", "in", moves.ids)], "context": {}}
