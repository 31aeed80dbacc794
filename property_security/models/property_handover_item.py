from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyHandoverItem(models.Model):
    _name = "property.handover.item"
    _description = "Equipment Handed Over"
    _inherit = ["property.incident.scoped"]
    _order = "handover_id, sequence, id"

    handover_id = fields.Many2one(
        "property.handover", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(
        related="handover_id.site_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True, precompute=True)
    post_item_id = fields.Many2one(
        "property.handover.post.item", readonly=True, ondelete="set null", index="btree_not_null"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, readonly=True)
    expected = fields.Integer(readonly=True)
    counted = fields.Integer()
    is_counted = fields.Boolean(string="Checked")
    is_short = fields.Boolean(string="Missing", compute="_compute_is_short", store=True)
    note = fields.Char()

    _counted_not_negative = models.Constraint(
        "CHECK(counted >= 0)", "Enter how many were counted; none is 0."
    )

    @api.depends("is_counted", "counted", "expected")
    def _compute_is_short(self):
        for item in self:
            item.is_short = item.is_counted and item.counted < item.expected

    @api.onchange("counted")
    def _onchange_counted(self):
        """Who enters a number has counted."""
        self.is_counted = True

    def write(self, vals):
        """Keep what was signed, and what belongs to the post."""
        if not self.env.su and {"post_item_id", "name", "expected"} & vals.keys():
            raise UserError(self.env._("What belongs to a post is listed at the post. Count it."))
        if not self.env.su and any(item.handover_id.state != "draft" for item in self):
            raise UserError(self.env._("This hand-over is signed: it stays as it is."))
        return super().write(vals)
