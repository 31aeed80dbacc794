from odoo import api, fields, models

from ..tools.results import CHOICE, NUMBER, YES_NO, is_abnormal


class InspectionResult(models.Model):
    """The answer to an item of a checklist at a check-in."""

    _name = "inspection.result"
    _description = "Inspection Result"
    _order = "checked_at desc, id desc"
    _rec_name = "value"

    checkin_id = fields.Many2one(
        "inspection.checkin", required=True, index=True, readonly=True, ondelete="cascade"
    )
    item_id = fields.Many2one(
        "inspection.item", required=True, index=True, readonly=True, ondelete="restrict"
    )
    checkpoint_id = fields.Many2one(
        related="checkin_id.checkpoint_id", store=True, precompute=True, index=True
    )
    round_id = fields.Many2one(
        related="checkin_id.round_id", store=True, precompute=True, index=True
    )
    route_id = fields.Many2one(related="round_id.route_id", store=True, precompute=True)
    company_id = fields.Many2one(
        related="checkin_id.company_id", store=True, precompute=True, index=True
    )
    checked_at = fields.Datetime(
        related="checkin_id.checked_at", store=True, precompute=True, index=True
    )
    item_type = fields.Selection(related="item_id.item_type", string="Kind of Answer")
    unit = fields.Char(related="item_id.unit")
    answer = fields.Selection([("yes", "Yes"), ("no", "No")], readonly=True)
    choice_id = fields.Many2one("inspection.choice", readonly=True, ondelete="restrict")
    number = fields.Float(digits=(16, 3), readonly=True, aggregator="avg")
    text = fields.Text(readonly=True)
    note = fields.Text(readonly=True)
    value = fields.Char(compute="_compute_value", string="Answer Given")
    has_low = fields.Boolean(readonly=True)
    limit_low = fields.Float(
        string="Least", digits=(16, 3), readonly=True, aggregator="avg", help="At that time."
    )
    has_high = fields.Boolean(readonly=True)
    limit_high = fields.Float(
        string="Most", digits=(16, 3), readonly=True, aggregator="avg", help="At that time."
    )
    is_abnormal = fields.Boolean(
        string="Abnormal", readonly=True, index=True, help="By what was expected at that time."
    )
    photo_ids = fields.One2many("inspection.photo", "result_id", string="Photos", readonly=True)

    @api.depends("item_type", "answer", "choice_id.name", "number", "unit", "text", "photo_ids")
    def _compute_value(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        for result in self:
            if result.item_type == NUMBER:
                result.value = " ".join(filter(None, [f"{result.number:g}", result.unit]))
            elif result.item_type == CHOICE:
                result.value = result.choice_id.name
            elif result.item_type == YES_NO:
                result.value = answers.get(result.answer)
            else:
                result.value = result.text or (
                    self.env._("%(count)s photos", count=len(result.photo_ids))
                    if result.photo_ids
                    else ""
                )

    @api.model
    def _prepare_vals(self, item, value, note):
        """Return the values of an answer, judged by what is expected now.

        :param item: inspection.item
        :param value: as ``tools.results.read_value`` returns it
        """
        expected = item._expected()
        columns = {
            YES_NO: ("answer", "yes" if value else "no"),
            CHOICE: ("choice_id", value),
            NUMBER: ("number", value),
        }
        name, stored = columns.get(item.item_type, ("text", value))
        return {
            "item_id": item.id,
            name: stored,
            "note": note,
            "has_low": item.has_low,
            "limit_low": item.limit_low,
            "has_high": item.has_high,
            "limit_high": item.limit_high,
            "is_abnormal": is_abnormal(expected, value),
        }

    def _on_abnormal(self):
        """Act on abnormal results; other addons do, for example by raising a work order.

        Called once with all abnormal results of what was taken in one go.
        """
