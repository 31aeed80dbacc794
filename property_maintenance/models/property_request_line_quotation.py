from odoo import api, fields, models
from odoo.exceptions import UserError

QUOTED_FIELDS = {"request_id", "kind", "product_id", "name", "quantity", "uom_id", "price_unit"} | {
    "amount",
    "is_chargeable",
}


class PropertyRequestLine(models.Model):
    _inherit = "property.request.line"

    quotation_id = fields.Many2one(
        "property.request.quotation",
        string="Quoted in",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
    )
    is_quoted = fields.Boolean(
        compute="_compute_is_quoted", help="It stands in a quotation that was not turned down."
    )

    @api.depends("quotation_id.state")
    def _compute_is_quoted(self):
        for line in self:
            # sudo: who sees the line may know whether it was quoted
            line.is_quoted = line.sudo().quotation_id.state in ("sent", "accepted")

    def write(self, vals):
        """Keep what a resident was offered as it was offered."""
        if QUOTED_FIELDS & vals.keys():
            self._check_not_quoted()
        if "quotation_id" in vals and not self.env.su:
            raise UserError(self.env._("Lines are quoted by sending a quotation."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_quoted(self):
        self._check_not_quoted()

    def _check_not_quoted(self):
        if any(line.is_quoted for line in self):
            raise UserError(
                self.env._(
                    "This line stands in a quotation. Withdraw the quotation to change it, or add "
                    "a new line for what comes on top."
                )
            )
