from odoo import fields, models


class PropertyRequestRule(models.AbstractModel):
    """A rule for the requests of a site and a category, in an order."""

    _name = "property.request.rule"
    _description = "Rule for Requests"
    _inherit = ["property.scoped"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    site_id = fields.Many2one(
        "property.site", index=True, check_company=True, help="Empty: all sites."
    )
    category_id = fields.Many2one(
        "property.request.category",
        index=True,
        check_company=True,
        help="With all its subcategories. Empty: all categories.",
    )

    def _covers(self, request):
        """Tell whether a request is of the rule's company, site and category.

        :param request: maintenance.request
        """
        self.ensure_one()
        if self.company_id != request.company_id:
            return False
        if self.site_id and self.site_id != request.site_id:
            return False
        path = request.request_category_id.parent_path or ""
        return not self.category_id or path.startswith(self.category_id.parent_path)
