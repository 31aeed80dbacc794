from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyItemReleaseLine(models.Model):
    _name = "property.item.release.line"
    _description = "Item Carried Out"
    _inherit = ["property.scoped"]
    _order = "release_id, sequence, id"

    release_id = fields.Many2one(
        "property.item.release", required=True, index=True, ondelete="cascade"
    )
    site_id = fields.Many2one(related="release_id.site_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(related="release_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Item", required=True)
    quantity = fields.Integer(default=1, required=True)
    counted = fields.Integer(
        readonly=True, copy=False, help="How many the guard has counted on the way out."
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0 AND counted >= 0)", "At least one of an item is carried out."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base`: what is handed out is not added to."""
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        """Override of `base`: what is handed out stays as it is."""
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self._check_open()

    def _check_open(self):
        if not self.env.su and any(self.release_id.mapped("issued_at")):
            raise UserError(
                self.env._("This list is handed out already. Revoke it and make a new one.")
            )
