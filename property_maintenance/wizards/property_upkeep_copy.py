from odoo import fields, models
from odoo.exceptions import UserError


class PropertyUpkeepCopy(models.TransientModel):
    """Screen that gives a maintenance plan to more equipment of the same kind."""

    _name = "property.upkeep.copy"
    _description = "Copy a Maintenance Plan"

    plan_id = fields.Many2one("property.upkeep.plan", required=True, ondelete="cascade")
    site_id = fields.Many2one(related="plan_id.site_id")
    class_id = fields.Many2one(related="plan_id.class_id")
    equipment_ids = fields.Many2many(
        "maintenance.equipment",
        required=True,
        domain="[('site_id', '!=', False), ('class_id', '=', class_id)]",
    )

    def action_copy(self):
        """Give the plan to the equipment chosen; what has a plan of that name keeps it.

        :return: action that opens the new plans
        """
        self.ensure_one()
        plan = self.plan_id
        has = plan.search(
            [("equipment_id", "in", self.equipment_ids.ids), ("name", "=", plan.name)]
        ).equipment_id
        targets = self.equipment_ids - has
        gauges = self._counters(targets)
        vals_list = []
        for equipment in targets:
            vals_list += plan.copy_data(
                {"equipment_id": equipment.id, "gauge_id": gauges.get(equipment.id)}
            )
        plans = plan.create(vals_list)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_maintenance.property_upkeep_plan_action"
        )
        return {**action, "domain": [("id", "in", plans.ids)], "context": {}}

    def _counters(self, equipment):
        """Return the counters that stand for the plan's own: id of the equipment -> id.

        :raise UserError: when a piece of equipment has no counter of that name
        """
        gauge = self.plan_id.gauge_id
        if not gauge:
            return {}
        found = gauge.search(
            [
                ("equipment_id", "in", equipment.ids),
                ("kind", "=", "counter"),
                ("name", "=", gauge.name),
            ]
        )
        lacking = equipment - found.equipment_id
        if lacking:
            raise UserError(
                self.env._(
                    "%(equipment)s has no counter %(counter)s. Add it first, or leave that "
                    "equipment out.",
                    equipment=lacking[0].display_name,
                    counter=gauge.name,
                )
            )
        return {one.equipment_id.id: one.id for one in found}
