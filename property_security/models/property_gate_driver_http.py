from odoo import models

from ..tools import gate_message


class PropertyGateDriverHttp(models.AbstractModel):
    """Cameras and controllers that push JSON and fetch their commands: readme/gate_api.md."""

    _name = "property.gate.driver.http"
    _description = "Gate Driver: HTTP"
    _inherit = ["property.gate.driver"]

    def _parse(self, gate, body):
        """Override: JSON of the common cameras."""
        return gate_message.parse(body, gate.site_id.tz or "UTC")
