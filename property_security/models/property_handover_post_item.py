from odoo import fields, models


class PropertyHandoverPostItem(models.Model):
    _name = "property.handover.post.item"
    _description = "Equipment of a Post"
    _inherit = ["property.incident.scoped"]
    _order = "post_id, sequence, id"

    post_id = fields.Many2one(
        "property.handover.post", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="post_id.site_id", store=True, precompute=True, index=True)
    company_id = fields.Many2one(related="post_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="Such as: radio, key ring, fire extinguisher.")
    expected = fields.Integer(string="Number", default=1, required=True)

    _expected_positive = models.Constraint(
        "CHECK(expected > 0)", "Enter how many there are, at least one."
    )
