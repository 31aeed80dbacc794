from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InspectionRoute(models.Model):
    """Routes that guards patrol."""

    _inherit = "inspection.route"

    kind = fields.Selection(
        selection_add=[("patrol", "Patrol")], ondelete={"patrol": "set default"}
    )

    @api.constrains("kind", "site_id")
    def _check_patrol_site(self):
        for route in self:
            if route.kind == "patrol" and not route.site_id:
                raise ValidationError(
                    self.env._(
                        "Guards patrol a site: choose the site of the route %(route)s.",
                        route=route.name,
                    )
                )
