from odoo import fields, models


class PropertyIncidentPart(models.AbstractModel):
    """What belongs to one incident, on its site."""

    _name = "property.incident.part"
    _description = "Part of an Incident"
    _inherit = ["property.incident.scoped"]

    incident_id = fields.Many2one(
        "property.incident", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(
        related="incident_id.site_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related="incident_id.company_id", store=True, precompute=True)
