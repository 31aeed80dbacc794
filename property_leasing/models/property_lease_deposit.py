from odoo import api, fields, models
from odoo.exceptions import UserError


class PropertyLeaseDeposit(models.Model):
    """A deposit that a lease asks for: so many months' rent, or an amount."""

    _name = "property.lease.deposit"
    _description = "Agreed Deposit"
    _inherit = ["property.lease.term"]
    _order = "lease_id, id"

    name = fields.Char(
        string="Deposit", required=True, default=lambda self: self.env._("Rent deposit")
    )
    months = fields.Float(
        default=2.0, digits=(16, 2), aggregator=False, help="Months of the first rent; 0: as told."
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, precompute=True)
    deposit_ids = fields.One2many("property.deposit", "lease_term_id", string="Deposits")
    amount_received = fields.Monetary(
        compute="_compute_received", string="Held", help="What is in custody now."
    )
    amount_missing = fields.Monetary(compute="_compute_received", string="Missing")

    _values_not_negative = models.Constraint(
        "CHECK(months >= 0 AND amount >= 0)", "Months and amount cannot be negative."
    )

    @api.depends(
        "months",
        "lease_id.line_ids.price",
        "lease_id.line_ids.area",
        "lease_id.line_ids.pricing",
        "lease_id.line_ids.item_id",
        "lease_id.line_ids.date_to",
    )
    def _compute_amount(self):
        for row in self:
            if row.months:
                lines = row.lease_id.line_ids.filtered(
                    lambda line: line.is_rent and not line.date_to
                )
                rent = sum(float(line._first_month_rent()) for line in lines)
                row.amount = row.currency_id.round(row.months * rent)

    @api.depends("amount", "deposit_ids", "lease_id.partner_id")
    def _compute_received(self):
        for row in self:
            # sudo: what is held is a fact of the lease that its reader may see
            deposits_sudo = row.sudo().deposit_ids.filtered(lambda one: one.state != "void")
            row.amount_received = sum(deposits_sudo.mapped("amount_left"))
            # what others gave counts while it is held: they get it back, or hand it on
            tenant_sudo = row.sudo().lease_id.partner_id.commercial_partner_id
            own_sudo = deposits_sudo.filtered(
                lambda one, own=tenant_sudo: one.commercial_partner_id == own
            )
            others_sudo = deposits_sudo - own_sudo
            taken = sum(own_sudo.mapped("amount")) + sum(others_sudo.mapped("amount_left"))
            row.amount_missing = max(row.amount - taken, 0.0)

    def action_receive(self):
        """Open the desk for what is missing of the deposit.

        :raise UserError: when the lease is not signed
        """
        self.ensure_one()
        lease = self.lease_id
        if not lease.signed_date:
            raise UserError(self.env._("Sign the lease first, then take its deposit."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "property_billing.property_deposit_receive_action"
        )
        action["context"] = {
            "default_unit_id": lease._last_units()[:1].id,
            "default_partner_id": lease.partner_id.id,
            "default_type_id": self.company_id._lease_deposit_type().id,
            "default_amount": self.amount_missing,
            "default_note": f"{lease.name} {self.name}",
            "default_lease_term_id": self.id,
        }
        return action
