from odoo import fields, models
from odoo.fields import Command


class PropertyRouteFill(models.TransientModel):
    """Screen that makes checkpoints of equipment, with its gauges and the tasks of its class."""

    _name = "property.route.fill"
    _description = "Add Equipment to a Route"

    route_id = fields.Many2one("inspection.route", required=True, ondelete="cascade")
    site_id = fields.Many2one(related="route_id.site_id")
    equipment_ids = fields.Many2many(
        "maintenance.equipment",
        required=True,
        domain="[('site_id', '=', site_id), ('site_id', '!=', False)]",
    )

    def action_fill(self):
        """Make a checkpoint of each piece of equipment that the route does not have yet."""
        self.ensure_one()
        points = self.route_id.checkpoint_ids
        last = max(points.mapped("sequence"), default=0)
        new = self.equipment_ids - points.equipment_id
        points.create(
            [
                {
                    "route_id": self.route_id.id,
                    "sequence": last + 10 * number,
                    "name": equipment.name,
                    "place": equipment.place_shown,
                    "equipment_id": equipment.id,
                    "item_ids": [
                        Command.create(vals) for vals in self._prepare_items_vals(equipment)
                    ],
                }
                for number, equipment in enumerate(new, 1)
            ]
        )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_items_vals(self, equipment):
        """Return the values of the checklist: the tasks of the class, then the gauges."""
        items = self.env["inspection.item"]
        questions = [
            {"name": task.name, "item_type": "yes_no", "is_required": task.is_required}
            for task in equipment.class_id.task_ids
        ]
        readings = [
            {"name": gauge.name, **items._gauge_vals(gauge)} for gauge in equipment.gauge_ids
        ]
        return [
            {**vals, "sequence": 10 * number} for number, vals in enumerate(questions + readings, 1)
        ]
