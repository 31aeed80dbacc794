from odoo import fields, models


class PropertyUpkeepTask(models.Model):
    """Line of the checklist of a maintenance plan, or of the plans of a class to come."""

    _name = "property.upkeep.task"
    _description = "Task of a Maintenance Plan"
    _order = "sequence, id"

    plan_id = fields.Many2one("property.upkeep.plan", index="btree_not_null", ondelete="cascade")
    class_id = fields.Many2one(
        "property.equipment.class", index="btree_not_null", ondelete="cascade"
    )
    site_id = fields.Many2one(related="plan_id.site_id", store=True, index="btree_not_null")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index="btree_not_null")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Task", required=True, translate=True)
    is_required = fields.Boolean(string="Required", default=True)

    _one_owner = models.Constraint(
        "CHECK((plan_id IS NULL) <> (class_id IS NULL))",
        "A task belongs to a maintenance plan or to an equipment class.",
    )
