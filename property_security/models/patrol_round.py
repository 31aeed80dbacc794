from odoo import api, fields, models


class InspectionRound(models.Model):
    """Rounds of patrols belong to the shift that is on duty when they start."""

    _inherit = "inspection.round"

    shift_id = fields.Many2one(
        "property.patrol.shift",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )

    @api.model
    def _fact_fields(self):
        """Override of `inspection_round`: the roster names the shift."""
        return super()._fact_fields() | {"shift_id"}
