from odoo import fields, models


class PropertyEquipmentAttached(models.AbstractModel):
    """What belongs to one piece of equipment and is seen by those who see that."""

    _name = "property.equipment.attached"
    _description = "Record Attached to Equipment"
    _inherit = ["property.scoped"]

    equipment_id = fields.Many2one(
        "maintenance.equipment",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('site_id', '!=', False)]",
    )
    site_id = fields.Many2one(related="equipment_id.site_id", store=True, index=True)
    company_id = fields.Many2one(related="equipment_id.company_id", store=True, index=True)

    def write(self, vals):
        """Override of `base` to keep a record from moving to equipment of a foreign site."""
        result = super().write(vals)
        if "equipment_id" in vals:
            self.check_access("write")
        return result
