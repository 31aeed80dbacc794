from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InspectionItem(models.Model):
    _inherit = "inspection.item"

    equipment_id = fields.Many2one(related="checkpoint_id.equipment_id")
    gauge_id = fields.Many2one(
        "property.equipment.gauge",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('equipment_id', '=', equipment_id)]",
        help="The number is kept as a reading of this gauge of the equipment.",
    )

    @api.constrains("gauge_id", "checkpoint_id", "item_type")
    def _check_gauge(self):
        for item in self:
            gauge = item.gauge_id
            if gauge and (
                gauge.equipment_id != item.checkpoint_id.equipment_id or item.item_type != "number"
            ):
                raise ValidationError(
                    self.env._(
                        "%(item)s must ask for a number of the checkpoint's own equipment to be "
                        "kept as a reading of %(gauge)s.",
                        item=item.name,
                        gauge=gauge.name,
                    )
                )

    @api.onchange("gauge_id")
    def _onchange_gauge_id(self):
        if self.gauge_id:
            self.update(self._gauge_vals(self.gauge_id))

    @api.model
    def _gauge_vals(self, gauge):
        """Return the values of an item that reads a gauge: its unit and limits."""
        return {
            "item_type": "number",
            "gauge_id": gauge.id,
            "unit": gauge.unit,
            "has_low": gauge.has_low,
            "limit_low": gauge.limit_low,
            "has_high": gauge.has_high,
            "limit_high": gauge.limit_high,
        }
