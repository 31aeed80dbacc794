from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    parking_area_id = fields.Many2one(
        "property.parking.area",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        help="The area whose takings this books.",
    )
