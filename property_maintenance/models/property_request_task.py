from odoo import fields, models


class PropertyRequestTask(models.Model):
    """A line of the checklist of one request."""

    _name = "property.request.task"
    _description = "Checklist of a Request"
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        "maintenance.request", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="request_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Task", required=True)
    is_required = fields.Boolean(string="Required", default=True)
    is_done = fields.Boolean(string="Done")
    note = fields.Char()
