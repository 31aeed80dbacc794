from odoo import api, fields, models
from odoo.fields import Domain


class PropertyIncidentOwn(models.AbstractModel):
    """What every company sets for its incidents; a new company begins with what the first has."""

    _name = "property.incident.own"
    _description = "Setting of Incidents of a Company"
    _inherit = ["property.scoped"]

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )

    def _check_company_domain(self, companies):
        """Override of `base`: as long as no site is chosen, a form offers what the user sees."""
        return super()._check_company_domain(companies) if companies else Domain.TRUE

    @api.model
    def _give(self, companies):
        """Give companies that have none of these records those of the first company.

        :param companies: res.company
        """
        # sudo: who makes a company need not see incidents
        rows_sudo = self.sudo().with_context(active_test=False)
        first = self.env.ref("base.main_company", False) or companies.browse()
        groups = rows_sudo._read_group([("company_id", "in", companies.ids)], ["company_id"])
        bare = companies - first - self.env["res.company"].union(*(one for (one,) in groups))
        if bare:
            shared_sudo = rows_sudo.search([("company_id", "=", first.id), *self._given_domain()])
            for company in bare:
                shared_sudo.copy({"company_id": company.id})

    @api.model
    def _given_domain(self):
        """Return which records of the first company others begin with."""
        return []
