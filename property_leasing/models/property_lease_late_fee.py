"""A lease may have its own late fee: it goes before that of the charge item."""

from odoo import fields, models


class PropertyLease(models.Model):
    _inherit = "property.lease"

    late_fee_policy_id = fields.Many2one(
        "property.late.fee.policy",
        ondelete="restrict",
        tracking=True,
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
        help="Late fee of the bills of this lease; empty for that of each charge item.",
    )

    def _create_fees(self, lines=None):
        """Override: the fees carry the late fee of the lease, and its bills with them."""
        result = super()._create_fees(lines)
        # sudo: fees follow from the lease, which the user may sign
        fees_sudo = self.sudo().line_ids.fee_id | self.sudo().turnover_term_ids.fee_id
        fees_sudo.late_fee_policy_id = self.late_fee_policy_id
        return result
