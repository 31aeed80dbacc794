from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models
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

    holding_ids = fields.One2many(
        "property.vehicle.holding",
        "vehicle_id",
        string="Holders",
        readonly=True,
        groups="property_base.group_service,property_base.group_manager",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `property_base` to note who holds the cars from now on."""
        vehicles = super().create(vals_list)
        vehicles._note_holders(are_dated=True)
        return vehicles

    def write(self, vals):
        """Override of `property_base`: who no longer has the car no longer pays for it, and who
        has it now learns nothing of where it was before.
        """
        result = super().write(vals)
        if not {"partner_id", "active"}.isdisjoint(vals):
            self._note_holders(are_dated="date_from" in vals)
        if not {"partner_id", "unit_id", "plate", "active"}.isdisjoint(vals):
            # sudo: whoever edits the vehicle may not give or take anybody's word but by this
            for vehicle_sudo in self.sudo().filtered("auto_pay_partner_id"):
                if not vehicle_sudo.active or not vehicle_sudo._may_auto_pay(
                    vehicle_sudo.auto_pay_partner_id
                ):
                    vehicle_sudo._set_auto_pay(vehicle_sudo.auto_pay_partner_id, False)
        return result

    def _note_holders(self, are_dated):
        """Begin and end holdings where the person of a car has changed.

        :param bool are_dated: whether the first day of the car is that of the new holder
        """
        now = fields.Datetime.now()
        # sudo: holdings follow from the vehicle, whoever may edit it
        vehicles_sudo = self.sudo()
        holdings_sudo = vehicles_sudo.env["property.vehicle.holding"]
        known = holdings_sudo.search([("vehicle_id", "in", self.ids), ("until", "=", False)])
        by_car, over, vals_list = known.grouped("vehicle_id"), holdings_sudo.browse(), []
        for car in vehicles_sudo:
            holder = car.partner_id if car.active else car.partner_id.browse()
            current = by_car.get(car, holdings_sudo.browse())
            if current.partner_id.commercial_partner_id == holder.commercial_partner_id:
                continue
            over |= current
            if holder:
                since = car._midnight(car.date_from) if are_dated and car.date_from else now
                vals_list.append(
                    {"vehicle_id": car.id, "partner_id": holder.id, "since": min(since, now)}
                )
        over.write({"until": now})
        over.flush_recordset(["until"])  # before the next holder: a car has one at a time
        holdings_sudo.create(vals_list)

    def _midnight(self, day):
        """Return when a day begins on the site (UTC)."""
        zone = ZoneInfo(self.site_id.tz or "UTC")
        begin = datetime.combine(day, time.min, tzinfo=zone)
        return begin.astimezone(UTC).replace(tzinfo=None)

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
