from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InspectionRoute(models.Model):
    """Routes that guards patrol."""

    _inherit = "inspection.route"

    kind = fields.Selection(
        selection_add=[("patrol", "Patrol")], ondelete={"patrol": "set default"}
    )
    wand_hours = fields.Integer(
        string="Wait for Wand Files",
        tracking=True,
        help="Hours by which alarms wait because the route is walked with wands, whose files are"
        " loaded later. 0: guards check in by phone, alarms come at once.",
    )

    _wand_hours_valid = models.Constraint(
        "CHECK (wand_hours BETWEEN 0 AND 168)", "Alarms wait for wand files a week at most."
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
