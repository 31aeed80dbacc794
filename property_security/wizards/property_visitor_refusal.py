from odoo import fields, models


class PropertyVisitorRefusal(models.TransientModel):
    """Asks why a resident's visitor, or what he has carried out, is refused."""

    _name = "property.visitor.refusal"
    _description = "Refuse a Visitor Pass or an Item Release"

    res_model = fields.Selection(
        [("property.visitor.pass", "Visitor Pass"), ("property.item.release", "Item Release")],
        string="What",
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True, help="The resident reads it.")

    def action_refuse(self):
        """Refuse what was chosen, and tell the residents why."""
        self.ensure_one()
        tickets = self.env[self.res_model].browse(self.env.context.get("refused_ids", []))
        tickets._decide_approval("refused", self.reason)
        return {"type": "ir.actions.act_window_close"}
