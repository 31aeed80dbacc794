from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to give new companies the usual levels of dunning."""
        companies = super().create(vals_list)
        self.env["property.dunning.level"]._create_defaults(companies)
        return companies
