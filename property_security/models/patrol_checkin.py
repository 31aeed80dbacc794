from odoo import models


class InspectionCheckin(models.Model):
    """Check-ins of patrols take back alarms, also when a phone tells them late."""

    _inherit = "inspection.checkin"

    def _settle(self):
        """Override of `inspection_round`: what was visited is not missed."""
        result = super()._settle()
        self.sudo().round_id._follow_alarms()  # whoever checked in, the alarm is not his
        return result

    def _decide(self, decision, reason):
        """Override of `inspection_round`: alarms follow what counts."""
        result = super()._decide(decision, reason)
        self.sudo().round_id._follow_alarms()
        return result
