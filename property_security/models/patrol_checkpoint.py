from odoo import api, fields, models

from ..tools.wand_file import number_of


class InspectionCheckpoint(models.Model):
    """Points that classic patrol wands know by the card at the place."""

    _inherit = "inspection.checkpoint"

    wand_card = fields.Char(
        string="Card of Wands",
        copy=False,
        index="btree_not_null",
        help="Number of the card or button at the place, as files of patrol wands tell it.",
    )

    _wand_card_unique = models.UniqueIndex(
        "(route_id, wand_card) WHERE wand_card IS NOT NULL",
        "Another point of this route has this card.",
    )

    @api.model
    def _normalised(self, vals):
        """Override of `inspection_round`: cards, too, have one spelling."""
        vals = super()._normalised(vals)
        if "wand_card" in vals:
            vals["wand_card"] = number_of(vals["wand_card"] or "") or False
        return vals
