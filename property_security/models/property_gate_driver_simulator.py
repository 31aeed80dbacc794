from odoo import models


class PropertyGateDriverSimulator(models.AbstractModel):
    """A screen that stands in for a camera and speaks as one."""

    _name = "property.gate.driver.simulator"
    _description = "Gate Driver: Simulator"
    _inherit = ["property.gate.driver.http"]
