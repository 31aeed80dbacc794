from odoo import api, fields, models


class InspectionRoute(models.Model):
    """A route of a site; whoever sees the site's records sees what is inspected there."""

    _name = "inspection.route"
    _inherit = ["inspection.route", "property.scoped"]

    kind = fields.Selection(
        selection_add=[("equipment", "Equipment Inspection")], ondelete={"equipment": "set default"}
    )
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

    def action_fill(self):
        """Open the screen that makes checkpoints of equipment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Equipment"),
            "res_model": "property.route.fill",
            "view_mode": "form",
            "target": "new",
            "context": {"default_route_id": self.id},
        }
