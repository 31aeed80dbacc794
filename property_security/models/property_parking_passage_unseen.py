from odoo import api, fields, models


class PropertyParkingPassage(models.Model):
    """Cars without plate that no device has seen: the guard looks before the barrier opens."""

    _inherit = "property.parking.passage"

    is_unseen = fields.Boolean(
        string="Seen by No Device",
        readonly=True,
        help="A code was tapped on a phone, and no camera or loop has seen a car.",
    )

    @api.model
    def _prepare_passage_vals(self, lane, read):
        """Override: the page behind the code at a lane says that nothing has seen the car."""
        vals = super()._prepare_passage_vals(lane, read)
        return {**vals, "is_unseen": True} if read.get("is_unseen") else vals

    def _decide(self):
        """Override: a picture of the code at a lane, tapped anywhere, opens nothing by itself."""
        result = super()._decide()
        self.filtered(lambda p: p.is_unseen and p.action == "open" and not p.confirmed_at).write(
            {"action": "confirm", "reason": "unseen"}
        )
        return result
