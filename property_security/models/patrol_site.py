from odoo import fields, models


class PropertySite(models.Model):
    """How soon people of a site are told that a patrol is missed."""

    _inherit = "property.site"

    patrol_alarm_minutes = fields.Integer(
        string="Patrol Alarm",
        default=10,
        tracking=True,
        help="Minutes after the planned start after which a patrol that nobody has begun alarms"
        " the shift leader, and minutes before the deadline at which points that are left do.",
    )
    patrol_escalate_minutes = fields.Integer(
        string="Patrol Escalation",
        default=15,
        tracking=True,
        help="Minutes after which the site manager is told of an alarm that nobody has"
        " acknowledged. 0: never.",
    )

    _patrol_minutes_valid = models.Constraint(
        "CHECK (patrol_alarm_minutes BETWEEN 0 AND 1440"
        " AND patrol_escalate_minutes BETWEEN 0 AND 1440)",
        "Alarms of patrols wait 0 to 1440 minutes.",
    )

    def _patrol_managers(self):
        """Return the users to tell when no shift leader acts: those of the site's managers."""
        self.ensure_one()
        director = self.env.ref("property_base.group_director").sudo().all_user_ids
        managers = self.env.ref("property_base.group_manager").sudo().all_user_ids - director
        users = self.sudo().manager_id.user_id or managers  # whoever it is, they are told
        return self._patrol_reachable(users) or self._patrol_reachable(director)

    def _patrol_reachable(self, users):
        """Return those of some users who see this site."""
        self.ensure_one()
        return users.filtered(
            lambda user: (
                user.active
                and self.company_id in user.company_ids
                and self in user.property_site_ids
            )
        )
