from odoo import fields, models


class InspectionCheckin(models.Model):
    _inherit = "inspection.checkin"

    equipment_id = fields.Many2one(
        related="checkpoint_id.equipment_id", store=True, precompute=True, index="btree_not_null"
    )

    def _settle(self):
        """Override of `inspection_round` to keep numbers as readings of equipment."""
        result = super()._settle()
        self._keep_readings()
        return result

    def _decide(self, decision, reason):
        """Override of `inspection_round`: readings follow what counts."""
        result = super()._decide(decision, reason)
        if decision == "accepted":
            self._keep_readings()
        else:
            # sudo: planners decide on check-ins; the readings are part of them
            self.sudo().result_ids.reading_ids.unlink()
        return result

    def _keep_readings(self):
        """Keep the numbers of check-ins that count as readings of the equipment's gauges."""
        # sudo: inspectors hand in results; nobody enters these readings by hand
        counted_sudo = self.sudo().filtered(lambda one: one.state in ("valid", "flagged"))
        counted_sudo.result_ids.filtered("item_id.gauge_id")._keep_readings()
