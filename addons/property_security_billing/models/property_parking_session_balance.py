from odoo import models
from odoo.exceptions import UserError


class PropertyParkingSession(models.Model):
    _inherit = "property.parking.session"

    def _pay_from_balance(self, passage):
        """Take the fee from the balance of who has agreed to that; once for a stay (无感).

        :param passage: property.parking.passage on the way out
        :return: whether it was enough, so that the car goes on
        """
        self.ensure_one()
        vehicle_sudo = self.vehicle_id.sudo()  # the gate knows what its holder has agreed to
        payer = vehicle_sudo.auto_pay_partner_id
        if not payer or not vehicle_sudo.unit_id:
            return False
        key = f"balance-{self.id}"
        if self._meet_money(key):
            return False
        due = self._due_at(passage.counted_at)
        if vehicle_sudo._balance(self.area_id) < due:
            return False
        try:
            with self.env.cr.savepoint():
                self._add_payment(
                    due,
                    due,
                    key=key,
                    quoted_at=passage.counted_at,
                    paid_at=passage.counted_at,
                    method="balance",
                    lane_id=passage.lane_id.id,
                    partner_id=payer.id,
                    unit_id=vehicle_sudo.unit_id.id,
                )
        except UserError:  # somebody else has used the money just now: the driver pays by phone
            return False
        return True
