from odoo import fields, models

from .incident_words import SEVERITIES


class PropertyIncidentType(models.Model):
    _name = "property.incident.type"
    _description = "Kind of Incident"
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
        "(name) WHERE active", "There is already a kind of incident of this name."
    )

    def _compute_step_count(self):
        counts = dict(
            self.env["property.incident.type.step"]._read_group(
                [("type_id", "in", self.ids)], ["type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.step_count = counts.get(kind._origin, 0)

    def _prepare_step_vals(self):
        """Return the values of the steps that an incident of this kind starts with."""
        return [
            {"name": step.name, "sequence": step.sequence, "is_required": step.is_required}
            for step in self.step_ids
        ]
