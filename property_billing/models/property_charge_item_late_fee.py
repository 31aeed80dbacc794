from odoo import api, fields, models


class PropertyChargeItem(models.Model):
    _inherit = "property.charge.item"

    category = fields.Selection(
        selection_add=[("late_fee", "Late fee"), ("other",)],
        ondelete={"late_fee": "set default"},
    )
    late_fee_policy_id = fields.Many2one(
        "property.late.fee.policy",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('company_id', '=', company_id), ('site_id', 'in', (site_id, False))]",
        help="Empty: bills of this item bear no late fee.",
    )
    late_fee_rate = fields.Float(
        compute="_compute_late_fee_rate",
        inverse="_inverse_late_fee_rate",
        digits=(16, 6),
        help="Share of the overdue amount per day; 0.0003 is 0.03% a day.",
    )

    @api.model
    def _audit_fields(self):
        """Override: what comes on top of bills paid late."""
        return [*super()._audit_fields(), "late_fee_policy_id"]

    @api.depends("late_fee_policy_id.rate_ids.rate", "late_fee_policy_id.rate_ids.date_from")
    def _compute_late_fee_rate(self):
        for item in self:
            item.late_fee_rate = item.late_fee_policy_id.rate

    def _inverse_late_fee_rate(self):
        """Find or make the company's plain policy of a rate, as imports know a rate only."""
        for item in self:
            rate = round(item.late_fee_rate, 6)
            if round(item.late_fee_policy_id.rate, 6) != rate:
                item.late_fee_policy_id = item.company_id._late_fee_policy_of_rate(rate)
