from odoo import api, fields, models
from odoo.tools import SQL

from .incident_words import SEVERITIES


class PropertyIncidentType(models.Model):
    _name = "property.incident.type"
    _description = "Kind of Incident"
    _inherit = ["property.incident.own"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    severity = fields.Selection(
        SEVERITIES,
        string="Usual Severity",
        required=True,
        default="2",
        help="What a new incident of this kind starts with.",
    )
    step_ids = fields.One2many(
        "property.incident.type.step", "type_id", string="Handling Steps", copy=True
    )
    step_count = fields.Integer(compute="_compute_step_count", string="Steps")

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE active", "There is already a kind of incident of this name."
    )

    def _compute_step_count(self):
        counts = dict(
            self.env["property.incident.type.step"]._read_group(
                [("type_id", "in", self.ids)], ["type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.step_count = counts.get(kind._origin, 0)

    @api.model
    def _given_domain(self):
        """Override: what the first company has put away is not given to others."""
        return [("active", "=", True)]

    def _of_company(self, company):
        """Return the kind of the same name that a company has.

        :param company: res.company
        """
        if self.company_id == company:
            return self
        return self.search([("name", "=", self.name), ("company_id", "=", company.id)], limit=1)

    @api.model
    def _give_all(self):
        """Give every company kinds and deadlines of its own; incidents keep the name of theirs."""
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        self._give(companies)
        self.env["property.incident.deadline"]._give(companies)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE property_incident i SET type_id = own.id"
                " FROM property_incident_type was, property_incident_type own"
                " WHERE was.id = i.type_id AND was.company_id <> i.company_id"
                " AND own.company_id = i.company_id AND own.name = was.name AND own.active"
            )
        )
        self.env["property.incident"].invalidate_model(["type_id"])

    def _prepare_step_vals(self):
        """Return the values of the steps that an incident of this kind starts with."""
        return [
            {"name": step.name, "sequence": step.sequence, "is_required": step.is_required}
            for step in self.step_ids
        ]
