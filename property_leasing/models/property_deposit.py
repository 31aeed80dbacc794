from odoo import fields, models


class PropertyDepositType(models.Model):
    _inherit = "property.deposit.type"

    kind = fields.Selection(
        selection_add=[("lease", "Lease"), ("other",)], ondelete={"lease": "set default"}
    )


class PropertyDeposit(models.Model):
    _inherit = "property.deposit"

    lease_term_id = fields.Many2one(
        "property.lease.deposit",
        string="Agreed Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    lease_id = fields.Many2one(
        related="lease_term_id.lease_id", store=True, index="btree_not_null", string="Lease"
    )

    def _prepare_copy_vals(self):
        """Override: a deposit handed over still secures its lease."""
        return {**super()._prepare_copy_vals(), "lease_term_id": self.lease_term_id.id}
