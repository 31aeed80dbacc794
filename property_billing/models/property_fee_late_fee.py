from odoo import fields, models


class PropertyFee(models.Model):
    _inherit = "property.fee"

    late_fee_policy_id = fields.Many2one(
        "property.late.fee.policy",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
        help="Late fee of this fee's bills, as a contract says; empty for that of the item.",
    )
