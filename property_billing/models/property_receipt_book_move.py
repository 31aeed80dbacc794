from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyReceiptBookMove(models.Model):
    """One movement of forms: what came to, or left, the stock of a site or the hands of a holder.

    A step that moves forms from one place to another writes two rows whose numbers cancel out, so
    the sum of all rows, less the numbers used, is what is left anywhere on any day.
    """

    _name = "property.receipt.book.move"
    _description = "Movement of Receipt Forms"
    _inherit = ["property.made.by.methods"]
    _order = "id desc"

    book_id = fields.Many2one(
        "property.receipt.book", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="book_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        [
            ("in", "Taken into Stock"),
            ("issue", "Handed Out"),
            ("return", "Returned"),
            ("transfer", "Transferred"),
            ("write_off", "Written Off"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True, index=True)
    site_id = fields.Many2one(
        "property.site", readonly=True, required=True, index=True, ondelete="restrict"
    )
    holder_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", help="Empty: the stock of the site."
    )
    quantity = fields.Integer(
        string="Forms", readonly=True, required=True, help="Below zero: they left this place."
    )
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, required=True, ondelete="restrict"
    )
    note = fields.Char(readonly=True)

    def write(self, vals):
        """Override of `base`: movements are a log."""
        if vals:
            raise UserError(
                self.env._("Movements of forms are not edited. Make the opposite step.")
            )
        return super().write(vals)

    @api.depends("book_id.name", "kind", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for move in self:
            move.display_name = f"{move.book_id.name} {labels.get(move.kind, '')} {move.date or ''}"
