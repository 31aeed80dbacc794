from odoo import fields, models


class FieldCheckBreak(models.TransientModel):
    """A place where a chain is broken."""

    _name = "field.check.break"
    _description = "Break of the Chain"
    _order = "sequence"

    check_id = fields.Many2one("field.check", required=True, ondelete="cascade")
    sequence = fields.Integer(string="Place in the Chain", readonly=True)
    kind = fields.Selection(
        [
            ("changed", "Changed after it came in"),
            ("missing", "Missing"),
            ("reordered", "Stands at another place"),
        ],
        required=True,
        readonly=True,
    )
    count = fields.Integer(string="Entries", readonly=True)
    entry_id = fields.Many2one("field.entry", readonly=True, ondelete="cascade")
