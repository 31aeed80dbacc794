from odoo import api, fields, models


class InspectionRoute(models.Model):
    """A route of a site; whoever sees the site's records sees what is inspected there."""

    _name = "inspection.route"
    _inherit = ["inspection.route", "property.scoped"]
    _check_company_auto = True

    site_id = fields.Many2one(
        "property.site",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Give routes the company of their site."""
        for vals in vals_list:
            if vals.get("site_id") and "company_id" not in vals:
                site = self.env["property.site"].browse(vals["site_id"])
                vals["company_id"] = site.company_id.id
        return super().create(vals_list)
