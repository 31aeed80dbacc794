from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("repair", "Repair"),
    ("complaint", "Complaint"),
    ("suggestion", "Suggestion"),
    ("enquiry", "Enquiry"),
    ("cleaning", "Cleaning"),
    ("other", "Other"),
]


class PropertyRequestCategory(models.Model):
    _name = "property.request.category"
    _description = "Request Category"
    _parent_store = True
    _parent_name = "parent_id"
    _order = "sequence, id"
    _rec_name = "complete_name"
    _rec_names_search = ["name", "parent_id.name"]
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        string="Category",
        compute="_compute_complete_name",
        recursive=True,
        help="With the categories above it, in the reader's language.",
    )
    parent_id = fields.Many2one(
        "property.request.category", string="Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("property.request.category", "parent_id", string="Subcategories")
    is_leaf = fields.Boolean(compute="_compute_is_leaf", search="_search_is_leaf")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )
    kind = fields.Selection(KINDS, required=True, default="repair")
    team_id = fields.Many2one(
        "maintenance.team", check_company=True, help="Who does it where no dispatch rule says else."
    )
    priority = fields.Selection(
        [("0", "Very Low"), ("1", "Low"), ("2", "Normal"), ("3", "High")], default="1"
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        help="The clock runs in these hours only; empty: the working hours of the company.",
    )
    respond_hours = fields.Float(help="Working hours until somebody accepts; 0: no limit.")
    arrive_hours = fields.Float(help="Working hours until somebody is there; 0: no limit.")
    finish_hours = fields.Float(help="Working hours until the work is done; 0: no limit.")
    is_chargeable = fields.Boolean(
        string="Chargeable", help="The resident pays material and labour, after a quotation."
    )
    task_ids = fields.One2many("property.request.category.task", "category_id", copy=True)

    _hours_not_negative = models.Constraint(
        "CHECK(respond_hours >= 0 AND arrive_hours >= 0 AND finish_hours >= 0)",
        "A time limit cannot be negative. Enter working hours, or 0 for no limit.",
    )

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for category in self:
            parts = (category.parent_id.complete_name, category.name)
            category.complete_name = " / ".join(part for part in parts if part)

    @api.depends("child_ids")
    def _compute_is_leaf(self):
        for category in self:
            category.is_leaf = not category.child_ids

    def _search_is_leaf(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("child_ids", "=" if True in value else "!=", False)]

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A category cannot be part of itself. Choose another one above it.")
            )


class PropertyRequestCategoryTask(models.Model):
    """Line of the checklist that requests of the category start with."""

    _name = "property.request.category.task"
    _description = "Checklist Line of a Category"
    _order = "sequence, id"

    category_id = fields.Many2one(
        "property.request.category", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Task", required=True, translate=True)
    is_required = fields.Boolean(string="Required", default=True)
