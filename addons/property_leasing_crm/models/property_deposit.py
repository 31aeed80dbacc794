from odoo import fields, models


class PropertyDepositType(models.Model):
    _inherit = "property.deposit.type"

    kind = fields.Selection(
        selection_add=[("intention", "Intention"), ("other",)],
        ondelete={"intention": "set default"},
    )


class PropertyDeposit(models.Model):
    _inherit = "property.deposit"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Prospect",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="property_base.group_leasing",
    )

    def _prepare_copy_vals(self):
        """Override: a deposit handed over still holds the space of its prospect."""
        # sudo: the prospect is carried, not shown
        return {**super()._prepare_copy_vals(), "lead_id": self.sudo().lead_id.id}
