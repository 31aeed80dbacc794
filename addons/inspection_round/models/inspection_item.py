from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.results import CHOICE, NUMBER, PHOTO, TEXT, YES_NO, Expected


class InspectionItem(models.Model):
    """A question of the checklist of a checkpoint."""

    _name = "inspection.item"
    _description = "Checklist Item"
    _order = "checkpoint_id, sequence, id"

    name = fields.Char(string="Question", required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    checkpoint_id = fields.Many2one(
        "inspection.checkpoint", required=True, index=True, ondelete="cascade"
    )
    route_id = fields.Many2one(related="checkpoint_id.route_id")
    company_id = fields.Many2one(related="checkpoint_id.company_id", store=True, index=True)
    item_type = fields.Selection(
        [
            (YES_NO, "Yes or No"),
            (CHOICE, "Choice"),
            (NUMBER, "Number"),
            (TEXT, "Text"),
            (PHOTO, "Photo"),
        ],
        string="Answer",
        required=True,
        default=YES_NO,
    )
    is_required = fields.Boolean(string="Mandatory", default=True)
    needs_photo = fields.Boolean(
        string="Photo Required", help="The answer is not complete without a photo."
    )
    good_answer = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        default="yes",
        required=True,
        help="The other answer is abnormal.",
    )
    choice_ids = fields.One2many("inspection.choice", "item_id", string="Choices", copy=True)
    unit = fields.Char(translate=True, help="Unit of the number, such as bar, °C or kWh.")
    has_low = fields.Boolean(string="Lower Limit")
    limit_low = fields.Float(string="Least", digits=(16, 3), help="A number below is abnormal.")
    has_high = fields.Boolean(string="Upper Limit")
    limit_high = fields.Float(string="Most", digits=(16, 3), help="A number above is abnormal.")
    limits = fields.Char(compute="_compute_limits", string="Expected")

    @api.depends(
        "item_type",
        "good_answer",
        "unit",
        "has_low",
        "limit_low",
        "has_high",
        "limit_high",
        "choice_ids.name",
        "choice_ids.is_bad",
    )
    def _compute_limits(self):
        answers = dict(self._fields["good_answer"]._description_selection(self.env))
        for item in self:
            if item.item_type == YES_NO:
                item.limits = answers[item.good_answer]
            elif item.item_type == CHOICE:
                good = item.choice_ids.filtered(lambda choice: not choice.is_bad)
                item.limits = ", ".join(name for name in good.mapped("name") if name)
            elif item.item_type == NUMBER:
                item.limits = item._number_limits()
            else:
                item.limits = ""

    def _number_limits(self):
        low = f"{self.limit_low:g}" if self.has_low else ""
        high = f"{self.limit_high:g}" if self.has_high else ""
        if low and high:
            text = f"{low} – {high}"
        elif low or high:
            text = f"≥ {low}" if low else f"≤ {high}"
        else:
            text = ""
        return " ".join(filter(None, [text, self.unit]))

    @api.constrains("has_low", "limit_low", "has_high", "limit_high")
    def _check_limits(self):
        for item in self:
            if item.has_low and item.has_high and item.limit_low > item.limit_high:
                raise ValidationError(
                    self.env._(
                        "The lower limit of %(item)s is above its upper limit: exchange them.",
                        item=item.name,
                    )
                )

    @api.constrains("item_type", "choice_ids")
    def _check_choices(self):
        for item in self:
            if item.item_type == CHOICE and not item.choice_ids:
                raise ValidationError(
                    self.env._("%(item)s has no choices: add at least one.", item=item.name)
                )

    def action_history(self):
        """Open the chart of the numbers that were read."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "inspection_round.inspection_reading_action"
        )
        return {**action, "domain": [("item_id", "=", self.id)], "display_name": self.name}

    def _expected(self):
        """Return what the kernel needs to judge an answer."""
        self.ensure_one()
        return Expected(
            self.item_type,
            answer=self.good_answer == "yes",
            low=self.limit_low if self.has_low else None,
            high=self.limit_high if self.has_high else None,
            choices=frozenset(self.choice_ids.ids),
            bad_choices=frozenset(self.choice_ids.filtered("is_bad").ids),
        )
