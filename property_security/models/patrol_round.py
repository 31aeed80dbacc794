from odoo import fields, models


class InspectionRound(models.Model):
    """Rounds of patrols belong to the shift that is on duty when they start."""

    _inherit = "inspection.round"

    shift_id = fields.Many2one(
        "property.patrol.shift", index="btree_not_null", ondelete="restrict", readonly=True
    )
