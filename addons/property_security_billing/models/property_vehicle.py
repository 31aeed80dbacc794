from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PropertyVehicle(models.Model):
    _inherit = "property.vehicle"

    auto_pay_partner_id = fields.Many2one(
        "res.partner",
        string="Fees from the Balance of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups="property_base.group_staff",
        help="Has agreed that parking fees are taken from his prepaid balance at the exit, and "
        "may take that back at any time.",
    )
    auto_pay_at = fields.Datetime(
        string="Agreed on",
        readonly=True,
        copy=False,
        tracking=True,
        groups="property_base.group_staff",
    )

    def write(self, vals):
        """Override of `property_base`: who no longer has the car no longer pays for it."""
        result = super().write(vals)
        if not {"partner_id", "unit_id", "plate", "active"}.isdisjoint(vals):
            # sudo: whoever edits the vehicle may not give or take anybody's word but by this
            for vehicle_sudo in self.sudo().filtered("auto_pay_partner_id"):
                if not vehicle_sudo.active or not vehicle_sudo._may_auto_pay(
                    vehicle_sudo.auto_pay_partner_id
                ):
                    vehicle_sudo._set_auto_pay(vehicle_sudo.auto_pay_partner_id, False)
        return result

    def _may_auto_pay(self, partner):
        """Tell whether a person may have the fees of this car taken from his balance."""
        self.ensure_one()
        return bool(self.unit_id) and (
            self.partner_id.commercial_partner_id == partner.commercial_partner_id
        )

    def _set_auto_pay(self, partner, is_wanted):
        """Note that the holder agrees, or no longer agrees, to pay from his balance.

        :raise UserError: when the car is not his
        """
        self.ensure_one()
        if is_wanted and not self._may_auto_pay(partner):
            raise UserError(
                self.env._("Only the holder of a car of a household can switch this on.")
            )
        # sudo: the holder himself, who has no rights on vehicles; that he is it was checked
        vehicle_sudo = self.sudo()
        if bool(vehicle_sudo.auto_pay_partner_id) == is_wanted:
            return
        vehicle_sudo.write(
            {
                "auto_pay_partner_id": partner.commercial_partner_id.id if is_wanted else False,
                "auto_pay_at": fields.Datetime.now() if is_wanted else False,
            }
        )
        self.env["property.audit"]._log(
            "personal_data",
            vehicle_sudo,
            before={"pays_from_balance": not is_wanted},
            after={"pays_from_balance": is_wanted},
        )

    def _balance(self, area):
        """Return what the holder has left that may pay for parking in an area: Decimal."""
        self.ensure_one()
        # sudo: the gate asks for the sum only
        vehicle_sudo = self.sudo()
        item = area._parking_charge_item()
        money_sudo = vehicle_sudo.env["property.prepayment"].search(
            Domain("unit_id", "in", (vehicle_sudo.unit_id | vehicle_sudo.unit_id.parent_id).ids)
            & Domain(
                "commercial_partner_id",
                "=",
                vehicle_sudo.auto_pay_partner_id.commercial_partner_id.id,
            )
            & Domain("item_id", "in", [item.id, False])
            & Domain("company_id", "=", area.company_id.id)
            & Domain("amount_left", ">", 0)
        )
        return Decimal(f"{sum(money_sudo.mapped('amount_left')):.2f}")
