from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InspectionCheckpoint(models.Model):
    _inherit = "inspection.checkpoint"

    equipment_id = fields.Many2one(
        "maintenance.equipment",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('site_id', '=', site_id), ('site_id', '!=', False)]",
        help="What is inspected here: its requests and readings come from the results.",
    )

    @api.constrains("equipment_id", "route_id")
    def _check_equipment(self):
        for checkpoint in self:
            equipment = checkpoint.equipment_id
            if equipment and equipment.site_id != checkpoint.route_id.site_id:
                raise ValidationError(
                    self.env._(
                        "%(equipment)s is not on the site of the route %(route)s. Choose equipment "
                        "of that site.",
                        equipment=equipment.display_name,
                        route=checkpoint.route_id.name,
                    )
                )

    def _where(self):
        """Return the place in words: its own, or that of the equipment."""
        self.ensure_one()
        return self.place or self.equipment_id.place_shown or self.name
