from odoo import fields, models

from .incident_words import SEVERITIES


class PropertyIncidentDeadline(models.Model):
    """How fast incidents of a severity are handled, and whether managers hear of them at once."""

    _name = "property.incident.deadline"
    _description = "Deadlines of Incidents"
    _inherit = ["property.incident.own"]
    _order = "company_id, severity desc"
    _rec_name = "severity"

    severity = fields.Selection(SEVERITIES, required=True)
    respond_minutes = fields.Integer(
        string="Respond Within (minutes)", required=True, help="From the report to its handling."
    )
    close_hours = fields.Integer(
        string="Close Within (hours)", required=True, help="From the report to its closing."
    )
    is_alarm = fields.Boolean(
        string="Tell the Manager at Once",
        help="Managers of the site get an activity and a mail when such an incident is reported.",
    )

    _severity_unique = models.UniqueIndex(
        "(company_id, severity)", "This severity has deadlines already. Change those."
    )
    _times_positive = models.Constraint(
        "CHECK(respond_minutes > 0 AND close_hours > 0)",
        "Enter times of at least one minute and one hour.",
    )

    def _of_incidents(self, incidents):
        """Return which deadlines count for incidents: those of their companies.

        :param incidents: property.incident
        :return: dict of incident -> property.incident.deadline in superuser mode, empty for none
        """
        # sudo: whoever reports an incident is held to them
        rows_sudo = self.sudo().search([("company_id", "in", incidents.company_id.ids)])
        by_key = {(row.company_id, row.severity): row for row in rows_sudo}
        return {
            incident: by_key.get((incident.company_id, incident.severity), rows_sudo.browse())
            for incident in incidents
        }
