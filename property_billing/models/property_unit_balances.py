"""What is kept for a household, on its form and on that of its people."""

from odoo import fields, models

MONEY_GROUPS = ",".join(
    f"property_base.group_{role}" for role in ("service", "cashier", "finance", "manager")
)


class PropertyUnit(models.Model):
    _inherit = "property.unit"

    amount_prepaid = fields.Monetary(string="Prepaid", compute="_compute_kept", groups=MONEY_GROUPS)
    amount_deposits = fields.Monetary(
        string="Deposits", compute="_compute_kept", groups=MONEY_GROUPS
    )

    def _compute_kept(self):
        prepaid = self._property_kept("property.prepayment")
        deposits = self._property_kept("property.deposit")
        for unit in self:
            unit.amount_prepaid = prepaid.get(unit._origin.id, 0.0)
            unit.amount_deposits = deposits.get(unit._origin.id, 0.0)

    def _property_kept(self, model):
        """Return dict unit id -> what is left of its prepayments or deposits."""
        credits = self.env[model].search(
            [("unit_id", "in", self.ids), ("amount_left", ">", 0)], order="id"
        )
        return {
            unit.id: sum(of_unit.mapped("amount_left"))
            for unit, of_unit in credits.grouped("unit_id").items()
        }

    def action_view_prepayments(self):
        """Open the prepayments of the unit."""
        return self._action_kept("property_billing.property_prepayment_action")

    def action_view_deposits(self):
        """Open the deposits of the unit."""
        return self._action_kept("property_billing.property_deposit_action")

    def _action_kept(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("unit_id", "=", self.id)]
        action["context"] = {"default_unit_id": self.id}
        return action
