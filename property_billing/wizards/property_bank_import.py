import base64

from odoo import fields, models
from odoo.exceptions import UserError


class PropertyBankImport(models.TransientModel):
    """Takes the bank's answer into a batch."""

    _name = "property.bank.import"
    _description = "Import of a Bank's Answer"

    collection_id = fields.Many2one(
        "property.bank.collection", string="Batch", required=True, ondelete="cascade"
    )
    file = fields.Binary(string="Answer of the Bank", attachment=False)
    filename = fields.Char()

    def action_import(self):
        """Read the file; with anything wrong in it nothing changes."""
        self.ensure_one()
        self.check_access("write")
        if not self.file:
            raise UserError(self.env._("Choose the bank's answer."))
        self.collection_id._import_results(
            self.filename or "answer.csv", base64.b64decode(self.file)
        )
        return {"type": "ir.actions.act_window_close"}
