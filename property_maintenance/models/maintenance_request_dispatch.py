from odoo import models

from ..tools.workflow import DESK_KINDS


class MaintenanceRequest(models.Model):
    """Who gets a new request."""

    _inherit = "maintenance.request"

    def _dispatch(self):
        """Hand new requests out by the dispatch rules."""
        for request in self:
            # sudo: whoever raises a request need not read teams or write steps
            request_sudo = request.sudo()
            team = request_sudo.request_category_id.team_id
            vals = {"is_pool": request.kind not in DESK_KINDS}
            if team:
                vals["maintenance_team_id"] = team.id
            request_sudo.write(vals)
