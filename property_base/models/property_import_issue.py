from odoo import fields, models


class PropertyImportIssue(models.Model):
    _name = "property.import.issue"
    _description = "Workbook Import Issue"
    _order = "sequence, id"

    import_id = fields.Many2one("property.import", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer()
    sheet = fields.Char(readonly=True)
    row = fields.Integer(
        readonly=True, aggregator=False, help="Row number as the spreadsheet shows it."
    )
    column = fields.Char(readonly=True)
    severity = fields.Selection(
        [("error", "Error"), ("warning", "Warning")], required=True, readonly=True
    )
    message = fields.Char(required=True, readonly=True)
