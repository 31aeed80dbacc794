from odoo import api, fields, models

FIRST_DAY = "2000-01-01"


class PropertyLateFeeRate(models.Model):
    _name = "property.late.fee.rate"
    _description = "Late Fee Rate"
    _inherit = ["property.scoped"]
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

    @api.model_create_multi
    def create(self, vals_list):
        """Log new rates: they change what households owe."""
        rates = super().create(vals_list)
        for rate in rates:
            rate._log_change({}, rate._as_logged())
        return rates

    def write(self, vals):
        """Log changed rates."""
        before = {rate: rate._as_logged() for rate in self}
        result = super().write(vals)
        for rate in self:
            rate._log_change(before[rate], rate._as_logged())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_logged(self):
        for rate in self:
            rate._log_change(rate._as_logged(), {})

    def _as_logged(self):
        return {
            "date_from": str(self.date_from),
            "result": self.env["property.late.fee.policy"]._percent(self.rate),
        }

    def _log_change(self, before, after):
        if before != after:
            self.env["property.audit"]._log("money", self.policy_id, before=before, after=after)
