from odoo import fields, models

FIRST_DAY = "2000-01-01"


class PropertyLateFeeRate(models.Model):
    _name = "property.late.fee.rate"
    _description = "Late Fee Rate"
    _inherit = ["property.scoped", "property.audited"]
    _order = "policy_id, date_from desc, id"

    policy_id = fields.Many2one(
        "property.late.fee.policy", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="policy_id.site_id", store=True, index="btree_not_null")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    date_from = fields.Date(
        string="From",
        required=True,
        default=FIRST_DAY,
        help="First day the rate applies to; it lasts until the next row's.",
    )
    rate = fields.Float(
        string="Rate a Day",
        required=True,
        digits=(16, 6),
        help="Share of the open amount per day; 0.0003 is 0.03% a day.",
    )

    _one_a_day = models.UniqueIndex(
        "(policy_id, date_from)", "This policy already has a rate from that day. Change that row."
    )
    _rate_sane = models.Constraint(
        "CHECK(rate >= 0 AND rate <= 0.01)",
        "A late fee is between 0% and 1% a day. Five ten-thousandths are 0.05%.",
    )

    def _audit_values(self):
        """Override: rates change what households owe."""
        self.ensure_one()
        return {
            "date_from": str(self.date_from),
            "result": self.env["property.late.fee.policy"]._percent(self.rate),
        }

    def _log_change(self, before, after):
        """Override: people look for rates at the policy."""
        policy = self.policy_id
        return self.env["property.audit"]._log(
            "money", policy, before=before or {}, after=after or {}
        )
