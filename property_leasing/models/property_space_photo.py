from odoo import fields, models


class PropertySpacePhoto(models.Model):
    """A picture of a space, for whoever looks for one."""

    _name = "property.space.photo"
    _description = "Photo of a Space"
    _inherit = ["property.scoped"]
    _order = "space_id, sequence, id"

    space_id = fields.Many2one("property.space", required=True, index=True, ondelete="cascade")
    site_id = fields.Many2one(related="space_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="space_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Caption", help="Such as the shop front.")
    image_1920 = fields.Image(string="Photo", max_width=1920, max_height=1920, required=True)
    image_512 = fields.Image(
        related="image_1920", max_width=512, max_height=512, store=True, string="Small Photo"
    )
