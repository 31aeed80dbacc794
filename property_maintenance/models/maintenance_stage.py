from odoo import fields, models

STEPS = [
    ("new", "New"),
    ("assigned", "Assigned"),
    ("accepted", "Accepted"),
    ("on_site", "On Site"),
    ("done", "Done"),
    ("confirmed", "Confirmed"),
    ("closed", "Rated"),
    ("cancelled", "Cancelled"),
]


class MaintenanceStage(models.Model):
    _inherit = "maintenance.stage"

    step = fields.Selection(
        STEPS,
        copy=False,
        help="What the stage means for service requests of a site; logic follows this, never the "
        "name. Stages without it are for other maintenance requests.",
    )

    _step_unique = models.UniqueIndex(
        "(step) WHERE step IS NOT NULL",
        "Another stage already stands for this step. Rename that one instead.",
    )

    def _of_step(self, step):
        """Return the stage that stands for a step.

        :param str step: one of STEPS
        """
        # sudo: residents act on their requests without reading the stages
        stage_sudo = self.sudo().search([("step", "=", step)], limit=1)
        return stage_sudo.sudo(self.env.su)
