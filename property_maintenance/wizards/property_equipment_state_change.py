from odoo import fields, models

from ..models.property_equipment_state_log import EQUIPMENT_STATES


class PropertyEquipmentStateChange(models.TransientModel):
    """Screen that changes the state of equipment and asks why."""

    _name = "property.equipment.state.change"
    _description = "Change the State of Equipment"

    equipment_ids = fields.Many2many("maintenance.equipment", required=True)
    state = fields.Selection(EQUIPMENT_STATES, required=True, default="faulty")
    reason = fields.Char(help="Needed for faulty and scrapped.")

    def action_apply(self):
        """Change the state of the equipment chosen."""
        self.ensure_one()
        return self.equipment_ids.action_change_state(self.state, self.reason)
