from odoo import fields, models


class PropertyIncidentTypeStep(models.Model):
    _name = "property.incident.type.step"
    _description = "Handling Step of a Kind of Incident"
    _inherit = ["property.incident.scoped"]
    _order = "type_id, sequence, id"

    type_id = fields.Many2one(
        "property.incident.type", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="type_id.company_id", store=True, index=True)
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    is_required = fields.Boolean(
        string="Must Be Done", help="An incident is not closed before this step is done."
    )
