from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    property_charge_id = fields.Many2one(
        "property.charge",
        string="Charge",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    billing_run_id = fields.Many2one(
        "property.billing.run",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
    )
    unit_id = fields.Many2one(
        "property.unit", string="Property Unit", index="btree_not_null", ondelete="restrict"
    )
    site_id = fields.Many2one(
        "property.site",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    charge_item_id = fields.Many2one(
        "property.charge.item", index="btree_not_null", ondelete="restrict"
    )
    period_from = fields.Date()
    period_to = fields.Date(string="Period Until")
    is_opening = fields.Boolean(string="Opening Arrears", readonly=True)

    _charge_once = models.UniqueIndex(
        "(property_charge_id) WHERE property_charge_id IS NOT NULL AND move_type = 'out_invoice'",
        "This charge already has a bill.",
    )

    @api.depends("unit_id")
    def _compute_site_id(self):
        for move in self:
            move.site_id = move.unit_id.site_id or move.site_id

    def button_draft(self):
        """Override of `account` to keep bills of charges from being edited."""
        if not self.env.context.get("property_undo") and any(
            move.property_charge_id.state == "posted" for move in self.sudo()
        ):
            raise UserError(
                self.env._(
                    "This bill belongs to a charge. Undo the charge or its billing run: the bill "
                    "is then cancelled, or credited where it is paid."
                )
            )
        return super().button_draft()

    def _post(self, soft=True):
        """Override of `account` to free the days of a charge whose bill was credited in full."""
        posted = super()._post(soft=soft)
        refunds_sudo = posted.sudo().filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.reversed_entry_id.property_charge_id.state == "posted"
                and not move.currency_id.compare_amounts(
                    move.amount_total, move.reversed_entry_id.amount_total
                )
            )
        )
        if refunds_sudo:
            refunds_sudo.reversed_entry_id.property_charge_id._mark_reversed()
        return posted

    def action_view_charge(self):
        """Open the charge that explains the bill."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "property.charge",
            "res_id": self.property_charge_id.id,
            "view_mode": "form",
        }
