from odoo import fields, models


class InspectionChoice(models.Model):
    """An answer that an item offers."""

    _name = "inspection.choice"
    _description = "Checklist Choice"
    _order = "item_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    item_id = fields.Many2one("inspection.item", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="item_id.company_id")
    is_bad = fields.Boolean(string="Abnormal", help="Who chooses this reports something abnormal.")
