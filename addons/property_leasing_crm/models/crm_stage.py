from odoo import fields, models


class CrmStage(models.Model):
    _inherit = "crm.stage"

    leasing_step = fields.Selection(
        [
            ("prospect", "Prospect"),
            ("visit", "Visit"),
            ("offer", "Offer"),
            ("reserved", "Reserved"),
            ("signed", "Signed"),
        ],
        index=True,
        help="Set on the stages of people who look for space to rent.",
    )

    def _leasing(self, step):
        """Return the stage of a step.

        :param step: key of ``leasing_step``
        """
        return self.search([("leasing_step", "=", step)], limit=1)
