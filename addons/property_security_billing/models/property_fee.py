from odoo import fields, models


class PropertyFee(models.Model):
    _inherit = "property.fee"

    parking_pass_id = fields.Many2one(
        "property.parking.pass",
        string="Parking Card",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
