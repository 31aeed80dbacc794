from odoo import fields, models


class InspectionTeam(models.Model):
    """People of whom any may walk the rounds of the team."""

    _name = "inspection.team"
    _description = "Inspection Team"
    _inherit = ["hr.mixin"]  # planners name employees without rights on their files
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    employee_ids = fields.Many2many("hr.employee", string="Members", check_company=True)
