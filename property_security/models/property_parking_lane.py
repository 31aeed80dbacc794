from odoo import fields, models


class PropertyParkingLane(models.Model):
    _name = "property.parking.lane"
    _description = "Parking Lane"
    _inherit = ["property.parking.scoped"]
    _order = "area_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    area_id = fields.Many2one(
        "property.parking.area", required=True, index=True, ondelete="restrict"
    )
    site_id = fields.Many2one(related="area_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="area_id.company_id", store=True)
    direction = fields.Selection(
        [("in", "In"), ("out", "Out")],
        required=True,
        default="in",
        help="A lane driven both ways is two lanes here, one for each direction.",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex(
        "(area_id, name) WHERE active",
        "The area already has a lane of this name. Choose another name.",
    )
